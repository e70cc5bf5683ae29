// Times as the call log writes them: text in UTC that a person reads and that sorts as it should.
//
// Pure. Inside the program an instant is epoch milliseconds; only this folder knows the text.

/** `YYYY-MM-DD HH:MM:SS.sss`, UTC, of an instant in epoch ms. Throws a RangeError on what is not an instant. */
export function formatInstant(at: number): string {
  const date = new Date(at)
  const year = date.getUTCFullYear()
  if (!(year >= 1000 && year <= 9999)) {
    return date.toISOString().replace('T', ' ').slice(0, -1)
  }
  // Every row has several: by its parts it takes half as long as by `toISOString`.
  const day = `${year}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}`
  const time = `${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())}`
  const ms = date.getUTCMilliseconds()
  return `${day} ${time}.${ms < 100 ? '0' : ''}${twoDigits(ms)}`
}

function twoDigits(part: number): string {
  return part < 10 ? `0${part}` : `${part}`
}

/** Epoch ms of what `formatInstant` wrote; null for null and for text that is no time. */
export function parseInstant(text: string | null): number | null {
  if (text === null) {
    return null
  }
  const at = Date.parse(`${text.replace(' ', 'T')}Z`)
  return Number.isNaN(at) ? null : at
}
