// What is left out while the program is behind: changes on the live page, and the log lines of calls.
//
// Rows, counters and metrics are never left out. The log says when it begins and when it is over.

import type { CallFact } from '../call/fact.ts'
import type { Logger } from '../log.ts'

export interface SheddingDependencies {
  readonly log: Logger
  readonly logCall: (fact: CallFact) => void
  /** The live feed. */
  readonly pause: (isPaused: boolean) => void
  /** How much waits. */
  readonly queued: () => { readonly bytes: number }
}

export interface Shedding {
  /** Writes the log lines of a fact, except while the program is behind. */
  logCall(fact: CallFact): void
  /** To be called when the program falls behind, and when it has caught up. */
  onBehind(isBehind: boolean): void
}

export function createShedding({ log, logCall, pause, queued }: SheddingDependencies): Shedding {
  let isBehind = false
  return {
    logCall(fact) {
      if (!isBehind || fact.type === 'CallsReconciled') {
        logCall(fact)
      }
    },
    onBehind(isNow) {
      isBehind = isNow
      pause(isNow)
      if (isNow) {
        const text =
          'behind: events wait for more than a second; until they are handled, calls have no log lines and the live page stands still'
        log.warn({ bytes: queued().bytes }, text)
      } else {
        log.info({}, 'no longer behind: all events are handled, nothing was lost')
      }
    },
  }
}
