// The number of the person a call was with, and the search for the other calls of that number. No I/O.

import type { Story } from './entries.ts'
import { searchTextOf } from './phoneNumber.ts'

/** From so many digits on, a number is found in whatever notation; a shorter one only as it is. */
const WHOLE_NUMBER_DIGITS = 7

/** Who called, or who was called from here. */
export function otherNumberOf({ direction, caller, callee }: Pick<Story, 'direction' | 'caller' | 'callee'>): string {
  return direction === 'outbound' ? callee : caller
}

/** The query for the calls of a number before an instant; null if the number says nothing: it is empty or masked. */
export function earlierCallsQuery(number: string, before: string, limit: number): URLSearchParams | null {
  const digits = number.replace(/\D/g, '')
  if (number === '' || number.includes('*') || digits === '') {
    return null
  }
  const wanted = digits.length >= WHOLE_NUMBER_DIGITS ? { text: searchTextOf(number) } : { number }
  return new URLSearchParams({ ...wanted, to: before, limit: String(limit) })
}
