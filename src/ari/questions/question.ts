// The questions that the exporter asks Asterisk while the session is in sync, and where they come from.
//
// A source decides what is to be asked next; the questioner (questioner.ts) decides when, within its budget.

import type { EndpointAnswer, EndpointQuestion } from '../../endpoint/evidence.ts'
import type { StaffingAnswer, StaffingQuestion } from '../../staffing/question.ts'
import type { VoiceAnswer, VoiceQuestion } from '../../voice/question.ts'

/** Whether a module of Asterisk is loaded and runs. */
export interface ModuleQuestion {
  readonly about: 'module'
  readonly module: string
}

export interface ModuleAnswer {
  readonly about: 'module'
  readonly isRunning: boolean
}

export type Question = StaffingQuestion | VoiceQuestion | EndpointQuestion | ModuleQuestion

export type Answer = StaffingAnswer | VoiceAnswer | EndpointAnswer | ModuleAnswer

/** `gone`: the channel does not exist any more. `refused`: an error of Asterisk. `no_answer`: within the deadline. */
export const QUESTION_FAILURES = ['gone', 'refused', 'no_answer'] as const

export type QuestionFailure = (typeof QUESTION_FAILURES)[number]

export interface QuestionSource<Q extends Question, A extends Answer> {
  /** The question that is due most, null for none; it may remain unasked. `at`: the PBX's time, epoch ms. */
  next(at: number): Q | null
  answered(question: Q, answer: A, at: number): void
  failed(question: Q, failure: QuestionFailure, at: number): void
}
