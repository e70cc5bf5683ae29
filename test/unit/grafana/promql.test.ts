// The reader of PromQL for the linter, and the replacement of Grafana's variables.

import { expect, test } from 'vitest'
import { readPromql } from './promql.ts'
import { committedBoards, dashboardQueries, ownVariables, resolve } from './queries.ts'

const SPAN = { rateInterval: '1m', interval: '15s', range: '6h' }

test('reads selectors with their matchers, windows and functions', () => {
  const { selectors, problem } = readPromql(
    'histogram_quantile(0.9, sum by (le, queue) (rate(a_bucket{queue=~"x|y(\\\\.0)?", job!="b"}[$__rate_interval]))) >= 0',
  )
  expect(problem).toBeNull()
  expect(selectors).toEqual([
    {
      name: 'a_bucket',
      matchers: [
        { label: 'queue', operator: '=~', value: 'x|y(\\\\.0)?' },
        { label: 'job', operator: '!=', value: 'b' },
      ],
      window: '$__rate_interval',
      inside: ['rate', 'sum', 'histogram_quantile'],
      keptBy: ['le', 'queue'],
    },
  ])
})

test('reads operators, subqueries, modifiers and recorded names', () => {
  const { selectors, functions, groupings, totals, problem } = readPromql(
    'max_over_time((sum(a))[$__range:$__interval]) / on (job) group_left (queue) l:m:ratio$window{} and b offset 1w or vector(0) + c @ end()',
  )
  expect(problem).toBeNull()
  expect(selectors.map(({ name }) => name)).toEqual(['a', 'l:m:ratio$window', 'b', 'c'])
  expect(functions).toEqual(['max_over_time', 'sum', 'vector', 'end'])
  expect(groupings).toEqual([
    { word: 'on', labels: ['job'] },
    { word: 'group_left', labels: ['queue'] },
  ])
  expect(totals).toEqual(['sum'])
})

test.each(['', 'sum(a', 'sum(a))', 'a{b}', 'a{b="c"', 'a[5m', 'a]', 'a ? b'])(
  'reports a problem for %j',
  (expression) => {
    expect(readPromql(expression).problem).not.toBeNull()
  },
)

test('replaces every variable of every query, and throws for an unknown one', () => {
  const boards = committedBoards()
  const questions = dashboardQueries(boards)
  expect(questions.length).toBeGreaterThan(150)
  expect(new Set(questions.map(({ dashboard }) => dashboard)).size).toBe(11)
  expect(new Set(questions.map(({ kind }) => kind))).toEqual(
    new Set(['range', 'instant', 'annotation', 'label_values']),
  )
  for (const { dashboard, expr } of questions) {
    const own = ownVariables(boards.find(({ uid }) => uid === dashboard) ?? { templating: { list: [] } })
    expect(resolve(expr, SPAN, own).replaceAll(/"[^"]*\$1[^"]*"/g, '')).not.toContain('$')
  }
  expect(() => resolve('a > $limit', SPAN, {})).toThrow('limit')
})

test('a board opens with all values selected', () => {
  const queues = committedBoards().find(({ uid }) => uid === 'asterisk-queues')
  expect(queues && ownVariables(queues)).toEqual({
    datasource: 'prometheus',
    cluster: '.*',
    job: '.+',
    instance: '.+',
    queue: '.+',
    within: '20',
    window: '1h',
  })
})
