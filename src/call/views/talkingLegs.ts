// The legs that are in conversation with another party: those whose voice can be judged.
//
// Not on hold, not in early media, not alone in a conference, not paged: there one side may be silent without any fault.

import type { Call } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import { connectedChannels } from '../model/connectedChannels.ts'
import type { PbxState } from '../model/pbxState.ts'

export interface TalkingLeg {
  readonly channelId: string
  readonly role: 'caller' | 'callee'
  /** Since when the conversation has lasted without hold, by the clock of the PBX (epoch ms). */
  readonly since: number
}

/** All of them. */
export function* talkingLegs(pbx: PbxState): Iterable<TalkingLeg> {
  for (const call of pbx.live) {
    if (!call.talking || call.heldSince !== null) {
      continue
    }
    for (const channel of call.channels) {
      const leg = legOf(pbx, channel)
      if (leg !== null) {
        yield leg
      }
    }
  }
}

/** The leg of this channel; null if it is not one of them. */
export function talkingLeg(pbx: PbxState, channelId: string): TalkingLeg | null {
  const channel = pbx.channels.get(channelId)
  return channel === undefined || channel.call.heldSince !== null ? null : legOf(pbx, channel)
}

function legOf(pbx: PbxState, channel: Channel): TalkingLeg | null {
  const { call, talkingSince } = channel
  if (talkingSince === null || channel.upAt === null || channel.name.kind !== 'party' || !hearsAParty(pbx, channel)) {
    return null
  }
  const role = call.legs.get(channel.id)?.role ?? 'caller'
  const since = Math.max(talkingSince, channel.upAt, lastHoldChange(call)) - call.aheadMs
  return role === 'paged' ? null : { channelId: channel.id, role, since }
}

function lastHoldChange({ channels }: Call): number {
  let last = 0
  for (const { heldChangedAt } of channels) {
    last = Math.max(last, heldChangedAt)
  }
  return last
}

// A conversation of two parties is the usual case, and costs least.
function hearsAParty(pbx: PbxState, channel: Channel): boolean {
  if (channel.bridge?.kind === 'talk') {
    for (const one of channel.bridge.members) {
      if (one !== channel && isHeard(one)) {
        return true
      }
    }
  }
  const { channels, heard } = connectedChannels(pbx, channel)
  return heard.length > 1 || [...channels].some(isInCompany)
}

function isHeard({ name, upAt }: Channel): boolean {
  return name.kind === 'party' && upAt !== null
}

function isInCompany({ bridge }: Channel): boolean {
  return bridge?.kind === 'conference' && bridge.members.size > 1
}
