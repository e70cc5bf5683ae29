// The rules about appearance: each reports a fault on an otherwise valid board.

import { expect, test } from 'vitest'
import { CATALOGUE } from '../../../src/metrics/catalogue/catalogue.ts'
import type { Board, Panel, Target } from './board.ts'
import { board, CALLS, SCOPE, WAITING, WAITS, withGraph, withPanel } from './broken.ts'
import { lint } from './lint.ts'
import { lintSet, SET_RULES } from './lintLinks.ts'
import { LOOK_RULES } from './lintLooks.ts'
import { committedBoards } from './queries.ts'

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Deep merge of two objects. */
function over(base: unknown, change: Json): Json {
  const before = isObject(base) ? base : {}
  const laid = Object.entries(change).map(([key, value]) => [key, isObject(value) ? over(before[key], value) : value])
  return { ...before, ...Object.fromEntries(laid) }
}

/** The board with the options or defaults of its first panel of a type changed. */
const looking = (type: string, change: Json): Board => withPanel(type, (panel) => over(panel, change))
const defaults = (type: string, change: Json): Board => looking(type, { fieldConfig: { defaults: change } })

/** The board with the first query of its first panel of a type changed. `left`: the number of queries to keep. */
const asking = (type: string, change: Partial<Target>, left = Number.POSITIVE_INFINITY): Board =>
  withPanel(type, ({ targets = [] }) => ({
    targets: targets.slice(0, left).map((target, n) => (n === 0 ? { ...target, ...change } : target)),
  }))

const painted = ({ fieldConfig = {} }: Panel, colors: Readonly<Record<string, string>>) => ({
  fieldConfig: {
    ...fieldConfig,
    overrides: Object.entries(colors).map(([name, fixedColor]) => ({
      matcher: { id: 'byName', options: name },
      properties: [{ id: 'color', value: { mode: 'fixed', fixedColor } }],
    })),
  },
})
const painting = (type: string, name: string, color: string): Board =>
  withPanel(type, (panel) => painted(panel, { [name]: color }))

const steps = (...values: readonly (number | null)[]) => ({ steps: values.map((value) => ({ value, color: 'red' })) })
const isFolded = ({ type }: Panel) => type === 'row'
const SHARE = `instance_direction:asterisk_call_missed:ratio30m{${SCOPE}}`
const MISSED = `${CATALOGUE.missedCalls.name}{${SCOPE}}`
const QUANTILE = `histogram_quantile(0.9, sum by (le) (rate(${WAITS}[$__rate_interval])))`

/** Rule -> boards that violate it. */
const BROKEN: Readonly<Record<keyof typeof LOOK_RULES, readonly Board[]>> = {
  'thresholds-ascend': [
    defaults('stat', { thresholds: steps(null, 0.6, 0.5) }),
    defaults('timeseries', { thresholds: steps(null, 1, 1) }),
    withPanel('timeseries', {
      fieldConfig: {
        defaults: {},
        overrides: [
          { matcher: { id: 'byName', options: 'a' }, properties: [{ id: 'thresholds', value: steps(null, 2, 1) }] },
        ],
      },
    }),
  ],
  'figures-named': [
    looking('stat', { options: { textMode: 'value' } }),
    looking('stat', { options: { wideLayout: true, orientation: 'auto' } }),
    looking('stat', { options: { text: { titleSize: undefined } } }),
    asking('stat', { expr: `${CATALOGUE.info.name}{${SCOPE}}` }),
  ],
  'titles-unique': [looking('timeseries', { title: board.panels[0]?.title })],
  'states-coloured': [
    withGraph({ fieldConfig: { defaults: { unit: 'short' }, overrides: [] } }),
    asking('bargauge', { expr: `sum by (direction) (${CALLS})`, legendFormat: '{{direction}}' }),
  ],
  'green-is-good': [
    painting('timeseries', 'offline', 'green'),
    painting('timeseries', 'answered', 'dark-red'),
    defaults('stat', { mappings: [{ type: 'value', options: { 0: { text: 'down', color: 'light-green' } } }] }),
  ],
  'things-keep-colour': [
    defaults('timeseries', { color: { mode: 'palette-classic' } }),
    defaults('timeseries', { color: undefined }),
    asking('timeseries', { legendFormat: '{{trunk}} {{direction}}' }),
  ],
  'colours-apart': [
    withPanel('timeseries', (panel) => ({
      ...painted(panel, { answered: 'yellow', busy: 'dark-yellow' }),
      targets: [
        { expr: CALLS, legendFormat: 'answered' },
        { expr: CALLS, legendFormat: 'busy' },
      ],
    })),
    withPanel('timeseries', (panel) => ({
      ...painted(panel, { 'to inbound': 'blue', 'to outbound': 'blue' }),
      targets: [{ expr: `sum by (direction) (${CALLS})`, legendFormat: 'to {{direction}}' }],
    })),
  ],
  'bar-names-whole': [
    looking('bargauge', { options: { text: { titleSize: 12 } } }),
    looking('bargauge', { options: { text: undefined } }),
  ],
  'bars-stacked': [
    defaults('timeseries', { custom: { drawStyle: 'bars', stacking: { mode: 'none' } } }),
    defaults('timeseries', { custom: { drawStyle: 'bars', stacking: undefined } }),
  ],
  'axis-of-nothing': [defaults('timeseries', { custom: { axisSoftMax: undefined } })],
  'unknown-is-a-dash': [
    defaults('timeseries', { noValue: undefined }),
    looking('timeseries', { type: 'table', fieldConfig: { defaults: { noValue: undefined } } }),
  ],
  'topk-of-a-moment': [asking('timeseries', { expr: `topk(3, ${WAITING})` })],
  'alerts-unmarked': ['ALERTS{alertname=~".+"}', 'ALERTS{severity="critical"}'].map((expr) => ({
    ...board,
    annotations: { list: board.annotations.list.map((each) => ({ ...each, enable: true, target: { expr } })) },
  })),
  'ratios-unfilled': [defaults('timeseries', { unit: 'percentunit', custom: { drawStyle: 'line', fillOpacity: 10 } })],
  'from-enough': [
    asking('timeseries', { expr: SHARE }),
    asking('stat', { expr: SHARE }),
    asking('timeseries', { expr: QUANTILE }),
  ],
  'shares-of-one-length': [
    defaults('timeseries', { unit: 'percentunit', decimals: undefined }),
    defaults('timeseries', { unit: 'percentunit', decimals: 0 }),
  ],
  'alerts-by-severity': [
    defaults('state-timeline', { mappings: [{ type: 'value', options: { 1: { text: 'firing', color: 'red' } } }] }),
  ],
  'words-legible': [
    defaults('stat', { mappings: [{ type: 'value', options: { a: { text: 'unreachable', color: 'dark-purple' } } }] }),
  ],
  'windows-fit-the-span': [
    looking('timeseries', { maxDataPoints: undefined }),
    looking('timeseries', { maxDataPoints: 200 }),
    looking('timeseries', { type: 'heatmap', maxDataPoints: 100 }),
    withPanel('timeseries', (panel) => ({
      ...over(panel, { maxDataPoints: undefined, fieldConfig: { defaults: { custom: { drawStyle: 'line' } } } }),
      targets: [{ expr: QUANTILE }],
    })),
  ],
  'whole-calls': [
    defaults('timeseries', { decimals: undefined }),
    defaults('timeseries', { decimals: 1 }),
    defaults('stat', { unit: 'short', decimals: 0 }),
  ],
  'one-total': [looking('timeseries', { options: { legend: { calcs: ['sum'] } } })],
  'legend-in-place': [
    looking('timeseries', { options: { legend: { placement: 'bottom' } } }),
    looking('timeseries', { options: { legend: { sortBy: undefined } } }),
    looking('timeseries', { options: { legend: { displayMode: 'list' } } }),
    looking('timeseries', { gridPos: { w: 8 } }),
  ],
  'unknown-is-not-green': [
    defaults('stat', { noValue: '0' }),
    defaults('stat', { mappings: [] }),
    asking('stat', { expr: `sum(${WAITING})` }),
    withPanel('stat', (panel) => ({
      ...over(panel, { fieldConfig: { defaults: { thresholds: { steps: [{ value: null, color: 'green' }] } } } }),
      targets: [{ expr: `sum(increase(${MISSED}[$__range]))` }],
    })),
    looking('stat', { options: { colorMode: 'background' } }),
    withPanel('stat', (panel) => ({
      ...over(panel, { fieldConfig: { defaults: { thresholds: { steps: [{ value: null, color: 'green' }] } } } }),
      targets: [{ expr: `${SHARE} and ${CALLS} >= 5` }],
    })),
  ],
  'fills-have-colour': [
    withPanel('stat', (panel) =>
      over(panel, {
        options: { colorMode: 'background' },
        fieldConfig: { defaults: { thresholds: { steps: [{ value: null, color: 'text' }] } } },
      }),
    ),
  ],
  'unknown-cells-are-grey': [
    ...[[], [{ type: 'special', options: { match: 'null+nan', result: { text: '–', color: 'green' } } }]].map(
      (mappings) =>
        looking('timeseries', {
          type: 'table',
          fieldConfig: {
            overrides: [
              {
                matcher: { id: 'byName', options: 'State' },
                properties: [
                  { id: 'mappings', value: mappings },
                  { id: 'custom.cellOptions', value: { type: 'color-text' } },
                ],
              },
            ],
          },
        }),
    ),
  ],
  'alerts-or-none': [
    asking('state-timeline', {}, 1),
    asking('stat', { expr: 'count(ALERTS{cluster=~"$cluster|", job=~"$job", instance=~"$instance|"}) or vector(0)' }),
  ],
  'rows-folded': [
    { ...board, panels: board.panels.map((panel) => (isFolded(panel) ? { ...panel, collapsed: false } : panel)) },
  ],
  'durations-in-words': [
    defaults('stat', { unit: 's', decimals: 0 }),
    defaults('stat', { unit: 'dtdurations', decimals: undefined }),
    defaults('bargauge', { unit: 'dtdurations', decimals: 0 }),
  ],
  'nothing-obsolete': [looking('timeseries', { type: 'table', options: { footer: { show: false } } })],
  'names-as-written': [
    looking('timeseries', {
      type: 'table',
      transformations: [{ id: 'organize', options: { renameByName: { operator: 'Operator', 'Value #A': 'Offered' } } }],
    }),
  ],
  'one-sentence': [looking('stat', { description: 'This is one. This is another.' })],
}

test('each rule has a board that violates it', () => {
  expect(Object.keys(BROKEN).sort()).toEqual(Object.keys(LOOK_RULES).sort())
})

test.each(
  Object.entries(BROKEN).flatMap(([rule, boards]) => boards.map((each, index) => [rule, index, each] as const)),
)('%s reports the fault (%i)', (rule, _index, broken) => {
  expect(lint(board).map((finding) => finding.rule)).not.toContain(rule)
  expect(lint(broken).map((finding) => finding.rule)).toContain(rule)
})

const others = committedBoards().filter(({ uid }) => uid !== board.uid)
const linking = (title: string, url: string): Board => withGraph({ links: [{ title, url }] })

/** Rule over several boards -> boards that violate it. */
const APART: Readonly<Record<keyof typeof SET_RULES, readonly Board[]>> = {
  'links-lead-there': [
    linking('Queues', '/d/asterisk-trunks?'),
    linking('Queues', '/d/asterisk-queue?'),
    linking('Missed calls', `/d/${board.uid}?`),
    linking('Queues of sales', '/d/asterisk-queues?var-line=sales'),
    linking(
      'Queues',
      `/d/asterisk-queues?\${datasource:queryparam}&\${cluster:queryparam}&\${job:queryparam}&\${instance:queryparam}`,
    ),
    linking('Queues', `/d/asterisk-queues?\${__url_time_range}&\${datasource:queryparam}&\${job:queryparam}`),
    withGraph({
      fieldConfig: {
        overrides: [
          {
            matcher: { id: 'byName', options: 'a' },
            properties: [{ id: 'links', value: [{ title: 'Calls', url: '/d/asterisk-queues?' }] }],
          },
        ],
      },
    }),
  ],
  'choice-goes-along': [linking('Call log', '/d/asterisk-call-log?')],
  'title-one-meaning': [looking('stat', { title: others[0]?.panels[0]?.title })],
  'figures-lead-on': [
    withGraph({ links: [], fieldConfig: { defaults: { custom: { drawStyle: 'bars' } }, overrides: [] } }),
    withPanel('bargauge', { links: [], fieldConfig: { defaults: {}, overrides: [] } }),
  ],
}

test.each(Object.entries(APART).flatMap(([rule, boards]) => boards.map((each, index) => [rule, index, each] as const)))(
  '%s reports the fault among the boards (%i)',
  (rule, _index, broken) => {
    const found = (boards: readonly Board[]) =>
      lintSet(boards)
        .filter((finding) => finding.rule === rule && finding.where.startsWith(board.uid))
        .map(({ where }) => where)
    expect(found([...others, board])).toEqual([])
    expect(found([...others, broken])).not.toEqual([])
  },
)

test('each rule over several boards has a board that violates it', () => {
  expect(Object.keys(APART).sort()).toEqual(Object.keys(SET_RULES).sort())
})
