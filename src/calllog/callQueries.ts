// Questions to the call log, answered by a thread of its own, so that none of them holds up the main loop or the writer.
//
// Answers come in the order of asking. A question that fails rejects with a `QueryFailure`; the next one is asked as if
// nothing had been. The thread runs while questions come: it starts at the first and ends when nobody asked for a while.
// Its program is this file's neighbour, TypeScript in the sources and JavaScript in the built program.

import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import type { CallQueries } from '../query.ts'
import { QueryFailure } from '../queryFailure.ts'
import type { Answer, Answered, Question, ReaderSettings } from './question.ts'
import { errorText } from './writeError.ts'

export interface CallQueriesOptions {
  /** The database file that `openCallLog` keeps. */
  readonly path: string
  /** Calls that one page may be looked for among before it is handed out as it is. */
  readonly maxSteps?: number
  /** Questions that may wait. */
  readonly maxWaiting?: number
  /** How long the thread is kept after its last answer. */
  readonly idleMs?: number
}

export interface CallQueriesDependencies {
  readonly log: Pick<Logger, 'warn' | 'info'>
  /** Starts the thread's program; a test may want to know the thread. */
  readonly spawn?: (settings: ReaderSettings) => Worker
}

export interface OpenCallQueries extends CallQueries {
  /** Answers what waits with a failure and ends the thread. */
  close(): Promise<void>
}

// A walk along a million entries of an index takes a quarter of a second.
const DEFAULT_MAX_STEPS = 1_000_000
const DEFAULT_MAX_WAITING = 200

// A thread is 20 MB: whoever only scrapes shall not pay for it, nor for a page that was open last week.
const DEFAULT_IDLE_MS = 60_000

/** Starts nothing before the first question. Questions reject with a `QueryFailure` and with nothing else. */
export function openCallQueries(
  options: CallQueriesOptions,
  { log, spawn = spawnReader }: CallQueriesDependencies,
): OpenCallQueries {
  const { path, maxSteps = DEFAULT_MAX_STEPS } = options
  const { maxWaiting = DEFAULT_MAX_WAITING, idleMs = DEFAULT_IDLE_MS } = options
  const line = createLine(() => spawn({ path, maxSteps }), { maxWaiting, idleMs, log })
  return {
    async page(request) {
      const answer = await line.ask({ type: 'page', request })
      return answer.type === 'page' ? answer.page : mismatch(answer)
    },
    async story(call) {
      const answer = await line.ask({ type: 'story', call })
      return answer.type === 'story' ? answer.story : mismatch(answer)
    },
    async operators(period) {
      const answer = await line.ask({ type: 'operators', period })
      return answer.type === 'operators' ? answer.operators : mismatch(answer)
    },
    async stats(period) {
      const answer = await line.ask({ type: 'stats', period })
      return answer.type === 'stats' ? answer.stats : mismatch(answer)
    },
    close: line.close,
  }
}

function mismatch(answer: Answer): never {
  const detail = answer.type === 'failed' ? answer.detail : 'another question was answered'
  throw new QueryFailure('unreadable', `the call log cannot be read now: ${detail}`)
}

interface Line {
  ask(question: Question): Promise<Answer>
  close(): Promise<void>
}

interface Waiting {
  resolve(answer: Answer): void
  reject(failure: QueryFailure): void
}

interface LineOptions {
  readonly maxWaiting: number
  readonly idleMs: number
  readonly log: CallQueriesDependencies['log']
}

function createLine(spawn: () => Worker, { maxWaiting, idleMs, log }: LineOptions): Line {
  const waiting = new Map<number, Waiting>()
  const say = changes(log)
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let asked = 0
  let closed = false

  const failAll = (failure: QueryFailure): void => {
    for (const { reject } of waiting.values()) reject(failure)
    waiting.clear()
  }
  const dismiss = (): Promise<unknown> => {
    const dismissed = worker
    worker = undefined
    return dismissed?.terminate() ?? Promise.resolve()
  }
  const start = (): Worker => {
    const started = spawn()
    let detail = 'the thread that reads it ended'
    started.on('message', ({ number, answer }: Answered) => {
      say(answer.type === 'failed' ? answer.detail : null)
      waiting.get(number)?.resolve(answer)
      waiting.delete(number)
      if (waiting.size === 0) idle = setTimeout(dismiss, idleMs).unref()
    })
    started.on('error', (error) => {
      detail = `${detail}: ${errorText(error)}`
    })
    started.on('exit', () => {
      if (worker !== started) return
      worker = undefined
      say(detail)
      failAll(new QueryFailure('unreadable', `the call log cannot be read now: ${detail}`))
    })
    return started
  }
  return {
    ask(question) {
      if (closed) return Promise.reject(new QueryFailure('closed', 'the call log is closed'))
      if (waiting.size >= maxWaiting)
        return Promise.reject(new QueryFailure('busy', 'too many questions to the call log wait; ask again later'))
      clearTimeout(idle)
      const thread = worker ?? start()
      worker = thread
      asked += 1
      const number = asked
      return new Promise((resolve, reject) => {
        waiting.set(number, { resolve, reject })
        thread.postMessage({ number, question })
      })
    },
    async close() {
      closed = true
      clearTimeout(idle)
      failAll(new QueryFailure('closed', 'the call log is closed'))
      await dismiss()
    },
  }
}

// Once per change: whoever looks at a page asks every second.
function changes(log: CallQueriesDependencies['log']): (detail: string | null) => void {
  let failing = false
  return (detail) => {
    if (detail !== null && !failing) log.warn({ detail }, 'the call log cannot be read: questions to it fail')
    if (detail === null && failing) log.info({}, 'the call log can be read again')
    failing = detail !== null
  }
}

// The environment holds secrets of ours, and the thread needs none of it.
function spawnReader(settings: ReaderSettings): Worker {
  const file = import.meta.url.endsWith('.ts') ? './reader.ts' : './reader.js'
  return new Worker(new URL(file, import.meta.url), { name: 'calllog-reader', workerData: settings, env: {} })
}
