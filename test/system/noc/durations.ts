// Durations as Prometheus and Alertmanager write them (`1h30m`, `15s`, `1w`), read and written.
//
// Source: the grammar of time durations in Prometheus' documentation of its query language.

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_536_000_000 } as const

const PART = /(\d+)(ms|[smhdwy])/g

/** One duration, as a piece of a regular expression. */
export const DURATION = '(?:\\d+(?:ms|[smhdwy]))+'

/** Milliseconds; throws on a text that is no duration. */
export function durationMs(text: string): number {
  if (text === '0') {
    return 0
  }
  if (!new RegExp(`^${DURATION}$`).test(text)) {
    throw new Error(`"${text}" is no duration of Prometheus`)
  }
  return [...text.matchAll(PART)].reduce((sum, [, count, unit]) => sum + Number(count) * unitMs(unit ?? ''), 0)
}

/** The shortest that both servers read back as the same. */
export function durationText(ms: number): string {
  const whole = Math.round(ms)
  return whole % 1_000 === 0 ? `${whole / 1_000}s` : `${whole}ms`
}

function unitMs(unit: string): number {
  const known: Readonly<Record<string, number>> = UNITS
  const ms = known[unit]
  if (ms === undefined) {
    throw new Error(`"${unit}" is no unit of time of Prometheus`)
  }
  return ms
}
