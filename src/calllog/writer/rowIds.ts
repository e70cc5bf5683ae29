// Which row each open call and leg has. Row ids are given out here, on the main thread, so that a log line can name
// the row at once; the database only confirms them.
//
// Pure. Ids only rise, over restarts too. A call is forgotten when it ends, and its legs with it, unless the call it was
// merged into lives on and keeps them.

import type { CallRecord, LegRecord } from '../../call/fact.ts'
import type { SavedState } from './protocol.ts'
import type { CallWrite, LegWrite } from './recordToRow.ts'

interface OpenRow {
  readonly id: number
  readonly createdAt: number
  readonly legs: string[]
}

interface LegPlace {
  readonly id: number
  readonly owner: OpenRow
  readonly open: boolean
}

/** The rows of what is open. */
export class RowIds {
  readonly #calls = new Map<string, OpenRow>()
  readonly #legs = new Map<string, LegPlace>()
  #lastCallId: number
  #lastLegId: number

  constructor(saved: SavedState) {
    this.#lastCallId = saved.lastCallId
    this.#lastLegId = saved.lastLegId
    for (const { id, call, legIds } of saved.open) {
      const row: OpenRow = { id, createdAt: call.startedAt, legs: [] }
      this.#calls.set(call.channelId, row)
      for (const [index, legId] of legIds.entries()) {
        const key = call.legs[index]?.channelId
        if (key !== undefined) {
          this.#place(key, { id: legId, owner: row, open: true })
        }
      }
    }
  }

  /** Row of an open call; undefined when there is no such call, or it has ended. */
  rowId(channelId: string): number | undefined {
    return this.#calls.get(channelId)?.id
  }

  /** True when every row of a file that tells this can have been given out here, so that none would be overwritten. */
  covers(saved: SavedState): boolean {
    return saved.lastCallId <= this.#lastCallId && saved.lastLegId <= this.#lastLegId
  }

  /** What to write for a fact about a call; gives it a row if it has none, and forgets it when it has ended. */
  call(call: CallRecord, { at, ...told }: Pick<CallWrite, 'ended' | 'node'> & { readonly at: number }): CallWrite {
    const row = this.#calls.get(call.channelId) ?? this.#newCall(call.channelId, at)
    if (told.ended) {
      this.#end(call, row)
    }
    return { ...told, id: row.id, createdAt: row.createdAt, updatedAt: at, call }
  }

  /** What to write for a fact about a leg; undefined when its call is not open. */
  leg(leg: LegRecord, started: boolean): LegWrite | undefined {
    const owner = this.#calls.get(leg.callId)
    if (owner === undefined) {
      return undefined
    }
    const known = this.#legs.get(leg.id)
    // A channel that is dialed a second time, after its first leg ended, is another leg.
    const id = known === undefined || (started && !known.open) ? ++this.#lastLegId : known.id
    this.#place(leg.id, { id, owner, open: leg.endedAt === null })
    return { id, callId: owner.id, leg }
  }

  #newCall(channelId: string, at: number): OpenRow {
    this.#lastCallId += 1
    const row: OpenRow = { id: this.#lastCallId, createdAt: at, legs: [] }
    this.#calls.set(channelId, row)
    return row
  }

  #place(key: string, place: LegPlace): void {
    const owner = this.#legs.get(key)?.owner
    this.#legs.set(key, place)
    if (owner === place.owner) {
      return
    }
    owner?.legs.splice(owner.legs.indexOf(key), 1)
    place.owner.legs.push(key)
  }

  #end(call: CallRecord, row: OpenRow): void {
    this.#calls.delete(call.channelId)
    const heir = call.mergedInto === null ? undefined : this.#calls.get(call.mergedInto)
    for (const key of [...row.legs]) {
      const place = this.#legs.get(key)
      if (heir !== undefined && place !== undefined) {
        this.#place(key, { ...place, owner: heir })
      } else {
        this.#legs.delete(key)
      }
    }
  }
}
