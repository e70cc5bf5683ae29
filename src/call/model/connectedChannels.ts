// Which channels hear each other: those in the same mixing bridge, directly or through Local channels and further bridges.
//
// A party that has not picked up hears nobody and is not heard, although it may sit in a bridge already.

import type { Bridge, Channel } from './channel.ts'
import { otherHalf, type PbxState } from './pbxState.ts'

/** All channels that a channel is connected with, including itself. */
export interface ConnectedChannels {
  readonly channels: ReadonlySet<Channel>
  /** One of them is in a conference. Being in the same conference connects no channels. */
  readonly conference: boolean
  /** The parties among them that the others hear: those that have picked up. */
  readonly heard: readonly Channel[]
}

export function connectedChannels(pbx: PbxState, channel: Channel): ConnectedChannels {
  const reached = new Set<Channel>([channel])
  const crossed = new Set<Bridge>()
  let conference = false
  for (const one of reached) {
    const { bridge } = one
    if (bridge?.kind === 'conference') {
      conference = true
    } else if (bridge?.kind === 'talk' && !crossed.has(bridge)) {
      crossed.add(bridge)
      for (const member of bridge.members) {
        reached.add(member)
      }
    }
    const half = otherHalf(pbx, one)
    if (half !== null) {
      reached.add(half)
    }
  }
  const heard = [...reached].filter((one) => one.name.kind === 'party' && one.upAt !== null)
  return { channels: reached, conference, heard }
}

/** The parties among connected channels. */
export function parties({ channels }: ConnectedChannels): Channel[] {
  return [...channels].filter((channel) => channel.name.kind === 'party')
}

/** Whether a party in these connected channels hears another, or is in a conference. */
export function hearsAnyone(channel: Channel, { conference, heard }: ConnectedChannels): boolean {
  return conference || (channel.upAt !== null && heard.length > 1)
}
