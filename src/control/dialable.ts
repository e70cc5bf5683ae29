// Which numbers may be dialed: digits only, of a kind that is allowed.

import { DESTINATION_CLASSES, type DestinationOf } from '../call/event.ts'
import type { NumberKind } from './action.ts'

export const NUMBER_KINDS: readonly NumberKind[] = ['internal', ...DESTINATION_CLASSES]

/** Longer than any number with its prefixes. */
const NUMBER = /^\+?\d{1,32}$/

/**
 * What the dialplan is asked for: digits, with a plus in front where there was one. Null for anything else: codes with `*` or `#` forward
 * calls or open a mailbox, and letters may be another extension.
 */
export function digitsOf(number: string): string | null {
  const digits = number.trim().replace(/[ \u00a0().\-/]/g, '')
  return NUMBER.test(digits) ? digits : null
}

/** An emergency number is one even if a phone has its name: the dialplan decides who is called. */
export function kindOf(
  digits: string,
  { isPhone, destinationOf }: { readonly isPhone: (name: string) => boolean; readonly destinationOf: DestinationOf },
): NumberKind {
  const { class: kind } = destinationOf(digits)
  return kind !== 'emergency' && isPhone(digits) ? 'internal' : kind
}
