// The live calls in which somebody inside dials numbers on trunks: which numbers, and which of them picked up.
//
// The number of such a call is what was dialed on the trunk: the extension that the caller dialed may begin with an outside-line digit.
// A call that merges leaves its numbers to the surviving call.

import { dialedNumber, isNumber } from '../numbers/phoneNumber.ts'
import type { Dialed, LegParty, LiveCall } from './liveCalls.ts'

/** A number that a call reached, and when the two could speak. */
export interface Reached {
  readonly number: string
  readonly at: number
}

const NONE: readonly never[] = []

/** Whether a leg can be on the way to a person outside; most are not. */
export function isOut({ endpointRole, role }: LegParty): boolean {
  return endpointRole === 'trunk' && role !== 'paged'
}

/** Notes what is dialed by a leg that is out, and whether it was answered. */
export function noteDialed(live: LiveCall, leg: LegParty): void {
  if (!live.isFromInside) {
    return
  }
  // Every fact about a leg has the dial string, which need not be read again.
  const dialed = live.numbers.find(({ written }) => written === leg.dialed) ?? dialedBy(live, leg)
  if (dialed !== null) {
    dialed.answeredAt ??= leg.answeredAt
  }
}

/** The numbers that the call has reached since this was last asked. */
export function newlyReached({ answeredAt, numbers }: LiveCall): readonly Reached[] {
  if (answeredAt === null || numbers.length === 0) {
    return NONE
  }
  const reached: Reached[] = []
  for (const dialed of numbers) {
    if (dialed.answeredAt !== null && !dialed.isReached) {
      dialed.isReached = true
      reached.push({ number: dialed.number, at: Math.max(answeredAt, dialed.answeredAt) })
    }
  }
  return reached
}

/** The call ended. Returns the numbers that it did not reach, unless it leaves them to the call that it became part of. */
export function endDialed({ numbers }: LiveCall, into: LiveCall | null): readonly Dialed[] {
  const missing = numbers.length === 0 ? NONE : numbers.filter(({ isReached }) => !isReached)
  if (missing.length === 0 || into?.isFromInside !== true) {
    return missing
  }
  const known = into.numbers
  into.numbers = [...known, ...missing.filter(({ number }) => !known.some((dialed) => dialed.number === number))]
  return NONE
}

/** The entry of the number that the leg dials, a new one if need be; null without a number. */
function dialedBy(live: LiveCall, { dialed }: LegParty): Dialed | null {
  const read = dialedNumber(dialed)
  const written = isNumber(read) ? dialed : null
  // After a gap, it is not known what was dialed.
  const number = written === null ? live.callee : read
  if (!isNumber(number)) {
    return null
  }
  const known = live.numbers.find((one) => one.number === number)
  if (known !== undefined) {
    return known
  }
  const entry: Dialed = { number, written, answeredAt: null, isReached: false }
  live.numbers = [...live.numbers, entry]
  return entry
}
