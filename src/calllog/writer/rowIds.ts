// Assigns row ids to calls and legs, and knows those of open ones. They are assigned on the main thread, so that a log line can
// name the row at once; the database uses them as they are.
//
// No I/O. Ids only rise, across restarts too. A call is removed when it ends, together with its legs, unless it merged into an open
// call, which gets the legs.

import type { CallRecord, LegRecord } from '../../call/fact.ts'
import type { MissedCaller } from '../../callback/missedCaller.ts'
import type { MissedCallerWrite } from './missedCallerRows.ts'
import type { SavedState } from './protocol.ts'
import type { CallWrite, LegWrite } from './recordToRow.ts'

interface OpenRow {
  readonly id: number
  readonly createdAt: number
  readonly legs: string[]
}

interface LegRow {
  readonly id: number
  readonly owner: OpenRow
  readonly open: boolean
}

/** The row ids of open calls and legs. */
export class RowIds {
  readonly #calls = new Map<string, OpenRow>()
  readonly #legs = new Map<string, LegRow>()
  #lastCallId: number
  #lastLegId: number
  /** Of missed callers: they come with their ids. */
  #lastMissedCallerId: number

  constructor(saved: SavedState) {
    this.#lastCallId = saved.lastCallId
    this.#lastLegId = saved.lastLegId
    this.#lastMissedCallerId = saved.missedCallers.lastId
    for (const { id, call, legIds } of saved.open) {
      const row: OpenRow = { id, createdAt: call.startedAt, legs: [] }
      this.#calls.set(call.channelId, row)
      for (const [index, legId] of legIds.entries()) {
        const key = call.legs[index]?.channelId
        if (key !== undefined) {
          this.#setLeg(key, { id: legId, owner: row, open: true })
        }
      }
    }
  }

  /** Row id of an open call; undefined if there is no such call or it has ended. */
  rowId(channelId: string): number | undefined {
    return this.#calls.get(channelId)?.id
  }

  /** True if all row ids in a file with this state were assigned here, so that new calls overwrite no row of it. */
  covers(saved: SavedState): boolean {
    return (
      saved.lastCallId <= this.#lastCallId &&
      saved.lastLegId <= this.#lastLegId &&
      saved.missedCallers.lastId <= this.#lastMissedCallerId
    )
  }

  /** What to write for a fact about a call. Assigns a row id if the call has none; removes the call when it has ended. */
  call(
    call: CallRecord,
    { at, ...state }: Pick<CallWrite, 'ended' | 'node' | 'missedCaller'> & { readonly at: number },
  ): CallWrite {
    const row = this.#calls.get(call.channelId) ?? this.#newCall(call.channelId, at)
    if (state.ended) {
      this.#end(call, row)
    }
    return { ...state, id: row.id, createdAt: row.createdAt, updatedAt: at, call }
  }

  /** What to write for a fact about a leg; undefined if its call is not open. */
  leg(leg: LegRecord, started: boolean): LegWrite | undefined {
    const owner = this.#calls.get(leg.callId)
    if (owner === undefined) {
      return undefined
    }
    const known = this.#legs.get(leg.id)
    // A channel that is dialed again after its leg ended starts another leg.
    const id = known === undefined || (started && !known.open) ? ++this.#lastLegId : known.id
    this.#setLeg(leg.id, { id, owner, open: leg.endedAt === null })
    return { id, callId: owner.id, leg }
  }

  /** What to write for a missed caller. `calls`: those that are written with it; they may have ended, and are not known here any more. */
  missedCaller(caller: MissedCaller, calls: readonly CallWrite[]): MissedCallerWrite {
    this.#lastMissedCallerId = Math.max(this.#lastMissedCallerId, caller.id)
    const { closedBy } = caller
    const written = calls.findLast(({ call }) => call.channelId === closedBy)?.id
    return { caller, closedByCall: closedBy === null ? null : (written ?? this.rowId(closedBy) ?? null) }
  }

  #newCall(channelId: string, at: number): OpenRow {
    this.#lastCallId += 1
    const row: OpenRow = { id: this.#lastCallId, createdAt: at, legs: [] }
    this.#calls.set(channelId, row)
    return row
  }

  #setLeg(key: string, leg: LegRow): void {
    const owner = this.#legs.get(key)?.owner
    this.#legs.set(key, leg)
    if (owner === leg.owner) {
      return
    }
    owner?.legs.splice(owner.legs.indexOf(key), 1)
    leg.owner.legs.push(key)
  }

  #end(call: CallRecord, row: OpenRow): void {
    this.#calls.delete(call.channelId)
    const mergedInto = call.mergedInto === null ? undefined : this.#calls.get(call.mergedInto)
    for (const key of [...row.legs]) {
      const leg = this.#legs.get(key)
      if (mergedInto !== undefined && leg !== undefined) {
        this.#setLeg(key, { ...leg, owner: mergedInto })
      } else {
        this.#legs.delete(key)
      }
    }
  }
}
