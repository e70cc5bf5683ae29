// Asks Asterisk one question: one GET, and its answer checked and decoded.
//
// Never subscribes, never creates a channel, never asks a function that writes. An answer of another shape is a refusal, so that no
// made-up number leaves this file.

import type { Rest } from '../rest/rest.ts'
import { failed, type RestProblem, type RestResult } from '../rest/result.ts'
import { configurationObject, readConfiguration } from './endpointConfiguration.ts'
import type { Answer, Question, QuestionFailure } from './question.ts'
import { queueDevice, queueExpression, readQueueDevice, readQueueValue } from './queueQuestion.ts'
import { readRtpStatistics } from './rtpStatistics.ts'

/** `detail`: a code, safe to log. */
export type Asked =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly failure: QuestionFailure; readonly detail: string }

/** Asks one question; never rejects. */
export type Ask = (question: Question) => Promise<Asked>

type Asking = 'channelFunction' | 'rtpStatistics' | 'deviceState' | 'configuration' | 'module'

/** `rest` has a deadline for each request. */
export function createAsk(rest: Pick<Rest, Asking>): Ask {
  async function answerOf(question: Question): Promise<RestResult<Answer>> {
    switch (question.about) {
      case 'voice':
        return decoded(await rest.rtpStatistics(question.channelId), readRtpStatistics)
      case 'queue': {
        const expression = queueExpression(question)
        if (expression === null) {
          return NOT_ASKED
        }
        return decoded(await rest.channelFunction(question.channelId, expression), (value) =>
          readQueueValue(question, value),
        )
      }
      case 'member':
      case 'available': {
        const device = queueDevice(question)
        return device === null
          ? NOT_ASKED
          : decoded(await rest.deviceState(device), (state) => readQueueDevice(question, state))
      }
      case 'endpoint':
      case 'aor':
      case 'identify':
      case 'registration': {
        const [type, id] = configurationObject(question)
        const list = orMissing(await rest.configuration(type, id))
        // An endpoint that does not exist is no answer: `refused`.
        return list.ok && list.value === null && question.about === 'endpoint'
          ? failed('not_found', 'HTTP 404')
          : decoded(list, (attributes) => readConfiguration(question, attributes))
      }
      case 'module':
        return decoded(orMissing(await rest.module(question.module)), readModule)
    }
  }

  return async (question) => {
    const result = await answerOf(question)
    return result.ok
      ? { ok: true, answer: result.value }
      : { ok: false, failure: failureOf(result.problem, question), detail: result.problem.detail }
  }
}

const NOT_ASKED = failed('refused', 'the name of a queue or member cannot be asked')

/** Null if there is no such thing. */
function orMissing<T>(result: RestResult<T>): RestResult<T | null> {
  return !result.ok && result.problem.kind === 'not_found' ? { ok: true, value: null } : result
}

function readModule(status: string | null): Answer {
  return { about: 'module', isRunning: status === 'Running' }
}

function decoded<T>(result: RestResult<T>, read: (value: T) => Answer | null): RestResult<Answer> {
  if (!result.ok) {
    return result
  }
  const answer = read(result.value)
  return answer === null ? failed('bad_answer', 'an answer of another shape') : { ok: true, value: answer }
}

function failureOf({ kind }: RestProblem, question: Question): QuestionFailure {
  switch (kind) {
    case 'not_found':
      return 'channelId' in question ? 'gone' : 'refused'
    case 'unreachable':
    case 'timeout':
    case 'stopped':
      return 'no_answer'
    default:
      return 'refused'
  }
}
