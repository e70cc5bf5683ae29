// How two calls become one: after a dial, in a bridge, by a transfer or a pickup.
//
// A forming call is absorbed without any fact. Of two live calls one survives and the other ends as `merged`. The older survives, with
// two exceptions: the first leg of an originated call never does, and in a transfer the transferee's call does. The older call is the
// one whose first channel became known first; clocks do not matter.

import { addLeg, type LiveCall, type OpenCall, removeLegs } from '../model/call.ts'
import type { Leg } from '../model/leg.ts'
import type { PbxState } from '../model/pbxState.ts'
import { worstProblem } from '../model/voice.ts'
import { becomeTarget } from './dial.ts'
import { endMerged } from './lifecycle.ts'

/** Merges two calls; returns the one that survives. */
export function mergeCalls(pbx: PbxState, one: OpenCall, other: OpenCall, at: number): OpenCall {
  const into = survivor(one, other)
  return mergeInto(pbx, { into, from: into === one ? other : one }, at)
}

interface Merge {
  readonly into: OpenCall
  readonly from: OpenCall
}

/** Merges two calls, of which `into` survives unless only the other is live; returns the one that survives. */
export function mergeInto(pbx: PbxState, { into, from }: Merge, at: number): OpenCall {
  if (into === from) {
    return into
  }
  if (into.stage === 'forming' && from.stage === 'live') {
    return mergeInto(pbx, { into: from, from: into }, at)
  }
  moveChannels(pbx, into, from)
  moveLegs(pbx, into, from)
  mergeHistory(into, from)
  // The legs are reported in the surviving call before the other call ends.
  pbx.changedCalls.delete(from)
  pbx.changedCalls.add(into)
  if (from.stage === 'live' && into.stage === 'live') {
    endMerged(pbx, from, into, at)
  }
  return into
}

function survivor(one: OpenCall, other: OpenCall): OpenCall {
  if (one.stage === 'forming') {
    return other.stage === 'live' ? other : one
  }
  if (other.stage === 'forming') {
    return one
  }
  if (one.attendedTransferPending !== other.attendedTransferPending) {
    return one.attendedTransferPending ? one : other
  }
  const isOneLone = isLoneLeg(one)
  if (isOneLone !== isLoneLeg(other)) {
    return isOneLone ? other : one
  }
  return isOlder(one, other) ? one : other
}

/** An originated call that has tried nobody yet. */
export function isLoneLeg(call: LiveCall): boolean {
  return (
    call.originated && call.queueWaits.length === 0 && ![...call.legs.values()].some((leg) => leg.role === 'callee')
  )
}

/** Whether its first channel became known first. */
export function isOlder(one: LiveCall, other: LiveCall): boolean {
  return one.origin.arrival < other.origin.arrival
}

function moveChannels(pbx: PbxState, into: OpenCall, from: OpenCall): void {
  for (const channel of from.channels) {
    pbx.changedChannels.add(channel)
    channel.call = into
    into.channels.add(channel)
  }
  from.channels.clear()
}

function moveLegs(pbx: PbxState, into: OpenCall, from: OpenCall): void {
  const isSecondLeg = from.stage === 'live' && isLoneLeg(from)
  for (const leg of from.legs.values()) {
    leg.answersBefore += into.answers
    addLeg(into, leg)
    if (into.stage === 'live') {
      attachLeg(pbx, into, leg, isSecondLeg)
    }
  }
  into.answers += from.answers
  removeLegs(from)
}

// To the surviving call the first leg of an originated one is a target like any other: an application that calls an agent and then
// a customer makes one call to that customer.
function attachLeg(pbx: PbxState, into: LiveCall, leg: Leg, isSecondLeg: boolean): void {
  if (leg.isLocal) {
    return
  }
  if (leg.role === 'caller' && (isSecondLeg || !into.originated)) {
    leg.role = 'callee'
  }
  if (leg.role === 'caller') {
    return
  }
  becomeTarget(pbx, into, leg)
  if (leg.ringingAt !== null && into.ringingAt === null) {
    into.ringingAt = Math.max(leg.ringingAt, into.startedAt)
  }
}

function mergeHistory(into: OpenCall, from: OpenCall): void {
  if (from.latestAt !== null) {
    into.latestAt = Math.max(into.latestAt ?? from.latestAt, from.latestAt)
  }
  into.voicemail ||= from.voicemail
  into.voiceProblem = worstProblem([into.voiceProblem, from.voiceProblem])
  into.recording ??= from.recording
  if (from.stage === 'forming') {
    into.ringingAt ??= from.ringingAt
  } else if (into.stage === 'live') {
    into.destination ??= from.destination
  }
  const wait = from.queueWaits.at(-1)
  if (wait !== undefined && wait.outcome === null) {
    into.queueWaits.push({ ...wait })
  }
}
