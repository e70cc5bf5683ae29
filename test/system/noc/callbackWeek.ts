// What becomes of the missed callers of a made-up office: who is called back, who calls again, and who is forgotten.
//
// Pure. The calls are those of officeWeek.ts, the meaning is that of src/callback/: one for each person, until it is closed.

import type { MissedCallerOutcome } from '../../../src/callback/missedCaller.ts'
import type { Random } from '../../../src/pbx-sim/random.ts'
import { type EndedCall, isOpen, MINUTES_A_DAY } from './officeWeek.ts'

/** A missed caller; null: still waiting in the last minute. */
export interface Life {
  readonly openedAt: number
  readonly closed: { readonly at: number; readonly outcome: MissedCallerOutcome } | null
}

/** The minute in which somebody who was missed in this minute is called back; null: never. */
export type Habit = (openedAt: number) => number | null

/** As CALLBACK_WINDOW by default. */
const EXPIRES_AFTER = 3 * MINUTES_A_DAY

/** An office that calls back within so many minutes, counted from its opening for those who were missed before. */
export function callsBackWithin(minutes: number, random: Random): Habit {
  return (openedAt) => nextOpen(openedAt) + random.whole(1, minutes)
}

function nextOpen(minute: number): number {
  let open = minute
  while (!isOpen(open)) {
    open += 1
  }
  return open
}

/** The lives of all missed callers that began before `end`, in no order. */
export function livesOf(calls: readonly EndedCall[], habit: Habit, end: number): readonly Life[] {
  const byCaller = new Map<number, EndedCall[]>()
  for (const call of calls) {
    if (call.caller !== null) {
      byCaller.set(call.caller, [...(byCaller.get(call.caller) ?? []), call])
    }
  }
  return [...byCaller.values()].flatMap((own) => livesOfCaller(own, habit)).map((life) => until(life, end))
}

function livesOfCaller(calls: readonly EndedCall[], habit: Habit): readonly Life[] {
  const lives: Life[] = []
  let waiting: { openedAt: number; lastMissAt: number; returnedAt: number } | null = null
  const close = (at: number, outcome: MissedCallerOutcome) => {
    if (waiting !== null) {
      lives.push({ openedAt: waiting.openedAt, closed: { at, outcome } })
      waiting = null
    }
  }
  const closeBefore = (minute: number) => {
    const { returnedAt = Infinity, lastMissAt = Infinity } = waiting ?? {}
    const expiresAt = lastMissAt + EXPIRES_AFTER
    if (Math.min(returnedAt, expiresAt) <= minute) {
      close(Math.min(returnedAt, expiresAt), returnedAt <= expiresAt ? 'returned' : 'expired')
    }
  }
  for (const { endMinute, disposition } of calls.toSorted((one, other) => one.endMinute - other.endMinute)) {
    closeBefore(endMinute)
    if (disposition === 'answered') {
      close(endMinute, 'called_again')
    } else {
      const returnedAt: number = waiting === null ? (habit(endMinute) ?? Infinity) : waiting.returnedAt
      waiting = { openedAt: waiting === null ? endMinute : waiting.openedAt, lastMissAt: endMinute, returnedAt }
    }
  }
  closeBefore(Infinity)
  return lives
}

function until(life: Life, end: number): Life {
  return life.closed !== null && life.closed.at >= end ? { ...life, closed: null } : life
}
