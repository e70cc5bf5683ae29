// Questions to the call log, answered by a thread of its own, so that none of them holds up the main loop or the writer.
//
// A question that fails rejects with a `QueryFailure`; the next one is asked as if nothing had been. The thread's program
// is this file's neighbour, TypeScript in the sources and JavaScript in the built program; questionLine.ts runs it.

import { Worker } from 'node:worker_threads'
import type { Logger } from '../../log.ts'
import { moduleFile } from '../../process/moduleFile.ts'
import type { CallQueries } from '../../query/query.ts'
import { QueryFailure } from '../../query/queryFailure.ts'
import type { Answer, ReaderSettings } from './protocol.ts'
import { createWorkerQueue } from './workerQueue.ts'

export interface CallQueriesOptions {
  /** The database file that `openCallLog` keeps. */
  readonly path: string
  /** Calls that one page may be looked for among before it is handed out as it is. */
  readonly scanLimit?: number
  /** Questions of one kind that may wait. */
  readonly maxWaiting?: number
  /** How long the thread is kept after its last answer. */
  readonly idleMs?: number
}

export interface CallQueriesDependencies {
  readonly log: Logger
  /** Starts the thread's program; a test may want to know the thread. */
  readonly spawn?: (settings: ReaderSettings) => Worker
}

export interface OpenCallQueries extends CallQueries {
  /** Fails the waiting queries and ends the thread. */
  close(): Promise<void>
}

// A scan along a million entries of an index takes a quarter of a second.
const DEFAULT_SCAN_LIMIT = 1_000_000

// The thread takes 20 MB, so it runs only while somebody asks.
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
      const answer = await queue.ask({ type: 'page', request }, signal)
      return answer.type === 'page' ? answer.page : mismatch(answer)
    },
    async csv(request, signal) {
      const answer = await queue.ask({ type: 'csv', request }, signal)
      return answer.type === 'csv' ? answer.page : mismatch(answer)
    },
    async detail(call, signal) {
      const answer = await queue.ask({ type: 'detail', call }, signal)
      return answer.type === 'detail' ? answer.detail : mismatch(answer)
    },
    async operators(period, signal) {
      const answer = await queue.ask({ type: 'operators', period }, signal)
      return answer.type === 'operators' ? answer.operators : mismatch(answer)
    },
    async stats(period, signal) {
      const answer = await queue.ask({ type: 'stats', period }, signal)
      return answer.type === 'stats' ? answer.stats : mismatch(answer)
    },
    close: queue.close,
  }
}

function mismatch(answer: Answer): never {
  const detail = answer.type === 'failed' ? answer.detail : 'the thread answered another query'
  throw new QueryFailure('unreadable', `the call log cannot be read now: ${detail}`)
}

// The environment contains secrets, and the thread needs none of it.
function spawnReader(settings: ReaderSettings): Worker {
  return new Worker(moduleFile('worker', import.meta.url), { name: 'calllog-reader', workerData: settings, env: {} })
}
