// Two hundred calls at once, of every common kind: which they are, and which phones take them.
//
// The number dialed decides how a call ends, so that the sums are known beforehand.

import type { CdrCall } from './cdr.ts'
import type { Outgoing, Player, Stage } from './lab/sipp.ts'

const CALLS = 200
const PER_SECOND = 50

// Twenty calls are one round.
const ROUND: readonly Omit<Outgoing, 'talk'>[] = [
  ...times(6, { from: '101', to: '102' }),
  ...times(4, { from: 'trunk-a', to: '5550202' }),
  ...times(2, { from: '101', to: '00401234567' }),
  ...times(2, { from: '101', to: '103' }),
  ...times(2, { from: 'trunk-a', to: '5550203' }),
  ...times(2, { from: '101', to: '104' }),
  ...times(2, { from: 'trunk-a', to: '5550204' }),
]

/** How many of them end how, by direction and disposition. */
export const OVERLAP_ENDS: Readonly<Record<string, number>> = {
  'internal answered': 60,
  'inbound answered': 40,
  'outbound answered': 20,
  'internal busy': 20,
  'inbound busy': 20,
  'internal no_answer': 20,
  'inbound no_answer': 20,
}

/** Starts the phones, then the calls; the players are done when all calls are over. */
export async function playOverlap(stage: Stage): Promise<Player[]> {
  const phones = [
    await stage.callee('phone102', { does: 'answers', ring: 400, talk: 0 }, 100),
    await stage.callee('trunkA', { does: 'answers', ring: 700, talk: 0 }, 20),
    await stage.callee('phone103', { does: 'refuses', status: '486 Busy Here', ring: 300 }, 40),
    await stage.callee('phone104', { does: 'rings' }, 40),
  ]
  const calls = Array.from({ length: CALLS }, (_, index) => callNumber(index))
  return [...phones, stage.callers(calls, PER_SECOND)]
}

/** The most of these calls that ran at one moment. */
export function mostAtOnce(calls: readonly CdrCall[]): number {
  const at = (moment: number): number => calls.filter((c) => c.startedAt <= moment && c.endedAt > moment).length
  return Math.max(0, ...calls.map((call) => at(call.startedAt)))
}

// The kinds are mixed by a step that has no divisor in common with the length of the round; no two talks are alike.
function callNumber(index: number): Outgoing {
  const kind = ROUND[(index * 7) % ROUND.length] ?? { from: '101', to: '102' }
  return { ...kind, talk: 8000 + ((index * 611) % 3000) }
}

function times(count: number, call: Omit<Outgoing, 'talk'>): Omit<Outgoing, 'talk'>[] {
  return Array.from({ length: count }, () => call)
}
