// Queries of a panel for the Prometheus data source.
//
// Always with the selected data source. Stats and tables use instant queries at the end of the time range.

import { DataqueryBuilder, PromQueryFormat, QueryEditorMode } from '@grafana/grafana-foundation-sdk/prometheus'
import { PROMETHEUS } from './dataSource.ts'
import { SITE } from './promql.ts'

/** Options of a range query. `exemplar`: also requests exemplars. */
export interface RangeOptions {
  readonly exemplar?: boolean
}

/** A range query. `legend`: the names of its series, with labels in `{{ }}`. */
export function range(expression: string, legend: string, { exemplar = false }: RangeOptions = {}): DataqueryBuilder {
  const query = base(expression).legendFormat(named(legend)).range()
  return exemplar ? query.exemplar(true) : query
}

/** An instant query. */
export function instant(expression: string, legend: string): DataqueryBuilder {
  return base(expression).legendFormat(named(legend)).instant()
}

/** An instant query as rows of a table: a column for each label, and `Value #A`. */
export function rows(expression: string): DataqueryBuilder {
  return base(expression).format(PromQueryFormat.Table).instant()
}

/** A range query of a histogram's buckets. */
export function heatmapQuery(expression: string): DataqueryBuilder {
  return base(expression).format(PromQueryFormat.Heatmap).legendFormat('{{le}}').range().exemplar(true)
}

// Where the instance is named, its site follows; Grafana shows nothing for a label that is missing.
function named(legend: string): string {
  return legend.replaceAll('{{instance}}', `{{instance}} {{${SITE}}}`)
}

function base(expression: string): DataqueryBuilder {
  return new DataqueryBuilder().datasource(PROMETHEUS).editorMode(QueryEditorMode.Code).expr(expression)
}

/** The id of a query in its panel: `A`, `B`, … `Z`. */
export function refIdOf(index: number): string {
  if (index > 25) {
    throw new Error('a panel with more than 26 queries')
  }
  return String.fromCharCode(65 + index)
}
