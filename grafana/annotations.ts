// What is marked on every graph: when Asterisk was restarted, and when somebody was woken for what the board is about.
//
// They come from Prometheus, so that they show wherever the figures do. All other alerts are a switch away: shown always, they
// hide the graphs exactly in the hours that matter.

import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { CATALOGUE } from '../src/metrics/catalogue/catalogue.ts'
import { BOARDS } from './addresses.ts'
import { PROMETHEUS } from './dataSource.ts'
import { alerting, series } from './promql.ts'

/** The alerts that wake somebody, by the board that they lead to; the wallboard marks them all. A test holds them to alerts.yml. */
export const CRITICAL: Readonly<Record<string, readonly string[]>> = {
  [BOARDS.missedCalls]: ['AsteriskMissedCallsMany', 'AsteriskNobodyAnswers'],
  [BOARDS.calls]: ['AsteriskNoCalls'],
  [BOARDS.trunks]: ['AsteriskTrunkDown'],
  [BOARDS.queues]: ['AsteriskQueueUnserved'],
  [BOARDS.exporter]: [
    'AsteriskExporterDown',
    'AsteriskExporterAbsent',
    'AsteriskUnreachable',
    'AsteriskCallLogNotWriting',
    'AsteriskCallLogCallsLost',
    'AsteriskStasisWait',
  ],
}

/** Of a board, in the order in which Grafana shows their switches. */
export function annotations(uid: string): readonly AnnotationQueryBuilder[] {
  const subject = uid === BOARDS.wallboard ? '.+' : CRITICAL[uid]?.join('|')
  return [
    marked({ name: 'Asterisk restarted', color: 'purple', title: 'Asterisk restarted', text: '{{instance}}' }).target(
      asked(`changes(${series(CATALOGUE.startTime)}[$__rate_interval]) > 0`),
    ),
    ...(subject === undefined ? [] : [alerts('Critical alerts', alerting(subject, 'critical'))]),
    alerts('All alerts', alerting()).enable(false),
  ]
}

function alerts(name: string, expression: string): AnnotationQueryBuilder {
  return marked({ name, color: 'red', title: '{{alertname}}', text: '{{instance}} {{queue}} {{trunk}}' })
    .tagKeys('severity')
    .target(asked(expression))
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
