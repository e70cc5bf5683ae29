// Talk time and hold: how long the parties of a call hear each other, and how long one of them holds.

import type { OpenCall } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import { type ConnectedChannels, connectedChannels, hearsAnyone } from '../model/connectedChannels.ts'
import type { PbxState } from '../model/pbxState.ts'
import { answerIfCallerHears } from './answer.ts'
import { forgetVoice, forgetVoices } from './voice.ts'

/** Updates talk times, the conversation and the answer of a call after channels entered or left bridges. */
export function updateConversation(pbx: PbxState, call: OpenCall, at: number): void {
  let talking = false
  // All channels of one connection share the result: it is computed once, however many they are.
  const known = new Map<Channel, ConnectedChannels>()
  for (const channel of call.channels) {
    if (channel.name.kind !== 'party') {
      continue
    }
    const connected = channel.bridge === null ? null : (known.get(channel) ?? connectedChannels(pbx, channel))
    if (connected !== null && !known.has(channel)) {
      for (const one of connected.channels) {
        known.set(one, connected)
      }
    }
    const hears = connected !== null && hearsAnyone(channel, connected)
    setTalking(channel, hears, at)
    if (connected === null || !hears) {
      continue
    }
    talking = true
    if (call.stage === 'live') {
      answerIfCallerHears(call, channel, connected, at)
    }
  }
  if (talking === call.talking) {
    return
  }
  call.talking = talking
  call.talkEndedAt = talking ? null : at
  if (talking) {
    call.hungUpBy = null
  }
  updateHold(call, at)
}

/** Starts or ends a channel's time in conversation. */
export function setTalking(channel: Channel, hears: boolean, at: number): void {
  if (hears && channel.talkingSince === null) {
    channel.talkingSince = at
  }
  if (hears || channel.talkingSince === null) {
    return
  }
  channel.talkMs += Math.max(0, at - channel.talkingSince)
  channel.talkingSince = null
  forgetVoice(channel)
}

/** Hold counts while there is a conversation and at least one of its parties holds. */
export function updateHold(call: OpenCall, at: number): void {
  const held = call.talking && [...call.channels].some((channel) => channel.held && channel.talkingSince !== null)
  if (held && call.heldSince === null) {
    call.heldSince = at
    forgetVoices(call)
  }
  if (held || call.heldSince === null) {
    return
  }
  call.holdMs += Math.max(0, at - call.heldSince)
  call.heldSince = null
}
