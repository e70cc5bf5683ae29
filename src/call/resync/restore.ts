// The open calls of a previous run of the exporter, as the call log last had them. The next snapshot shows which of them still exist.

import type { PbxEvent, RestoredCall } from '../event.ts'
import { type LiveCall, makeLive, newCall, type OpenCall } from '../model/call.ts'
import { type Channel, EMPTY_SNAPSHOT, newChannel } from '../model/channel.ts'
import { nextArrival, type PbxState } from '../model/pbxState.ts'
import { markAnswered, openLeg } from '../transitions/dial.ts'
import { reportedCall, reportedLeg } from '../views/report.ts'

export function restoreOpenCalls(pbx: PbxState, { at, calls }: Extract<PbxEvent, { type: 'OpenCallsRestored' }>): void {
  pbx.disconnectedAt ??= at
  const agents = connectedAgents(calls)
  for (const restored of calls) {
    const call = restoreCall(pbx, restored, at)
    call.heldWaiting = agents.has(restored.channelId)
    restoreLegs(pbx, call, restored)
    call.destination = restored.destination
    call.reported = reportedCall(call)
  }
}

// Channels that began a call of their own and are a leg of another: only a waiting agent's two calls have not become one.
function connectedAgents(calls: readonly RestoredCall[]): ReadonlySet<string> {
  return new Set(
    calls.flatMap(({ channelId, legs }) => legs.map((leg) => leg.channelId).filter((id) => id !== channelId)),
  )
}

function restoreCall(pbx: PbxState, restored: RestoredCall, at: number): LiveCall {
  const { channelId, caller, callerEndpoint, startedAt, answeredAt, answeredBy, legs, transfers } = restored
  const forming = newCall(pbx.presentRoles())
  const origin = restoreChannel(pbx, forming, { id: channelId, endpoint: callerEndpoint, at: startedAt })
  const call = makeLive(forming, {
    id: channelId,
    origin,
    caller: origin,
    originated: legs.some((leg) => leg.channelId === channelId),
    callerNumber: caller,
    callerName: restored.callerName,
    callerEndpoint,
    callee: restored.callee,
    accountCode: restored.accountCode,
    context: restored.context,
    direction: restored.direction,
    startedAt,
    trunk: null,
    line: restored.line,
  })
  call.directionSettled = legs.length > 0 || answeredAt !== null
  call.answeredAt = answeredAt
  call.answeredBy = answeredBy
  call.answers = answeredAt === null ? 0 : 1
  call.transfers = transfers
  restoreVoice(call, restored)
  call.recording = restored.recording
  origin.sipCallId ??= restored.sipCallId
  // Until the snapshot shows that the conversation continues, it ended when the call was last observed.
  if (answeredAt !== null) {
    call.talkEndedAt = Math.max(at, answeredAt)
  }
  pbx.live.add(call)
  pbx.changedCalls.add(call)
  return call
}

// What was wrong with no leg was wrong with the caller's own channel.
function restoreVoice(call: LiveCall, { voiceProblem, legs }: RestoredCall): void {
  call.voiceProblem = voiceProblem
  if (voiceProblem !== null && !legs.some((leg) => leg.voiceProblem === voiceProblem)) {
    call.origin.voice = { now: null, ever: [voiceProblem] }
  }
}

function restoreLegs(pbx: PbxState, call: LiveCall, { legs, answeredAt, destination }: RestoredCall): void {
  for (const restoredLeg of legs) {
    const { channelId: id, sipCallId, endpoint, dialed, startedAt, voiceProblem } = restoredLeg
    const { ringingAt, answeredAt: pickedUpAt } = restoredLeg
    const peer = id === call.id ? call.origin : restoreChannel(pbx, call, { id, endpoint, at: startedAt })
    const leg = openLeg(pbx, call, { peer, dialer: null, dialString: dialed, at: startedAt })
    peer.voice = voiceProblem === null ? peer.voice : { now: null, ever: [voiceProblem] }
    peer.sipCallId ??= sipCallId
    leg.progressAt = ringingAt
    leg.ringingAt = ringingAt
    leg.answersBefore = startedAt > (answeredAt ?? startedAt) ? call.answers : 0
    if (leg.destination?.class === 'unknown') {
      // The number may be masked since. Whoever answers next must not bring that to the call.
      leg.destination = destination ?? leg.destination
    }
    if (pickedUpAt !== null) {
      markAnswered(call, leg, pickedUpAt)
    }
    leg.reported = reportedLeg(call, leg)
  }
}

interface KnownChannel {
  readonly id: string
  readonly endpoint: string
  readonly at: number
}

function restoreChannel(pbx: PbxState, call: OpenCall, { id, endpoint, at }: KnownChannel): Channel {
  const known = pbx.channels.get(id)
  if (known !== undefined) {
    return known
  }
  const snapshot = { ...EMPTY_SNAPSHOT, id, name: endpoint, createdAt: at }
  const channel = newChannel(snapshot, call, nextArrival(pbx))
  channel.name = { kind: 'party', technology: '', endpoint, pair: null }
  pbx.channels.set(channel.id, channel)
  pbx.changedChannels.add(channel)
  return channel
}
