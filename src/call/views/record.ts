// Creates records: immutable copies of the state of a call or a leg, which may leave the core.

import { VOICE_PROBLEMS } from '../event.ts'
import type { CallRecord, CallState, LegRecord, QueueWaitRecord, VoiceTrouble } from '../fact.ts'
import { currentQueueWait, type EndedCall, type LiveCall, type QueueWait } from '../model/call.ts'
import { isTrying, type Leg } from '../model/leg.ts'
import { worstProblem } from '../model/voice.ts'

/** `open`: as the call was before it ended, for a call that starts and ends in one event. */
export function callRecord(call: LiveCall | EndedCall, { open = false } = {}): CallRecord {
  const end = open ? null : call.end
  return {
    channelId: call.id,
    caller: call.callerNumber,
    callee: call.callee,
    callerName: call.callerName,
    callerEndpoint: call.callerEndpoint,
    callerRole: call.roleOf(call.callerEndpoint),
    originated: call.originated,
    direction: call.direction,
    directionSettled: call.directionSettled,
    startedAt: call.startedAt,
    ringingAt: call.ringingAt,
    answeredAt: call.answeredAt,
    endedAt: end?.at ?? null,
    durationMs: durationOf(call),
    ringMs: ringTimeOf(call),
    answerDelayMs: call.answeredAt === null ? null : call.answeredAt - call.startedAt,
    holdMs: call.holdMs,
    state: call.state,
    disposition: end?.disposition ?? null,
    missed: end?.missed ?? false,
    offered: end?.offered ?? false,
    cause: end === null ? null : call.cause,
    causeText: end === null ? null : call.causeText,
    causeClass: end?.causeClass ?? null,
    hungUpBy: end === null ? null : call.hungUpBy,
    queue: call.queueWaits.at(-1)?.queue ?? null,
    queueEnteredAt: currentQueueWait(call)?.enteredAt ?? null,
    queueWaitMs: call.queueWaits.length === 0 ? null : call.queueWaitMs,
    answeredBy: call.answeredBy,
    trunk: call.trunk,
    line: call.line,
    destination: isOut(call) ? call.destination : null,
    transfers: call.transfers,
    accountCode: call.accountCode,
    context: call.context,
    quality: call.caller?.quality ?? null,
    voice: end === null ? voiceOf(call) : null,
    voiceProblem: call.voiceProblem,
    mergedInto: end?.mergedInto ?? null,
    sipCallId: call.caller?.sipCallId ?? null,
    recording: call.recording,
  }
}

export function legRecord(call: LiveCall | EndedCall, leg: Leg): LegRecord {
  return {
    id: leg.id,
    callId: call.id,
    channelId: leg.channel?.id ?? null,
    endpoint: leg.endpoint,
    endpointRole: call.roleOf(leg.endpoint),
    role: leg.role,
    dialed: leg.dialed,
    destination: leg.destination,
    direction: call.direction,
    startedAt: leg.startedAt,
    progressAt: leg.progressAt,
    ringingAt: leg.ringingAt,
    answeredAt: leg.answeredAt,
    endedAt: leg.endedAt,
    talkMs: leg.talkMs ?? leg.channel?.talkMs ?? 0,
    result: leg.result,
    cause: leg.cause,
    quality: leg.channel?.quality ?? null,
    voiceProblem: voiceProblemOf(leg),
    sipCallId: leg.channel?.sipCallId ?? null,
  }
}

function isOut({ direction }: LiveCall | EndedCall): boolean {
  return direction === 'outbound' || direction === 'transit'
}

/** What was wrong with the voice of a leg. */
export function voiceProblemOf({ channel }: Leg): LegRecord['voiceProblem'] {
  return channel?.voice == null ? null : worstProblem(channel.voice.ever)
}

/** What is wrong now with the voice of a call. */
export function voiceOf({ channels, voiceProblem }: LiveCall | EndedCall): VoiceTrouble | null {
  if (voiceProblem === null) {
    return null
  }
  const troubles = [...channels].flatMap(({ voice, name }) =>
    voice === null || voice.now === null || name.kind !== 'party' ? [] : [{ endpoint: name.endpoint, ...voice.now }],
  )
  return VOICE_PROBLEMS.flatMap((problem) => troubles.filter((one) => one.problem === problem))[0] ?? null
}

/** The record of a wait that has ended. */
export function queueWaitRecord({ id }: LiveCall | EndedCall, wait: QueueWait): QueueWaitRecord {
  const { queue, enteredAt, leftAt, outcome } = wait
  return { callId: id, queue, enteredAt, leftAt: leftAt ?? enteredAt, outcome: outcome ?? 'exited' }
}

/** What the call is doing now. */
export function stateOf(call: LiveCall): CallState {
  if (call.talking) {
    return call.heldSince === null ? 'talking' : 'held'
  }
  for (const channel of call.channels) {
    if (channel.bridge?.kind === 'parking') {
      return 'parked'
    }
  }
  if (currentQueueWait(call) !== null) {
    return 'queued'
  }
  let trying = false
  for (const leg of call.openLegs) {
    if (leg.isLocal || !isTrying(leg)) {
      continue
    }
    if (leg.progressAt !== null) {
      return 'ringing'
    }
    trying = true
  }
  if (trying) {
    return call.state === 'ringing' ? 'ringing' : 'setup'
  }
  if (isAboutToConnect(call)) {
    return call.state
  }
  return call.caller?.upAt == null ? 'setup' : 'ivr'
}

// A party has picked up and is not connected yet: that is no state of its own.
function isAboutToConnect(call: LiveCall): boolean {
  if (call.answeredAt !== null) {
    return false
  }
  for (const leg of call.openLegs) {
    if (leg.answeredAt !== null && leg.endedAt === null) {
      return true
    }
  }
  return false
}

function durationOf(call: LiveCall | EndedCall): number {
  if (call.answeredAt === null) {
    return 0
  }
  const until = call.talkEndedAt ?? call.end?.at ?? null
  return until === null ? 0 : Math.max(0, until - call.answeredAt)
}

function ringTimeOf(call: LiveCall | EndedCall): number | null {
  if (call.ringingAt === null) {
    return null
  }
  if (call.answeredAt !== null) {
    return Math.max(0, call.answeredAt - call.ringingAt)
  }
  let until = Math.max(call.ringingAt, call.triedUntil)
  for (const leg of call.openLegs) {
    if (leg.isLocal) {
      continue
    }
    const ended = leg.dialEnd?.at ?? leg.endedAt
    if (ended === null) {
      return null
    }
    until = Math.max(until, ended)
  }
  return until - call.ringingAt
}
