// What becomes of the missed callers of a made-up office: who is called back, who calls again, and who is forgotten.
//
// Pure. The calls are those of officeWeek.ts, the meaning is that of src/callback/: one for each person, until it is closed.

import type { MissedCallerOutcome } from '../../../src/callback/missedCaller.ts'
import type { Random } from '../../../src/pbx-sim/random.ts'
import { type EndedCall, isOpen, MINUTES_A_DAY, type Span } from './officeWeek.ts'

/** A missed caller. */
export interface Life {
  readonly openedAt: number
  /** Null: still waiting in the last minute. */
  readonly closed: { readonly at: number; readonly outcome: MissedCallerOutcome } | null
  /** When nobody had tried to call since the last miss. */
  readonly untried: readonly Span[]
}

/** A call to somebody who was missed: when, and whether they answer. */
export interface Try {
  readonly at: number
  readonly isAnswered: boolean
}

/** What the office does about this caller, who was missed in this minute; null: nothing. */
export type Habit = (missedAt: number, caller: number) => Try | null

/** As CALLBACK_WINDOW by default. */
const EXPIRES_AFTER = 3 * MINUTES_A_DAY

/** An office that calls back within so many minutes, counted from its opening for those who were missed before. */
export function callsBackWithin(minutes: number, random: Random): Habit {
  return (missedAt) => ({ at: nextOpen(missedAt) + random.whole(1, minutes), isAnswered: true })
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
  return [...byCaller]
    .flatMap(([caller, own]) => livesOfCaller(own, (missedAt) => habit(missedAt, caller)))
    .map((life) => until(life, end))
}

interface Waiting {
  readonly openedAt: number
  lastMissAt: number
  /** Null: somebody has tried since the last miss. */
  untriedSince: number | null
  readonly untried: Span[]
  planned: Try | null
}

type Planned = (missedAt: number) => Try | null

function livesOfCaller(calls: readonly EndedCall[], plan: Planned): readonly Life[] {
  const lives: Life[] = []
  let waiting: Waiting | null = null
  for (const { endMinute, disposition } of calls.toSorted((one, other) => one.endMinute - other.endMinute)) {
    const closed = waiting === null ? null : closedBefore(waiting, endMinute)
    if (closed !== null) {
      lives.push(closed)
      waiting = null
    }
    if (disposition !== 'answered') {
      waiting = missed(waiting, endMinute, plan)
    } else if (waiting !== null) {
      lives.push(closedAt(waiting, endMinute, 'called_again'))
      waiting = null
    }
  }
  const closed = waiting === null ? null : closedBefore(waiting, Infinity)
  return closed === null ? lives : [...lives, closed]
}

// Whoever has something planned for this caller plans nothing more.
function missed(waiting: Waiting | null, at: number, plan: Planned): Waiting {
  if (waiting === null) {
    return { openedAt: at, lastMissAt: at, untriedSince: at, untried: [], planned: plan(at) }
  }
  waiting.lastMissAt = at
  if (waiting.untriedSince === null) {
    waiting.untriedSince = at
    waiting.planned = plan(at)
  }
  return waiting
}

/** Tries what is planned until then. */
function closedBefore(waiting: Waiting, minute: number): Life | null {
  const { planned, lastMissAt } = waiting
  const expiresAt = lastMissAt + EXPIRES_AFTER
  if (planned !== null && planned.at <= Math.min(minute, expiresAt)) {
    if (planned.isAnswered) {
      return closedAt(waiting, planned.at, 'returned')
    }
    endUntried(waiting, planned.at)
  }
  return expiresAt <= minute ? closedAt(waiting, expiresAt, 'expired') : null
}

function closedAt(waiting: Waiting, at: number, outcome: MissedCallerOutcome): Life {
  endUntried(waiting, at)
  return { openedAt: waiting.openedAt, closed: { at, outcome }, untried: waiting.untried }
}

function endUntried(waiting: Waiting, at: number): void {
  if (waiting.untriedSince !== null) {
    waiting.untried.push({ from: waiting.untriedSince, to: at })
    waiting.untriedSince = null
  }
  waiting.planned = null
}

function until(life: Life, end: number): Life {
  return life.closed !== null && life.closed.at >= end ? { ...life, closed: null } : life
}
