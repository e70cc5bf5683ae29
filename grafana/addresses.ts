// Links between boards, and to the exporter's page.
//
// The uid of a board never changes: links in alerts and bookmarks contain it.

/** The uids of the boards. */
export const BOARDS = {
  wallboard: 'asterisk-wallboard',
  fleet: 'asterisk-fleet',
  calls: 'asterisk-calls',
  missedCalls: 'asterisk-missed-calls',
  queues: 'asterisk-queues',
  trunks: 'asterisk-trunks',
  destinations: 'asterisk-destinations',
  operators: 'asterisk-operators',
  voiceQuality: 'asterisk-voice-quality',
  exporter: 'asterisk-exporter',
  callLog: 'asterisk-call-log',
} as const

/**
 * Address of the exporter's page for the browser: the default of a variable of the call log board. Links of exemplars take the
 * same address from Grafana's environment, see provisioning/datasources.
 */
export const EXPORTER_PAGE = 'http://localhost:9745'

/** In a link: the selection of the board's own variable of the same name. */
export const AS_SELECTED = 'as selected'

/** Filters of the call log board. A value may be `clicked(…)` or `AS_SELECTED`. */
export interface CallLogFilter {
  readonly direction?: string
  /** A disposition. */
  readonly disposition?: string
  readonly only?: 'missed' | 'not missed'
  readonly operator?: string
  readonly trunk?: string
  readonly queue?: string
  readonly line?: string
  /** A class of destinations. */
  readonly destination?: string
  /** ISO 3166. */
  readonly country?: string
}

/** In a link: a label of the series that was clicked. */
export function clicked(label: string): string {
  return `\${__field.labels.${label}:percentencode}`
}

/** In a link: a field of the row that was clicked, by its heading. */
export function ofRow(headings: Readonly<Record<string, string>>): (label: string) => string {
  return (label) => `\${__data.fields.${headings[label]}:percentencode}`
}

/** Link to a board with the PBX that was clicked. `value`: what the link has for its labels. */
export function boardOfPbx(uid: string, value: (label: string) => string): string {
  const pbx = ['cluster', 'instance'].map((label) => `var-${label}=${value(label)}`)
  return `/d/${uid}?${TIME_RANGE}&\${datasource:queryparam}&\${job:queryparam}&${pbx.join('&')}`
}

/**
 * Link to the call log with the same time range and the given filter. `lastMinutes`: with only the last minutes of the time
 * range, for a value that covers a shorter time.
 */
export function callsBehind(filter: CallLogFilter = {}, lastMinutes?: number): string {
  const link = boardLink(BOARDS.callLog, variablesOf(filter))
  return lastMinutes === undefined ? link : around(link, '__to', lastMinutes)
}

/** Link to the call log of the hour around the point that was clicked. */
export function callsAround(filter: CallLogFilter = {}): string {
  return around(boardLink(BOARDS.callLog, variablesOf(filter)), '__value.time', 30)
}

// The time range from so many minutes before to after `time`. Source: Grafana's manual, "Dashboard URL variables".
function around(link: string, time: string, minutes: number): string {
  return link.replace(TIME_RANGE, () => `time=\${${time}}&time.window=${2 * minutes * 60_000}`)
}

// Values of the call log board's variables: `only` is a parameter of the request.
function variablesOf({ only, ...rest }: CallLogFilter): Readonly<Record<string, string>> {
  const missed = { missed: 'missed%3Dtrue', 'not missed': 'missed%3Dfalse' } as const
  const named = Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...Object.fromEntries(named), ...(only === undefined ? {} : { only: missed[only] }) }
}

const TIME_RANGE = `\${__url_time_range}`

// The selections that all boards share.
const KEPT = ['datasource', 'cluster', 'job', 'instance'].map((name) => `\${${name}:queryparam}`).join('&')

/** Link to another board with the same time range, Prometheus, site, job and instance; `more` are further variables. */
export function boardLink(uid: string, more: Readonly<Record<string, string>> = {}): string {
  const variables = Object.entries(more).map(([name, value]) =>
    value === AS_SELECTED ? `&\${${name}:queryparam}` : `&var-${name}=${value}`,
  )
  return `/d/${uid}?${TIME_RANGE}&${KEPT}${variables.join('')}`
}
