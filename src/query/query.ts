// What can be asked of the call log and what is answered: the words that the log and the HTTP API share.
//
// Types only. Instants are ISO 8601 UTC text (`2026-11-23T07:08:26.933Z`), spans seconds, as the API gives them.

import type { Direction } from '../call/event.ts'
import type { CallState, Disposition, EndpointRole, LegResult, LegRole, Side } from '../call/fact.ts'

/** Which calls; what is not given does not narrow. Instants are epoch ms. */
export interface CallFilter {
  /** Started at or after, and before. */
  readonly from?: number
  readonly to?: number
  readonly direction?: readonly Direction[]
  readonly disposition?: readonly Disposition[]
  readonly missed?: boolean
  readonly caller?: string
  readonly callee?: string
  /** An endpoint that the call was offered to, or began on. */
  readonly operator?: string
  readonly trunk?: string
  readonly queue?: string
  /** Seconds. */
  readonly minDuration?: number
  /** Part of the caller's or the callee's number or of a name that a list shows, or the whole name of an endpoint. */
  readonly text?: string
}

export interface CallPageRequest {
  readonly filter: CallFilter
  /** By start, newest first or oldest first. */
  readonly order: 'newest' | 'oldest'
  /** 1..500. */
  readonly limit: number
  /** From `next` of the page before; stays right while calls are added. */
  readonly cursor?: string
}

/** At most `limit` calls: fewer, even none, when what is looked for is so rare that the search goes on on the next page. */
export interface CallPage {
  readonly calls: readonly CallEntry[]
  /** Null on the last page. */
  readonly next: string | null
}

/** The same calls as rows of CSV. */
export interface CsvPage {
  readonly text: string
  /** Null on the last page. */
  readonly next: string | null
}

/** A call as a list shows it. `status`: `ringing`, `answered`, `completed`, or the disposition of an unanswered call. */
export interface CallEntry {
  readonly id: number
  readonly channel_id: string
  readonly caller: string
  readonly caller_name: string
  readonly callee: string
  readonly direction: Direction
  readonly status: string
  readonly disposition: Disposition | null
  readonly missed: boolean
  readonly start_time: string
  readonly answer_time: string | null
  readonly end_time: string | null
  readonly duration: number
  readonly ring_seconds: number | null
  readonly answer_delay: number | null
  readonly hold_seconds: number
  readonly hangup_by: Side | null
  readonly cause: number | null
  readonly cause_text: string | null
  readonly queue: string | null
  readonly queue_wait: number | null
  readonly answered_by: readonly string[]
  readonly trunk: string | null
  readonly transfers: number
  readonly merged_into: string | null
  /** The call had the chance to be answered: the base of answer ratios. */
  readonly offered: boolean
  /** Whom an unanswered call was offered to; empty when it was answered. */
  readonly tried: readonly TriedEntry[]
}

/** An endpoint that did not answer, and its last word; null while it is still tried. */
export interface TriedEntry {
  readonly endpoint: string
  readonly result: LegResult | null
}

/** One call's whole story. */
export interface CallDetail extends CallEntry {
  readonly account_code: string
  readonly context: string
  readonly caller_endpoint: string
  readonly node: string | null
  readonly quality: Quality | null
  readonly legs: readonly LegEntry[]
}

export interface LegEntry {
  readonly endpoint: string
  readonly endpoint_role: EndpointRole
  readonly role: LegRole
  readonly dialed: string
  readonly start_time: string
  readonly ringing_time: string | null
  readonly answer_time: string | null
  readonly end_time: string | null
  readonly talk_seconds: number
  readonly result: LegResult | null
  readonly cause: number | null
  readonly quality: Quality | null
}

export interface Quality {
  readonly rx: StreamQualityEntry
  readonly tx: StreamQualityEntry
  readonly round_trip_seconds: number | null
}

export interface StreamQualityEntry {
  readonly packets: number | null
  readonly mos: number | null
  readonly loss_ratio: number | null
  readonly jitter_seconds: number | null
}

/** A call that lives now. */
export interface ActiveCall {
  readonly id: number | null
  readonly channel_id: string
  readonly caller: string
  readonly caller_name: string
  readonly callee: string
  readonly direction: Direction
  readonly state: CallState
  readonly start_time: string
  readonly answer_time: string | null
  readonly queue: string | null
  readonly answered_by: readonly string[]
  readonly trunk: string | null
  readonly transfers: number
}

/** A phone over a period: what was offered to it in calls that began then, and what became of that; its state is of now. */
export interface OperatorEntry {
  readonly operator: string
  readonly offered: number
  readonly answered: number
  /** Rang or was tried in vain; not those that another answered or the caller gave up. */
  readonly missed: number
  readonly answered_elsewhere: number
  readonly cancelled: number
  readonly talk_seconds: number
  /** Of the answered ones; null without any. */
  readonly average_talk_seconds: number | null
  readonly state: 'idle' | 'ringing' | 'talking' | 'offline' | null
}

/**
 * The key figures of the calls that began in a period, from the log. `calls` and `by_direction` count all of them, the rest
 * tells of those that have ended. Shares and averages are null where nothing was to be divided.
 */
export interface Stats {
  readonly from: string
  readonly to: string
  readonly calls: number
  readonly answered: number
  readonly missed: number
  readonly by_direction: Readonly<Record<Direction, number>>
  readonly by_disposition: Readonly<Record<Disposition, number>>
  /** Answered calls per offered call. */
  readonly answered_share: number | null
  readonly talk_seconds: number
  readonly average_duration: number | null
  readonly average_answer_delay: number | null
  readonly longest_queue_wait: number | null
}

export interface Period {
  readonly from: number
  readonly to: number
}

/**
 * What the call log answers; each runs beside the program's loop and never stalls it. Rejects with a `QueryFailure`. A
 * question whose `signal` is aborted is given up.
 */
export interface CallQueries {
  page(request: CallPageRequest, signal?: AbortSignal): Promise<CallPage>
  /** A page as rows of CSV, without the header row. */
  csv(request: CallPageRequest, signal?: AbortSignal): Promise<CsvPage>
  /** By its row, or by the id of its channel (the latest call of that id). Null when there is no such call. */
  story(call: number | string, signal?: AbortSignal): Promise<CallDetail | null>
  operators(period: Period, signal?: AbortSignal): Promise<readonly Omit<OperatorEntry, 'state'>[]>
  stats(period: Period, signal?: AbortSignal): Promise<Stats>
}
