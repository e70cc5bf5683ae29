// What is marked on every graph: when Asterisk was restarted, and when an alert fired.
//
// Both come from Prometheus, so that they show wherever the figures do.

import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { CATALOGUE } from '../src/metrics/catalogue.ts'
import { PROMETHEUS } from './dataSource.ts'
import { alerting, series } from './promql.ts'

/** In the order in which Grafana shows their switches. */
export function annotations(): readonly AnnotationQueryBuilder[] {
  return [
    marked({ name: 'Asterisk restarted', color: 'purple', title: 'Asterisk restarted', text: '{{instance}}' }).target(
      asked(`changes(${series(CATALOGUE.startTime)}[$__rate_interval]) > 0`),
    ),
    marked({ name: 'Alerts', color: 'red', title: '{{alertname}}', text: '{{instance}} {{queue}} {{trunk}}' })
      .tagKeys('severity')
      .target(asked(alerting())),
  ]
}

interface Mark {
  readonly name: string
  readonly color: string
  readonly title: string
  readonly text: string
}

function marked({ name, color, title, text }: Mark): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .enable(true)
    .hide(false)
    .datasource(PROMETHEUS)
    .iconColor(color)
    .titleFormat(title)
    .textFormat(text)
}

function asked(expression: string): DataqueryBuilder {
  return new DataqueryBuilder().datasource(PROMETHEUS).expr(expression).range().interval('60s').refId('Anno')
}
