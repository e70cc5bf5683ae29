// State timeline: a band for each series, coloured by its state.
//
// A band is empty where the state is unknown. More series than fit are on further pages.

import {
  LegendDisplayMode,
  LegendPlacement,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline'
import { PROMETHEUS } from '../dataSource.ts'
import { refIdOf } from '../targets.ts'
import {
  clickable,
  grafanaUnit,
  type Link,
  link,
  type PanelOptions,
  PLAIN,
  thresholds,
  UNKNOWN,
} from './panelOptions.ts'
import { textsFor } from './stat.ts'

export interface TimelineOptions extends PanelOptions {
  /** Value mappings: value -> text and colour. */
  readonly texts: Readonly<Record<string, readonly [text: string, color: string]>>
  /** The text if there is no series; default: a dash. */
  readonly none?: string
  /** Panel link to the board with details. */
  readonly more?: Link
  /** Data link of each band; the labels of its series are `${__field.labels.…}`. */
  readonly click?: Link
}

/** Bands of a page: more would be too narrow for their names. */
const PER_PAGE = 20

/** A band for each series of the queries. */
export function timeline(options: TimelineOptions, ...queries: readonly DataqueryBuilder[]): PanelBuilder {
  const panel = new PanelBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(PROMETHEUS)
    .unit(grafanaUnit(options.unit))
    .mappings([textsFor(options.texts)])
    .thresholds(thresholds(PLAIN))
    .noValue(options.none ?? UNKNOWN.text)
    .mergeValues(true)
    .perPage(PER_PAGE)
    .showValue(VisibilityMode.Never)
    .rowHeight(0.85)
    .lineWidth(0)
    .fillOpacity(75)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single))
  queries.forEach((query, index) => {
    panel.withTarget(query.refId(refIdOf(index)))
  })
  if (options.more !== undefined) {
    panel.links([link(options.more.title, options.more.url)])
  }
  if (options.click !== undefined) {
    panel.overrideByRegexp(...clickable(options.click))
  }
  return panel
}
