// Delivers one parcel: which messages are sent, in which order, and what is said of those that were not taken.
//
// Requests about one call, or one missed caller, follow each other; of different ones, a few run at a time. One message that is not
// taken is held back and the others go on (heldBack.ts). When nothing is taken, the receiver is down: a few messages are tried, one
// after the other, each time that the parcel comes again.

import type { Delivery, OutboxItem, Refusal, SinkFailure } from '../shipping/sink.ts'
import type { HeldBack } from './heldBack.ts'
import { orderOf, type PresentItem } from './message.ts'
import type { Verdict } from './verdict.ts'

/** What the sink knows of its receiver, from one parcel to the next. */
export interface Receiver {
  /** Outbox ids of the messages that were not taken since the last that was, without suspect ones. */
  readonly notTaken: Set<number>
  /** Those among them on which it answered that it takes nothing now, or did not answer. */
  readonly toldToWait: Set<number>
  isDown: boolean
  /** It asked for no request before this time (Retry-After); of the same clock as `ticks`. */
  pausedUntil: number
}

export interface DeliveryDependencies {
  readonly receiver: Receiver
  readonly held: HeldBack
  readonly send: (item: PresentItem) => Promise<Verdict>
  readonly failure: (verdict: Verdict) => SinkFailure
  readonly isAborted: () => boolean
  readonly ticks: () => number
  /** Requests at a time. */
  readonly connections: number
}

/** A receiver that has taken none of so many messages counts as down. */
const DOWN_AFTER = 8

/** So many that it told to wait are enough: a single one may be what it cannot handle, unless there was no connection at all. */
const DOWN_AFTER_WAITS = 2

/** How many messages are tried on a receiver that is down, one of which may be the cause. */
const PROBES = 3

/** What has become of the items so far. */
interface Progress {
  readonly delivered: number[]
  readonly refused: Refusal[]
  readonly failures: SinkFailure[]
  /** Nothing more is sent of this parcel. */
  isStopped: boolean
}

/** Throws the first failure if nothing was taken, and the receiver is the cause rather than a message. */
export async function deliverItems(items: readonly OutboxItem[], deps: DeliveryDependencies): Promise<Delivery> {
  const { receiver, held, isAborted } = deps
  const wasDown = receiver.isDown
  const progress: Progress = {
    delivered: items.filter(({ row }) => row === null).map(({ outboxId }) => outboxId),
    refused: [],
    failures: [],
    isStopped: receiver.pausedUntil > deps.ticks(),
  }
  const noteDelivered = ({ outboxId }: PresentItem): void => {
    progress.delivered.push(outboxId)
    held.delivered(outboxId)
    receiver.notTaken.clear()
    receiver.toldToWait.clear()
    receiver.isDown = false
    if (wasDown) {
      held.release()
      progress.isStopped = true
    }
  }
  const noteFailed = (item: PresentItem, verdict: Verdict): void => {
    progress.failures.push(deps.failure(verdict))
    const isGivenUp = held.note({ outboxId: item.outboxId, order: orderOf(item) }, verdict)
    const isSuspect = held.isSuspect(item.outboxId)
    if (!isSuspect) {
      receiver.notTaken.add(item.outboxId)
      receiver.pausedUntil = Math.max(receiver.pausedUntil, deps.ticks() + verdict.retryAfterMs)
      if (verdict.kind === 'wait') {
        receiver.toldToWait.add(item.outboxId)
      }
    }
    receiver.isDown ||= receiver.toldToWait.size >= (isOfNoMessage(verdict) ? 1 : DOWN_AFTER_WAITS)
    receiver.isDown ||= receiver.notTaken.size >= DOWN_AFTER
    progress.isStopped ||= receiver.pausedUntil > deps.ticks()
    progress.isStopped ||= wasDown ? progress.failures.length >= probesOf(verdict) : receiver.isDown
    if (isGivenUp) {
      const detail = `${item.event}, row ${item.rowId}: ${verdict.detail}`
      progress.refused.push({ outboxId: item.outboxId, detail })
    }
  }
  const orders = wasDown ? probes(ordered(items), held) : fewestTriesFirst(ordered(items), held)
  const sendNext = async (): Promise<void> => {
    for (let order = orders.shift(); order !== undefined; order = orders.shift()) {
      for (const item of order) {
        const isDue = wasDown || held.dueIn(item.outboxId) === 0
        const verdict = progress.isStopped || isAborted() || !isDue ? null : await deps.send(item)
        if (verdict?.kind === 'delivered') {
          noteDelivered(item)
          continue
        }
        if (verdict !== null && !isAborted()) {
          noteFailed(item, verdict)
        }
        break
      }
    }
  }
  await Promise.all(Array.from({ length: wasDown ? 1 : deps.connections }, sendNext))
  return outcome(items, progress, deps)
}

// Nothing was sent.
function isOfNoMessage({ kind, reason, detail }: Verdict): boolean {
  return kind === 'wait' && (reason === 'tls' || (reason === 'unreachable' && !BROKEN.includes(detail)))
}

/** The receiver, or what is between, ended a connection on which something was sent. */
const BROKEN: readonly string[] = ['ECONNRESET', 'EPIPE']

function probesOf(verdict: Verdict): number {
  return isOfNoMessage(verdict) ? 1 : verdict.kind === 'wait' ? DOWN_AFTER_WAITS : PROBES
}

function outcome(items: readonly OutboxItem[], progress: Progress, deps: DeliveryDependencies): Delivery {
  const { delivered, refused, failures, isStopped } = progress
  const [failure] = failures
  if (failure !== undefined && isStopped && delivered.length + refused.length === 0) {
    throw failure
  }
  const done = new Set([...delivered, ...refused.map(({ outboxId }) => outboxId)])
  if (items.every(({ outboxId }) => done.has(outboxId))) {
    return { delivered, refused }
  }
  const pauseMs = Math.max(0, deps.receiver.pausedUntil - deps.ticks())
  return { delivered, refused, later: { pauseMs, failures } }
}

// What is tried first may be what the receiver fails on, and so may be everything that is old.
function probes(orders: readonly PresentItem[][], held: HeldBack): PresentItem[][] {
  const [newest, ...others] = fewestTriesFirst(orders.toReversed(), held)
  return newest === undefined ? [] : [newest, ...fewestTriesFirst(others.toReversed(), held)]
}

function fewestTriesFirst(orders: readonly PresentItem[][], held: HeldBack): PresentItem[][] {
  const tries = ([first]: readonly PresentItem[]) => (first === undefined ? 0 : held.tries(first.outboxId))
  return orders.toSorted((one, other) => tries(one) - tries(other))
}

/** What there is to send, in lists whose messages follow each other. */
function ordered(items: readonly OutboxItem[]): PresentItem[][] {
  const orders = new Map<string, PresentItem[]>()
  for (const item of items.filter(isPresent)) {
    const order = orders.get(orderOf(item)) ?? []
    orders.set(orderOf(item), order)
    order.push(item)
  }
  return [...orders.values()]
}

function isPresent(item: OutboxItem): item is PresentItem {
  return item.row !== null
}
