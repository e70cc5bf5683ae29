// Where boards and the exporter's own page are found: the uids of the boards, and the links between them.
//
// The uid of a board is part of the alerts' links and of people's bookmarks: it never changes.

/** The boards by what they show. */
export const BOARDS = {
  wallboard: 'asterisk-wallboard',
  calls: 'asterisk-calls',
  missedCalls: 'asterisk-missed-calls',
  queues: 'asterisk-queues',
  trunks: 'asterisk-trunks',
  operators: 'asterisk-operators',
  voiceQuality: 'asterisk-voice-quality',
  exporter: 'asterisk-exporter',
  callLog: 'asterisk-call-log',
} as const

/**
 * The exporter's page as the reader's browser reaches it; a board's variable begins with it. The exemplars' links have the
 * same from Grafana's environment, see provisioning/datasources.
 */
export const EXPORTER_PAGE = 'http://localhost:9745'

/** A link to another board that takes the span and the choice of exporters along; `more` are further variables. */
export function boardLink(uid: string, more: Readonly<Record<string, string>> = {}): string {
  const variables = Object.entries(more).map(([name, value]) => `&var-${name}=${value}`)
  return `/d/${uid}?\${__url_time_range}&\${datasource:queryparam}&\${job:queryparam}&\${instance:queryparam}${variables.join('')}`
}
