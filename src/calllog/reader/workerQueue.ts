// Passes queries to the reader thread, one at a time, and queues the others.
//
// Kinds of queries take turns (fairQueue.ts), and each kind has a limit. An aborted query leaves the queue; if the thread is already
// running it, the thread is ended when the query takes too long. The thread starts with the first query and ends when there were none
// for a while. Every query resolves, or rejects with a `QueryFailure`.

import type { Worker } from 'node:worker_threads'
import type { Logger } from '../../log.ts'
import { QueryFailure } from '../../query/queryFailure.ts'
import { errorText } from '../file/writeError.ts'
import { type LoadedMessage, terminationOf } from '../sqliteThread.ts'
import { createFairQueue } from './fairQueue.ts'
import type { Query, QueryMessage, QueryResult, ResultMessage } from './protocol.ts'

export interface WorkerQueue {
  run(query: Query, signal?: AbortSignal): Promise<QueryResult>
  close(): Promise<void>
}

export interface WorkerQueueOptions {
  /** How many queries of one kind may wait or run; unset: each kind has its own limit. */
  readonly maxWaiting?: number
  readonly idleMs: number
  readonly log: Logger
}

type Kind = Query['type']

interface PendingQuery extends QueryMessage {
  resolve(result: QueryResult): void
  reject(failure: QueryFailure): void
}

const LIMITS: Readonly<Record<Kind, number>> = {
  stats: 20,
  page: 100,
  changes: 20,
  missedCallers: 100,
  detail: 50,
  operators: 20,
  series: 20,
  busiestHours: 4,
  queueFigures: 20,
  trunkFigures: 4,
  csv: 4,
  missedCallersCsv: 4,
}
const KINDS: readonly Kind[] = [
  'stats',
  'page',
  'changes',
  'missedCallers',
  'detail',
  'operators',
  'series',
  'queueFigures',
  'busiestHours',
  'trunkFigures',
  'csv',
  'missedCallersCsv',
]

/** How long an aborted query may continue before its thread is ended. */
const ABORTED_QUERY_MS = 500

const CLOSED = 'the call log is closed'

/** `spawn` starts the thread. */
export function createWorkerQueue(spawn: () => Worker, options: WorkerQueueOptions): WorkerQueue {
  const { maxWaiting, idleMs, log } = options
  const queue = createFairQueue<Kind, PendingQuery>(KINDS)
  const logState = createStateLog(log)
  let running: PendingQuery | null = null
  let idle: NodeJS.Timeout | undefined
  let lastNumber = 0
  let closed = false

  const thread = createThread(spawn, {
    onResult({ number, result }) {
      if (running?.number === number) {
        logState(result.type === 'failed' ? result.detail : null)
        running.resolve(result)
        running = null
        startNext()
      }
    },
    onExit(detail) {
      logState(detail)
      failAll(new QueryFailure('unreadable', `the call log cannot be read now: ${detail}`))
    },
  })
  const failAll = (failure: QueryFailure): void => {
    const all = [...(running === null ? [] : [running]), ...queue.takeAll()]
    running = null
    for (const { reject } of all) {
      reject(failure)
    }
  }
  const startNext = (): void => {
    if (running !== null) {
      return
    }
    clearTimeout(idle)
    const next = queue.take()
    if (next === undefined) {
      idle = setTimeout(() => void thread.end(), idleMs).unref()
      return
    }
    running = next
    thread.post({ number: next.number, query: next.query })
  }
  const endIfStillRunning = (pending: PendingQuery): void => {
    if (running === pending) {
      running = null
      void thread.end()
      startNext()
    }
  }
  const abort = (pending: PendingQuery): void => {
    queue.remove(pending.query.type, pending)
    pending.reject(new QueryFailure('aborted', 'the client no longer waits for the answer'))
    if (running === pending) {
      setTimeout(() => endIfStillRunning(pending), ABORTED_QUERY_MS).unref()
    }
  }
  return {
    run(query, signal) {
      const { type } = query
      const taken = queue.length(type) + (running?.query.type === type ? 1 : 0)
      if (closed) {
        return Promise.reject(new QueryFailure('closed', CLOSED))
      }
      if (taken >= (maxWaiting ?? LIMITS[type])) {
        return Promise.reject(new QueryFailure('busy', 'too many queries to the call log are waiting; try again later'))
      }
      lastNumber += 1
      const { promise, resolve, reject } = Promise.withResolvers<QueryResult>()
      const pending: PendingQuery = { number: lastNumber, query, resolve, reject }
      queue.add(type, pending)
      onAbort(signal, promise, () => abort(pending))
      startNext()
      return promise
    },
    async close() {
      closed = true
      failAll(new QueryFailure('closed', CLOSED))
      clearTimeout(idle)
      await thread.end()
    },
  }
}

/** Calls `abort` when the signal is aborted before the promise is settled, at once if it is already. */
function onAbort(signal: AbortSignal | undefined, promise: Promise<unknown>, abort: () => void): void {
  if (signal?.aborted) {
    abort()
    return
  }
  const stop = (): void => signal?.removeEventListener('abort', abort)
  signal?.addEventListener('abort', abort)
  promise.then(stop, stop)
}

interface Thread {
  /** Starts the thread if it does not run. */
  post(message: QueryMessage): void
  /** Ends the thread; resolves when it has ended. */
  end(): Promise<void>
}

interface ThreadEvents {
  onResult(message: ResultMessage): void
  /** The thread has ended by itself. */
  onExit(detail: string): void
}

function createThread(spawn: () => Worker, { onResult, onExit }: ThreadEvents): Thread {
  let worker: Worker | undefined
  let terminate = (): Promise<void> => Promise.resolve()
  const start = (): Worker => {
    const started = spawn()
    terminate = terminationOf(started)
    let detail = 'the thread that reads it ended'
    started.on('message', (message: ResultMessage | LoadedMessage) => {
      if ('result' in message) {
        onResult(message)
      }
    })
    started.on('error', (error) => {
      detail = `${detail}: ${errorText(error)}`
    })
    started.on('exit', () => {
      if (worker === started) {
        worker = undefined
        onExit(detail)
      }
    })
    return started
  }
  return {
    post(message) {
      worker ??= start()
      worker.postMessage(message)
    },
    end() {
      worker = undefined
      return terminate()
    },
  }
}

// Logs only when the state changes: an open page polls every second.
function createStateLog(log: WorkerQueueOptions['log']): (detail: string | null) => void {
  let failing = false
  return (detail) => {
    if (detail !== null && !failing) {
      log.warn({ detail }, 'the call log cannot be read: queries fail')
    }
    if (detail === null && failing) {
      log.info({}, 'the call log can be read again')
    }
    failing = detail !== null
  }
}
