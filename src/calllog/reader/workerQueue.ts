// The questions that wait for the reader's thread, and the thread: one question is with it at a time.
//
// Each kind of question has places of its own and its turn, so that many of one kind hold up none of another. Whoever goes
// away takes the question along; a long one ends with its thread. The thread starts at the first question and ends when
// nobody asked for a while. Every question is answered or rejected with a `QueryFailure`.

import type { Worker } from 'node:worker_threads'
import type { Logger } from '../../log.ts'
import { QueryFailure } from '../../query/queryFailure.ts'
import { errorText } from '../file/writeError.ts'
import type { Answer, Answered, Question } from './protocol.ts'

export interface WorkerQueue {
  ask(question: Question, signal?: AbortSignal): Promise<Answer>
  close(): Promise<void>
}

export interface WorkerQueueOptions {
  /** Questions of one kind that may wait or be answered; else each kind has its own number. */
  readonly maxWaiting?: number
  readonly idleMs: number
  readonly log: Logger
}

type Kind = Question['type']

interface Waiting {
  readonly number: number
  readonly question: Question
  resolve(answer: Answer): void
  reject(failure: QueryFailure): void
}

/** In the order of their turns. */
const PLACES: Readonly<Record<Kind, number>> = { stats: 20, page: 100, detail: 50, operators: 20, csv: 4 }
const KINDS: readonly Kind[] = ['stats', 'page', 'detail', 'operators', 'csv']

/** A question that nobody waits for any more may go on for so long before its thread is ended. */
const ABORTED_QUERY_MS = 500

const CLOSED = 'the call log is closed'

/** `spawn` starts the thread's program. */
export function createWorkerQueue(spawn: () => Worker, options: WorkerQueueOptions): WorkerQueue {
  const { maxWaiting, idleMs, log } = options
  const lines = new Map<Kind, Waiting[]>(KINDS.map((kind) => [kind, []]))
  const say = changes(log)
  let turn: Kind = 'csv'
  let running: Waiting | null = null
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let asked = 0
  let closed = false

  const lineOf = (kind: Kind): Waiting[] => lines.get(kind) ?? []
  const isRunning = (number: number): boolean => running?.number === number
  const failAll = (failure: QueryFailure): void => {
    const all = [...(running === null ? [] : [running]), ...[...lines.values()].flatMap((line) => line.splice(0))]
    running = null
    for (const { reject } of all) {
      reject(failure)
    }
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
      if (!isRunning(number)) {
        return
      }
      say(answer.type === 'failed' ? answer.detail : null)
      running?.resolve(answer)
      running = null
      next()
    })
    started.on('error', (error) => {
      detail = `${detail}: ${errorText(error)}`
    })
    started.on('exit', () => {
      if (worker !== started) {
        return
      }
      worker = undefined
      say(detail)
      failAll(new QueryFailure('unreadable', `the call log cannot be read now: ${detail}`))
    })
    return started
  }
  const next = (): void => {
    if (running !== null) {
      return
    }
    clearTimeout(idle)
    const after = KINDS.indexOf(turn) + 1
    const due = [...KINDS.slice(after), ...KINDS.slice(0, after)].find((kind) => lineOf(kind).length > 0)
    const waiting = due === undefined ? undefined : lineOf(due).shift()
    if (due === undefined || waiting === undefined) {
      idle = setTimeout(dismiss, idleMs).unref()
      return
    }
    turn = due
    running = waiting
    worker ??= start()
    worker.postMessage({ number: waiting.number, question: waiting.question })
  }
  const abandon = (waiting: Waiting): void => {
    const line = lineOf(waiting.question.type)
    const at = line.indexOf(waiting)
    if (at >= 0) {
      line.splice(at, 1)
    }
    waiting.reject(new QueryFailure('aborted', 'nobody waits for the answer any more'))
    if (!isRunning(waiting.number)) {
      return
    }
    const end = (): void => {
      if (!isRunning(waiting.number)) {
        return
      }
      running = null
      void dismiss()
      next()
    }
    setTimeout(end, ABORTED_QUERY_MS).unref()
  }
  return {
    ask(question, signal) {
      if (closed) {
        return Promise.reject(new QueryFailure('closed', CLOSED))
      }
      const { type } = question
      const line = lineOf(type)
      const taken = line.length + (running?.question.type === type ? 1 : 0)
      if (taken >= (maxWaiting ?? PLACES[type])) {
        return Promise.reject(new QueryFailure('busy', 'too many questions to the call log wait; ask again later'))
      }
      asked += 1
      const number = asked
      return new Promise((resolve, reject) => {
        const leave = (): void => abandon(waiting)
        const settled =
          <T>(settle: (value: T) => void) =>
          (value: T) => {
            signal?.removeEventListener('abort', leave)
            settle(value)
          }
        const waiting: Waiting = { number, question, resolve: settled(resolve), reject: settled(reject) }
        line.push(waiting)
        signal?.addEventListener('abort', leave)
        if (signal?.aborted) {
          leave()
        }
        next()
      })
    },
    async close() {
      closed = true
      failAll(new QueryFailure('closed', CLOSED))
      clearTimeout(idle)
      await dismiss()
    },
  }
}

// Logs only when the state changes: an open page polls every second.
function changes(log: WorkerQueueOptions['log']): (detail: string | null) => void {
  let failing = false
  return (detail) => {
    if (detail !== null && !failing) {
      log.warn({ detail }, 'the call log cannot be read: questions to it fail')
    }
    if (detail === null && failing) {
      log.info({}, 'the call log can be read again')
    }
    failing = detail !== null
  }
}
