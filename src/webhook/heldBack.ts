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

/** What arrives meanwhile waits for them, and each may take as long as a request may. */
const SUSPECTS_AT_ONCE = 4

interface Held {
  /** Of the messages that follow each other, this one among them. */
  readonly order: string
  /** Attempts of all kinds. */
  tries: number
  /** Those that count against it. */
  refusals: number
  /** The receiver took another message between two attempts at this one: it is up to the message, whatever the answer says. */
  isSuspect: boolean
  readonly since: number
  notBefore: number
  /** How many messages were delivered at its last attempt. */
  deliveredBefore: number
}

export interface HeldBack {
  /** Ms until the message is due; 0 if it is. */
  dueIn(outboxId: number): number
  tries(outboxId: number): number
  /** Whether the message's failures say nothing of the receiver. */
  isSuspect(outboxId: number): boolean
  /** The orders of the messages that are not tried now: those that are not due, and all suspect ones but a few. */
  orders(): ReadonlySet<string>
  /** Notes that the message was not taken; true if it is given up. */
  note(message: { readonly outboxId: number; readonly order: string }, verdict: Verdict): boolean
  /** Notes that a message was taken. */
  delivered(outboxId: number): void
  /** Makes all messages due that are not suspect: the receiver takes messages again. */
  release(): void
  /** Forgets all messages but these and later ones. */
  keepOnly(outboxIds: Iterable<number>): void
  forgetAll(): void
}

/** `ticks`: a monotonic clock; `random`: 0..1. */
export function createHeldBack(limits: HoldLimits, ticks: () => number, random: () => number): HeldBack {
  let held = new Map<number, Held>()
  let deliveries = 0

  return {
    dueIn: (id) => Math.max(0, (held.get(id)?.notBefore ?? 0) - ticks()),
    tries: (id) => held.get(id)?.tries ?? 0,
    isSuspect: (id) => held.get(id)?.isSuspect === true,
    orders() {
      const at = ticks()
      let suspects = 0
      const isTried = ({ notBefore, isSuspect }: Held): boolean => {
        suspects += notBefore <= at && isSuspect ? 1 : 0
        return notBefore <= at && (!isSuspect || suspects <= SUSPECTS_AT_ONCE)
      }
      return new Set([...held.values()].filter((one) => !isTried(one)).map(({ order }) => order))
    },
    note({ outboxId, order }, { kind, retryAfterMs }) {
      const at = ticks()
      const one = held.get(outboxId) ?? {
        ...{ order, tries: 0, refusals: 0, isSuspect: false },
        ...{ since: at, notBefore: at, deliveredBefore: deliveries },
      }
      held.set(outboxId, one)
      const isUpToMessage = deliveries > one.deliveredBefore
      one.isSuspect ||= isUpToMessage
      one.refusals += kind !== 'wait' && isUpToMessage ? 1 : 0
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
      for (const one of [...held.values()].filter(({ isSuspect }) => !isSuspect)) {
        one.notBefore = ticks()
      }
    },
    keepOnly(ids) {
      const kept = new Set(ids)
      const last = [...kept].reduce((one, other) => Math.max(one, other), 0)
      held = new Map([...held].filter(([id]) => id > last || kept.has(id)))
    },
    forgetAll: () => held.clear(),
  }
}
