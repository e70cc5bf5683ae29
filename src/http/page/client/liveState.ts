// What the live socket has told so far: the calls that live, the PBX, the figures, and where we are in the numbering.
//
// Pure. A message that does not follow the one before is not taken in: the line must then be opened anew.

import type { ActiveCall } from '../../../query/schema.ts'
import type { Counters, LiveMessage, PbxStatus } from '../../live/message.ts'

/** `taken`, `double` (heard before), or `gap`: something between was not heard. */
export type ApplyResult = 'taken' | 'double' | 'gap'

export interface LiveState {
  apply(message: LiveMessage): ApplyResult
  readonly calls: ReadonlyMap<string, ActiveCall>
  pbx(): PbxStatus | null
  figures(): Counters | null
  /** `?since=…&epoch=…` to go on from here; empty before anything was heard. */
  position(): string
  /** Forgets where we are, so that the next line begins with a snapshot. */
  requestSnapshot(): void
}

export function createLiveState(): LiveState {
  const calls = new Map<string, ActiveCall>()
  let epoch: string | null = null
  // Whoever was cut off before all calls were told cannot go on from there.
  let isComplete = false
  let seq = 0
  let pbx: PbxStatus | null = null
  let figures: Counters | null = null

  const follow = (next: number, take: () => void): ApplyResult => {
    if (next <= seq) {
      return 'double'
    }
    if (next !== seq + 1) {
      return 'gap'
    }
    seq = next
    take()
    return 'taken'
  }
  return {
    calls,
    pbx: () => pbx,
    figures: () => figures,
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
          figures = message.figures
          isComplete = !message.more
          calls.clear()
          for (const call of message.calls) {
            calls.set(call.channel_id, call)
          }
          return 'taken'
        }
        case 'calls': {
          isComplete = !message.more
          for (const call of message.calls) {
            calls.set(call.channel_id, call)
          }
          return 'taken'
        }
        case 'resumed': {
          return message.epoch === epoch ? 'taken' : 'gap'
        }
        case 'call': {
          return follow(message.seq, () => calls.set(message.call.channel_id, message.call))
        }
        case 'ended': {
          return follow(message.seq, () => calls.delete(message.call.channel_id))
        }
        case 'pbx': {
          return follow(message.seq, () => {
            pbx = message.pbx
          })
        }
        case 'figures': {
          figures = message.figures
          return 'taken'
        }
      }
    },
  }
}
