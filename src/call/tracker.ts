// The interface of the core: events of the PBX in, facts about calls out.
//
// No clock, no log, no I/O, and deterministic: the same events always give the same facts. No event makes it throw.

import type { DestinationOf, LineOf, PbxEvent } from './event.ts'
import type { CallFact, CallRecord } from './fact.ts'
import type { LiveCall } from './model/call.ts'
import { EMPTY_SNAPSHOT } from './model/channel.ts'
import { clockStepped, inCallTime, isRepeated } from './model/eventOrder.ts'
import { emptyPbxState, type PbxState } from './model/pbxState.ts'
import type { RoleOf } from './outcome/direction.ts'
import { checkAgainstList, type Reconciled, reconcile, type Steps, stopTracking } from './resync/reconcile.ts'
import { restoreOpenCalls } from './resync/restore.ts'
import { applyEvent } from './transitions/apply.ts'
import { endCall, isOver } from './transitions/lifecycle.ts'
import { onVoiceJudged } from './transitions/voice.ts'
import { createLiveCounts, type LiveCount, type LiveCounts } from './views/liveCounts.ts'
import { type PhoneCall, phoneCall } from './views/phoneCalls.ts'
import { callRecord, stateOf } from './views/record.ts'
import { reportCall } from './views/report.ts'
import { type TalkingLeg, talkingLeg, talkingLegs } from './views/talkingLegs.ts'

export interface Tracker {
  /** Applies one event and returns the facts that follow, in order; usually none. Pending facts of an earlier event come first. */
  apply(event: PbxEvent): readonly CallFact[]
  /** True when the latest event concerns more channels or calls than are handled at once. */
  hasMore(): boolean
  /** Handles the next of them, and returns the facts that follow. */
  more(): readonly CallFact[]
  /** The live calls, in the order they became known: as many as `liveCounts` counts, also while `hasMore`. */
  live(): Iterable<CallRecord>
  /** Ids of the channels that exist, in the order they became known. */
  liveChannels(): Iterable<string>
  /** What the gauges show. */
  liveCounts(): Iterable<LiveCount>
  /** What a phone talks about or rings for; null if it does neither. */
  phoneCall(phone: string): PhoneCall | null
  /** The legs in conversation with another party. */
  talkingLegs(): Iterable<TalkingLeg>
  /** The one of this channel, null if it is in no conversation. */
  talkingLeg(channelId: string): TalkingLeg | null
}

/** More channels than any Asterisk has at a time; as many calls take some 200 MB. */
const MAX_CHANNELS = 100_000

export interface TrackerOptions {
  readonly roleOf: RoleOf
  /** Where roles can change: the roles as they are now. A call that begins keeps them; `roleOf` by default. */
  readonly presentRoles?: () => RoleOf
  /** Lines by the number that is called from outside; default none. */
  readonly lineOf?: LineOf
  /** Destinations of the numbers that are dialed on trunks; by default there are none. */
  readonly destinationOf?: DestinationOf
  /** If more channels exist, the oldest are no longer tracked; default 100,000. */
  readonly maxChannels?: number
  /** About how many channels of a snapshot are compared, and about how many calls facts are returned, at once; all by default. */
  readonly callsAtOnce?: number
}

export function createTracker(options: TrackerOptions): Tracker {
  const { roleOf, maxChannels = MAX_CHANNELS, callsAtOnce = Infinity } = options
  const { presentRoles = () => roleOf, lineOf = () => null, destinationOf = null } = options
  const pbx = emptyPbxState({ presentRoles, lineOf, destinationOf })
  const liveCounts = createLiveCounts()
  let at = 0
  // The comparison with a snapshot, while it is not complete.
  let comparing: Steps<Reconciled> | null = null

  function compare(facts: CallFact[], maxSteps: number): void {
    for (let steps = 0; comparing !== null && steps < maxSteps; steps += 1) {
      const { done, value } = comparing.next()
      if (done === true) {
        comparing = null
        facts.push({ type: 'CallsReconciled', at, ...value })
        limitChannels(pbx, maxChannels)
      }
    }
  }
  function handleNext(facts: CallFact[], most: number): readonly CallFact[] {
    compare(facts, most)
    if (comparing === null) {
      finishEvent(pbx, liveCounts, { at, facts, most })
    }
    return facts
  }
  const hasMore = (): boolean => comparing !== null || pbx.changedCalls.size > 0 || pbx.changedChannels.size > 0
  return {
    apply(event) {
      const facts: CallFact[] = []
      if (hasMore()) {
        handleNext(facts, Infinity)
      }
      if (event.type === 'SnapshotTaken') {
        at = event.at
        comparing = reconcile(pbx, event)
      } else {
        at = applyAny(pbx, event)
        limitChannels(pbx, maxChannels)
      }
      return handleNext(facts, callsAtOnce)
    },
    hasMore,
    more: () => handleNext([], callsAtOnce),
    *live() {
      for (const call of pbx.live) {
        // A call that a snapshot brought is not counted before its facts are returned.
        if (call.reported !== null) {
          yield callRecord(call)
        }
      }
    },
    liveChannels: () => pbx.channels.keys(),
    liveCounts: () => liveCounts.all(),
    phoneCall: (phone) => phoneCall(pbx, liveCounts.channelsOf(phone)),
    talkingLegs: () => talkingLegs(pbx),
    talkingLeg: (channelId) => talkingLeg(pbx, channelId),
  }
}

function limitChannels(pbx: PbxState, maxChannels: number): void {
  for (const oldest of pbx.channels.values()) {
    if (pbx.channels.size <= maxChannels) {
      break
    }
    stopTracking(pbx, oldest, 0)
  }
}

// Returns the time of the event.
function applyAny(pbx: PbxState, event: Exclude<PbxEvent, { type: 'SnapshotTaken' }>): number {
  switch (event.type) {
    case 'ConnectionLost': {
      pbx.disconnectedAt ??= event.at
      return event.at
    }
    case 'ClockStepped': {
      clockStepped(pbx, event.byMs)
      return event.at
    }
    case 'OpenCallsRestored': {
      restoreOpenCalls(pbx, event)
      return event.at
    }
    case 'ChannelsListed': {
      checkAgainstList(pbx, event)
      return event.at
    }
    case 'VoiceJudged': {
      onVoiceJudged(pbx, event)
      return event.at
    }
    case 'EndpointChanged':
    case 'ContactChanged':
      return event.at
    default: {
      if (isRepeated(pbx, event)) {
        return event.at
      }
      const placed = inCallTime(pbx, event)
      applyEvent(pbx, placed)
      return placed.at
    }
  }
}

interface Finish {
  readonly at: number
  readonly facts: CallFact[]
  /** So many calls, and so many channels. */
  readonly most: number
}

// Call by call, with all facts of each, so that a scrape between two of them counts every call once.
function finishEvent(pbx: PbxState, liveCounts: LiveCounts, { at, facts, most }: Finish): void {
  let calls = 0
  for (const call of pbx.changedCalls) {
    if (calls === most) {
      return
    }
    calls += 1
    if (call.stage === 'live') {
      updateStage(pbx, call, at)
    }
    reportCall(call, { at, facts })
    liveCounts.update(call)
    // Last, because the steps above may add the call again.
    pbx.changedCalls.delete(call)
  }
  let channels = 0
  for (const channel of pbx.changedChannels) {
    if (channels === most) {
      return
    }
    channels += 1
    liveCounts.updateParty(channel)
    // Every later event brings a fresh snapshot; kept, it would be 1/7 of a live call's memory.
    if (channel.call.stage !== 'forming') {
      channel.snapshot = EMPTY_SNAPSHOT
    }
    pbx.changedChannels.delete(channel)
  }
}

function updateStage(pbx: PbxState, call: LiveCall, at: number): void {
  if (isOver(call)) {
    endCall(pbx, call, call.endedUnobserved ? lastKnownAt(call, at) : at)
  } else {
    call.state = stateOf(call)
  }
}

// A call that ended while the exporter was disconnected ended, as far as is known, when it was last observed.
function lastKnownAt(call: LiveCall, at: number): number {
  const legs = [...call.legs.values()].map((leg) => leg.endedAt ?? 0)
  return Math.min(at, Math.max(call.startedAt, call.answeredAt ?? 0, call.talkEndedAt ?? 0, ...legs))
}
