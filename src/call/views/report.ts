// Derives facts by comparing a call with the state that the latest facts reported.
//
// The only place that creates facts about calls and legs, so that no transition can forget one or report it twice.

import type { CallFact } from '../fact.ts'
import {
  type Call,
  currentQueueWait,
  type EndedCall,
  type LiveCall,
  type ReportedCall,
  removeOpenLeg,
  takeEndedWaits,
} from '../model/call.ts'
import type { Leg, ReportedLeg } from '../model/leg.ts'
import { takeVoiceTroubles } from '../model/voice.ts'
import { callRecord, legRecord, queueWaitRecord, voiceOf, voiceProblemOf } from './record.ts'

interface Report {
  readonly at: number
  readonly facts: CallFact[]
}

/** Adds the facts of a call to `facts`: its start, its legs', its queue waits', its own. Nothing while it is forming. */
export function reportCall(call: Call, report: Report): void {
  if (call.stage === 'forming') {
    return
  }
  const { at, facts } = report
  const before = call.reported
  if (before === null) {
    facts.push({ type: 'CallStarted', at, call: callRecord(call, { open: true }) })
  }
  for (const leg of call.openLegs) {
    reportLeg(call, { ...report, leg })
  }
  for (const wait of takeEndedWaits(call)) {
    facts.push({ type: 'QueueLeft', at, wait: queueWaitRecord(call, wait) })
  }
  for (const trouble of takeVoiceTroubles(call)) {
    facts.push({ type: 'LegInTrouble', at, trouble: { callId: call.id, ...trouble } })
  }
  if (before !== null && isUnchanged(before, call)) {
    return
  }
  call.reported = reportedCall(call)
  reportChanges(call, { ...report, before })
}

function reportChanges(
  call: LiveCall | EndedCall,
  { at, facts, before }: Report & { readonly before: ReportedCall | null },
): void {
  const isAnswered = call.answeredAt !== null && before?.answered !== true
  const isEnded = call.stage === 'ended' && before?.ended !== true
  if (before === null && !isAnswered && !isEnded) {
    return
  }
  const record = callRecord(call)
  if (isAnswered) {
    facts.push({ type: 'CallAnswered', at, call: record })
  } else if (before !== null && !isEnded) {
    facts.push({ type: 'CallChanged', at, call: record })
  }
  if (isEnded) {
    facts.push({ type: 'CallEnded', at, call: record })
  }
}

/** The reported state of a call; the next comparison finds what has changed since. */
export function reportedCall(call: LiveCall | EndedCall): ReportedCall {
  return {
    ended: call.stage === 'ended',
    answered: call.answeredAt !== null,
    state: call.state,
    direction: call.direction,
    directionSettled: call.directionSettled,
    callerEndpoint: call.callerEndpoint,
    callee: call.callee,
    ringingAt: call.ringingAt,
    transfers: call.transfers,
    destination: call.destination,
    voiceProblem: call.voiceProblem,
    voice: voiceText(call),
    recording: call.recording,
    waits: call.queueWaits.length,
    waiting: currentQueueWait(call) !== null,
  }
}

function voiceText(call: LiveCall | EndedCall): string {
  const trouble = voiceOf(call)
  return trouble === null ? '' : `${trouble.problem} ${trouble.side} ${trouble.endpoint}`
}

function isUnchanged(before: ReportedCall, call: LiveCall | EndedCall): boolean {
  return (
    before.ended === (call.stage === 'ended') &&
    before.answered === (call.answeredAt !== null) &&
    before.state === call.state &&
    before.direction === call.direction &&
    before.directionSettled === call.directionSettled &&
    before.callerEndpoint === call.callerEndpoint &&
    before.callee === call.callee &&
    before.ringingAt === call.ringingAt &&
    before.transfers === call.transfers &&
    before.destination === call.destination &&
    before.voiceProblem === call.voiceProblem &&
    before.voice === voiceText(call) &&
    before.recording === call.recording &&
    before.waits === call.queueWaits.length &&
    before.waiting === (currentQueueWait(call) !== null)
  )
}

function reportLeg(call: LiveCall | EndedCall, { at, facts, leg }: Report & { readonly leg: Leg }): void {
  if (leg.endedAt !== null) {
    closeReport(call, leg)
  }
  const before = leg.reported
  if (leg.isLocal || (before !== null && isLegUnchanged(before, call, leg))) {
    return
  }
  leg.reported = reportedLeg(call, leg)
  const isEnded = leg.endedAt !== null && before?.ended !== true
  const record = legRecord(call, leg)
  if (before === null) {
    facts.push({ type: 'LegStarted', at, leg: record })
  } else if (!isEnded) {
    facts.push({ type: 'LegChanged', at, leg: record })
  }
  if (leg.destination !== null && before?.destination == null) {
    facts.push({ type: 'NumberDialed', at, leg: record })
  }
  if (isEnded) {
    facts.push({ type: 'LegEnded', at, leg: record })
  }
}

/** The reported state of a leg. */
export function reportedLeg(call: LiveCall | EndedCall, leg: Leg): ReportedLeg {
  const { dialed, destination, ringingAt, answeredAt, endedAt } = leg
  const ended = endedAt !== null
  return { callId: call.id, dialed, destination, ringingAt, answeredAt, ended, voiceProblem: voiceProblemOf(leg) }
}

function isLegUnchanged(before: ReportedLeg, call: LiveCall | EndedCall, leg: Leg): boolean {
  return (
    before.callId === call.id &&
    before.dialed === leg.dialed &&
    before.destination === leg.destination &&
    before.ringingAt === leg.ringingAt &&
    before.answeredAt === leg.answeredAt &&
    before.ended === (leg.endedAt !== null) &&
    before.voiceProblem === voiceProblemOf(leg)
  )
}

function closeReport(call: Call, leg: Leg): void {
  removeOpenLeg(call, leg)
  if (!leg.isLocal) {
    call.triedUntil = Math.max(call.triedUntil, leg.dialEnd?.at ?? leg.endedAt ?? 0)
  }
}
