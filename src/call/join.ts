// How channels and calls become one call: a dial, a Local pair, a bridge, a transfer, a pickup.
//
// A forming call (a channel that waits to learn whose leg it is) is simply taken in. Of two live calls one survives
// and the other ends as `merged`: the older one goes on, except that a leg which an application called on its own
// always gives way to a call that somebody made.

import type { Call, Leg } from './call.ts'
import { endMerged } from './ending.ts'
import { aim } from './leg.ts'
import type { World } from './world.ts'

/** Makes one call of two; returns the one that goes on. Calls that have ended stay as they are. */
export function join(world: World, one: Call, other: Call, at: number): Call {
  if (one === other || other.stage === 'ended') return one
  if (one.stage === 'ended') return other
  const into = survivor(one, other)
  const from = into === one ? other : one
  takeChannels(into, from)
  takeLegs(world, into, from)
  takeStory(into, from)
  world.touched.add(into)
  if (from.stage === 'live') endMerged(world, from, into, at)
  return into
}

function survivor(one: Call, other: Call): Call {
  if (one.stage !== other.stage) return one.stage === 'live' ? one : other
  if (one.stage === 'forming') return one
  const aloneOne = isLoneLeg(one)
  if (aloneOne !== isLoneLeg(other)) return aloneOne ? other : one
  return isOlder(one, other) ? one : other
}

// An originated call that has offered itself to nobody yet.
function isLoneLeg(call: Call): boolean {
  return call.originated && call.stays.length === 0 && ![...call.legs.values()].some((leg) => leg.role === 'callee')
}

function isOlder(one: Call, other: Call): boolean {
  if (one.startedAt !== other.startedAt) return one.startedAt < other.startedAt
  return one.id.length === other.id.length ? one.id < other.id : one.id.length < other.id.length
}

function takeChannels(into: Call, from: Call): void {
  for (const channel of from.channels) {
    channel.call = into
    into.channels.add(channel)
  }
  from.channels.clear()
}

function takeLegs(world: World, into: Call, from: Call): void {
  for (const leg of from.legs.values()) {
    into.legs.set(leg.id, leg)
    if (into.stage === 'live') adopt(world, into, leg)
    leg.due.changed = true
  }
  from.legs.clear()
}

// To the surviving call, the first leg of an originated one is a target like any other.
function adopt(world: World, into: Call, leg: Leg): void {
  if (leg.plumbing) return
  if (!into.originated) leg.role = 'callee'
  if (leg.role === 'caller') return
  aim(world, into, leg.endpoint)
  if (leg.ringingAt !== null && into.ringingAt === null) into.ringingAt = Math.max(leg.ringingAt, into.startedAt)
}

function takeStory(into: Call, from: Call): void {
  into.voicemail ||= from.voicemail
  if (from.stage === 'forming') into.ringingAt ??= from.ringingAt
  const stay = from.stays.at(-1)
  if (stay !== undefined && stay.outcome === null) into.stays.push({ ...stay })
}
