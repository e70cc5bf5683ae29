// Rules about the appearance of panels: that an operator can read them, above all during an incident.
//
// Each rule prevents a fault that was seen on a picture of a board. Fields are those of Grafana's JSON.

import { z } from 'zod'
import { CATALOGUE, catalogueEntries } from '../../../src/metrics/catalogue/catalogue.ts'
import { type Board, type Panel, panelsOf, type Target } from './board.ts'
import type { Rule } from './lint.ts'
import { said } from './lintBoard.ts'
import { at } from './lintPanels.ts'
import { fixedColors, type Looks, looksOf, seriesNames } from './looks.ts'
import { areDistinct } from './palette.ts'

type Found = readonly (readonly [where: string, what: string])[]

/** Maximum number of bars, windows and columns over the time range, and of grid rows on the first screen. */
const MOST = { bars: 48, percentiles: 24, heatmap: 72, firstScreen: 20 } as const
const NARROW = 12
/** Grafana measures the names of bars at this size or a larger one. */
const MEASURED_PIXELS = 12
const ORGANIZED = z.array(
  z.object({ options: z.object({ renameByName: z.record(z.string(), z.string()).optional() }) }),
)
const BAD: readonly string[] = ['offline', 'down', 'DOWN', 'abandoned', 'no_answer', 'missed', 'not_answered', 'failed']
const GOOD: readonly string[] = ['online', 'up', 'UP', 'answered', 'idle']
/** Colours with too little contrast for text. */
const DIM: readonly string[] = ['dark-purple', 'dark-blue']
/** Labels whose values are states or outcomes; panels give each value a fixed colour. */
const STATES: readonly string[] = ['state', 'outcome', 'disposition', 'direction', 'result', 'cause_class', 'by']

export const LOOK_RULES = {
  'thresholds-ascend': each(['*'], ({ thresholds }) =>
    thresholds.some((steps) =>
      steps.some(({ value }, index) => index > 0 && (value ?? -1e9) <= (steps[index - 1]?.value ?? -1e9)),
    )
      ? 'its steps do not ascend'
      : null,
  ),
  'figures-named': each(['stat'], ({ options }, { targets = [] }) => {
    const info = targets.some(({ expr = '' }) => /_info\b/.test(expr))
    if (info) {
      return options.textMode === 'name' ? null : 'shows the value of an info metric'
    }
    if (options.textMode === 'value') {
      return 'shows several values without names'
    }
    if (options.text?.titleSize === undefined) {
      return 'lets Grafana scale the names, which cuts them off'
    }
    // In rows, a name beside its value cannot be read as that of another.
    return options.wideLayout === false || options.orientation === 'horizontal' ? null : 'has names beside the values'
  }),
  'titles-unique': (board: Board): Found => {
    const titles = panelsOf(board).map(({ title }) => title)
    return panelsOf(board).flatMap((panel, index) =>
      said(titles.indexOf(panel.title) === index, at(panel), 'is a title used twice'),
    )
  },
  'states-coloured': each(['timeseries', 'bargauge'], (looks, { targets = [] }) => {
    const bare = targets.flatMap(statesOf).filter((value) => fixedColors(looks)[value] === undefined)
    return bare.length === 0 ? null : `has no colour for ${bare.join(', ')}`
  }),
  'green-is-good': each(['*'], (looks) => {
    const wrong = Object.entries(fixedColors(looks)).filter(
      ([name, color]) =>
        (BAD.includes(name) && /green/.test(color)) || (GOOD.includes(name) && /red|orange/.test(color)),
    )
    return wrong.length === 0 ? null : `${wrong.map(([name, color]) => `${name} is ${color}`).join(', ')}`
  }),
  // Combinations of two labels are many, and colours by name would coincide.
  'things-keep-colour': each(['timeseries'], ({ defaults: { color } }, { targets = [] }) => {
    const isOfPairs = targets.some(({ legendFormat = '' }) => /\{\{trunk\}\} \{\{direction\}\}/.test(legendFormat))
    return color?.mode === (isOfPairs ? 'palette-classic' : 'palette-classic-by-name')
      ? null
      : `colours series by their ${isOfPairs ? 'names' : 'order'}`
  }),
  'colours-apart': each(['timeseries', 'bargauge'], (looks, { targets = [] }) => {
    const colors = fixedColors(looks)
    const names = [...new Set(targets.flatMap(namesOf))].filter((name) => colors[name] !== undefined)
    const similar = names.flatMap((one, index) =>
      names
        .slice(0, index)
        .filter((other) => !areDistinct(colors[one] ?? '', colors[other] ?? ''))
        .map((other) => `${one} like ${other}`),
    )
    return similar.length === 0 ? null : `draws ${similar.join(', ')}`
  }),
  'bar-names-whole': each(['bargauge'], ({ options }) =>
    (options.text?.titleSize ?? 99) < MEASURED_PIXELS ? null : 'cuts off names of wide characters',
  ),
  'bars-stacked': each(['timeseries'], ({ defaults: { custom = {} } }) =>
    custom.drawStyle === 'bars' && custom.stacking?.mode !== 'normal' ? 'draws bars over each other' : null,
  ),
  'axis-of-nothing': each(['timeseries'], ({ defaults: { unit = '', max, custom = {} } }) =>
    ['short', 'percentunit', 's', 'suffix:min'].includes(unit) && max === undefined && custom.axisSoftMax === undefined
      ? 'has an axis to 100 for a line at 0'
      : null,
  ),
  'unknown-is-a-dash': each(['timeseries', 'heatmap', 'table', 'bargauge', 'stat', 'state-timeline'], ({ defaults }) =>
    defaults.noValue === undefined ? 'shows `No data` where other panels show a dash' : null,
  ),
  'topk-of-a-moment': each(['*'], (_, { targets = [] }) =>
    targets.some(({ expr = '', instant }) => /\b(top|bottom)k\b/.test(expr) && instant !== true)
      ? 'chooses the largest anew at each step'
      : null,
  ),
  'alerts-unmarked': (board: Board): Found =>
    board.annotations.list
      .filter(({ enable, target }) => enable && /\bALERTS\b/.test(target?.expr ?? ''))
      .flatMap(({ name, target }) =>
        said(
          /severity="critical"/.test(target?.expr ?? '') && /alertname=~"[^"]/.test(target?.expr ?? ''),
          `annotation ${name}`,
          'marks what is not critical, or not of this board',
        ),
      ),
  'ratios-unfilled': each(['timeseries'], ({ defaults: { unit, custom = {} } }) =>
    unit === 'percentunit' && custom.drawStyle === 'line' && custom.fillOpacity !== 0 ? 'fills ratios' : null,
  ),
  'from-enough': each(['stat', 'timeseries', 'bargauge'], (_, { targets = [] }) =>
    targets.some(({ expr = '' }) => (ofCalls(expr) || /\bhistogram_quantile\b/.test(expr)) && !/>= \d/.test(expr))
      ? 'shows a share or a percentile of a single call'
      : null,
  ),
  'shares-of-one-length': each(['timeseries'], ({ defaults: { unit, decimals } }) =>
    unit === 'percentunit' && !decimals ? 'shows 60% beside 5.88%, or no ticks between 0 and 100%' : null,
  ),
  'alerts-by-severity': each(['state-timeline'], (looks, { targets = [] }) => {
    if (!targets.some(({ expr = '' }) => /\bALERTS\b/.test(expr))) {
      return null
    }
    const { critical, warning } = fixedColors(looks)
    return critical === 'red' && warning === 'orange' ? null : 'paints a warning like a critical alert'
  }),
  'words-legible': each(['table', 'stat'], (looks) => {
    const dim = Object.entries(fixedColors(looks)).filter(([, color]) => DIM.includes(color))
    const filled = looks.options.colorMode?.startsWith('background') === true
    return filled || dim.length === 0 ? null : `${dim[0]?.[0]} is hardly visible on a dark background`
  }),
  'windows-fit-the-span': each(['timeseries', 'heatmap'], ({ defaults: { custom = {} } }, panel) => {
    const { targets = [], type } = panel
    const quantiles = targets.some(({ expr = '' }) => /\bhistogram_quantile\b/.test(expr))
    const kind =
      type === 'heatmap' ? 'heatmap' : custom.drawStyle === 'bars' ? 'bars' : quantiles ? 'percentiles' : null
    const points = panel.maxDataPoints ?? Number.POSITIVE_INFINITY
    return kind !== null && points > MOST[kind] ? `more than ${MOST[kind]} ${kind} over the span` : null
  }),
  'whole-calls': each(['timeseries', 'stat'], ({ defaults: { unit, decimals, custom = {} } }, { type }) => {
    if (unit !== 'short') {
      return null
    }
    if (type === 'stat') {
      return decimals === 0 ? 'shows `1 K` for 1,449 calls' : null
    }
    return custom.drawStyle === 'bars' && decimals !== 0 ? 'shows fractions of calls' : null
  }),
  'one-total': each(['timeseries'], ({ options }) =>
    options.legend?.calcs?.includes('sum') ? 'sums its bars, one of which begins before the time range' : null,
  ),
  'legend-in-place': each(['timeseries'], ({ options: { legend } }, { gridPos }) => {
    if (legend?.displayMode !== 'table') {
      return legend?.placement === 'bottom' ? null : 'has a list at the side'
    }
    if ((gridPos?.w ?? 0) < NARROW) {
      return 'has no room for a table'
    }
    return legend.placement === 'right' && legend.sortBy && legend.sortDesc === true ? null : 'hides the largest series'
  }),
  'unknown-is-not-green': each(['stat'], (looks, { targets = [] }) => {
    if (/^\d/.test(looks.defaults.noValue ?? '')) {
      return 'shows a number for an unknown value'
    }
    if (looks.unknownColor === undefined) {
      return 'paints the dash green, orange or red'
    }
    if (looks.options.colorMode?.startsWith('background') && looks.unknownColor === 'text') {
      return 'is not grey if the value is unknown'
    }
    const unconditional = targets.filter(
      ({ expr = '' }) =>
        !expr.includes(CATALOGUE.up.name) &&
        (isUnconditional(expr, looks) || (isRecentRatio(expr, looks) && !/\bup\{/.test(expr))),
    )
    return unconditional.length > 0
      ? 'shows a current value, or a green 0, while the exporter may be disconnected'
      : null
  }),
  'fills-have-colour': each(['stat'], ({ options: { colorMode = '' }, thresholds }) =>
    colorMode.startsWith('background') && thresholds.some((steps) => steps.some(({ color }) => color === 'text'))
      ? 'fills a tile with the colour of text'
      : null,
  ),
  'unknown-cells-are-grey': each(['table'], ({ overrides }) => {
    const coloured = overrides.filter(({ values }) => values['custom.cellOptions']?.type.startsWith('color-'))
    const [bad] = coloured.filter(
      ({ values: { mappings = [] } }) =>
        !mappings.some(({ type, options }) => type === 'special' && options.result.color === 'text'),
    )
    return bad === undefined ? null : `paints an unknown ${bad.name} in the colour of the lowest step`
  }),
  'alerts-or-none': each(['stat', 'state-timeline'], ({ defaults }, { targets = [], type }) => {
    const exprs = targets.map(({ expr = '' }) => expr).filter((expr) => /\bALERTS\b/.test(expr))
    if (exprs.length === 0) {
      return null
    }
    const hasRules = targets.some(({ expr = '' }) => /_seen:/.test(expr))
    if (type === 'state-timeline') {
      return defaults.noValue === 'none' || hasRules ? null : 'has no text for no alerts'
    }
    return hasRules || exprs.every((expr) => !/^count\(/.test(expr)) ? null : 'is 0 while no rule is evaluated'
  }),
  'rows-folded': (board: Board): Found =>
    panelsOf(board)
      .filter(({ type, gridPos }) => type === 'row' && (gridPos?.y ?? 0) >= MOST.firstScreen)
      .flatMap((panel) => said(panel['collapsed'] === true, at(panel), 'is not folded below the first screen')),
  'durations-in-words': each(['stat', 'table', 'bargauge'], ({ defaults, overrides }) => {
    const bare = [defaults, ...overrides.map(({ values }) => values)].some(
      ({ unit, decimals }) => (unit === 's' && decimals === 0) || (unit === 'dtdurations' && decimals !== 1),
    )
    return bare ? 'shows `2 mins` for two and a half minutes' : null
  }),
  'nothing-obsolete': each(['table'], ({ options }) =>
    options.footer === undefined ? null : 'has a footer in its options',
  ),
  'names-as-written': each(['table'], ({ overrides }, panel) => {
    const abbreviated = keysOf(panel).filter(
      (heading) => !overrides.some(({ name, values }) => name === heading && values.unit === 'string'),
    )
    return abbreviated.length === 0 ? null : `shows 1 K for the ${abbreviated[0]} 1001`
  }),
  'one-sentence': each(['*'], (_, { description = '' }) =>
    /[.?!]\s+\S/.test(description) ? 'is longer than a sentence' : null,
  ),
} satisfies Readonly<Record<string, Rule>>

/** A rule over the panels of some types; `*` is any. */
export function each(types: readonly string[], check: (looks: Looks, panel: Panel) => string | null): Rule {
  return (board) =>
    panelsOf(board)
      .filter(({ type }) => type !== 'row' && (types.includes('*') || types.includes(type)))
      .flatMap((panel) => {
        const what = check(looksOf(panel), panel)
        return what === null ? [] : [[at(panel), what] as const]
      })
}

// Headings of the columns that are labels: renamed fields that are not values.
function keysOf(panel: Panel): readonly string[] {
  const organized = ORGANIZED.parse(panel['transformations'] ?? []).flatMap(({ options }) =>
    Object.entries(options.renameByName ?? {}),
  )
  return organized.filter(([field]) => !/^Value\b/.test(field)).map(([, heading]) => heading)
}

// If the legend is only a label with a closed list: its values that the query can return.
function statesOf({ legendFormat = '', expr = '' }: Target): readonly string[] {
  const label = /^\{\{(\w+)\}\}$/.exec(legendFormat)?.[1] ?? ''
  return STATES.includes(label) ? seriesNames(expr, label) : []
}

// The names of the series that a query can return: its legend, or the values of the closed lists of its labels.
function namesOf({ legendFormat = '', expr = '' }: Target): readonly string[] {
  const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label)
  return labels.reduce<readonly string[]>(
    (names, label) =>
      names.flatMap((name) => seriesNames(expr, label).map((value) => name.replace(`{{${label}}}`, value))),
    [legendFormat],
  )
}

const GAUGES: readonly string[] = catalogueEntries()
  .filter(([key, { type, name }]) => type === 'gauge' && !/_exporter_/.test(name) && !/^(up|info|startTime)$/.test(key))
  .map(([, { name }]) => name)

function ofCalls(expr: string): boolean {
  return /:asterisk_(call_answer|call_missed|trunk_asr|trunk_ner|queue_abandoned|queue_service_level|leg_mos_low):ratio/.test(
    expr,
  )
}

// A recorded ratio over an hour or less, with green as a good value: recorded series continue for some time without a scrape.
function isRecentRatio(expr: string, { thresholds }: Looks): boolean {
  const isGreen = thresholds.some((steps) => steps.some(({ color }) => /green/.test(color)))
  return isGreen && /:ratio(5m|30m|1h|\$window)\{/.test(expr)
}

// A current value of Asterisk, or a count with a green 0, without a condition that the exporter is connected.
function isUnconditional(expr: string, { colorOfNone }: Looks): boolean {
  // Percentiles and shares need enough observations; the maximum of a time range was observed.
  if (/\bhistogram_quantile\b|_over_time\(| >= \d/.test(expr)) {
    return false
  }
  const now = GAUGES.some((name) => new RegExp(`\\b${name}\\{|:${name}:sum\\{`).test(expr))
  const counts = /\b(increase\(asterisk_(?!exporter)|:asterisk_\w+:increase)/.test(expr) && !/ \/ /.test(expr)
  return now || (counts && /green/.test(colorOfNone))
}
