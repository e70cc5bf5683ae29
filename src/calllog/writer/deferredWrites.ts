// The changes of live calls that are not in a batch yet: the latest record of each row, and the amounts that came with them.
//
// A call changes several times within a second of its start, and each write of a row costs as much as the last one. So the changes
// wait up to a second; the end of a call, and everything that waits of it, does not. Rows and amounts of one call stay together.

import type { Total } from '../../totals/total.ts'
import type { CallWrite, LegWrite } from './recordToRow.ts'
import type { Writes } from './writeQueue.ts'

/** Changes that wait. */
export interface DeferredWrites {
  /** The number of calls of which something waits. */
  readonly size: number
  /** Keeps the writes of one append; false: they concern no call or several, and have to be written at once. */
  keep(writes: Writes): boolean
  /** Removes and returns what waits of the calls that these writes concern. */
  takeWith(writes: Writes): readonly Writes[]
  /** Removes and returns everything, call by call. */
  takeAll(): readonly Writes[]
}

interface Waiting {
  call: CallWrite | null
  readonly legs: Map<number, LegWrite>
  readonly totals: Total[]
}

/** Nothing waits. */
export function createDeferredWrites(): DeferredWrites {
  const waiting = new Map<number, Waiting>()
  /** The call with which a leg waits: a leg can move to another call. */
  const callOf = new Map<number, number>()

  function onlyCall({ calls, legs }: Writes): number | undefined {
    const id = calls[0]?.id ?? legs[0]?.callId
    const isOnly = (call: number): boolean => call === id
    return calls.every((write) => isOnly(write.id)) &&
      legs.every((leg) => isOnly(leg.callId) && isOnly(callOf.get(leg.id) ?? leg.callId))
      ? id
      : undefined
  }

  function take(id: number): readonly Writes[] {
    const found = waiting.get(id)
    if (found === undefined) {
      return []
    }
    waiting.delete(id)
    for (const leg of found.legs.keys()) {
      callOf.delete(leg)
    }
    const calls = found.call === null ? [] : [found.call]
    return [{ calls, legs: [...found.legs.values()], totals: found.totals }]
  }

  return {
    get size() {
      return waiting.size
    },
    keep(writes) {
      const id = onlyCall(writes)
      if (id === undefined) {
        return false
      }
      const found: Waiting = waiting.get(id) ?? { call: null, legs: new Map(), totals: [] }
      waiting.set(id, found)
      found.call = writes.calls.at(-1) ?? found.call
      for (const leg of writes.legs) {
        found.legs.set(leg.id, leg)
        callOf.set(leg.id, id)
      }
      found.totals.push(...writes.totals)
      return true
    },
    takeWith: ({ calls, legs }) => [
      ...calls.flatMap(({ id }) => take(id)),
      ...legs.flatMap(({ id, callId }) => [...take(callId), ...take(callOf.get(id) ?? callId)]),
    ],
    takeAll: () => [...waiting.keys()].flatMap(take),
  }
}
