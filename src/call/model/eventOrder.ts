// The order of events: within one connection it is the order of their arrival, not that of their timestamps.
//
// A repeated event is applied once. The time of a call never runs backwards: when the PBX's clock is set back during a call, the
// call continues from its latest timestamp, so that no event looks older than the one before it.

import type { ChannelEvent } from '../event.ts'
import type { Call } from './call.ts'
import type { PbxState } from './pbxState.ts'

/** Asterisk sends events from several threads: timestamps that go back by no more than this are no clock step. */
const LATENESS_MS = 250

/** For how many different timestamps events are kept at least, to recognise repeated ones; at most twice as many. */
const REMEMBERED_INSTANTS = 1024

/** How many events of one timestamp are kept: thousands of calls may end in one millisecond. */
const REMEMBERED_OF_AN_INSTANT = 256

/** What tells an applied event from others of its millisecond. The event itself is not kept: that would keep its snapshots in memory. */
export interface AppliedEvent {
  readonly type: ChannelEvent['type']
  readonly detail: string
}

/** True if the same event was applied recently; otherwise adds it to the recent ones. */
export function isRepeated(pbx: PbxState, event: ChannelEvent): boolean {
  const applied: AppliedEvent = { type: event.type, detail: detailOf(event) }
  const sameInstant = pbx.recent.get(event.at) ?? pbx.recentBefore.get(event.at)
  if (sameInstant !== undefined) {
    if (sameInstant.some((one) => one.type === applied.type && one.detail === applied.detail)) {
      return true
    }
    sameInstant.push(applied)
    if (sameInstant.length > REMEMBERED_OF_AN_INSTANT) {
      sameInstant.shift()
    }
    return false
  }
  if (pbx.recent.size >= REMEMBERED_INSTANTS) {
    pbx.recentBefore = pbx.recent
    pbx.recent = new Map()
  }
  pbx.recent.set(event.at, [applied])
  return false
}

/** The event with its time moved forward to the latest time of the calls it concerns. */
export function inCallTime<T extends ChannelEvent>(pbx: PbxState, event: T): T {
  const ids = channelIdsOf(event)
  let at = Number.NEGATIVE_INFINITY
  for (const id of ids) {
    const call = pbx.channels.get(id)?.call
    if (call !== undefined) {
      at = Math.max(at, timeIn(call, event.at))
    }
  }
  if (at === Number.NEGATIVE_INFINITY) {
    return event
  }
  for (const id of ids) {
    const call = pbx.channels.get(id)?.call
    if (call !== undefined) {
      call.latestAt = at
    }
  }
  return at === event.at ? event : { ...event, at }
}

/** The PBX's clock was set by `byMs` (back when negative): live calls continue in their own time. */
export function clockStepped(pbx: PbxState, byMs: number): void {
  for (const call of pbx.live) {
    call.aheadMs -= byMs
  }
}

function timeIn(call: Call, at: number): number {
  if (call.latestAt === null) {
    return at
  }
  if (at + call.aheadMs < call.latestAt - LATENESS_MS) {
    call.aheadMs = call.latestAt - at
  }
  return Math.max(call.latestAt, at + call.aheadMs)
}

function channelIdsOf(event: ChannelEvent): readonly string[] {
  switch (event.type) {
    case 'Dialed':
      return event.caller === undefined ? [event.peer.id] : [event.caller.id, event.peer.id]
    case 'BridgeEntered':
      // A conference joins no calls: their times stay independent.
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
