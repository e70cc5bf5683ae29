// What is said over the live socket, word for word: shared by the server that says it and the page that reads it.
//
// Types only. Instants are ISO 8601 UTC text, spans seconds, as everywhere in the API. Each message is one JSON text.

import type { ActiveCall } from '../../query/schema.ts'
import type { EndedCall } from '../../query/serialize.ts'

/** Whether Asterisk is heard, as the page and the readiness check tell it. */
export interface PbxStatus {
  readonly in_sync: boolean
  /** Since when `in_sync` has been as it is; null when it never was. */
  readonly since: string | null
  /** What is wrong, in one line; null when nothing is. */
  readonly problem: string | null
  /** The Asterisk that is, or was last, listened to. */
  readonly asterisk: { readonly version: string; readonly entity_id: string; readonly start_time: string } | null
}

/** The few numbers that show that the program works. `now` is the program's clock. */
export interface Counters {
  readonly now: string
  readonly start_time: string
  readonly calls_active: number
  readonly calls_ended: number
  readonly calls_missed: number
  readonly log_rows: number
  readonly log_pending: number
}

/** What a change of a live call is called: what it does now, or `changed` when only its record did. */
export type LiveChange = 'started' | 'ringing' | 'queued' | 'answered' | 'held' | 'resumed' | 'parked' | 'changed'

/** The state at `seq`: what every reader gets who cannot go on from where it was. */
export interface Snapshot {
  readonly type: 'snapshot'
  /** Of this run of the program: a `seq` means nothing in another. */
  readonly epoch: string
  readonly seq: number
  readonly pbx: PbxStatus
  readonly figures: Counters
  /** The first of those that live. */
  readonly calls: readonly ActiveCall[]
  /** Others follow in messages of type `calls`, between which changes are told: until the last, the picture is not whole. */
  readonly more: boolean
}

/** Further calls that live, each as it is when this is said. */
export interface FurtherCalls {
  readonly type: 'calls'
  readonly calls: readonly ActiveCall[]
  readonly more: boolean
}

/** Instead of a snapshot: what was missed follows, from the `since` that was asked for. */
export interface Resumed {
  readonly type: 'resumed'
  readonly epoch: string
  readonly seq: number
}

/** Numbered without gaps: `seq` is one more than that of the change before. */
export type Change =
  | { readonly type: 'call'; readonly seq: number; readonly change: LiveChange; readonly call: ActiveCall }
  /** The last word about a call. */
  | { readonly type: 'ended'; readonly seq: number; readonly call: EndedCall }
  | { readonly type: 'pbx'; readonly seq: number; readonly pbx: PbxStatus }

/** The sign of life: comes every few seconds, has no number and is not repeated to those who missed it. */
export interface Heartbeat {
  readonly type: 'figures'
  readonly figures: Counters
}

export type LiveMessage = Snapshot | FurtherCalls | Resumed | Change | Heartbeat
