// Queries of the call log, answered by the reader thread, so that they delay neither the main loop nor the writer.
//
// A query that fails rejects with a `QueryFailure` and does not affect the next one. workerQueue.ts runs the thread.

import { Worker } from 'node:worker_threads'
import type { Logger } from '../../log.ts'
import { moduleFile } from '../../process/moduleFile.ts'
import type { CallQueries } from '../../query/query.ts'
import { QueryFailure } from '../../query/queryFailure.ts'
import type { QueryResult, ReaderSettings } from './protocol.ts'
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

export interface OpenCallQueries extends CallQueries {
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
  return {
    async page(request, signal) {
      const result = await queue.run({ type: 'page', request }, signal)
      return result.type === 'page' ? result.page : fail(result)
    },
    async csv(request, signal) {
      const result = await queue.run({ type: 'csv', request }, signal)
      return result.type === 'csv' ? result.page : fail(result)
    },
    async detail(call, signal) {
      const result = await queue.run({ type: 'detail', call }, signal)
      return result.type === 'detail' ? result.detail : fail(result)
    },
    async operators(period, signal) {
      const result = await queue.run({ type: 'operators', period }, signal)
      return result.type === 'operators' ? result.operators : fail(result)
    },
    async stats(period, signal) {
      const result = await queue.run({ type: 'stats', period }, signal)
      return result.type === 'stats' ? result.stats : fail(result)
    },
    async missedCallers(request, signal) {
      const result = await queue.run({ type: 'missedCallers', request }, signal)
      return result.type === 'missedCallers' ? result.page : fail(result)
    },
    async missedCallersCsv(request, signal) {
      const result = await queue.run({ type: 'missedCallersCsv', request }, signal)
      return result.type === 'missedCallersCsv' ? result.page : fail(result)
    },
    close: queue.close,
  }
}

function fail(result: QueryResult): never {
  const detail = result.type === 'failed' ? result.detail : 'the thread answered another query'
  throw new QueryFailure('unreadable', `the call log cannot be read now: ${detail}`)
}

// The environment contains secrets, and the thread needs none of it.
function spawnReader(settings: ReaderSettings): Worker {
  return new Worker(moduleFile('worker', import.meta.url), { name: 'calllog-reader', workerData: settings, env: {} })
}
