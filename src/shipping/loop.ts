// Delivers the outbox to one sink: takes what waits, hands it to the sink, has it removed, and begins again; until it is aborted.
//
// An entry is removed only after the sink has it, so whatever fails in between is sent again. The sink is given the oldest entries, unless
// it chooses others. Reads no clock: the time is passed in.

import { errorText } from '../calllog/file/writeError.ts'
import type { OutboxReader, Waiting } from '../calllog/outbox/outboxReader.ts'
import type { Settled } from '../calllog/writer/outbox.ts'
import { backOffMs } from './backOff.ts'
import { type Parcel, type Sink, SinkFailure, type SinkFailureReason } from './sink.ts'

export interface LoopOptions {
  /** Most entries of a parcel. */
  readonly parcelSize: number
  /** How long fewer entries wait for further ones. */
  readonly waitMs: number
  /** How often the outbox is looked at. */
  readonly pollMs: number
  /** How long without a delivery until the sink is told to close its connections. */
  readonly idleMs: number
}

/** What is said of a sink, from the oldest. */
export type LoopReport =
  /** `since`: when the oldest entry was put there, epoch ms; null without entries. */
  | { readonly type: 'waiting'; readonly rows: number; readonly since: number | null }
  | { readonly type: 'shipped'; readonly entries: number; readonly refused: Settled['refused'] }
  /** Some entries were not taken and come again, while the others go on. */
  | { readonly type: 'heldBack'; readonly failures: readonly { reason: SinkFailureReason; detail: string }[] }
  | {
      readonly type: 'failed'
      readonly reason: SinkFailureReason
      readonly detail: string
      readonly isFinal: boolean
    }

export interface LoopDependencies {
  readonly sink: Sink
  /** The open call log; throws if there is none. */
  readonly reader: () => OutboxReader
  /** Has entries removed; resolves with why it was not done, or with null. */
  readonly settle: (settled: Settled) => Promise<string | null>
  readonly report: (report: LoopReport) => void
  /** A clock that never jumps, ms. */
  readonly ticks: () => number
  /** 0..1 */
  readonly random: () => number
  /** Resolves after so long, or at once when `signal` is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

// Counting a long outbox takes some milliseconds.
const LONG_OUTBOX = 10_000
const COUNT_LONG_EVERY_MS = 10_000

/** Resolves once it is aborted and the sink is closed; never rejects. */
export async function runLoop(options: LoopOptions, deps: LoopDependencies, signal: AbortSignal): Promise<void> {
  const { sink, report, ticks, random, sleep } = deps
  const reportWaiting = waitingReporter(deps)
  const turn = createTurn(options, deps, reportWaiting)
  let failures = 0
  /** The log for which the sink will take nothing before a restart. */
  let givenUp: string | null = null
  while (!signal.aborted) {
    let waitMs = options.pollMs
    try {
      if (givenUp === null || deps.reader().logId !== givenUp) {
        givenUp = null
        if (await turn(ticks(), signal)) {
          waitMs = 0
        }
        failures = 0
      }
    } catch (error) {
      if (signal.aborted) {
        break
      }
      failures += 1
      const failure = asFailure(error)
      report({ type: 'failed', reason: failure.reason, detail: failure.message, isFinal: failure.isFinal })
      givenUp = failure.isFinal ? logIdOf(deps) : null
      waitMs = Math.max(options.pollMs / 10, backOffMs(failures, random()), failure.retryAfterMs)
    }
    // What waits is told meanwhile too.
    for (let restMs = waitMs; restMs > 0 && !signal.aborted; restMs -= options.pollMs) {
      await sleep(Math.min(restMs, options.pollMs), signal)
      reportWaiting()
    }
  }
  await sink.close()
}

/** One look at the outbox, with a delivery if it is due. Resolves with true if there may be more to deliver at once. */
type Turn = (now: number, signal: AbortSignal) => Promise<boolean>

function createTurn(
  { parcelSize, waitMs, idleMs }: LoopOptions,
  deps: LoopDependencies,
  reportWaiting: () => void,
): Turn {
  const { sink, reader } = deps
  /** Since when fewer entries than a parcel are seen. */
  let seenAt: number | null = null
  let deliveredAt: number | null = null
  let pausedUntil = Number.NEGATIVE_INFINITY
  return async (now, signal) => {
    const outbox = reader()
    const choice = sink.choice?.() ?? null
    const count = outbox.count(sink.name, parcelSize, choice)
    reportWaiting()
    if (count === 0) {
      seenAt = null
      if (deliveredAt !== null && now - deliveredAt >= idleMs) {
        deliveredAt = null
        await sink.close()
      }
      return false
    }
    seenAt ??= now
    if (count < parcelSize && now - seenAt < waitMs) {
      return false
    }
    if (now < pausedUntil) {
      return false
    }
    const parcel = outbox.parcel(sink.name, parcelSize, choice)
    const { settled, pauseMs } = await deliver(deps, parcel, signal)
    deliveredAt = now
    pausedUntil = now + pauseMs
    if (settled === 0) {
      // The sink holds all of them back.
      return false
    }
    seenAt = null
    reportWaiting()
    return pauseMs === 0 && (count === parcelSize || settled < count)
  }
}

/** How many entries are delivered or set aside, and how long the sink takes none. */
interface Delivered {
  readonly settled: number
  readonly pauseMs: number
}

async function deliver(deps: LoopDependencies, parcel: Parcel, signal: AbortSignal): Promise<Delivered> {
  const { delivered, refused, later } = await deps.sink.deliver(parcel, signal).catch(asDefect)
  const settled = delivered.length + refused.length
  if (settled > 0) {
    const problem = await deps.settle({ logId: parcel.logId, delivered, refused })
    if (problem !== null) {
      throw new SinkFailure('outbox', `entries were delivered and cannot be removed from the outbox: ${problem}`)
    }
    deps.report({ type: 'shipped', entries: delivered.length, refused })
  }
  const failures = (later?.failures ?? []).map(({ reason, message }) => ({ reason, detail: message }))
  if (failures.length > 0) {
    deps.report({ type: 'heldBack', failures })
  }
  return { settled, pauseMs: later?.pauseMs ?? 0 }
}

/** Reports what waits, if that has changed. */
function waitingReporter({ sink, reader, report, ticks }: LoopDependencies): () => void {
  let rows = 0
  let countedAt = Number.NEGATIVE_INFINITY
  let last = ''
  return () => {
    const now = ticks()
    if (rows > LONG_OUTBOX && now - countedAt < COUNT_LONG_EVERY_MS) {
      return
    }
    const waiting = waitingIn(reader, sink)
    if (waiting === null) {
      return
    }
    countedAt = now
    rows = waiting.rows
    const text = `${waiting.rows} ${waiting.since}`
    if (text !== last) {
      last = text
      report({ type: 'waiting', ...waiting })
    }
  }
}

// The next look tells why it cannot be read.
function waitingIn(reader: LoopDependencies['reader'], sink: Sink): Waiting | null {
  try {
    return reader().waiting(sink.name)
  } catch {
    return null
  }
}

function asDefect(error: unknown): never {
  throw error instanceof SinkFailure ? error : new SinkFailure('other', errorText(error))
}

function asFailure(error: unknown): SinkFailure {
  return error instanceof SinkFailure ? error : new SinkFailure('outbox', errorText(error))
}

function logIdOf({ reader }: LoopDependencies): string | null {
  try {
    return reader().logId
  } catch {
    return null
  }
}
