// Annotations of every graph: restarts of Asterisk, and critical alerts about the subject of the board.
//
// They are queries to Prometheus. The annotation of all other alerts is off by default, because many of them hide the graphs
// during an incident.

import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { CATALOGUE } from '../src/metrics/catalogue/catalogue.ts'
import { BOARDS } from './addresses.ts'
import { PROMETHEUS } from './dataSource.ts'
import { alerting, series } from './promql.ts'

/** Critical alerts by the board that they link to; the wallboard shows all. A test compares them with alerts.yml. */
export const CRITICAL: Readonly<Record<string, readonly string[]>> = {
  [BOARDS.missedCalls]: ['AsteriskMissedCallsMany', 'AsteriskNobodyAnswers', 'AsteriskCallbacksManyLate'],
  [BOARDS.fleet]: ['AsteriskSiteAbsent', 'AsteriskPbxAbsent'],
  [BOARDS.calls]: ['AsteriskNoCalls'],
  [BOARDS.trunks]: ['AsteriskTrunkDown', 'AsteriskTrunkFull', 'AsteriskTrunkNotRegistered'],
  [BOARDS.destinations]: [
    'AsteriskFraudManyAtOnce',
    'AsteriskFraudBurst',
    'AsteriskFraudSequential',
    'AsteriskFraudOutOfHours',
  ],
  [BOARDS.queues]: ['AsteriskQueueUnserved', 'AsteriskQueueUnstaffed'],
  [BOARDS.exporter]: [
    'AsteriskExporterDown',
    'AsteriskExporterAbsent',
    'AsteriskUnreachable',
    'AsteriskCallLogNotWriting',
    'AsteriskCallLogCallsLost',
    'AsteriskOutboxStuck',
    'AsteriskOutboxDropped',
    'AsteriskCallLogCopied',
    'AsteriskStasisWait',
  ],
}

/** Not changes(): in VictoriaMetrics a series begins with a change. */
const STARTED = `${series(CATALOGUE.startTime)}[$__rate_interval]`

/** The annotations of a board, in the order of their switches. */
export function annotations(uid: string): readonly AnnotationQueryBuilder[] {
  const subject = uid === BOARDS.wallboard ? '.+' : CRITICAL[uid]?.join('|')
  return [
    annotation({
      name: 'Asterisk restarted',
      color: 'purple',
      title: 'Asterisk restarted',
      text: '{{instance}} {{cluster}}',
    }).target(query(`max_over_time(${STARTED}) > min_over_time(${STARTED})`)),
    ...(subject === undefined ? [] : [alerts('Critical alerts', alerting(subject, 'critical'))]),
    alerts('All alerts', alerting()).enable(false),
  ]
}

function alerts(name: string, expression: string): AnnotationQueryBuilder {
  return annotation({
    name,
    color: 'red',
    title: '{{alertname}}',
    text: '{{instance}} {{cluster}} {{queue}} {{trunk}}',
  })
    .tagKeys('severity')
    .target(query(expression))
}

interface AnnotationOptions {
  readonly name: string
  readonly color: string
  readonly title: string
  readonly text: string
}

function annotation({ name, color, title, text }: AnnotationOptions): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .enable(true)
    .hide(false)
    .datasource(PROMETHEUS)
    .iconColor(color)
    .titleFormat(title)
    .textFormat(text)
}

function query(expression: string): DataqueryBuilder {
  return new DataqueryBuilder().datasource(PROMETHEUS).expr(expression).range().interval('60s').refId('Anno')
}
