// Facts -> what to write of them: rows of calls, legs and missed callers, with their ids.
//
// No I/O. The facts decide what a call means; here they only get the rows to which they belong.

import type { CallFact } from '../../call/fact.ts'
import type { MissedCallerFact } from '../../callback/missedCaller.ts'
import type { Logger } from '../../log.ts'
import type { CallWrite, LegWrite } from './recordToRow.ts'
import type { RowIds } from './rowIds.ts'
import type { Writes } from './writeQueue.ts'

/** What is written together. */
export interface Appended {
  readonly facts: readonly CallFact[]
  readonly missedCallers: readonly MissedCallerFact[]
}

export interface WritesDependencies {
  readonly log: Logger
  /** Entity id of the connected Asterisk; null while it is unknown. */
  readonly node?: () => string | null
}

/** Whether nothing ends or changes but live calls. Then only starts add amounts: whole numbers. */
export function isOfLiveCalls({ facts, missedCallers }: Appended): boolean {
  return missedCallers.length === 0 && facts.every(isOfLiveCall)
}

function isOfLiveCall({ type }: CallFact): boolean {
  switch (type) {
    case 'CallStarted':
    case 'CallChanged':
    case 'CallAnswered':
    case 'LegStarted':
    case 'LegChanged':
    case 'NumberDialed':
    case 'LegInTrouble': {
      return true
    }
    case 'CallEnded':
    case 'LegEnded':
    case 'QueueLeft':
    case 'CallsReconciled': {
      return false
    }
  }
}

/** The rows to write. A leg of a call that is not open is logged and left out. */
export function writesOf(
  { facts, missedCallers }: Appended,
  rows: RowIds,
  deps: WritesDependencies,
): Omit<Writes, 'totals'> {
  const missedBy = missedCallerByCall(missedCallers)
  const calls: CallWrite[] = []
  const legs: LegWrite[] = []
  const node = deps.node?.() ?? null
  for (const fact of facts) {
    switch (fact.type) {
      case 'CallStarted':
      case 'CallChanged':
      case 'CallAnswered':
      case 'CallEnded': {
        calls.push(rows.call(fact.call, { at: fact.at, node, ...endOf(fact, missedBy) }))
        break
      }
      case 'LegStarted':
      case 'LegChanged':
      case 'LegEnded': {
        const write = rows.leg(fact.leg, fact.type === 'LegStarted')
        if (write === undefined) {
          deps.log.warn({ leg: fact.leg.id, call: fact.leg.callId }, 'a leg of a call that is not open was not logged')
        } else {
          legs.push(write)
        }
        break
      }
      case 'QueueLeft':
      case 'LegInTrouble':
      case 'NumberDialed':
      case 'CallsReconciled': {
        break
      }
    }
  }
  const changed = missedCallers.flatMap((fact) => ('caller' in fact ? [rows.missedCaller(fact.caller, calls)] : []))
  return { calls, legs, missedCallers: changed }
}

function endOf({ type, call }: Extract<CallFact, { call: unknown }>, missedBy: ReadonlyMap<string, number>) {
  const missedCaller = type === 'CallEnded' ? missedBy.get(call.channelId) : undefined
  return { ended: type === 'CallEnded', ...(missedCaller !== undefined && { missedCaller }) }
}

/** The missed callers by the calls that were missed. */
function missedCallerByCall(facts: readonly MissedCallerFact[]): ReadonlyMap<string, number> {
  const ids = new Map<string, number>()
  for (const fact of facts) {
    if ((fact.type === 'MissedCallerOpened' || fact.type === 'MissedCallerChanged') && fact.missedCall !== null) {
      ids.set(fact.missedCall, fact.caller.id)
    }
  }
  return ids
}
