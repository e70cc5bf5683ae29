// The spread of a histogram over time: how many observations in which bucket.
//
// Each cell is a count of calls within a step, so that the colour means the same at any zoom of the value axis.

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
import { grafanaUnit, type PanelOptions } from './panelOptions.ts'

/** Columns of the whole span: 20 minutes at 24 hours. */
const COLUMNS = 72

/** The buckets of a histogram's series. `unit` is the histogram's, on the axis. */
export function heatmap<Metric extends HistogramEntry>(
  { title, description, unit }: PanelOptions,
  metric: Metric,
  wanted: Matchers<Metric> = {},
): PanelBuilder {
  return (
    new PanelBuilder()
      .title(title)
      .description(description)
      .datasource(PROMETHEUS)
      .unit(grafanaUnit(unit))
      .maxDataPoints(COLUMNS)
      .interval('1m')
      .withTarget(heatmapQuery(sum(increase(buckets(metric, wanted)), ['le'])).refId('A'))
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
      // Cells without a call stay empty.
      .filterValues(new FilterValueRangeBuilder().le(1e-9))
      .cellGap(1)
      .cellValues(new CellValuesBuilder().unit('short').decimals(1))
      .yAxis(new YAxisConfigBuilder().unit(grafanaUnit(unit)).axisPlacement(AxisPlacement.Left))
      .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(false).showColorScale(false))
      .showLegend()
      .exemplarsColor('rgba(0, 153, 255, 0.9)')
  )
}
