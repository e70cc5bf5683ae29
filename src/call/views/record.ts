// The working state as values that may leave the core: they are made new for each fact and never change.

import type { CallRecord, CallState, LegRecord } from '../fact.ts'
import { type Call, currentStay, isTrying, type Leg } from '../model/call.ts'
import type { World } from '../model/pbxState.ts'

export function callRecord(world: World, call: Call): CallRecord {
  return {
    channelId: call.id,
    caller: call.callerNumber,
    callee: call.callee,
    callerName: call.callerName,
    callerEndpoint: call.callerEndpoint,
    callerRole: world.roleOf(call.callerEndpoint),
    originated: call.originated,
    direction: call.direction,
    directionSettled: call.directionSettled,
    startedAt: call.startedAt,
    ringingAt: call.ringingAt,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
    durationMs: durationOf(call),
    ringMs: ringOf(call),
    answerDelayMs: call.answeredAt === null ? null : call.answeredAt - call.startedAt,
    holdMs: call.holdMs,
    state: call.state,
    disposition: call.disposition,
    missed: call.missed,
    offered: call.offered,
    cause: call.endedAt === null ? null : call.cause,
    causeText: call.endedAt === null ? null : call.causeText,
    causeClass: call.causeClass,
    hungUpBy: call.endedAt === null ? null : call.hangup,
    queue: call.stays.at(-1)?.queue ?? null,
    queueWaitMs: queueWaitOf(call),
    answeredBy: call.answeredBy,
    trunk: call.trunk,
    transfers: call.transfers,
    accountCode: call.accountCode,
    context: call.context,
    quality: call.caller?.quality ?? null,
    mergedInto: call.mergedInto,
  }
}

export function legRecord(world: World, call: Call, leg: Leg): LegRecord {
  const role = world.roleOf(leg.endpoint)
  return {
    id: leg.id,
    callId: call.id,
    channelId: leg.channel?.id ?? null,
    endpoint: leg.endpoint,
    endpointRole: role,
    role: leg.role,
    dialed: leg.dialed,
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
  }
}

/** What the call is doing now. */
export function stateOf(call: Call): CallState {
  if (call.talking) return call.heldSince === null ? 'talking' : 'held'
  for (const channel of call.channels) if (channel.bridge?.kind === 'parking') return 'parked'
  if (currentStay(call) !== null) return 'queued'
  let trying = false
  for (const leg of call.openLegs) {
    if (leg.plumbing || !isTrying(leg)) continue
    if (leg.progressAt !== null) return 'ringing'
    trying = true
  }
  if (trying) return call.state === 'ringing' ? 'ringing' : 'setup'
  if (hasPickedUp(call)) return call.state
  return call.caller?.upAt == null ? 'setup' : 'ivr'
}

// Somebody has picked up and is about to be connected: no state of its own.
function hasPickedUp(call: Call): boolean {
  if (call.answeredAt !== null) return false
  for (const leg of call.openLegs) if (leg.answeredAt !== null && leg.endedAt === null) return true
  return false
}

function durationOf(call: Call): number {
  if (call.answeredAt === null) return 0
  const until = call.talkEndedAt ?? call.endedAt
  return until === null ? 0 : Math.max(0, until - call.answeredAt)
}

function ringOf(call: Call): number | null {
  if (call.ringingAt === null) return null
  if (call.answeredAt !== null) return Math.max(0, call.answeredAt - call.ringingAt)
  let until = Math.max(call.ringingAt, call.triedUntil)
  for (const leg of call.openLegs) {
    if (leg.plumbing) continue
    const ended = leg.dialEnd?.at ?? leg.endedAt
    if (ended === null) return null
    until = Math.max(until, ended)
  }
  return until - call.ringingAt
}

function queueWaitOf(call: Call): number | null {
  return call.stays.length === 0 ? null : call.queuedMs
}
