// Rules over the PromQL of a board: panels and annotations.
//
// A name with a variable, such as `…:ratio$window`, is resolved with every value of the variable.

import type { Board } from './board.ts'
import { HISTOGRAMS, KNOWN, type KnownMetric, OF_FLEET } from './knownMetrics.ts'
import type { Rule } from './lint.ts'
import { said } from './lintBoard.ts'
import { at, queriesOf } from './lintPanels.ts'
import { type Grouping, isListOfKept, type Reading, readPromql, type Selector } from './promql.ts'

type Found = readonly (readonly [where: string, what: string])[]

interface ReadQuery {
  readonly where: string
  readonly expr: string
  readonly legend: string
  readonly reading: Reading
}

const RATES: readonly string[] = ['rate', 'irate', 'increase', 'delta', 'idelta']
const OVER_COUNTERS: readonly string[] = ['rate', 'irate', 'increase']
const GRAFANAS: readonly string[] = ['__rate_interval', '__interval', '__range']

export const QUERY_RULES = {
  'target-promql': over(({ reading }) => (reading.problem === null ? [] : [reading.problem])),
  'target-rate-interval': overSelectors(({ window, inside }) =>
    RATES.includes(inside[0] ?? '') && inside[0] !== 'increase' && window !== '$__rate_interval'
      ? `${inside[0]} over ${window}`
      : null,
  ),
  'fixed-window': overSelectors(({ window, inside }) =>
    RATES.includes(inside[0] ?? '') && !['$__rate_interval', '$__range'].includes(window ?? '')
      ? `${inside[0]} over ${window}`
      : null,
  ),
  'target-cluster': overSelectors((selector) => (chosen(selector, 'cluster') ? null : `${selector.name} of any site`)),
  'keeps-cluster': over(({ reading }) => withoutSite(reading.groupings)),
  'target-job': overSelectors((selector) => (chosen(selector, 'job') ? null : `${selector.name} of any job`)),
  'target-instance': overSelectors((selector) =>
    chosen(selector, 'instance') ? null : `${selector.name} of any instance`,
  ),
  'target-counter-agg': (board: Board): Found =>
    eachMetric(board, ({ inside }, { type }) =>
      type !== 'gauge' && !OVER_COUNTERS.includes(inside[0] ?? '') ? 'a counter without rate or increase' : null,
    ),
  'gauge-as-counter': (board: Board): Found =>
    eachMetric(board, ({ inside }, { type }) =>
      type === 'gauge' && OVER_COUNTERS.includes(inside[0] ?? '') ? 'rate or increase of a gauge' : null,
    ),
  'known-metric': (board: Board): Found =>
    readQueries(board).flatMap(({ where, reading }) =>
      reading.selectors.flatMap(({ name }) =>
        namesOf(board, name)
          .filter((each) => !KNOWN.has(each))
          .map((each) => [where, `${each} is not known`] as const),
      ),
    ),
  'histogram-suffix': (board: Board): Found =>
    readQueries(board).flatMap(({ where, reading }) =>
      reading.selectors.flatMap((selector) => [
        ...said(!HISTOGRAMS.includes(selector.name), where, `${selector.name} without a suffix`),
        ...said(keepsBounds(selector), where, `${selector.name} without its bounds`),
      ]),
    ),
  'no-clamp-min': over(({ reading }) => (reading.functions.includes('clamp_min') ? ['clamp_min hides zeros'] : [])),
  'known-label': (board: Board): Found =>
    readQueries(board).flatMap((query) =>
      unknownLabels(board, query).map((label) => [query.where, `${label} is no label of it`] as const),
    ),
  'known-variable': (board: Board): Found =>
    readQueries(board).flatMap(({ where, expr }) =>
      [...expr.matchAll(/\$\{?([a-z_]\w*)/gi)]
        .map(([, name = '']) => name)
        .filter((name) => !GRAFANAS.includes(name) && !board.templating.list.some((each) => each.name === name))
        .map((name) => [where, `${name} is no variable`] as const),
    ),
  'exemplar-of-histogram': (board: Board): Found =>
    queriesOf(board)
      .filter(({ target }) => target.exemplar === true && !/_bucket\b/.test(target.expr ?? ''))
      .map(({ panel }) => [at(panel), 'requests exemplars that do not exist']),
  'heatmap-format': (board: Board): Found =>
    queriesOf(board)
      .filter(({ panel, target }) => (panel.type === 'heatmap') !== (target.format === 'heatmap'))
      .map(({ panel }) => [at(panel), 'the heatmap panel and the heatmap format need each other']),
} satisfies Readonly<Record<string, Rule>>

function over(check: (query: ReadQuery) => readonly string[]): Rule {
  return (board) => readQueries(board).flatMap((query) => check(query).map((what) => [query.where, what] as const))
}

function overSelectors(check: (selector: Selector) => string | null): Rule {
  return over(({ reading }) => reading.selectors.map(check).filter((what) => what !== null))
}

function eachMetric(board: Board, check: (selector: Selector, metric: KnownMetric) => string | null): Found {
  return readQueries(board).flatMap(({ where, reading }) =>
    reading.selectors.flatMap((selector) => {
      const [metric] = namesOf(board, selector.name).flatMap((name) => KNOWN.get(name) ?? [])
      const what = metric === undefined ? null : check(selector, metric)
      return what === null ? [] : [[where, `${selector.name}: ${what}`] as const]
    }),
  )
}

function readQueries(board: Board): readonly ReadQuery[] {
  return [
    ...queriesOf(board).map(({ panel, target }) => ({
      where: at(panel),
      expr: target.expr ?? '',
      legend: target.legendFormat ?? '',
    })),
    ...board.annotations.list.map(({ name, target, titleFormat, textFormat }) => ({
      where: `annotation ${name}`,
      expr: target?.expr ?? '',
      legend: `${titleFormat} ${textFormat}`,
    })),
  ].map((query) => ({ ...query, reading: readPromql(query.expr) }))
}

// Alerts about absent series have no instance, or no site, and are always included; so is the program in fleet mode, which has neither.
function chosen({ name, matchers }: Selector, label: string): boolean {
  if (OF_FLEET.has(name)) {
    return !matchers.some((each) => each.label === label)
  }
  const values = label !== 'job' && name === 'ALERTS' ? [`$${label}|`] : [`$${label}`]
  return matchers.some((each) => each.label === label && each.operator === '=~' && values.includes(each.value))
}

// Two sites may have an instance of one name: what tells one from the other keeps the site too.
function withoutSite(groupings: readonly Grouping[]): readonly string[] {
  return groupings.flatMap(({ word, labels }) => {
    const wrong = isListOfKept(word)
      ? labels.includes('instance') && !labels.includes('cluster')
      : labels.includes('cluster')
    return wrong ? [`${word} (${labels.join(', ')}) loses the site`] : []
  })
}

// Buckets need a matcher for `le`, or an aggregation that keeps it.
function keepsBounds({ name, matchers, keptBy }: Selector): boolean {
  if (!name.endsWith('_bucket')) {
    return true
  }
  return matchers.some(({ label }) => label === 'le') || keptBy?.includes('le') === true
}

function namesOf(board: Board, name: string): readonly string[] {
  const [whole, variable] = /\$(\w+)/.exec(name) ?? []
  if (whole === undefined) {
    return [name]
  }
  const { query = '' } = board.templating.list.find((each) => each.name === variable) ?? {}
  return String(query)
    .split(',')
    .map((value) => name.replace(whole, value.trim()))
}

function unknownLabels(board: Board, { reading, legend, expr }: ReadQuery): readonly string[] {
  const known = reading.selectors.flatMap(({ name }) =>
    namesOf(board, name).map((each) => KNOWN.get(each)?.labels ?? 'open'),
  )
  if (known.includes('open')) {
    return []
  }
  const made = [/label_(?:replace|join)\(.*?, "(\w+)", "/g, /count_values(?: by \([^)]*\))? ?\("(\w+)"/g].flatMap(
    (call) => [...expr.matchAll(call)].map(([, label = '']) => label),
  )
  const all = [...known.flat(), ...made]
  const inLegend = [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label = '']) => label)
  const wanted = reading.selectors.flatMap(({ name, matchers }) => {
    const own = namesOf(board, name).flatMap((each) => KNOWN.get(each)?.labels ?? [])
    return matchers.map(({ label }) => label).filter((label) => !own.includes(label))
  })
  return [
    ...wanted,
    ...[...reading.groupings.flatMap(({ labels }) => labels), ...inLegend].filter((label) => !all.includes(label)),
  ]
}
