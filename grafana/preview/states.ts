// The named times of the simulated day (day.ts) at which pictures are taken.
//
// Each is the end of a board's time range. All times are UTC, in epoch seconds.

/** Midnight before the Wednesday. */
const MIDNIGHT = Date.UTC(2026, 10, 25) / 1000

/** A time on that Wednesday. */
export const clock = (hour: number, minute = 0): number => MIDNIGHT + hour * 3_600 + minute * 60

/** State -> its time, and its description. */
export const STATES = {
  calm: { at: clock(10, 30), shows: 'an ordinary morning' },
  away: { at: clock(11, 8), shows: 'Asterisk has been down for eight minutes' },
  incident: { at: clock(13, 15), shows: 'nearly every inbound call has been missed for three quarters of an hour' },
  two: { at: clock(15, 45), shows: 'two PBXs; a trunk of the first is down' },
  unscraped: { at: clock(17, 28), shows: 'no exporter has been scraped for an hour; rules are evaluated' },
  unruled: {
    at: clock(18, 35),
    shows: 'exporters are scraped, but no rule has been evaluated for a quarter of an hour',
  },
  nothing: { at: clock(19, 40), shows: 'Prometheus has had nothing at all for an hour' },
  fleet: { at: clock(22), shows: 'twenty sites with one PBX each; some are in trouble, one sends nothing' },
} as const satisfies Readonly<Record<string, { readonly at: number; readonly shows: string }>>

export type StateName = keyof typeof STATES

/** States in which neither Prometheus nor Grafana reaches an exporter. */
export const OUT_OF_REACH: readonly StateName[] = ['unscraped', 'nothing']

/** All names. */
export const STATE_NAMES = Object.keys(STATES).filter((name): name is StateName => name in STATES)
