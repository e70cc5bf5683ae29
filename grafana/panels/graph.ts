// Figures over time, as lines or as stacked bars.
//
// A gap in the data is a gap in the line: nothing is drawn where nothing was known. A line has no fill: several over each
// other are mud. A series has the colour that it was given, or the one of its name, so that a queue is the same on each panel.

import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
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
  link,
  type PanelOptions,
  paintedByName,
  type Steps,
  thresholds,
  type Way,
} from './panelOptions.ts'

/** What Grafana calls a figure of the legend, and the head of its column. */
const FIGURES = { lastNotNull: 'Last *', max: 'Max', mean: 'Mean', sum: 'Total' } as const

/** Bars of the whole span, and windows of a percentile: half an hour at 24 hours. Fewer pixels than a bar is wide are none. */
const WINDOWS = 48

/** Columns of the board below which a panel has no room for a legend beside its graph. */
const NARROW = 12

export interface GraphOptions extends PanelOptions {
  /** Bars for what is counted, lines for what is measured. */
  readonly bars?: boolean
  readonly stacked?: boolean
  readonly max?: number
  readonly decimals?: number
  /** Where the axis ends unless a value is larger: one spike does not flatten the rest. */
  readonly softMax?: number
  /** Drawn as dashed lines. */
  readonly steps?: Steps
  /** Name of a series -> colour; a name is said as `spoken` says it. */
  readonly colors?: Readonly<Record<string, string>>
  /** What the legend tells of each series, in Grafana's words, the largest first; none: only its name. */
  readonly figures?: readonly (keyof typeof FIGURES)[]
  /** Width of a bar or step at least, such as `10m`. */
  readonly interval?: string
  /** At most so many points over the span. */
  readonly points?: number
  /** The board that tells more. */
  readonly more?: Way
  /** A click on a bar or a point leads there; its moment is `${__value.time}`, its labels `${__field.labels.…}`. */
  readonly click?: Way
}

/** A line, or a bar, for each series of the questions. */
export function graph(options: GraphOptions, ...queries: readonly DataqueryBuilder[]): PanelBuilder {
  const panel = styled(new GraphBuilder(options), options)
    .title(options.title)
    .description(options.description)
    .datasource(PROMETHEUS)
    .unit(grafanaUnit(options.unit))
    .min(0)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
  queries.forEach((query, index) => {
    panel.withTarget(query.refId(refIdOf(index)))
  })
  for (const [name, looks] of paintedByName(options.colors ?? {})) {
    panel.overrideByName(name, looks)
  }
  return fitted(panel, options)
}

/** What was counted within each step, stacked, in whole things. `interval`: the shortest step. Totals are a figure's task. */
export function barsOverTime(
  options: Omit<GraphOptions, 'bars' | 'stacked' | 'figures' | 'points' | 'decimals'>,
  ...queries: readonly DataqueryBuilder[]
): PanelBuilder {
  const whole = { interval: '5m', ...options, bars: true, stacked: true, decimals: 0, points: WINDOWS } as const
  return graph({ ...whole, figures: ['max'] }, ...queries)
}

/** Quantiles of a histogram over windows that are long enough to have several observations. */
export function percentiles(
  options: Omit<GraphOptions, 'bars' | 'stacked' | 'points'>,
  ...queries: readonly DataqueryBuilder[]
): PanelBuilder {
  return graph({ interval: '5m', ...options, points: WINDOWS }, ...queries)
}

// Only when a panel gets its place is known whether a legend has room beside the graph.
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
  // A legend of `11.8%`, `60%` and `5.88%` is not read at a glance; with none an axis has nothing between 0 and 100 %.
  const decimals = decimalsOf(options) ?? (options.unit === 'percentunit' ? 1 : undefined)
  if (decimals !== undefined) {
    panel.decimals(decimals)
  }
  if (options.max !== undefined) {
    panel.max(options.max)
  }
  if (options.softMax !== undefined) {
    panel.axisSoftMax(options.softMax)
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

function styled(panel: PanelBuilder, { bars = false, stacked = false, steps }: GraphOptions): PanelBuilder {
  panel
    .drawStyle(bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .lineWidth(bars ? 0 : 1)
    .fillOpacity(bars ? 80 : stacked ? 30 : 0)
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

// A table beside the graph, the largest first; names below it where there is no room, or nothing to say of them.
function legend({ figures = [] }: GraphOptions, narrow: boolean): VizLegendOptionsBuilder {
  const [first] = figures
  const options = new VizLegendOptionsBuilder().showLegend(true)
  if (first === undefined || narrow) {
    return options.displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom).calcs([])
  }
  return options
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Right)
    .calcs([...figures])
    .sortBy(FIGURES[first])
    .sortDesc(true)
}
