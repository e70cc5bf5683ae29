// When a call is answered. This is the only place that decides it.
//
// A call is answered at the first moment at which one of these is true:
// 1. The caller's channel hears another party, in a bridge or through Local channels (model/connectedChannels.ts).
// 2. The caller's channel enters a conference.
// 3. The call was originated and tried nobody: it ends, and its first leg had picked up. The time is that of the pick-up.
// Nothing else is an answer: neither a dial's ANSWER, nor a channel that is Up, nor the PBX itself that answers the caller.

import type { LiveCall } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import { type ConnectedChannels, hearsAnyone } from '../model/connectedChannels.ts'

/** Ways 1 and 2: the channels that a channel of the call is connected with have changed. */
export function answerIfCallerHears(call: LiveCall, channel: Channel, connected: ConnectedChannels, at: number): void {
  if (call.answeredAt !== null || channel !== call.caller || !hearsAnyone(channel, connected)) {
    return
  }
  const others = connected.heard.filter((party) => party !== call.caller)
  call.answeredAt = Math.max(at, call.startedAt)
  // A conference does not count as an answer elsewhere: phones that ring are not affected.
  if (!connected.conference) {
    call.answers += 1
  }
  call.answeredBy = connected.conference ? [] : [...new Set(others.map((party) => party.name.endpoint))]
}

/** Way 3: the call ends. */
export function answerOriginatedLeg(call: LiveCall, endedAt: number): void {
  if (!call.originated || call.answeredAt !== null || call.caller === null || call.queueWaits.length > 0) {
    return
  }
  const legs = [...call.legs.values()].filter((leg) => !leg.isLocal)
  const own = legs.find((leg) => leg.channel === call.caller)
  if (own?.answeredAt == null || legs.length > 1) {
    return
  }
  call.answeredAt = Math.max(own.answeredAt, call.startedAt)
  call.answeredBy = [own.endpoint]
  call.talkEndedAt = Math.max(endedAt, call.answeredAt)
}
