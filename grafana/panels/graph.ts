// Figures over time, as lines or as stacked bars.
//
// A gap in the data is a gap in the line: nothing is drawn where nothing was known.

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
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { PROMETHEUS } from '../dataSource.ts'
import { refIdOf } from '../query.ts'
import { type Face, grafanaUnit, link, painted, type Steps, thresholds } from './face.ts'

export interface GraphFace extends Face {
  /** Bars for what is counted, lines for what is measured. */
  readonly bars?: boolean
  readonly stacked?: boolean
  readonly max?: number
  /** Drawn as dashed lines. */
  readonly steps?: Steps
  /** Legend -> colour. */
  readonly colors?: Readonly<Record<string, string>>
  /** What the legend tells of each series, in Grafana's words; none: only its name. */
  readonly figures?: readonly ('lastNotNull' | 'max' | 'mean' | 'sum')[]
  /** Width of a bar or step at least, such as `10m`. */
  readonly interval?: string
  readonly more?: { readonly title: string; readonly url: string }
}

/** A line, or a bar, for each series of the questions. */
export function graph(face: GraphFace, ...queries: readonly DataqueryBuilder[]): PanelBuilder {
  const panel = styled(new PanelBuilder(), face)
    .title(face.title)
    .description(face.description)
    .datasource(PROMETHEUS)
    .unit(grafanaUnit(face.unit))
    .min(0)
    .legend(legend(face))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
  queries.forEach((query, index) => {
    panel.withTarget(query.refId(refIdOf(index)))
  })
  for (const [name, color] of Object.entries(face.colors ?? {})) panel.overrideByName(name, painted(color))
  if (face.max !== undefined) panel.max(face.max)
  if (face.interval !== undefined) panel.interval(face.interval)
  if (face.more !== undefined) panel.links([link(face.more.title, face.more.url)])
  return panel
}

/** What was counted within each step, stacked, and its sum over the span in the legend. `interval`: the shortest step. */
export function tally(
  face: Omit<GraphFace, 'bars' | 'stacked' | 'figures'> & { readonly interval: string },
  ...queries: readonly DataqueryBuilder[]
): PanelBuilder {
  return graph({ ...face, bars: true, stacked: true, figures: ['sum'] }, ...queries)
}

function styled(panel: PanelBuilder, { bars = false, stacked = false, steps }: GraphFace): PanelBuilder {
  panel
    .drawStyle(bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .lineWidth(bars ? 0 : 1)
    .fillOpacity(bars ? 80 : stacked ? 30 : 10)
    .showPoints(VisibilityMode.Never)
    .spanNulls(false)
  if (stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
  if (steps === undefined) return panel
  return panel
    .thresholds(thresholds(steps))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
}

function legend({ figures = [] }: GraphFace): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(figures.length > 0 ? LegendDisplayMode.Table : LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .calcs([...figures])
}
