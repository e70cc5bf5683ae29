// What is wrong with the voice of a channel: the judgement comes from outside, from statistics that were asked for (voice/).
//
// A problem is news once for each channel. What is wrong now is forgotten when the conversation stops or is held: nothing is known then.

import type { PbxEvent } from '../event.ts'
import type { OpenCall } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import type { PbxState } from '../model/pbxState.ts'
import { worstProblem } from '../model/voice.ts'

export function onVoiceJudged(pbx: PbxState, event: Extract<PbxEvent, { type: 'VoiceJudged' }>): void {
  const channel = pbx.channels.get(event.channelId)
  if (channel?.name.kind !== 'party') {
    return
  }
  const { trouble } = event
  if (trouble === null && channel.voice === null) {
    return
  }
  const ever = channel.voice?.ever ?? []
  const isNews = trouble !== null && !ever.includes(trouble.problem)
  channel.voice = { now: trouble, ever: isNews ? [...ever, trouble.problem] : ever }
  const { call } = channel
  if (isNews) {
    const { endpoint } = channel.name
    const trunk = call.roleOf(endpoint) === 'trunk' ? endpoint : null
    call.voiceTroubles = [...call.voiceTroubles, { channelId: channel.id, endpoint, trunk, ...trouble }]
    call.voiceProblem = worstProblem([trouble.problem, call.voiceProblem])
  }
  pbx.changedCalls.add(call)
}

/** The conversation of this channel stopped or is held. */
export function forgetVoice(channel: Channel): void {
  if (channel.voice !== null && channel.voice.now !== null) {
    channel.voice = { ...channel.voice, now: null }
  }
}

/** The same for all channels of a call. */
export function forgetVoices({ channels }: OpenCall): void {
  channels.forEach(forgetVoice)
}
