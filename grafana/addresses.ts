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

/** In an address: what is chosen of the board's own variable of that name. */
export const AS_CHOSEN = 'as chosen'

/** What the board of the call log can be told to show. A value may be `clicked(…)`, or `AS_CHOSEN`. */
export interface CallLogChoice {
  readonly direction?: string
  /** How calls ended: a disposition. */
  readonly disposition?: string
  readonly only?: 'missed' | 'not missed'
  readonly operator?: string
  readonly trunk?: string
  readonly queue?: string
}

/** A label of the series that was clicked on, in an address. */
export function clicked(label: string): string {
  return `\${__field.labels.${label}:percentencode}`
}

/**
 * The calls behind a figure: the call log of the same span, with the choice made. `lastMinutes`: of a figure that looks back
 * less far, from wherever the span ends.
 */
export function callsBehind(choice: CallLogChoice = {}, lastMinutes?: number): string {
  const link = boardLink(BOARDS.callLog, chosen(choice))
  return lastMinutes === undefined ? link : around(link, '__to', lastMinutes)
}

/** The calls behind a bar: the call log of the hour around the moment that was clicked on. */
export function callsAround(choice: CallLogChoice = {}): string {
  return around(boardLink(BOARDS.callLog, chosen(choice)), '__value.time', 30)
}

// Grafana's own words for so many minutes before and after. Source: its manual, "Dashboard URL variables".
function around(link: string, moment: string, minutes: number): string {
  return link.replace(SPAN, () => `time=\${${moment}}&time.window=${2 * minutes * 60_000}`)
}

// Values of the board's own variables: `only` is a piece of the question.
function chosen({ only, ...rest }: CallLogChoice): Readonly<Record<string, string>> {
  const missed = { missed: 'missed%3Dtrue', 'not missed': 'missed%3Dfalse' } as const
  const named = Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...Object.fromEntries(named), ...(only === undefined ? {} : { only: missed[only] }) }
}

const SPAN = `\${__url_time_range}`

/** A link to another board that takes the span and the choice of exporters along; `more` are further variables. */
export function boardLink(uid: string, more: Readonly<Record<string, string>> = {}): string {
  const variables = Object.entries(more).map(([name, value]) =>
    value === AS_CHOSEN ? `&\${${name}:queryparam}` : `&var-${name}=${value}`,
  )
  return `/d/${uid}?${SPAN}&\${datasource:queryparam}&\${job:queryparam}&\${instance:queryparam}${variables.join('')}`
}
