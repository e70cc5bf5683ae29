// Heatmap of a histogram: observations by bucket and time.
//
// The colour of a cell is the number of observations within one step.

import { AxisPlacement, HeatmapCellLayout, TooltipDisplayMode } from '@grafana/grafana-foundation-sdk/common'
import {
  CellValuesBuilder,
  FilterValueRangeBuilder,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapColorScale,
  HeatmapTooltipBuilder,
  PanelBuilder,
  RowsHeatmapOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap'
import type { HistogramEntry } from '../../src/metrics/catalogue/entry.ts'
import { PROMETHEUS } from '../dataSource.ts'
import { buckets, increase, type Matchers, sum } from '../promql.ts'
import { heatmapQuery } from '../targets.ts'
import { grafanaUnit, type PanelOptions, UNKNOWN } from './panelOptions.ts'

/** Columns of the time range: 20 minutes each at 24 hours. */
const COLUMNS = 72

/** The buckets of a histogram. `unit` is the unit of its bounds. */
export function heatmap<Metric extends HistogramEntry>(
  { title, description, unit }: PanelOptions,
  metric: Metric,
  matchers: Matchers<Metric> = {},
): PanelBuilder {
  return (
    new PanelBuilder()
      .title(title)
      .description(description)
      .datasource(PROMETHEUS)
      .unit(grafanaUnit(unit))
      .noValue(UNKNOWN.text)
      .maxDataPoints(COLUMNS)
      .interval('1m')
      .withTarget(heatmapQuery(sum(increase(buckets(metric, matchers)), ['le'])).refId('A'))
      .calculate(false)
      .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Auto))
      .color(
        new HeatmapColorOptionsBuilder()
          .mode(HeatmapColorMode.Scheme)
          .scheme('Oranges')
          .scale(HeatmapColorScale.Exponential)
          .exponent(0.5)
          .steps(64),
      )
      // Cells without an observation stay empty.
      .filterValues(new FilterValueRangeBuilder().le(1e-9))
      .cellGap(1)
      .cellValues(new CellValuesBuilder().unit('short').decimals(1))
      .yAxis(new YAxisConfigBuilder().unit(grafanaUnit(unit)).axisPlacement(AxisPlacement.Left))
      .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(false).showColorScale(false))
      .showLegend()
      .exemplarsColor('rgba(0, 153, 255, 0.9)')
  )
}
