// Transfers: whose call goes on, and what of it the transferer no longer is a part of.
//
// A transfer is told once or more often, and counts once. Source: BridgeBlindTransfer and BridgeAttendedTransfer; recorded traffic.

import type { PbxEvent } from '../event.ts'
import { type Call, currentStay } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import { find, type World } from '../model/pbxState.ts'
import { join, merge } from './merge.ts'

type Of<T extends PbxEvent['type']> = Extract<PbxEvent, { type: T }>

/** Who was transferred goes on; the transferer is done. */
export function blindTransferred(world: World, event: Of<'BlindTransferred'>): void {
  const transferer = find(world, event.transferer)
  if (transferer === null) return
  transferred(world, transferer.call, `blind ${transferer.id}`)
  transferer.released = true
}

/** The transferee's call goes on, also where it waits in a queue; both legs of the transferer are done. */
export function attendedTransferred(world: World, event: Of<'AttendedTransferred'>): void {
  const { at, firstLeg, secondLeg, transferee, target } = event
  const told = [transferee, firstLeg, secondLeg, target].flatMap((snapshot) => snapshot ?? [])
  const channels = told.flatMap((snapshot) => find(world, snapshot) ?? [])
  const [first, ...others] = channels
  if (first === undefined) return
  let { call } = first
  // The first is the transferee's: that call goes on, whichever is older.
  for (const other of others)
    call =
      transferee === undefined ? join(world, call, other.call, at) : merge(world, { into: call, from: other.call }, at)
  goesOnWaiting(call, channels)
  transferred(world, call, `attended ${firstLeg.id} ${secondLeg.id}`)
  for (const channel of channels) if (channel.id === firstLeg.id || channel.id === secondLeg.id) channel.released = true
}

// Asterisk puts the transferee into the place of the leg that waits in a queue.
function goesOnWaiting(call: Call, [transferee, ...legs]: readonly Channel[]): void {
  const stay = currentStay(call)
  if (stay !== null && transferee !== undefined && legs.some((leg) => leg.id === stay.channelId))
    stay.channelId = transferee.id
}

function transferred(world: World, call: Call, key: string): void {
  world.touched.add(call)
  if (call.transferKeys?.has(key)) return
  call.transferKeys ??= new Set()
  call.transferKeys.add(key)
  call.transfers += 1
  // The transferer's hang-up ended nothing.
  call.hangup = null
  call.isTransferred = false
  call.due.changed = true
}
