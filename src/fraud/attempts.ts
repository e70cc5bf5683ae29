// The attempts of the last ten minutes by phone, and their sums.
//
// Only phones that made a toll call within the window, or have one in progress, are remembered, and a bounded number of attempts.

import { longestSequence } from './sequence.ts'
import type { TollClass, TollSums } from './tollCall.ts'

/** The sums are of so long. */
export const TOLL_WINDOW_MS = 600_000

/** One number that a call dialed, on one trunk or on several in turn. */
export interface Attempt {
  readonly phone: string
  readonly class: TollClass
  readonly value: number
  readonly startedAt: number
  answeredAt: number | null
  /** Null while a leg to it is open. */
  endedAt: number | null
  openLegs: number
}

export interface Attempts {
  readonly add: (attempt: Attempt) => void
  /** The largest of each sum over the phones, at this time (epoch ms). */
  readonly peaks: (at: number) => TollSums
  /** How many are remembered. */
  readonly size: () => number
}

/** None; `most`: how many are remembered. */
export function createAttempts(most: number): Attempts {
  const phones = new Map<string, Attempt[]>()
  let size = 0

  function forgetBefore(at: number): void {
    for (const [phone, attempts] of phones) {
      const left = attempts.filter(({ endedAt }) => endedAt === null || endedAt > at - TOLL_WINDOW_MS)
      size += left.length - attempts.length
      if (left.length === 0) {
        phones.delete(phone)
      } else if (left.length < attempts.length) {
        phones.set(phone, left)
      }
    }
  }

  // Of too many, those of the phone that makes the most of them matter least: its sums are large enough.
  function makeRoom(at: number): void {
    forgetBefore(at)
    if (size >= most) {
      const largest = [...phones.values()].reduce((one, other) => (other.length > one.length ? other : one))
      size -= largest.splice(0, Math.ceil(largest.length / 2)).length
    }
  }

  return {
    add(attempt) {
      if (size >= most) {
        makeRoom(attempt.startedAt)
      }
      const own = phones.get(attempt.phone) ?? []
      own.push(attempt)
      phones.set(attempt.phone, own)
      size += 1
    },
    peaks(at) {
      forgetBefore(at)
      return [...phones.values()].map((attempts) => sumsOf(attempts, at)).reduce(larger, NOTHING)
    },
    size: () => size,
  }
}

const NOTHING: TollSums = {
  attempts: 0,
  answered: 0,
  active: 0,
  sequential: 0,
  talkMs: { international: 0, premium: 0, satellite: 0 },
}

function sumsOf(attempts: readonly Attempt[], at: number): TollSums {
  const since = at - TOLL_WINDOW_MS
  const talkMs = { international: 0, premium: 0, satellite: 0 }
  const recent: number[] = []
  let [answered, active] = [0, 0]
  for (const attempt of attempts) {
    const { startedAt, answeredAt, endedAt } = attempt
    if (answeredAt !== null) {
      talkMs[attempt.class] += Math.max(0, Math.min(endedAt ?? at, at) - Math.max(answeredAt, since))
      answered += answeredAt > since ? 1 : 0
    }
    active += endedAt === null ? 1 : 0
    if (startedAt > since) {
      recent.push(attempt.value)
    }
  }
  return { attempts: recent.length, answered, active, sequential: longestSequence(recent), talkMs }
}

function larger(one: TollSums, other: TollSums): TollSums {
  return {
    attempts: Math.max(one.attempts, other.attempts),
    answered: Math.max(one.answered, other.answered),
    active: Math.max(one.active, other.active),
    sequential: Math.max(one.sequential, other.sequential),
    talkMs: {
      international: Math.max(one.talkMs.international, other.talkMs.international),
      premium: Math.max(one.talkMs.premium, other.talkMs.premium),
      satellite: Math.max(one.talkMs.satellite, other.talkMs.satellite),
    },
  }
}
