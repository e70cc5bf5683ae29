// The order of events: within one connection it is the order of their arrival, and not what their clocks say.
//
// A frame that comes twice is taken once. The time of a call never runs backwards: where the PBX's clock was set back in
// mid-call, the call goes on from its latest instant, so that no step looks older than one before it.

import type { ChannelEvent } from '../event.ts'
import type { Call } from './call.ts'
import type { World } from './pbxState.ts'

/** Asterisk tells of one instant in several threads: events that are so little late keep the clock as it is. */
const LATENESS_MS = 250

/** A frame that comes again does so while the events of this many other milliseconds come. */
const REMEMBERED_INSTANTS = 1024

/** So many events of one millisecond are remembered: thousands of calls may end in one, and a clock may stand still. */
const REMEMBERED_OF_AN_INSTANT = 256

/** True when the same event was taken a moment ago. Remembers it. */
export function isRepeated(world: World, event: ChannelEvent): boolean {
  const { recent } = world
  const sameInstant = recent.get(event.at)
  if (sameInstant !== undefined) {
    if (sameInstant.some((one) => isSame(one, event))) return true
    sameInstant.push(event)
    if (sameInstant.length > REMEMBERED_OF_AN_INSTANT) sameInstant.shift()
    return false
  }
  recent.set(event.at, [event])
  if (recent.size > REMEMBERED_INSTANTS) forgetOldest(recent)
  return false
}

function forgetOldest(recent: Map<number, unknown>): void {
  const [oldest] = recent.keys()
  if (oldest !== undefined) recent.delete(oldest)
}

/** The event on the time line of the calls that it tells of. */
export function onCallTime<T extends ChannelEvent>(world: World, event: T): T {
  const ids = channelIdsOf(event)
  let at = Number.NEGATIVE_INFINITY
  for (const id of ids) {
    const call = world.channels.get(id)?.call
    if (call !== undefined) at = Math.max(at, timeIn(call, event.at))
  }
  if (at === Number.NEGATIVE_INFINITY) return event
  for (const id of ids) {
    const call = world.channels.get(id)?.call
    if (call !== undefined) call.latestAt = at
  }
  return at === event.at ? event : { ...event, at }
}

/** The PBX's clock was set by so many ms (back when negative): calls that live go on in the time they began in. */
export function clockStepped(world: World, byMs: number): void {
  for (const call of world.live) call.aheadMs -= byMs
}

function timeIn(call: Call, at: number): number {
  if (call.latestAt === null) return at
  if (at + call.aheadMs < call.latestAt - LATENESS_MS) call.aheadMs = call.latestAt - at
  return Math.max(call.latestAt, at + call.aheadMs)
}

function channelIdsOf(event: ChannelEvent): readonly string[] {
  switch (event.type) {
    case 'Dialed':
      return event.caller === undefined ? [event.peer.id] : [event.caller.id, event.peer.id]
    case 'BridgeEntered':
      // Whoever enters a conference meets no other call there.
      return event.bridge.kind === 'talk' ? [event.channel.id, ...event.bridge.channels] : [event.channel.id]
    case 'BridgeDestroyed':
      return event.bridge.channels
    case 'BlindTransferred':
      return [event.transferer.id]
    case 'AttendedTransferred':
      return [event.firstLeg.id, event.secondLeg.id]
    default:
      return [event.channel.id]
  }
}

// Both of one millisecond.
function isSame(one: ChannelEvent, other: ChannelEvent): boolean {
  return one.type === other.type && (one === other || detailOf(one) === detailOf(other))
}

function detailOf(event: ChannelEvent): string {
  switch (event.type) {
    case 'ChannelCreated':
    case 'ChannelDestroyed':
    case 'Held':
    case 'Unheld':
      return event.channel.id
    case 'ChannelStateChanged':
      return `${event.channel.id} ${event.channel.state}`
    case 'ApplicationEntered':
      return `${event.channel.id} ${event.channel.exten} ${event.channel.app} ${event.channel.appData}`
    case 'VariableSet':
      return `${event.channel.id} ${event.variable} ${event.value}`
    case 'Dialed':
      return `${event.caller?.id ?? ''} ${event.peer.id} ${event.status}`
    case 'HangupRequested':
      return `${event.channel.id} ${event.soft} ${event.cause ?? ''}`
    case 'BridgeEntered':
    case 'BridgeLeft':
      return `${event.channel.id} ${event.bridge.id}`
    case 'BridgeDestroyed':
      return event.bridge.id
    case 'BlindTransferred':
      return event.transferer.id
    case 'AttendedTransferred':
      return `${event.firstLeg.id} ${event.secondLeg.id}`
  }
}
