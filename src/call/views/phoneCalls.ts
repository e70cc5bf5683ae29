// Whom a phone talks with, or who makes it ring.
//
// The party that it hears. While it hears nobody, or several: whoever began the call, or for that phone itself, what it dialed.

import type { Channel } from '../model/channel.ts'
import { connectedChannels } from '../model/connectedChannels.ts'
import type { PbxState } from '../model/pbxState.ts'

export interface PhoneCall {
  /** `channelId` of the call. */
  readonly callId: string
  /** Of the other party; empty if it is not known. */
  readonly number: string
  readonly name: string
  /** When the phone began to ring or to dial, or answered (epoch ms, by the clock of the PBX). */
  readonly since: number
}

/** `channelIds`: of the phone. Of several calls, the latest that it does not hold. */
export function phoneCall(pbx: PbxState, channelIds: Iterable<string>): PhoneCall | null {
  const channels = [...channelIds].flatMap((id) => pbx.channels.get(id) ?? []).reverse()
  const channel = channels.find(({ held }) => !held) ?? channels[0]
  if (channel === undefined || channel.call.stage !== 'live') {
    return null
  }
  const { call } = channel
  const answeredAt = call.legs.get(channel.id)?.answeredAt ?? null
  const since = answeredAt === null ? channel.createdAt : answeredAt - call.aheadMs
  return { callId: call.id, ...partnerOf(pbx, channel), since }
}

const NOBODY = { number: '', name: '' }

function partnerOf(pbx: PbxState, channel: Channel): Pick<PhoneCall, 'number' | 'name'> {
  const { call } = channel
  if (call.stage !== 'live') {
    return NOBODY
  }
  const others = connectedChannels(pbx, channel).heard.filter((one) => one !== channel)
  const [other] = others
  const caller = { number: call.callerNumber, name: call.callerName }
  const callee = { number: call.callee, name: '' }
  if (other === undefined || others.length > 1) {
    return call.caller === channel ? callee : caller
  }
  if (other === call.caller) {
    return caller
  }
  if (other.name.kind === 'party' && call.roleOf(other.name.endpoint) === 'phone') {
    return { number: other.name.endpoint, name: '' }
  }
  return call.legs.has(other.id) ? callee : NOBODY
}
