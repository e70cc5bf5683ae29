// What the main thread and the reader's thread say to each other. Plain values only: they are copied between threads.

import type { CallPageRequest, CsvPage, Period } from '../../query/query.ts'
import type { CallDetail, CallPage, Stats } from '../../query/schema.ts'
import type { PhoneStats } from './phoneStats.ts'

/** What the reader's thread is started with. */
export interface ReaderSettings {
  readonly path: string
  /** Calls that one page may be looked for among. */
  readonly scanLimit: number
}

export type Question =
  | { readonly type: 'page'; readonly request: CallPageRequest }
  /** The same as rows of CSV. */
  | { readonly type: 'csv'; readonly request: CallPageRequest }
  | { readonly type: 'detail'; readonly call: number | string }
  | { readonly type: 'operators'; readonly period: Period }
  | { readonly type: 'stats'; readonly period: Period }

export type Answer =
  | { readonly type: 'page'; readonly page: CallPage }
  | { readonly type: 'csv'; readonly page: CsvPage }
  | { readonly type: 'detail'; readonly detail: CallDetail | null }
  | { readonly type: 'operators'; readonly operators: readonly PhoneStats[] }
  | { readonly type: 'stats'; readonly stats: Stats }
  /** One line, without what was asked. */
  | { readonly type: 'failed'; readonly detail: string }

/** To the thread; `number` comes back with the answer. */
export interface Asked {
  readonly number: number
  readonly question: Question
}

export interface Answered {
  readonly number: number
  readonly answer: Answer
}
