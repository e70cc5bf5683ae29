// The messages between the main thread and the reader thread. Plain values only: they are copied between threads.

import type {
  BusiestHours,
  CallPageRequest,
  ChangesRequest,
  CsvPage,
  MissedCallerPageRequest,
  Period,
} from '../../query/query.ts'
import type { QueuePeriod, QueueSums } from '../../query/queueFigures.ts'
import type { CallDetail, CallPage, MissedCallerPage, Stats } from '../../query/schema.ts'
import type { SeriesRequest } from '../../query/seriesRequest.ts'
import type { StatsSeries } from '../../query/statsSchema.ts'
import type { TrunkSums } from '../../query/trunkFigures.ts'
import type { PhoneStats } from './phoneStats.ts'

/** What the reader thread is started with. */
export interface ReaderSettings {
  readonly path: string
  /** How many calls one page scans at most. */
  readonly scanLimit: number
}

export type Query =
  | { readonly type: 'page'; readonly request: CallPageRequest }
  | { readonly type: 'changes'; readonly request: ChangesRequest }
  /** The same page as rows of CSV. */
  | { readonly type: 'csv'; readonly request: CallPageRequest }
  | { readonly type: 'detail'; readonly call: number | string }
  | { readonly type: 'operators'; readonly period: Period }
  | { readonly type: 'stats'; readonly period: Period }
  | { readonly type: 'series'; readonly request: SeriesRequest }
  | { readonly type: 'busiestHours'; readonly period: Period }
  | { readonly type: 'queueFigures'; readonly period: QueuePeriod }
  | { readonly type: 'trunkFigures'; readonly period: Period }
  | { readonly type: 'missedCallers'; readonly request: MissedCallerPageRequest }
  | { readonly type: 'missedCallersCsv'; readonly request: MissedCallerPageRequest }

export type QueryResult =
  | { readonly type: 'page'; readonly page: CallPage }
  | { readonly type: 'changes'; readonly page: CallPage }
  | { readonly type: 'csv'; readonly page: CsvPage }
  | { readonly type: 'detail'; readonly detail: CallDetail | null }
  | { readonly type: 'operators'; readonly operators: readonly PhoneStats[] }
  | { readonly type: 'stats'; readonly stats: Stats }
  | { readonly type: 'series'; readonly series: StatsSeries }
  | { readonly type: 'busiestHours'; readonly hours: BusiestHours }
  | { readonly type: 'queueFigures'; readonly queues: readonly QueueSums[] }
  | { readonly type: 'trunkFigures'; readonly trunks: readonly TrunkSums[] }
  | { readonly type: 'missedCallers'; readonly page: MissedCallerPage }
  | { readonly type: 'missedCallersCsv'; readonly page: CsvPage }
  /** `detail`: what the client has to do. */
  | { readonly type: 'refused'; readonly detail: string }
  /** `detail`: one line, which does not repeat the query. */
  | { readonly type: 'failed'; readonly detail: string }

/** To the thread; `number` comes back with the result. */
export interface QueryMessage {
  readonly number: number
  readonly query: Query
}

export interface ResultMessage {
  readonly number: number
  readonly result: QueryResult
}
