// The messages of the live socket: shared by the server that sends them and the page that reads them.
//
// Types, and one list. Times are ISO 8601 text in UTC and durations are seconds, as in the API. Each message is one JSON text.

import type { AgentEntry } from '../../query/agentSchema.ts'
import type { ActiveCall, MissedCallerEntry } from '../../query/schema.ts'
import type { EndedCall } from '../../query/serialize.ts'

/** State of the connection to Asterisk. */
export interface PbxStatus {
  /** The name of this exporter among others (SITE). */
  readonly site: string
  /** The id of its call log: with it, the id of a row is unique among all exporters. */
  readonly log_id: string
  readonly in_sync: boolean
  /** When `in_sync` last changed; null if there was no session yet. */
  readonly since: string | null
  /** What is wrong, in one line; null if nothing is wrong. */
  readonly problem: string | null
  /** The Asterisk of the current or the last connection. */
  readonly asterisk: { readonly version: string; readonly entity_id: string; readonly start_time: string } | null
  /** Whether Asterisk runs res_prometheus, which tells the registrations of trunks; null while that is not known. */
  readonly res_prometheus: boolean | null
}

/** Counters of the program. `now` is the time by the program's clock. */
export interface Counters {
  readonly now: string
  readonly start_time: string
  readonly calls_active: number
  readonly calls_ended: number
  readonly calls_missed: number
  readonly log_rows: number
  readonly log_pending: number
}

/** What changed: the new state of the call, or `changed` if only other fields of its record did. */
export const LIVE_CHANGES = [
  'started',
  'ringing',
  'queued',
  'answered',
  'held',
  'resumed',
  'parked',
  'changed',
] as const

export type LiveChange = (typeof LIVE_CHANGES)[number]

/** What happened to a missed caller; `changed`: another missed call, or a call back that was not answered. */
export type MissedCallerChange = 'opened' | 'changed' | 'closed'

/** The state at `seq`, for a reader that cannot resume. */
export interface Snapshot {
  readonly type: 'snapshot'
  /** Identifies this run of the program; a `seq` is valid only within one run. */
  readonly epoch: string
  readonly seq: number
  readonly pbx: PbxStatus
  readonly figures: Counters
  /** The first of the live calls. */
  readonly calls: readonly ActiveCall[]
  /** True: more live calls follow in messages of type `calls`; changes may come between them. */
  readonly more: boolean
}

/** More live calls, each as it is when this message is sent. */
export interface FurtherCalls {
  readonly type: 'calls'
  readonly calls: readonly ActiveCall[]
  readonly more: boolean
}

/** Instead of a snapshot: the changes after the requested `since` follow. */
export interface Resumed {
  readonly type: 'resumed'
  readonly epoch: string
  readonly seq: number
}

/** Numbered without gaps: `seq` is one more than that of the change before. */
export type Change =
  | { readonly type: 'call'; readonly seq: number; readonly change: LiveChange; readonly call: ActiveCall }
  /** The last message about a call. */
  | { readonly type: 'ended'; readonly seq: number; readonly call: EndedCall }
  | {
      readonly type: 'missed_caller'
      readonly seq: number
      readonly change: MissedCallerChange
      readonly caller: MissedCallerEntry
    }
  /** A new agent or another state; `left`: no member of the queue any more. */
  | { readonly type: 'agent'; readonly seq: number; readonly change: 'changed' | 'left'; readonly agent: AgentEntry }
  | { readonly type: 'pbx'; readonly seq: number; readonly pbx: PbxStatus }

/** Sent every few seconds, unnumbered, so that a reader notices a dead connection; not repeated after a loss. */
export interface Heartbeat {
  readonly type: 'figures'
  readonly figures: Counters
}

export type LiveMessage = Snapshot | FurtherCalls | Resumed | Change | Heartbeat
