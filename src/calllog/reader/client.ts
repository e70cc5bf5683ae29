// Queries of the call log, answered by the reader thread, so that they delay neither the main loop nor the writer.
//
// A query that fails rejects with a `QueryFailure` and does not affect the next one. workerQueue.ts runs the thread.

import { Worker } from 'node:worker_threads'
import type { Logger } from '../../log.ts'
import { moduleFile } from '../../process/moduleFile.ts'
import type { ExporterQueries } from '../../query/query.ts'
import { QueryFailure } from '../../query/queryFailure.ts'
import type { Query, QueryResult, ReaderSettings } from './protocol.ts'
import { createWorkerQueue } from './workerQueue.ts'

export interface CallQueriesOptions {
  /** The database file that `openCallLog` writes. */
  readonly path: string
  /** How many calls one page scans at most; a page that reaches the limit is shorter than asked for. */
  readonly scanLimit?: number
  /** How many queries of one kind may wait. */
  readonly maxWaiting?: number
  /** How long the thread is kept after its last result. */
  readonly idleMs?: number
}

export interface CallQueriesDependencies {
  readonly log: Logger
  /** Starts the thread; tests replace it to get hold of the thread. */
  readonly spawn?: (settings: ReaderSettings) => Worker
}

export interface OpenCallQueries extends ExporterQueries {
  /** Fails the waiting queries and ends the thread. */
  close(): Promise<void>
}

// A scan of a million index entries takes a quarter of a second.
const DEFAULT_SCAN_LIMIT = 1_000_000

// The thread takes 20 MB, so it runs only while there are queries.
const DEFAULT_IDLE_MS = 60_000

/** Starts the thread at the first query. Queries reject with a `QueryFailure` only. */
export function openCallQueries(
  options: CallQueriesOptions,
  { log, spawn = spawnReader }: CallQueriesDependencies,
): OpenCallQueries {
  const { path, scanLimit = DEFAULT_SCAN_LIMIT } = options
  const { maxWaiting, idleMs = DEFAULT_IDLE_MS } = options
  const queue = createWorkerQueue(() => spawn({ path, scanLimit }), {
    idleMs,
    log,
    ...(maxWaiting !== undefined && { maxWaiting }),
  })
  async function ask<Type extends Query['type']>(
    query: Query & { readonly type: Type },
    signal?: AbortSignal,
  ): Promise<ResultOf<Type>> {
    const result = await queue.run(query, signal)
    return isOf(result, query.type) ? result : fail(result)
  }

  return {
    page: async (request, signal) => (await ask({ type: 'page', request }, signal)).page,
    changes: async (request, signal) => (await ask({ type: 'changes', request }, signal)).page,
    csv: async (request, signal) => (await ask({ type: 'csv', request }, signal)).page,
    detail: async (call, signal) => (await ask({ type: 'detail', call }, signal)).detail,
    operators: async (period, signal) => (await ask({ type: 'operators', period }, signal)).operators,
    stats: async (period, signal) => (await ask({ type: 'stats', period }, signal)).stats,
    series: async (request, signal) => (await ask({ type: 'series', request }, signal)).series,
    busiestHours: async (period, signal) => (await ask({ type: 'busiestHours', period }, signal)).hours,
    queueFigures: async (period, signal) => (await ask({ type: 'queueFigures', period }, signal)).queues,
    trunkFigures: async (period, signal) => (await ask({ type: 'trunkFigures', period }, signal)).trunks,
    missedCallers: async (request, signal) => (await ask({ type: 'missedCallers', request }, signal)).page,
    missedCallersCsv: async (request, signal) => (await ask({ type: 'missedCallersCsv', request }, signal)).page,
    close: queue.close,
  }
}

type ResultOf<Type extends Query['type']> = Extract<QueryResult, { readonly type: Type }>

function isOf<Type extends Query['type']>(result: QueryResult, type: Type): result is ResultOf<Type> {
  return result.type === type
}

function fail(result: QueryResult): never {
  if (result.type === 'refused') {
    throw new QueryFailure('refused', result.detail)
  }
  const detail = result.type === 'failed' ? result.detail : 'the thread answered another query'
  throw new QueryFailure('unreadable', `the call log cannot be read now: ${detail}`)
}

// The environment contains secrets, and the thread needs none of it.
function spawnReader(settings: ReaderSettings): Worker {
  return new Worker(moduleFile('worker', import.meta.url), { name: 'calllog-reader', workerData: settings, env: {} })
}
