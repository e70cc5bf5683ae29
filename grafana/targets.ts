// The questions of a panel, as the data source for Prometheus takes them.
//
// Never without the board's choice of a data source. A single figure or a table asks once, for the end of the span.

import { DataqueryBuilder, PromQueryFormat, QueryEditorMode } from '@grafana/grafana-foundation-sdk/prometheus'
import { PROMETHEUS } from './dataSource.ts'

/** Options of a question over time. `exemplar`: also ask for single calls that stand behind the figures. */
export interface RangeOptions {
  readonly exemplar?: boolean
}

/** Over the span, step by step. `legend`: what each series is called, with its labels in `{{ }}`. */
export function range(expression: string, legend: string, { exemplar = false }: RangeOptions = {}): DataqueryBuilder {
  const query = base(expression).legendFormat(legend).range()
  return exemplar ? query.exemplar(true) : query
}

/** Once, for the end of the span. */
export function instant(expression: string, legend: string): DataqueryBuilder {
  return base(expression).legendFormat(legend).instant()
}

/** Once, as rows of a table: a column for each label, and `Value #A`. */
export function rows(expression: string): DataqueryBuilder {
  return base(expression).format(PromQueryFormat.Table).instant()
}

/** The buckets of a histogram over the span. */
export function heatmapQuery(expression: string): DataqueryBuilder {
  return base(expression).format(PromQueryFormat.Heatmap).legendFormat('{{le}}').range().exemplar(true)
}

function base(expression: string): DataqueryBuilder {
  return new DataqueryBuilder().datasource(PROMETHEUS).editorMode(QueryEditorMode.Code).expr(expression)
}

/** `A`, `B`, … `Z`: what the panel knows its questions by. */
export function refIdOf(index: number): string {
  if (index > 25) {
    throw new Error('a panel of more than 26 questions')
  }
  return String.fromCharCode(65 + index)
}
