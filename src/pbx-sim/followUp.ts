// What happens after a person outside was missed: they call again, or a phone calls back, until the two have spoken.
//
// A phone calls back in any notation of the number, as phones and trunks do.

import type { Parties } from './asterisk/call.ts'
import type { Random } from './random.ts'
import type { ScenarioName } from './scenarios/catalogue.ts'
import type { PlaceOptions } from './simulator.ts'

/** The next call with that person, and how long after the last one, before the speed divides it. */
export interface FollowUp {
  readonly afterMs: number
  readonly scenario: ScenarioName
  readonly fixed: PlaceOptions
}

const DELAY_MEDIAN_MS = 180_000
/** Shares: of the follow-ups in which the caller calls again, and of both kinds that are answered. */
const CALLED_AGAIN = 0.3
const ANSWERED = 0.7

const CALL_AGAIN: Outcomes = {
  answered: ['inbound', 'queue-answered', 'inbound-ivr-then-phone'],
  unanswered: ['inbound-no-answer', 'queue-abandoned', 'inbound-cancelled'],
}
const CALL_BACK: Outcomes = {
  answered: ['outbound', 'outbound-callee-hangs-up'],
  unanswered: ['outbound-busy'],
}

interface Outcomes {
  readonly answered: readonly ScenarioName[]
  readonly unanswered: readonly ScenarioName[]
}

/** Draws the next call with somebody who was missed. */
export function drawFollowUp(random: Random, outside: Parties['outside']): FollowUp {
  const afterMs = random.skewed(DELAY_MEDIAN_MS, 1)
  const isCallAgain = random.chance(CALLED_AGAIN)
  const { answered, unanswered } = isCallAgain ? CALL_AGAIN : CALL_BACK
  const scenario = random.pick(random.chance(ANSWERED) ? answered : unanswered)
  const number = isCallAgain ? outside.number : random.pick(notationsOf(outside.number))
  return { afterMs, scenario, fixed: { outside: { ...outside, number } } }
}

// The first two are the number as it was shown, so that half of the calls back use it.
function notationsOf(number: string): readonly string[] {
  const digits = number.slice(-9)
  return [`0${digits}`, `0${digits}`, `+358${digits}`, `00358${digits}`]
}
