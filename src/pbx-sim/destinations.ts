// Numbers of several kinds that phones dial on trunks of a simulated office in Finland, and what each is.

import type { Destination, DestinationClass } from '../call/event.ts'
import type { Random } from './random.ts'

/** A number that is dialed on a trunk, and its destination. */
export interface Dialed {
  readonly number: string
  readonly destination: Destination
}

/** Of a Finnish mobile number, which all people outside have. */
export const MOBILE: Destination = { class: 'mobile', country: '' }

const NATIONAL: Dialed = { number: '093101691', destination: { class: 'national', country: '' } }

/** How many calls of a hundred each is dialed in. */
const DIALED: readonly (Dialed & { readonly weight: number })[] = [
  { ...NATIONAL, weight: 40 },
  { number: '+3725123456', destination: { class: 'international', country: 'EE' }, weight: 15 },
  { number: '+46701234567', destination: { class: 'international', country: 'SE' }, weight: 15 },
  { number: '004915123456789', destination: { class: 'international', country: 'DE' }, weight: 8 },
  { number: '+79123456789', destination: { class: 'international', country: 'RU' }, weight: 4 },
  { number: '+447400123456', destination: { class: 'international', country: 'GB' }, weight: 4 },
  { number: '12015550123', destination: { class: 'international', country: 'US' }, weight: 3 },
  { number: '0800123456', destination: { class: 'special', country: '' }, weight: 6 },
  { number: '0600123456', destination: { class: 'premium', country: '' }, weight: 2 },
  { number: '+881612345678', destination: { class: 'satellite', country: '' }, weight: 1 },
  { number: '112', destination: { class: 'emergency', country: '' }, weight: 2 },
]

/** A number of this kind. */
export function dialedOf(kind: DestinationClass): Dialed {
  return DIALED.find(({ destination }) => destination.class === kind) ?? NATIONAL
}

/** A number of these kinds, in about as many calls as in an office. */
export function drawDialed(random: Random): Dialed {
  return random.pickWeighted(DIALED, ({ weight }) => weight)
}
