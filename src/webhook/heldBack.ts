// The messages that the receiver did not take, and when each is tried again. In memory: after a restart all are tried at once.
//
// A wrong URL or a receiver that is down must lose nothing, and one message that a receiver never takes must neither delay the others
// nor come without end. So a refusal counts against a message only if the receiver took another one since the message's last attempt.

import type { Verdict } from './verdict.ts'

export interface HoldLimits {
  readonly firstDelayMs: number
  readonly maxDelayMs: number
  /** So many attempts that count against a message, and it is given up. */
  readonly attempts: number
  /** A message that the receiver fails on, rather than refuses, is tried for so long at least. */
  readonly failingMs: number
}

interface Held {
  /** Attempts of all kinds. */
  tries: number
  /** Those that count against it. */
  refusals: number
  readonly since: number
  notBefore: number
  /** How many messages were delivered at its last attempt. */
  deliveredBefore: number
}

export interface HeldBack {
  /** Ms until the message is due; 0 if it is. */
  dueIn(outboxId: number): number
  tries(outboxId: number): number
  /** Whether an attempt counts against the message: its failures say nothing of the receiver. */
  isSuspect(outboxId: number): boolean
  /** Notes that the message was not taken; true if it is given up. */
  note(outboxId: number, verdict: Verdict): boolean
  /** Notes that a message was taken. */
  delivered(outboxId: number): void
  /** Makes all messages due: the receiver takes messages again. */
  release(): void
  /** Forgets all messages but these. */
  keepOnly(outboxIds: Iterable<number>): void
}

/** `ticks`: a monotonic clock; `random`: 0..1. */
export function createHeldBack(limits: HoldLimits, ticks: () => number, random: () => number): HeldBack {
  let held = new Map<number, Held>()
  let deliveries = 0

  return {
    dueIn: (id) => Math.max(0, (held.get(id)?.notBefore ?? 0) - ticks()),
    tries: (id) => held.get(id)?.tries ?? 0,
    isSuspect: (id) => (held.get(id)?.refusals ?? 0) > 0,
    note(id, { kind, retryAfterMs }) {
      const at = ticks()
      const one = held.get(id) ?? { tries: 0, refusals: 0, since: at, notBefore: at, deliveredBefore: deliveries }
      held.set(id, one)
      one.refusals += kind !== 'wait' && deliveries > one.deliveredBefore ? 1 : 0
      one.deliveredBefore = deliveries
      const longest = Math.min(limits.maxDelayMs, limits.firstDelayMs * 2 ** one.tries)
      one.tries = Math.min(one.tries + 1, 30)
      one.notBefore = at + Math.max((longest * (1 + random())) / 2, retryAfterMs)
      return one.refusals >= limits.attempts && (kind === 'refused' || at - one.since >= limits.failingMs)
    },
    delivered(id) {
      held.delete(id)
      deliveries += 1
    },
    release() {
      for (const one of held.values()) {
        one.notBefore = ticks()
      }
    },
    keepOnly(ids) {
      held = new Map([...ids].flatMap((id) => entryOf(held, id)))
    },
  }
}

function entryOf<V>(map: ReadonlyMap<number, V>, key: number): readonly (readonly [number, V])[] {
  const value = map.get(key)
  return value === undefined ? [] : [[key, value]]
}
