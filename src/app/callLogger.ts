// Writes calls into the program's log: a line for each start, answer and end, and for each reconciliation with the PBX.

import type { CallFact, CallRecord } from '../call/fact.ts'
import type { Logger } from '../log.ts'
import { printable } from '../log.ts'
import { masked } from './redact.ts'

export interface CallLoggerOptions {
  /** Hide all but the last digits of numbers. */
  readonly maskNumbers: boolean
}

export interface CallLoggerDependencies {
  readonly log: Logger
  /** Row of an active call in the call log. */
  readonly rowId: (channelId: string) => number | undefined
}

/** Returns a reader of facts that writes log lines: starts, answers and ends at `info`, changes at `debug`. */
export function createCallLogger(
  options: CallLoggerOptions,
  { log, rowId }: CallLoggerDependencies,
): (fact: CallFact) => void {
  const show = (number: string) => printable(options.maskNumbers ? masked(number) : number) || '(no number)'
  const parties = (call: CallRecord) => `${show(call.caller)} -> ${show(call.callee)}`
  const reference = (call: CallRecord) => ({ channel: call.channelId, row: rowId(call.channelId) })

  return (fact) => {
    switch (fact.type) {
      case 'CallStarted':
        return log.info(reference(fact.call), `new call ${parties(fact.call)}`)
      case 'CallChanged':
        return log.debug(
          { ...reference(fact.call), state: fact.call.state },
          `call ${parties(fact.call)} is ${fact.call.state}`,
        )
      case 'CallAnswered':
        return log.info(
          { ...reference(fact.call), by: fact.call.answeredBy.map(show), after: seconds(fact.call.answerDelayMs ?? 0) },
          `answered ${parties(fact.call)}`,
        )
      case 'CallEnded':
        return log.info(ending(fact.call), `ended ${parties(fact.call)}`)
      case 'CallsReconciled': {
        const { kept, adopted, ended } = fact
        return log.info({ kept, adopted, ended }, 'live calls compared with the PBX')
      }
      default:
        return
    }
  }
}

function ending(call: CallRecord): Record<string, unknown> {
  return {
    channel: call.channelId,
    disposition: call.disposition,
    missed: call.missed,
    duration: seconds(call.durationMs),
    cause: call.cause,
    causeText: printable(call.causeText ?? ''),
    by: call.hungUpBy,
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
