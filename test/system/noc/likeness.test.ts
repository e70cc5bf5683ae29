// The comparison of answers finds what it is there to find: lost series, lost points, other values, and counts that are far off.

import { expect, test } from 'vitest'
import { answerOf, compare, readsCounters } from './likeness.ts'

const answer = (...series: readonly (readonly [label: string, values: readonly number[]])[]) =>
  answerOf(
    series.map(([label, values]) => ({
      metric: { __name__: 'calls', le: label },
      values: values.map((value, index): [number, string] => [index, String(value)]),
    })),
  )

const judge = (prometheus: ReturnType<typeof answer>, victoria: ReturnType<typeof answer>, counts: boolean) =>
  compare({ prometheus, victoria, counts, settledAt: 0 })

test('alike are equal figures, NaN that is left out, and the two spellings of a bucket', () => {
  expect(judge(answer(['20.0', [1, 0.1 + 0.2]]), answer(['20', [1, 0.3]]), false)).toBe('alike')
  expect(judge(answer(['20', [1, Number.NaN]]), answer(['20', [1]]), false)).toBe('alike')
})

test('what is not counted has to be equal', () => {
  const one = answer(['a', [10, 10]])
  expect(judge(one, answer(['a', [10, 11]]), false)).toHaveProperty('fault')
  expect(judge(one, answer(['a', [10]]), false)).toHaveProperty('fault')
  expect(judge(one, answer(['b', [10, 10]]), false)).toHaveProperty('fault')
  expect(judge(one, answer(['a', [10, 10]], ['b', [1, 1]]), false)).toHaveProperty('fault')
})

test('what is counted may differ a little, and may have more series', () => {
  const one = answer(['a', [10, 10]])
  expect(judge(one, answer(['a', [10, 11]], ['b', [1, 1]]), true)).toBe('counted')
  expect(judge(one, answer(['a', [10, 15]]), true)).toHaveProperty('fault')
  expect(judge(one, answer(['a', [10]]), true)).toHaveProperty('fault')
  expect(judge(one, answer(['b', [10, 10]]), true)).toHaveProperty('fault')
})

test('a question counts by itself, by a record that it reads, and by alerts', () => {
  const records = [
    { record: 'made:calls', expr: 'rate(calls_total[5m])', labels: {} },
    { record: 'made:up', expr: 'min(up)', labels: {} },
  ]
  expect(['rate(calls_total[1m])', 'sum(made:calls)', 'ALERTS'].map((expr) => readsCounters(expr, records))).toEqual([
    true,
    true,
    true,
  ])
  expect(readsCounters('sum(made:up) + calls_active', records)).toBe(false)
})
