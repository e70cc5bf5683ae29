// The queries of the call log: the interface between the call log and the HTTP API.
//
// Types only. The types of the results are in schema.ts. fleetQuery.ts has those of a central call log.

import type { DestinationClass, Direction } from '../call/event.ts'
import type { Disposition } from '../call/fact.ts'
import type { MissedCallerState } from '../callback/missedCaller.ts'
import type { QueuePeriod, QueueSums } from './queueFigures.ts'
import type { CallDetail, CallPage, MissedCallerPage, OperatorEntry, Stats } from './schema.ts'
import type { SeriesRequest } from './seriesRequest.ts'
import type { StatsSeries } from './statsSchema.ts'
import type { TrunkSums } from './trunkFigures.ts'

/** A filter; an omitted field matches every call. Instants are epoch ms. */
export interface CallFilter {
  /** Started at or after `from`, and before `to`. */
  readonly from?: number
  readonly to?: number
  readonly direction?: readonly Direction[]
  readonly disposition?: readonly Disposition[]
  readonly missed?: boolean
  readonly caller?: string
  readonly callee?: string
  /** Of the caller or of the callee. */
  readonly number?: string
  /** The caller's. */
  readonly name?: string
  /** An endpoint that answered. */
  readonly answeredBy?: string
  /** An endpoint that the call was offered to, or started from. */
  readonly operator?: string
  /** The SIP Call-ID of the caller's leg or of any other. */
  readonly sipCallId?: string
  readonly trunk?: string
  readonly line?: string
  readonly destination?: readonly DestinationClass[]
  /** ISO 3166, in capitals. */
  readonly country?: string
  readonly queue?: string
  /** Seconds. */
  readonly minDuration?: number
  readonly maxDuration?: number
  /** How the caller's or the callee's number ends, a part of a name that a list shows, or the whole name of an endpoint (searchText.ts). */
  readonly text?: string
}

/** By start, newest first or oldest first. */
export type StartOrder = 'newest' | 'oldest'

/** Of calls also by their duration, then by start, the newest first. */
export type CallOrder = StartOrder | 'longest'

/** Asks for one page of a list. */
export interface PageRequest<Filter, Order = StartOrder> {
  readonly filter: Filter
  readonly order: Order
  /** 1..500. */
  readonly limit: number
  /** `next` of the previous page; stays valid while calls are added. */
  readonly cursor?: string
  /** Of CSV only: the time zone that instants are written in; UTC unless given. */
  readonly tz?: string
}

/** `total`: whether the calls that the filter finds are counted. */
export type CallPageRequest = PageRequest<CallFilter, CallOrder> & OfTotal

/** Part of a request for a page. */
export interface OfTotal {
  readonly total?: boolean
}

/** Asks for the calls that were written at an instant or later (epoch ms), in the order in which they were written last. */
export interface ChangesRequest {
  readonly updatedSince: number
  /** 1..500. */
  readonly limit: number
  /** `next` of the previous page. */
  readonly cursor?: string
}

/** A filter for missed callers; an omitted field matches all. */
export interface MissedCallerFilter {
  /** First missed at or after `from`, and before `to`; epoch ms. */
  readonly from?: number
  readonly to?: number
  /** Closed at or after `closedFrom`, and before `closedTo`; who waits is not. */
  readonly closedFrom?: number
  readonly closedTo?: number
  readonly state?: readonly MissedCallerState[]
  readonly queue?: string
  /** How the number ends, or the number that was called; a part of the name or of the queue. */
  readonly text?: string
}

/** By the first miss; the rest as for calls. */
export type MissedCallerPageRequest = PageRequest<MissedCallerFilter>

/** A page as rows of CSV. */
export interface CsvPage {
  readonly text: string
  /** Null on the last page. */
  readonly next: string | null
}

export interface Period {
  readonly from: number
  readonly to: number
}

/** The hour in which a trunk was occupied longest: its start (epoch ms), what began in it, and for how long (ms) it was. */
export interface TrunkHour {
  readonly trunk: string
  readonly start: number
  readonly seizures: number
  readonly ms: number
}

/** Of a period, or of its end alone if there were too many calls to read. */
export interface BusiestHours extends Period {
  readonly trunks: readonly TrunkHour[]
}

/** The types of the answers of the call log of one exporter. */
export interface LogAnswers {
  readonly page: CallPage
  readonly detail: CallDetail
  readonly operator: Omit<OperatorEntry, 'state'>
  readonly series: StatsSeries
  readonly busiestHours: BusiestHours
  readonly queue: QueueSums
  readonly trunk: TrunkSums
  readonly missedCallers: MissedCallerPage
}

/**
 * The queries of the call log. They run in a thread of their own and never block the main loop. Each rejects with a
 * `QueryFailure`; a query whose `signal` is aborted is abandoned. `Where`: what filters and periods have besides.
 */
export interface CallQueries<Answers extends Record<keyof LogAnswers, unknown> = LogAnswers, Where = unknown> {
  page(request: PageRequest<CallFilter & Where, CallOrder> & OfTotal, signal?: AbortSignal): Promise<Answers['page']>
  /** A page as rows of CSV, without the header row. */
  csv(request: PageRequest<CallFilter & Where, CallOrder>, signal?: AbortSignal): Promise<CsvPage>
  /** By row id, or by channel id (its latest call). Null if there is no such call. */
  detail(call: number | string, signal?: AbortSignal): Promise<Answers['detail'] | null>
  operators(period: Period & Where, signal?: AbortSignal): Promise<readonly Answers['operator'][]>
  stats(period: Period & Where, signal?: AbortSignal): Promise<Stats>
  series(request: SeriesRequest & Where, signal?: AbortSignal): Promise<Answers['series']>
  busiestHours(period: Period & Where, signal?: AbortSignal): Promise<Answers['busiestHours']>
  /** The queues that were offered a call, by name. */
  queueFigures(period: QueuePeriod & Where, signal?: AbortSignal): Promise<readonly Answers['queue'][]>
  /** The trunks that were tried, by name. */
  trunkFigures(period: Period & Where, signal?: AbortSignal): Promise<readonly Answers['trunk'][]>
  missedCallers(
    request: PageRequest<MissedCallerFilter & Where>,
    signal?: AbortSignal,
  ): Promise<Answers['missedCallers']>
  missedCallersCsv(request: PageRequest<MissedCallerFilter & Where>, signal?: AbortSignal): Promise<CsvPage>
}

/** The queries that the call log of an exporter answers, and a central one does not. */
export interface ExporterQueries extends CallQueries {
  /** Calls that were created or changed; `next` is never null. */
  changes(request: ChangesRequest, signal?: AbortSignal): Promise<CallPage>
}
