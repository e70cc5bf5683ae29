// Asks the questions of its sources: in turn, one at a time, within a budget.
//
// It is silent while the session is not in sync or behind, and never makes up for silence: what was not asked in its moment is not asked.
// A source is called when its question would be sent at once, unless Asterisk refuses that kind of questions.

import type { Logger } from '../../log.ts'
import type { Ask, Asked } from './ask.ts'
import { createPace } from './pace.ts'
import type { Answer, Question, QuestionFailure, QuestionSource } from './question.ts'
import { createRefusals } from './refusals.ts'

export interface QuestionerOptions {
  /** The budget; 0: never ask. */
  readonly perSecond: number
  readonly sources: readonly QuestionSource<Question, Answer>[]
}

export interface QuestionerDependencies {
  readonly ask: Ask
  /** Identifies the session; null while none is in sync. */
  readonly session: () => object | null
  /** Whether received events wait to be handled. */
  readonly isBehind: () => boolean
  /** The PBX's time, epoch ms. */
  readonly pbxNow: () => number
  /** Monotonic clock, ms. */
  readonly ticks: () => number
  /** A question was asked; `ms`: how long the answer, or waiting for it, took. */
  readonly asked: (outcome: 'answered' | QuestionFailure, ms: number) => void
  readonly log: Logger
}

export interface Questioner {
  /** Asks nothing more. An answer that is still to come is dropped. */
  stop(): void
}

/** Starts to ask. */
export function startQuestioner({ perSecond, sources }: QuestionerOptions, deps: QuestionerDependencies): Questioner {
  const { ask, session, isBehind, pbxNow, ticks, asked, log } = deps
  if (perSecond === 0) {
    return { stop: () => undefined }
  }
  const pace = createPace(perSecond)
  const refusals = createRefusals(log)
  const guarded = createGuard(log)
  let turn = 0
  let isOpen = false
  let isStopped = false
  let askedAt = Number.NEGATIVE_INFINITY
  let timer = setTimeout(tick, pace.intervalMs())

  const dueInMs = (): number => askedAt + pace.intervalMs() - ticks()

  function tick(): void {
    if (!isOpen && session() !== null && !isBehind() && dueInMs() <= 0) {
      askNext()
    }
    const waitMs = dueInMs()
    timer = setTimeout(tick, waitMs > 0 ? Math.ceil(waitMs) : pace.intervalMs())
  }

  function askNext(): void {
    const at = pbxNow()
    for (let tried = 0; tried < sources.length; tried += 1) {
      const source = sources[turn % sources.length]
      turn += 1
      const question = guarded(() => source?.next(at)) ?? null
      if (source !== undefined && question !== null && refusals.allows(question, ticks())) {
        void put(source, question)
        return
      }
    }
  }

  async function put(source: QuestionSource<Question, Answer>, question: Question): Promise<void> {
    const during = session()
    isOpen = true
    askedAt = ticks()
    const result = await ask(question)
    isOpen = false
    if (!isStopped) {
      take(source, question, session() === during ? result : LOST)
    }
  }

  function take(source: QuestionSource<Question, Answer>, question: Question, result: Asked): void {
    const ms = ticks() - askedAt
    asked(result.ok ? 'answered' : result.failure, ms)
    pace.took(ms)
    if (result.ok) {
      refusals.answered(question)
      guarded(() => source.answered(question, result.answer, pbxNow()))
      return
    }
    if (result.failure === 'refused') {
      refusals.refused(question, result.detail, ticks())
    }
    const { failure } = result
    guarded(() => source.failed(question, failure, pbxNow()))
  }

  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}

/** The session ended meanwhile: what was answered is of the session before. */
const LOST: Asked = { ok: false, failure: 'no_answer', detail: 'the session ended' }

/** Calls a source. An exception is a bug of this program: the first is logged, and the source is passed over. */
function createGuard(log: Logger): <T>(call: () => T) => T | undefined {
  let hasFailed = false
  return (call) => {
    try {
      return call()
    } catch (error) {
      if (!hasFailed) {
        hasFailed = true
        log.error({ err: error }, 'a source of questions threw an exception: this is a bug, please report it')
      }
      return undefined
    }
  }
}
