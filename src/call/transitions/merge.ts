// How channels and calls become one call: a dial, a Local pair, a bridge, a transfer, a pickup.
//
// A forming call (a channel that waits to learn whose leg it is) is simply taken in. Of two live calls one survives
// and the other ends as `merged`: the older one goes on, except that a leg which an application called on its own
// always gives way to a call that somebody made, and that in a transfer the transferee's call goes on. Who is older is told by
// the order in which their first channels became known, never by a clock.

import { type Call, fileLeg, type Leg, takeOutLegs } from '../model/call.ts'
import type { World } from '../model/pbxState.ts'
import { becomeTarget } from './dial.ts'
import { endMerged } from './lifecycle.ts'

/** Makes one call of two; returns the one that goes on. Calls that have ended stay as they are. */
export function join(world: World, one: Call, other: Call, at: number): Call {
  const into = survivor(one, other)
  return merge(world, { into, from: into === one ? other : one }, at)
}

/** Makes one call of two, of which `into` goes on unless only the other is live; returns the one that goes on. */
export function merge(world: World, { into, from }: { readonly into: Call; readonly from: Call }, at: number): Call {
  if (into === from || from.stage === 'ended') return into
  if (into.stage === 'ended') return from
  if (into.stage === 'forming' && from.stage === 'live') return merge(world, { into: from, from: into }, at)
  takeChannels(world, into, from)
  takeLegs(world, into, from)
  takeStory(into, from)
  // Told in this order: the legs have moved before the call that had them ends.
  world.touched.delete(from)
  world.touched.add(into)
  if (from.stage === 'live') endMerged(world, from, into, at)
  return into
}

function survivor(one: Call, other: Call): Call {
  if (one.stage !== other.stage) return one.stage === 'live' ? one : other
  if (one.stage === 'forming') return one
  if (one.isTransferred !== other.isTransferred) return one.isTransferred ? one : other
  const aloneOne = isLoneLeg(one)
  if (aloneOne !== isLoneLeg(other)) return aloneOne ? other : one
  return isOlder(one, other) ? one : other
}

/** An originated call that has offered itself to nobody yet. */
export function isLoneLeg(call: Call): boolean {
  return call.originated && call.stays.length === 0 && ![...call.legs.values()].some((leg) => leg.role === 'callee')
}

/** Whose first channel became known first. */
export function isOlder(one: Call, other: Call): boolean {
  return (one.origin?.arrival ?? 0) < (other.origin?.arrival ?? 0)
}

function takeChannels(world: World, into: Call, from: Call): void {
  for (const channel of from.channels) {
    world.seen.add(channel)
    channel.call = into
    into.channels.add(channel)
  }
  from.channels.clear()
}

function takeLegs(world: World, into: Call, from: Call): void {
  const isSecondLeg = from.stage === 'live' && isLoneLeg(from)
  for (const leg of from.legs.values()) {
    leg.answersBefore += into.answers
    fileLeg(into, leg)
    if (into.stage === 'live') adopt(world, into, leg, isSecondLeg)
    leg.due.changed = true
  }
  into.answers += from.answers
  takeOutLegs(from)
}

// To the surviving call, the first leg of an originated one is a target like any other: an application that calls an agent
// and then a customer makes one call to that customer.
function adopt(world: World, into: Call, leg: Leg, isSecondLeg: boolean): void {
  if (leg.plumbing) return
  if (leg.role === 'caller' && (isSecondLeg || !into.originated)) leg.role = 'callee'
  if (leg.role === 'caller') return
  becomeTarget(world, into, leg)
  if (leg.ringingAt !== null && into.ringingAt === null) into.ringingAt = Math.max(leg.ringingAt, into.startedAt)
}

function takeStory(into: Call, from: Call): void {
  if (from.latestAt !== null) into.latestAt = Math.max(into.latestAt ?? from.latestAt, from.latestAt)
  into.voicemail ||= from.voicemail
  if (from.stage === 'forming') into.ringingAt ??= from.ringingAt
  const stay = from.stays.at(-1)
  if (stay !== undefined && stay.outcome === null) into.stays.push({ ...stay })
}
