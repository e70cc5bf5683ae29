// The core's door: events of the PBX in, facts about calls out.
//
// Pure: no clock, no log, no I/O; the same events always give the same facts. Nothing that comes in can make it throw.

import type { Call, Leg } from './call.ts'
import { type Census, type CensusGroup, createCensus } from './census.ts'
import { UNDESCRIBED } from './channel.ts'
import type { RoleOf } from './direction.ts'
import { endCall, isOver } from './ending.ts'
import type { PbxEvent } from './event.ts'
import { clockStepped, isRepeated, onCallTime } from './eventOrder.ts'
import { evolve } from './evolve.ts'
import type { CallFact, CallRecord } from './fact.ts'
import { listTaken, lostTrackOf, rememberCalls, takeSnapshot } from './reconcile.ts'
import { callRecord, legRecord, stateOf } from './record.ts'
import { emptyWorld, type World } from './world.ts'

export interface Tracker {
  /** Takes one event in and tells what it means, in order; mostly nothing. */
  apply(event: PbxEvent): readonly CallFact[]
  /** The calls that live, in the order they became known. */
  live(): Iterable<CallRecord>
  /** The groups behind the gauges. */
  census(): Iterable<CensusGroup>
}

/** More channels than any Asterisk has at a time; memory for as many calls is some 200 MB. */
const MAX_CHANNELS = 100_000

/** `maxChannels`: when more live, the oldest are followed no more; 100,000 by default. */
export function createTracker(options: { readonly roleOf: RoleOf; readonly maxChannels?: number }): Tracker {
  const { maxChannels = MAX_CHANNELS } = options
  const world = emptyWorld(options.roleOf)
  const census = createCensus()
  return {
    apply(event) {
      const facts: CallFact[] = []
      const at = step(world, event, facts)
      for (const oldest of world.channels.values()) {
        if (world.channels.size <= maxChannels) break
        lostTrackOf(world, oldest, 0)
      }
      settle(world, census, { at, facts })
      return facts
    },
    *live() {
      for (const call of world.live) yield callRecord(world, call)
    },
    census: () => census.groups(),
  }
}

// Returns the instant of the step.
function step(world: World, event: PbxEvent, facts: CallFact[]): number {
  switch (event.type) {
    case 'SightLost': {
      world.sightLostAt ??= event.at
      return event.at
    }
    case 'ClockStepped': {
      clockStepped(world, event.byMs)
      return event.at
    }
    case 'CallsRemembered': {
      rememberCalls(world, event)
      return event.at
    }
    case 'SnapshotTaken': {
      facts.push({ type: 'CallsReconciled', at: event.at, ...takeSnapshot(world, event) })
      return event.at
    }
    case 'ChannelsListed': {
      listTaken(world, event)
      return event.at
    }
    case 'EndpointChanged':
    case 'ContactChanged':
      return event.at
    default: {
      if (isRepeated(world, event)) return event.at
      const placed = onCallTime(world, event)
      evolve(world, placed)
      return placed.at
    }
  }
}

interface Settling {
  readonly at: number
  readonly facts: CallFact[]
}

function settle(world: World, census: Census, { at, facts }: Settling): void {
  for (const call of world.touched) {
    if (call.stage === 'forming') continue
    if (call.stage === 'live') settleLive(world, call, at)
    tell(world, call, { at, facts })
    census.file(call)
  }
  for (const channel of world.seen) {
    census.fileParty(world, channel)
    // Kept, it would be a seventh of what a live call takes in memory.
    if (channel.call.stage !== 'forming') channel.snapshot = UNDESCRIBED
  }
  world.touched.clear()
  world.seen.clear()
}

function settleLive(world: World, call: Call, at: number): void {
  if (isOver(call)) return endCall(world, call, call.unseen ? lastSeen(call, at) : at)
  const state = stateOf(call)
  if (state === call.state) return
  call.state = state
  call.due.changed = true
}

// A call that went while nobody looked ended, as far as anybody can say, when it was last seen.
function lastSeen(call: Call, at: number): number {
  const legs = [...call.legs.values()].map((leg) => leg.endedAt ?? 0)
  return Math.min(at, Math.max(call.startedAt, call.answeredAt ?? 0, call.talkEndedAt ?? 0, ...legs))
}

function tell(world: World, call: Call, { at, facts }: Settling): void {
  const { due } = call
  if (due.started) facts.push({ type: 'CallStarted', at, call: openRecord(world, call) })
  for (const leg of call.openLegs) tellLeg(world, call, { leg, at, facts })
  for (const visit of due.visits) facts.push({ type: 'QueueLeft', at, visit })
  const record = due.answered || due.changed || due.ended ? callRecord(world, call) : null
  if (record !== null && due.answered) facts.push({ type: 'CallAnswered', at, call: record })
  else if (record !== null && due.changed && !due.started && !due.ended)
    facts.push({ type: 'CallChanged', at, call: record })
  if (record !== null && due.ended) facts.push({ type: 'CallEnded', at, call: record })
  call.due = { started: false, changed: false, answered: false, ended: false, visits: [] }
}

// A call that started and ended in one step still starts open.
function openRecord(world: World, call: Call): CallRecord {
  return {
    ...callRecord(world, call),
    endedAt: null,
    disposition: null,
    missed: false,
    cause: null,
    causeText: null,
    causeClass: null,
  }
}

function tellLeg(world: World, call: Call, { leg, at, facts }: Settling & { readonly leg: Leg }): void {
  const { due } = leg
  if (leg.endedAt !== null) pastLeg(call, leg)
  if (leg.plumbing || !(due.started || due.changed || due.ended)) return
  const record = legRecord(world, call, leg)
  if (due.started) facts.push({ type: 'LegStarted', at, leg: record })
  else if (due.changed && !due.ended) facts.push({ type: 'LegChanged', at, leg: record })
  if (due.ended) facts.push({ type: 'LegEnded', at, leg: record })
  leg.due = { started: false, changed: false, ended: false }
}

function pastLeg(call: Call, leg: Leg): void {
  call.openLegs.delete(leg)
  if (!leg.plumbing) call.triedUntil = Math.max(call.triedUntil, leg.dialEnd?.at ?? leg.endedAt ?? 0)
}
