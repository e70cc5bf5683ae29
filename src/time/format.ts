// Formats of instants and durations: ISO 8601 in the API; in the call log, a readable form that sorts in order of time.
//
// Inside the program an instant is epoch milliseconds and a duration is milliseconds; outside, durations are seconds.

/** `YYYY-MM-DDTHH:MM:SS.sssZ` of an instant in epoch ms. Throws a RangeError if it is not an instant. */
export function isoInstant(at: number): string {
  return new Date(at).toISOString()
}

/** `YYYY-MM-DD HH:MM:SS.sss`, UTC, of an instant in epoch ms: the form of the call log. Throws a RangeError as above. */
export function formatInstant(at: number): string {
  const date = new Date(at)
  const year = date.getUTCFullYear()
  if (!(year >= 1000 && year <= 9999)) {
    return date.toISOString().replace('T', ' ').slice(0, -1)
  }
  // Each row has several: composing the parts takes half the time of `toISOString`.
  const day = `${year}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}`
  const time = `${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())}`
  const ms = date.getUTCMilliseconds()
  return `${day} ${time}.${ms < 100 ? '0' : ''}${twoDigits(ms)}`
}

function twoDigits(part: number): string {
  return part < 10 ? `0${part}` : `${part}`
}

/** Epoch ms of what `formatInstant` wrote; null for null and for any other text. */
export function parseInstant(text: string | null): number | null {
  if (text === null) {
    return null
  }
  const at = Date.parse(`${text.replace(' ', 'T')}Z`)
  return Number.isNaN(at) ? null : at
}

/** ISO 8601 of what `formatInstant` wrote. */
export function isoOfFormatted(text: string): string {
  return `${text.replace(' ', 'T')}Z`
}

/** Seconds with three decimals. */
export function seconds(ms: number): number {
  return Math.round(ms) / 1000
}

/** Seconds with six decimals, for jitter and round trips. */
export function preciseSeconds(ms: number): number {
  return Math.round(ms * 1000) / 1_000_000
}

/** A number of seconds to three decimals. */
export function roundedSeconds(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** `make(value)`; null for null. */
export function orNull<T, R>(value: T | null, make: (value: T) => R): R | null {
  return value === null ? null : make(value)
}
