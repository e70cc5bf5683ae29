// Time series panel: lines, stacked areas or stacked bars.
//
// A gap in the data is a gap in the line. Lines have no fill, because overlapping fills cannot be read. A series has the
// colour that it is given, or one derived from its name, so that a queue has the same colour on every panel.

import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { FieldColorBuilder, FieldColorModeId, type GridPos } from '@grafana/grafana-foundation-sdk/dashboard'
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { PROMETHEUS } from '../dataSource.ts'
import { refIdOf } from '../targets.ts'
import {
  clickable,
  decimalsOf,
  grafanaUnit,
  type Link,
  link,
  type PanelOptions,
  paintedByName,
  type Steps,
  thresholds,
  UNKNOWN,
  type Unit,
} from './panelOptions.ts'

/** The calculations of a legend, and Grafana's headings of their columns. */
const CALCULATIONS = { lastNotNull: 'Last *', max: 'Max', mean: 'Mean', sum: 'Total' } as const

/** Bars of the time range at most: half an hour each at 24 hours. */
const BARS = 48

/** Windows of a percentile: an hour at 24 hours. Shorter ones have too few calls at night, and leave single dots. */
const PERCENTILE_WINDOWS = 24

/** Width in grid columns below which there is no room for a legend beside the graph. */
const NARROW = 12

/** The end of the axis unless a value is larger: without it, Grafana draws an axis to 100 for a line at 0. */
const SOFT_MAX: Partial<Readonly<Record<Unit, number>>> = { short: 1, percentunit: 0.1, s: 0.001, minutes: 1 }

export interface GraphOptions extends PanelOptions {
  /** Bars for counts, lines for measurements. */
  readonly bars?: boolean
  readonly stacked?: boolean
  /** Lines as steps, for whole numbers that hold for a step. */
  readonly stepped?: boolean
  readonly max?: number
  readonly decimals?: number
  /** The end of the axis unless a value is larger; default: by the unit. */
  readonly softMax?: number
  /** Thresholds, drawn as dashed lines. */
  readonly steps?: Steps
  /** Colours of the other series by their order, not by their names; for names of two labels, of which several would collide. */
  readonly colorsByOrder?: boolean
  /** Name of a series -> its colour; shown as `spoken` returns it. */
  readonly colors?: Readonly<Record<string, string>>
  /** Calculations in the legend, sorted by the first one; without any, the legend has only names. */
  readonly calculations?: readonly (keyof typeof CALCULATIONS)[]
  /** The smallest step, such as `10m`. */
  readonly interval?: string
  /** Maximum number of points over the time range. */
  readonly points?: number
  /** The text if there is no series; default: a dash. */
  readonly none?: string
  /** Panel link to the board with details. */
  readonly more?: Link
  /** Data link of each bar or point; its time is `${__value.time}`, its labels `${__field.labels.…}`. */
  readonly click?: Link
}

/** A line, an area or bars for each series of the queries. */
export function graph(options: GraphOptions, ...queries: readonly DataqueryBuilder[]): PanelBuilder {
  const panel = styled(new GraphBuilder(options), options)
    .title(options.title)
    .description(options.description)
    .datasource(PROMETHEUS)
    .unit(grafanaUnit(options.unit))
    .min(0)
    .noValue(options.none ?? UNKNOWN.text)
    .colorScheme(new FieldColorBuilder().mode(paletteOf(options)))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
  queries.forEach((query, index) => {
    panel.withTarget(query.refId(refIdOf(index)))
  })
  for (const [name, looks] of paintedByName(options.colors ?? {})) {
    panel.overrideByName(name, looks)
  }
  return fitted(panel, options)
}

function paletteOf({ colorsByOrder = false }: GraphOptions): FieldColorModeId {
  return colorsByOrder ? FieldColorModeId.PaletteClassic : FieldColorModeId.PaletteClassicByName
}

/** Stacked bars of whole counts within each step. No totals: the first bar begins before the time range. */
export function barsOverTime(
  options: Omit<GraphOptions, 'bars' | 'stacked' | 'calculations' | 'points' | 'decimals'>,
  ...queries: readonly DataqueryBuilder[]
): PanelBuilder {
  const whole = { interval: '5m', ...options, bars: true, stacked: true, decimals: 0, points: BARS } as const
  return graph({ ...whole, calculations: ['max'] }, ...queries)
}

/** Quantiles of a histogram, over windows that are long enough for several observations. */
export function percentiles(
  options: Omit<GraphOptions, 'bars' | 'stacked' | 'points'>,
  ...queries: readonly DataqueryBuilder[]
): PanelBuilder {
  return graph({ interval: '5m', ...options, points: PERCENTILE_WINDOWS }, ...queries)
}

// Whether a legend has room beside the graph is known only when the panel is placed.
class GraphBuilder extends PanelBuilder {
  readonly #options: GraphOptions

  constructor(options: GraphOptions) {
    super()
    this.#options = options
  }

  override gridPos(place: GridPos): this {
    return super.gridPos(place).legend(legend(this.#options, place.w < NARROW))
  }
}

function fitted(panel: PanelBuilder, options: GraphOptions): PanelBuilder {
  // One decimal: with none, an axis has no ticks between 0 and 100 %; with Grafana's default, lengths differ (`60%`, `5.88%`).
  const decimals = decimalsOf(options) ?? (options.unit === 'percentunit' ? 1 : undefined)
  if (decimals !== undefined) {
    panel.decimals(decimals)
  }
  if (options.max !== undefined) {
    panel.max(options.max)
  }
  const softMax = options.softMax ?? SOFT_MAX[options.unit]
  if (softMax !== undefined && options.max === undefined) {
    panel.axisSoftMax(softMax)
  }
  if (options.interval !== undefined) {
    panel.interval(options.interval)
  }
  if (options.points !== undefined) {
    panel.maxDataPoints(options.points)
  }
  if (options.more !== undefined) {
    panel.links([link(options.more.title, options.more.url)])
  }
  if (options.click !== undefined) {
    panel.overrideByRegexp(...clickable(options.click))
  }
  return panel
}

function styled(
  panel: PanelBuilder,
  { bars = false, stacked = false, stepped = false, steps }: GraphOptions,
): PanelBuilder {
  panel
    .lineInterpolation(stepped ? LineInterpolation.StepBefore : LineInterpolation.Linear)
    .drawStyle(bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .lineWidth(bars || stacked ? 0 : 1)
    .fillOpacity(bars ? 80 : stacked ? 60 : 0)
    .showPoints(VisibilityMode.Never)
    .spanNulls(false)
  if (stacked) {
    panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
  }
  if (steps === undefined) {
    return panel
  }
  return panel
    .thresholds(thresholds(steps))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
}

// A table beside the graph, sorted; without calculations or room, a list of names below it.
function legend({ calculations = [] }: GraphOptions, narrow: boolean): VizLegendOptionsBuilder {
  const [first] = calculations
  const options = new VizLegendOptionsBuilder().showLegend(true)
  if (first === undefined || narrow) {
    return options.displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom).calcs([])
  }
  return options
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Right)
    .calcs([...calculations])
    .sortBy(CALCULATIONS[first])
    .sortDesc(true)
}
