// Writes instants by the clocks of a time zone: `2026-11-30T09:15:00+02:00`, to the second. No I/O.

import { offsetReader } from './zonedTime.ts'

/** No zone changes its clocks within one. */
const QUARTER_MS = 900_000
/** Quarters of an hour whose offset is kept: a table has its instants in order, and asking Intl takes some microseconds. */
const MOST_KEPT = 1_000

/** Turns an instant as the API has it (`2026-11-30T07:15:00.123Z`) into one of the zone; without a zone it stays as it is. */
export function localInstants(tz: string | undefined): (iso: string) => string {
  if (tz === undefined) {
    return (iso) => iso
  }
  const offsetAt = offsetReader(tz)
  const kept = new Map<number, number>()
  return (iso) => {
    const at = Date.parse(iso)
    const quarter = Math.floor(at / QUARTER_MS)
    let offset = kept.get(quarter)
    if (offset === undefined) {
      if (kept.size >= MOST_KEPT) {
        kept.clear()
      }
      offset = offsetAt(at)
      kept.set(quarter, offset)
    }
    return `${new Date(at + offset).toISOString().slice(0, -'.000Z'.length)}${signed(offset)}`
  }
}

/** The day of an instant (epoch ms) in the zone: `2026-11-30`. */
export function localDay(at: number, tz = 'UTC'): string {
  return new Date(at + offsetReader(tz)(at)).toISOString().slice(0, 'yyyy-mm-dd'.length)
}

// An offset that has seconds, as before 1900, is written to the minute.
function signed(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / 60_000)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
