// What a sink is: a place to which ended calls are shipped, such as the central call log or a webhook.
//
// A sink delivers a parcel or throws a `SinkFailure`, after which the same items come again. It keeps no list of what it has
// delivered: the outbox of the call log has what is still to go. Types only, but for the lists and the error.

import type { SqlValue } from '../query/fields.ts'

/** The sinks, as the outbox and the label `sink` name them. */
export const SINK_NAMES = ['postgres', 'webhook'] as const

export type SinkName = (typeof SINK_NAMES)[number]

/**
 * What happened. `postgres` gets `call` (it ended) and `missed_caller` (its state changed); `webhook` gets the others. `ended` is the
 * end of a call that was neither answered nor missed.
 */
export const OUTBOX_EVENTS = [
  'call',
  'missed_caller',
  'answered',
  'missed',
  'ended',
  'missed_caller_opened',
  'missed_caller_closed',
] as const

export type OutboxEvent = (typeof OUTBOX_EVENTS)[number]

/** Whether it happened to a missed caller, rather than to a call. */
export function isOfMissedCaller(event: OutboxEvent): boolean {
  return event.startsWith('missed_caller')
}

/** A row by column name, as SQLite has it: instants are 'YYYY-MM-DD HH:MM:SS.mmm' in UTC, flags 0 or 1, lists JSON text. */
export type SqlRow = Readonly<Record<string, SqlValue>>

/** One entry of the outbox with what it speaks of. */
export interface OutboxItem {
  /** Rises with each entry of a log; of a missed caller it is the version of its state. */
  readonly outboxId: number
  readonly event: OutboxEvent
  /** Id of the row of `calls` or of `missed_callers`. */
  readonly rowId: number
  /** The row with all its columns, as it is now; null if it was deleted meanwhile: there is nothing to deliver, and it counts as delivered. */
  readonly row: SqlRow | null
  /** Of a call: its rows of `legs`, by id. */
  readonly legs: readonly SqlRow[]
}

/** What one delivery takes: entries of one sink in the order of their ids, at most 500. */
export interface Parcel {
  /** UUID of the database file. */
  readonly logId: string
  readonly site: string
  readonly items: readonly OutboxItem[]
  /** Outbox ids of what was left out, because the sink holds it back. */
  readonly leftOut?: readonly number[]
}

/** An entry of the outbox, without what it speaks of. */
export type OutboxEntry = Pick<OutboxItem, 'outboxId' | 'event' | 'rowId'>

/** Which entries the next parcel is to have, if not the oldest. */
export interface Choice {
  /** Entries that would not be sent now; newer ones take their place. */
  readonly isHeldBack: (entry: OutboxEntry) => boolean
  /** So many of the parcel are the latest ends of calls, so that what is old is not all that a receiver is judged by. */
  readonly newest: number
}

/** What became of a parcel. An item in neither list comes again: by `choice`, the sink says when. */
export interface Delivery {
  /** Outbox ids of what has arrived, now or by an earlier attempt. */
  readonly delivered: readonly number[]
  /** Outbox ids of what the receiver will never take, and why. They are set aside. */
  readonly refused: readonly Refusal[]
  /** Present if an item is in neither list: the receiver works, and does not take this item now. */
  readonly later?: Later
}

/** What is said of items that did not arrive, while the others go on. */
export interface Later {
  /** Nothing is sent for so many ms: the receiver asks for it. */
  readonly pauseMs: number
  /** What failed in this delivery: each is counted, and logged if it differs from the last. Empty if items were only held back. */
  readonly failures: readonly SinkFailure[]
}

export interface Refusal {
  readonly outboxId: number
  /** For the log: no secret, no phone number. */
  readonly detail: string
}

export interface Sink {
  readonly name: SinkName
  /** What the next parcel is to have; without it, or if it is null, the oldest entries. */
  readonly choice?: () => Choice | null
  /** Rejects with a `SinkFailure` if nothing is known to have arrived; `signal` ends the attempt at once. */
  deliver(parcel: Parcel, signal: AbortSignal): Promise<Delivery>
  /** Closes connections: at a stop, and whenever there is nothing to deliver; `deliver` opens them again. Never rejects. */
  close(): Promise<void>
}

/**
 * Why a delivery failed. `unreachable`: no connection, or it broke. `unauthorized`: the user, its password or its rights.
 * `schema`: tables are missing or of another version. `status`: the receiver answered that it does not take it now. `full`: the
 * receiver has no room or is read-only. `copied`: another file with the same log id has delivered other calls. `outbox`: the
 * outbox could not be read.
 */
export const SINK_FAILURE_REASONS = [
  'unreachable',
  'tls',
  'unauthorized',
  'schema',
  'timeout',
  'status',
  'full',
  'copied',
  'outbox',
  'other',
] as const

export type SinkFailureReason = (typeof SINK_FAILURE_REASONS)[number]

/** A delivery failed; the parcel is sent again later. */
export class SinkFailure extends Error {
  override readonly name = 'SinkFailure'
  readonly reason: SinkFailureReason
  /** No attempt before a restart can succeed. */
  readonly isFinal: boolean
  /** No attempt is made sooner, whatever the back-off says: the receiver asks for it (Retry-After). */
  readonly retryAfterMs: number

  /** `message` says what to do; it has no secret. */
  constructor(reason: SinkFailureReason, message: string, { isFinal = false, retryAfterMs = 0 } = {}) {
    super(message)
    this.reason = reason
    this.isFinal = isFinal
    this.retryAfterMs = retryAfterMs
  }
}
