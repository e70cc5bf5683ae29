// Whether a module of Asterisk runs: asked once in each session.

import type { ModuleAnswer, ModuleQuestion, QuestionSource } from '../ari/questions/question.ts'

export interface ModuleWatch extends QuestionSource<ModuleQuestion, ModuleAnswer> {
  /** Null while it is not known. */
  isRunning(): boolean | null
}

/** `session`: another object for each session. */
export function createModuleWatch(module: string, session: () => object | null): ModuleWatch {
  let askedIn: object | null = null
  let isRunning: boolean | null = null

  return {
    next() {
      const present = session()
      return present === null || present === askedIn ? null : { about: 'module', module }
    },
    answered(_question, answer) {
      askedIn = session()
      isRunning = answer.isRunning
    },
    failed(_question, failure) {
      if (failure !== 'no_answer') {
        askedIn = session()
        isRunning = null
      }
    },
    isRunning: () => isRunning,
  }
}
