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
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard'
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

/** Pixels of a row of the grid, and of a panel's frame, title, time axis, legend and page numbers; a band's name needs so many. */
const ROW = 38
const AROUND = 130
const BAND = 14

/** A band for each series of the queries. */
export function timeline(options: TimelineOptions, ...queries: readonly DataqueryBuilder[]): PanelBuilder {
  const panel = new TimelineBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(PROMETHEUS)
    .unit(grafanaUnit(options.unit))
    .mappings([textsFor(options.texts)])
    .thresholds(thresholds(PLAIN))
    .noValue(options.none ?? UNKNOWN.text)
    .mergeValues(true)
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

// How many bands have room for their names is known only when the panel is placed.
class TimelineBuilder extends PanelBuilder {
  override gridPos(place: GridPos): this {
    return super.gridPos(place).perPage(Math.max(3, Math.floor((place.h * ROW - AROUND) / BAND)))
  }
}
