// The conversations on one trunk of a made-up office, minute by minute, and how many of them had a voice in trouble.
//
// Pure. The load has the shape of officeWeek.ts. Where nothing is wrong, one conversation in a thousand has one-way audio (somebody behind a
// bad router), and some callers are in a train: a few percent lose packets.

import { createRandom, type Random } from '../../../src/pbx-sim/random.ts'
import { MINUTES_A_WEEK, type Span, shareOf } from './officeWeek.ts'

export interface TrunkWeek {
  readonly callsPerDay: number
  readonly seed: number
  /** When the trunk has a fault, and the share of conversations that suffer. */
  readonly fault: (Span & { readonly problem: VoiceTrouble; readonly share: number }) | null
}

export type VoiceTrouble = 'one_way' | 'loss'

/** What happened in a minute, and what lives at its end. */
export interface TrunkMinute {
  readonly answered: number
  readonly active: number
  readonly inTrouble: Readonly<Record<VoiceTrouble, number>>
}

const ORDINARY: Readonly<Record<VoiceTrouble, number>> = { one_way: 0.001, loss: 0.03 }
const TALK_MEDIAN_MIN = 2.5

/** Every minute of the week. The same trunk gives the same minutes. */
export function trunkMinutes({ callsPerDay, seed, fault }: TrunkWeek): readonly TrunkMinute[] {
  const random = createRandom(seed)
  let ends: number[] = []
  return Array.from({ length: MINUTES_A_WEEK }, (_, minute) => {
    const inTrouble = { one_way: 0, loss: 0 }
    const began = arrivals(random, (callsPerDay * shareOf(minute)) / 60)
    for (let call = 0; call < began; call += 1) {
      ends.push(minute + Math.ceil(random.skewed(TALK_MEDIAN_MIN, 0.9)))
      const problem = (['one_way', 'loss'] as const).find((each) => random.chance(shareIn(minute, each, fault)))
      if (problem !== undefined) {
        inTrouble[problem] += 1
      }
    }
    // An attempt is counted when it ends.
    const answered = ends.filter((end) => end <= minute).length
    ends = ends.filter((end) => end > minute)
    return { answered, active: ends.length, inTrouble }
  })
}

function shareIn(minute: number, problem: VoiceTrouble, fault: TrunkWeek['fault']): number {
  const isFaulty = fault?.problem === problem && minute >= fault.from && minute < fault.to
  return isFaulty ? fault.share : ORDINARY[problem]
}

function arrivals(random: Random, perMinute: number): number {
  let count = 0
  for (let at = random.wait(1 / perMinute); at < 1; at += random.wait(1 / perMinute)) {
    count += 1
  }
  return count
}
