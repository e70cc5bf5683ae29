// The state that the messages of the live websocket describe: active calls, connection to Asterisk, counters, position.
//
// No I/O. A message that does not follow the one before is not applied: the caller must then reconnect.

import type { ActiveCall } from '../../../query/schema.ts'
import type { Counters, LiveMessage, PbxStatus } from '../../live/message.ts'

/** `duplicate`: applied before; `gap`: a message in between is missing. */
export type ApplyResult = 'applied' | 'duplicate' | 'gap'

export interface LiveState {
  apply(message: LiveMessage): ApplyResult
  readonly calls: ReadonlyMap<string, ActiveCall>
  pbx(): PbxStatus | null
  counters(): Counters | null
  /** `?since=…&epoch=…` to resume from here; empty if that is not possible. */
  position(): string
  /** Drops the position, so that the next connection begins with a snapshot. */
  requestSnapshot(): void
}

export function createLiveState(): LiveState {
  const calls = new Map<string, ActiveCall>()
  let epoch: string | null = null
  // A client that was disconnected before all calls of the snapshot arrived cannot resume.
  let isComplete = false
  let seq = 0
  let pbx: PbxStatus | null = null
  let counters: Counters | null = null

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
  return {
    calls,
    pbx: () => pbx,
    counters: () => counters,
    position: () => (epoch === null || !isComplete ? '' : `?since=${seq}&epoch=${encodeURIComponent(epoch)}`),
    requestSnapshot() {
      epoch = null
    },
    apply(message) {
      switch (message.type) {
        case 'snapshot': {
          epoch = message.epoch
          seq = message.seq
          pbx = message.pbx
          counters = message.figures
          isComplete = !message.more
          calls.clear()
          for (const call of message.calls) {
            calls.set(call.channel_id, call)
          }
          return 'applied'
        }
        case 'calls': {
          isComplete = !message.more
          for (const call of message.calls) {
            calls.set(call.channel_id, call)
          }
          return 'applied'
        }
        case 'resumed': {
          return message.epoch === epoch ? 'applied' : 'gap'
        }
        case 'call': {
          return applyChange(message.seq, () => calls.set(message.call.channel_id, message.call))
        }
        case 'ended': {
          return applyChange(message.seq, () => calls.delete(message.call.channel_id))
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
        case 'figures': {
          counters = message.figures
          return 'applied'
        }
      }
    },
  }
}
