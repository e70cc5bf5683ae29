// The state that the messages of the live websocket describe: active calls, connection to Asterisk or to the nodes of a fleet, counters, position.
//
// No I/O. A message that does not follow the one before is not applied: the caller must then reconnect.

import type { FleetCounters, NodeEntry } from '../../live/fleetMessage.ts'
import type { Counters, PbxStatus } from '../../live/message.ts'
import { type AnyMessage, type LiveCall, liveKeyOf } from './entries.ts'

/** `duplicate`: applied before; `gap`: a message in between is missing. */
export type ApplyResult = 'applied' | 'duplicate' | 'gap'

export interface LiveState {
  apply(message: AnyMessage): ApplyResult
  /** By their keys (entries.ts). */
  readonly calls: ReadonlyMap<string, LiveCall>
  /** Null while it is not known, and in a fleet. */
  pbx(): PbxStatus | null
  /** Null while they are not known, and outside of a fleet. */
  nodes(): readonly NodeEntry[] | null
  counters(): Counters | FleetCounters | null
  /** `?since=…&epoch=…` to resume from here; empty if that is not possible. */
  position(): string
  /** Drops the position, so that the next connection begins with a snapshot. */
  requestSnapshot(): void
}

export function createLiveState(): LiveState {
  const calls = new Map<string, LiveCall>()
  let epoch: string | null = null
  // A client that was disconnected before all calls of the snapshot arrived cannot resume.
  let isComplete = false
  let seq = 0
  let pbx: PbxStatus | null = null
  let nodes: ReadonlyMap<string, NodeEntry> | null = null
  let counters: Counters | FleetCounters | null = null

  const applyChange = (next: number, change: () => void): ApplyResult => {
    if (next <= seq) {
      return 'duplicate'
    }
    if (next !== seq + 1) {
      return 'gap'
    }
    seq = next
    change()
    return 'applied'
  }
  const add = (all: readonly LiveCall[]): void => {
    for (const call of all) {
      calls.set(liveKeyOf(call), call)
    }
  }
  const begin = (message: AnyMessage & { type: 'snapshot' }): void => {
    epoch = message.epoch
    seq = message.seq
    counters = message.figures
    isComplete = !message.more
    if ('nodes' in message) {
      nodes = new Map(message.nodes.map((node) => [node.url, node]))
    } else {
      pbx = message.pbx
    }
    calls.clear()
    add(message.calls)
  }
  return {
    calls,
    pbx: () => pbx,
    nodes: () => nodes && [...nodes.values()],
    counters: () => counters,
    position: () => (epoch === null || !isComplete ? '' : `?since=${seq}&epoch=${encodeURIComponent(epoch)}`),
    requestSnapshot() {
      epoch = null
    },
    apply(message) {
      switch (message.type) {
        case 'snapshot': {
          begin(message)
          return 'applied'
        }
        case 'calls': {
          isComplete = !message.more
          add(message.calls)
          return 'applied'
        }
        case 'resumed': {
          return message.epoch === epoch ? 'applied' : 'gap'
        }
        case 'call': {
          return applyChange(message.seq, () => add([message.call]))
        }
        case 'ended': {
          return applyChange(message.seq, () => calls.delete(liveKeyOf(message.call)))
        }
        case 'gone': {
          return applyChange(message.seq, () => {
            for (const channel_id of message.channel_ids) {
              calls.delete(liveKeyOf({ site: message.site, channel_id }))
            }
          })
        }
        case 'missed_caller':
        case 'agent': {
          return applyChange(message.seq, () => undefined)
        }
        case 'pbx': {
          return applyChange(message.seq, () => {
            pbx = message.pbx
          })
        }
        case 'node': {
          return applyChange(message.seq, () => {
            nodes = new Map(nodes ?? []).set(message.node.url, message.node)
          })
        }
        case 'figures': {
          counters = message.figures
          return 'applied'
        }
      }
    },
  }
}
