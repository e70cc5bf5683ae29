// Transfers: which call continues, and which channels of the transferer no longer belong to it.
//
// A transfer may be reported more than once, and counts once. Source: BridgeBlindTransfer, BridgeAttendedTransfer; recorded traffic.

import type { PbxEvent } from '../event.ts'
import { currentQueueWait, type OpenCall } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import { find, type PbxState } from '../model/pbxState.ts'
import { mergeCalls, mergeInto } from './merge.ts'

type Of<T extends PbxEvent['type']> = Extract<PbxEvent, { type: T }>

/** The transferee's call continues; the transferer's channel has left it. */
export function onBlindTransfer(pbx: PbxState, event: Of<'BlindTransferred'>): void {
  const transferer = find(pbx, event.transferer)
  if (transferer === null) {
    return
  }
  countTransfer(pbx, transferer.call, `blind ${transferer.id}`)
  transferer.transferredAway = true
}

/** The transferee's call continues, also in a queue; both channels of the transferer have left it. */
export function onAttendedTransfer(pbx: PbxState, event: Of<'AttendedTransferred'>): void {
  const { at, firstLeg, secondLeg, transferee, target } = event
  const snapshots = [transferee, firstLeg, secondLeg, target].flatMap((snapshot) => snapshot ?? [])
  const channels = snapshots.flatMap((snapshot) => find(pbx, snapshot) ?? [])
  const [first, ...others] = channels
  if (first === undefined) {
    return
  }
  let { call } = first
  // If there is a transferee, the first call is the transferee's: it survives even if another is older.
  for (const other of others) {
    call =
      transferee === undefined
        ? mergeCalls(pbx, call, other.call, at)
        : mergeInto(pbx, { into: call, from: other.call }, at)
  }
  continueQueueWait(call, channels)
  countTransfer(pbx, call, `attended ${firstLeg.id} ${secondLeg.id}`)
  for (const channel of channels) {
    if (channel.id === firstLeg.id || channel.id === secondLeg.id) {
      channel.transferredAway = true
    }
  }
}

// Asterisk puts the transferee into the place of the leg that waits in a queue.
function continueQueueWait(call: OpenCall, [transferee, ...legs]: readonly Channel[]): void {
  const wait = currentQueueWait(call)
  if (wait !== null && transferee !== undefined && legs.some((leg) => leg.id === wait.channelId)) {
    wait.channelId = transferee.id
  }
}

function countTransfer(pbx: PbxState, call: OpenCall, key: string): void {
  pbx.changedCalls.add(call)
  if (call.transferKeys?.has(key)) {
    return
  }
  call.transferKeys ??= new Set()
  call.transferKeys.add(key)
  call.transfers += 1
  // The hangup of the transferer ended nothing.
  call.hungUpBy = null
  call.attendedTransferPending = false
}
