// The live calls of one node, and what of them is published.
//
// No I/O. After a new snapshot only what differs is published, so that a reader of the fleet's feed never sees the same call begin
// twice; calls that are not in it any more are told as gone.

import type { FleetActiveCall, FleetChange } from '../http/live/fleetMessage.ts'
import type { LiveChange } from '../http/live/message.ts'

/** The calls that fit into memory, over all nodes. */
export interface Room {
  /** For one more call; false: there is none. */
  takeRoom(): boolean
  giveRoom(calls: number): void
}

export function createRoom(most: number): Room {
  let taken = 0
  return {
    takeRoom() {
      if (taken >= most) {
        return false
      }
      taken += 1
      return true
    },
    giveRoom(calls) {
      taken -= calls
    },
  }
}

export interface NodeCallsDependencies extends Room {
  readonly publish: (make: (seq: number) => FleetChange) => void
}

export interface NodeCalls {
  all(): Iterable<FleetActiveCall>
  size(): number
  /** Whether some had no room. */
  isCut(): boolean
  /** Whether a snapshot has begun, and not all of it is there. */
  isPartial(): boolean
  /** A snapshot begins; what is known stays until all of it is there. */
  begin(): void
  /** The next calls of the snapshot, all of one site. */
  addTold(calls: readonly FleetActiveCall[], more: boolean): void
  put(call: FleetActiveCall, change: LiveChange): void
  /** It ended, which the caller publishes. */
  end(channelId: string): void
  /** None is known any more. */
  clear(): void
}

export function createNodeCalls({ publish, takeRoom, giveRoom }: NodeCallsDependencies): NodeCalls {
  const calls = new Map<string, FleetActiveCall>()
  // The calls that were told since the snapshot began; null once all of it is there.
  let told: Set<string> | null = null
  let isCut = false

  const put = (call: FleetActiveCall, change: LiveChange): void => {
    told?.add(call.channel_id)
    if (!calls.has(call.channel_id) && !takeRoom()) {
      isCut = true
      return
    }
    calls.set(call.channel_id, call)
    publish((seq) => ({ type: 'call', seq, change, call }))
  }
  const remove = (isGone: (id: string) => boolean): void => {
    const gone = [...calls.values()].filter((call) => isGone(call.channel_id))
    const [first] = gone
    if (first === undefined) {
      return
    }
    const ids = gone.map((call) => call.channel_id)
    for (const id of ids) {
      calls.delete(id)
    }
    giveRoom(ids.length)
    publish((seq) => ({ type: 'gone', seq, site: first.site, channel_ids: ids }))
  }

  return {
    all: () => calls.values(),
    size: () => calls.size,
    isCut: () => isCut,
    isPartial: () => told !== null,
    begin() {
      told = new Set()
      isCut = false
    },
    addTold(some, more) {
      for (const call of some) {
        told?.add(call.channel_id)
        if (JSON.stringify(calls.get(call.channel_id)) !== JSON.stringify(call)) {
          put(call, 'changed')
        }
      }
      if (!more) {
        remove((id) => told?.has(id) === false)
        told = null
      }
    },
    put,
    end(channelId) {
      giveRoom(calls.delete(channelId) ? 1 : 0)
    },
    clear() {
      told = null
      isCut = false
      remove(() => true)
    },
  }
}
