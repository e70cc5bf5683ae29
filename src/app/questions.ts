// Starts to ask Asterisk what no event tells. A source of questions is one line in `exporter.ts`.

import type { Answer, Question, QuestionSource } from '../ari/questions/question.ts'
import { type Questioner, type QuestionerDependencies, startQuestioner } from '../ari/questions/questioner.ts'
import type { Session } from '../ari/session.ts'
import { ticks } from '../time/clock.ts'

/** Asterisk is asked nothing while events have waited this long (ms): an answer would be newer than what is known. */
const BEHIND_MS = 100

export interface QuestionsDependencies extends Pick<QuestionerDependencies, 'asked' | 'pbxNow' | 'log'> {
  readonly session: Pick<Session, 'ask' | 'status' | 'queued'>
  readonly sources: readonly QuestionSource<Question, Answer>[]
}

/** `perSecond`: the budget; 0: asks nothing. */
export function startQuestions(perSecond: number, { session, sources, ...deps }: QuestionsDependencies): Questioner {
  function connected(): object | null {
    const { phase, asterisk } = session.status()
    return phase === 'in_sync' ? asterisk : null
  }
  const isBehind = () => session.queued().oldestMs > BEHIND_MS
  return startQuestioner({ perSecond, sources }, { ...deps, ask: session.ask, session: connected, isBehind, ticks })
}
