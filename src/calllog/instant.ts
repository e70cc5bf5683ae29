// Times as the call log writes them: text in UTC that a person reads and that sorts as it should.
//
// Pure. Inside the program an instant is epoch milliseconds; only this folder knows the text.

/** `YYYY-MM-DD HH:MM:SS.sss`, UTC, of an instant in epoch ms. Throws a RangeError on what is not an instant. */
export function formatInstant(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').slice(0, -1)
}

/** Epoch ms of what `formatInstant` wrote; null for null and for text that is no time. */
export function parseInstant(text: string | null): number | null {
  if (text === null) {
    return null
  }
  const at = Date.parse(`${text.replace(' ', 'T')}Z`)
  return Number.isNaN(at) ? null : at
}
