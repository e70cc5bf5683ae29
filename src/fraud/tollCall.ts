// Toll calls: those to destinations for which somebody else earns money, which is what a stolen PBX is used for.

import type { DestinationClass } from '../call/event.ts'

/** The classes of destinations whose calls are toll calls. */
export const TOLL_CLASSES = ['international', 'premium', 'satellite'] as const satisfies readonly DestinationClass[]

export type TollClass = (typeof TOLL_CLASSES)[number]

/** What the watch concludes from the facts of calls. `phone`: the endpoint on which the call began, a phone or a trunk. */
export type TollFact =
  /** Once for each number that a call dials, when the trunk is dialed. */
  | {
      readonly type: 'TollCallTried'
      readonly at: number
      readonly class: TollClass
      readonly phone: string
      readonly call: string
    }
  /** Once for each country. */
  | {
      readonly type: 'CountryFirstCalled'
      readonly at: number
      readonly country: string
      readonly phone: string
      readonly call: string
    }

/** The sums of one phone over the window, or the largest of them over all phones. */
export interface TollSums {
  readonly attempts: number
  readonly answered: number
  /** Attempts and conversations that last. */
  readonly active: number
  /** Numbers, each close to the next one. */
  readonly sequential: number
  /** Conversation within the window, ms, calls that last included. */
  readonly talkMs: Readonly<Record<TollClass, number>>
}
