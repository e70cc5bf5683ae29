// The core's door: events of the PBX in, facts about calls out.
//
// Pure: no clock, no log, no I/O; the same events always give the same facts. Nothing that comes in can make it throw.

import type { PbxEvent } from './event.ts'
import type { CallFact, CallRecord } from './fact.ts'
import { type Call, closeOpenLeg, type Leg } from './model/call.ts'
import { UNDESCRIBED } from './model/channel.ts'
import { clockStepped, isRepeated, onCallTime } from './model/eventOrder.ts'
import { emptyWorld, type World } from './model/pbxState.ts'
import type { RoleOf } from './outcome/direction.ts'
import { listTaken, lostTrackOf, rememberCalls, takeSnapshot } from './resync/reconcile.ts'
import { evolve } from './transitions/apply.ts'
import { endCall, isOver } from './transitions/lifecycle.ts'
import { createLiveCounts, type LiveCount, type LiveCounts } from './views/liveCounts.ts'
import { callRecord, legRecord, stateOf } from './views/record.ts'

export interface Tracker {
  /** Takes one event in and tells what it means, in order; mostly nothing. What is still to tell of an earlier one comes first. */
  apply(event: PbxEvent): readonly CallFact[]
  /** True when the latest event means something to more calls than are told of at once. */
  hasMore(): boolean
  /** What it means to the next of them. */
  more(): readonly CallFact[]
  /** The calls that live, in the order they became known. */
  live(): Iterable<CallRecord>
  /** The groups behind the gauges. */
  liveCounts(): Iterable<LiveCount>
}

/** More channels than any Asterisk has at a time; memory for as many calls is some 200 MB. */
const MAX_CHANNELS = 100_000

export interface TrackerOptions {
  readonly roleOf: RoleOf
  /** When more live, the oldest are followed no more; 100,000 by default. */
  readonly maxChannels?: number
  /** Of how many calls is told at once; all by default. */
  readonly callsAtOnce?: number
}

/** A core that knows of nothing yet. */
export function createTracker({ roleOf, maxChannels = MAX_CHANNELS, callsAtOnce = Infinity }: TrackerOptions): Tracker {
  const world = emptyWorld(roleOf)
  const liveCounts = createLiveCounts()
  let at = 0
  const tell = (facts: CallFact[], most: number): readonly CallFact[] => {
    settle(world, liveCounts, { at, facts, most })
    return facts
  }
  const hasMore = (): boolean => world.touched.size > 0
  return {
    apply(event) {
      const facts: CallFact[] = []
      if (hasMore()) tell(facts, Infinity)
      at = step(world, event, facts)
      for (const oldest of world.channels.values()) {
        if (world.channels.size <= maxChannels) break
        lostTrackOf(world, oldest, 0)
      }
      return tell(facts, callsAtOnce)
    },
    hasMore,
    more: () => tell([], callsAtOnce),
    *live() {
      for (const call of world.live) yield callRecord(world, call)
    },
    liveCounts: () => liveCounts.groups(),
  }
}

// Returns the instant of the step.
function step(world: World, event: PbxEvent, facts: CallFact[]): number {
  switch (event.type) {
    case 'ConnectionLost': {
      world.disconnectedAt ??= event.at
      return event.at
    }
    case 'ClockStepped': {
      clockStepped(world, event.byMs)
      return event.at
    }
    case 'OpenCallsRestored': {
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

// Each call with all that is to be told of it, so that whoever counts between two of them finds every call once.
function settle(world: World, liveCounts: LiveCounts, { at, facts, most }: Settling & { readonly most: number }): void {
  let calls = 0
  for (const call of world.touched) {
    if (calls === most) return
    calls += 1
    settleOne(world, call, { at, facts })
    liveCounts.file(call)
    // Only now: what happens to it here must not have it settled a second time.
    world.touched.delete(call)
  }
  for (const channel of world.seen) {
    liveCounts.fileParty(world, channel)
    // Kept, it would be a seventh of what a live call takes in memory.
    if (channel.call.stage !== 'forming') channel.snapshot = UNDESCRIBED
  }
  world.seen.clear()
}

function settleOne(world: World, call: Call, { at, facts }: Settling): void {
  if (call.stage === 'forming') return
  if (call.stage === 'live') settleLive(world, call, at)
  tell(world, call, { at, facts })
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
  for (const wait of due.waits) facts.push({ type: 'QueueLeft', at, wait })
  const record = due.answered || due.changed || due.ended ? callRecord(world, call) : null
  if (record !== null && due.answered) facts.push({ type: 'CallAnswered', at, call: record })
  else if (record !== null && due.changed && !due.started && !due.ended)
    facts.push({ type: 'CallChanged', at, call: record })
  if (record !== null && due.ended) facts.push({ type: 'CallEnded', at, call: record })
  call.due = { started: false, changed: false, answered: false, ended: false, waits: [] }
}

// A call that started and ended in one step still starts open.
function openRecord(world: World, call: Call): CallRecord {
  return {
    ...callRecord(world, call),
    endedAt: null,
    disposition: null,
    missed: false,
    offered: false,
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
  closeOpenLeg(call, leg)
  if (!leg.plumbing) call.triedUntil = Math.max(call.triedUntil, leg.dialEnd?.at ?? leg.endedAt ?? 0)
}
