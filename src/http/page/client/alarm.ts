// When the wall calls for somebody: a caller was missed, or one has waited too long in a queue. Once for each of them. No I/O.

import { type AnyMessage, type LiveCall, liveKeyOf } from './entries.ts'
import { waitsSince } from './liveOrder.ts'

export interface Alarm {
  /** A message of the feed; true: a caller was missed just now. */
  apply(message: AnyMessage): boolean
  /** What waits now; true: one of them has waited too long since the last time. `now`: the server's time, epoch ms. */
  look(calls: Iterable<LiveCall>, now: number): boolean
}

export function createAlarm(lateSeconds: number): Alarm {
  let late = new Set<string>()
  // Who was late when the page was opened is no news.
  let isFirst = true
  return {
    apply: (message) => message.type === 'missed_caller' && message.change === 'opened',
    look(calls, now) {
      const before = late
      late = new Set()
      let isNew = false
      for (const call of calls) {
        if (call.state === 'queued' && now - waitsSince(call) >= lateSeconds * 1000) {
          const key = liveKeyOf(call)
          late.add(key)
          isNew ||= !before.has(key)
        }
      }
      const isNews = isNew && !isFirst
      isFirst = false
      return isNews
    },
  }
}
