// What each fact adds to which sums. Pure: the same fact always says the same.
//
// Everything about a call is counted once, when it ends; about a leg or a stay in a queue likewise. So a metric can
// never disagree with the row that the call log writes of the same fact. A call that merged into another is only
// counted as such: what it was is told by the call it became part of.

import type { CallFact, CallRecord, MissedReason, QueueWaitRecord } from '../call/fact.ts'
import { MISSED_REASONS } from '../call/fact.ts'
import { MISSED_DIRECTIONS, type OpenLabel } from './catalogue/labelValues.ts'
import type { Origin } from './exemplars.ts'
import type { Observation } from './observation.ts'
import { callerVoiceObservations, legObservations } from './observeLeg.ts'

/** The sums that a fact adds to; none for most facts. */
export function observationsOf(fact: CallFact): readonly Observation[] {
  switch (fact.type) {
    case 'CallEnded': {
      return callObservations(fact.call)
    }
    case 'LegEnded': {
      return legObservations(fact.leg)
    }
    case 'QueueLeft': {
      return queueObservations(fact.wait)
    }
    case 'CallsReconciled': {
      return [
        { metric: 'reconciledCalls', labels: { outcome: 'kept' }, value: fact.kept },
        { metric: 'reconciledCalls', labels: { outcome: 'adopted' }, value: fact.adopted },
        { metric: 'reconciledCalls', labels: { outcome: 'ended' }, value: fact.ended },
      ]
    }
    case 'CallStarted':
    case 'CallChanged':
    case 'CallAnswered':
    case 'LegStarted':
    case 'LegChanged': {
      return []
    }
  }
}

/**
 * The call that the values of a fact come from, and when; null when they come from none. `now` in epoch ms: an event that
 * carries a later time happened now, or its exemplar would keep all others out until then.
 */
export function originOf(fact: CallFact, now: number): Origin | null {
  switch (fact.type) {
    case 'CallEnded': {
      return { callId: fact.call.channelId, at: Math.min(fact.at, now) }
    }
    case 'LegEnded': {
      return { callId: fact.leg.callId, at: Math.min(fact.at, now) }
    }
    default: {
      return null
    }
  }
}

/** A name from the PBX that a fact tells of, and the label that it can be a value of. */
export interface OpenValue {
  readonly label: Exclude<OpenLabel, 'endpoint'>
  readonly value: string
}

/** The parties that a fact tells of; they get their series at 0 long before there is anything to count. */
export function openValuesOf(fact: CallFact): readonly OpenValue[] {
  switch (fact.type) {
    case 'CallStarted':
    case 'CallChanged':
    case 'CallAnswered':
    case 'CallEnded': {
      const { callerEndpoint, callerRole, queue } = fact.call
      const caller: OpenValue = { label: callerRole === 'trunk' ? 'trunk' : 'operator', value: callerEndpoint }
      return queue === null ? [caller] : [caller, { label: 'queue', value: queue }]
    }
    case 'LegStarted':
    case 'LegChanged':
    case 'LegEnded': {
      const { endpoint, endpointRole } = fact.leg
      return [{ label: endpointRole === 'trunk' ? 'trunk' : 'operator', value: endpoint }]
    }
    case 'QueueLeft': {
      return [{ label: 'queue', value: fact.wait.queue }]
    }
    case 'CallsReconciled': {
      return []
    }
  }
}

function callObservations(call: CallRecord): readonly Observation[] {
  const { direction } = call
  const disposition = call.disposition ?? 'unknown'
  const ended: Observation = { metric: 'calls', labels: { direction, disposition }, value: 1 }
  if (disposition === 'merged') return [ended]
  return [
    ended,
    ...offeredObservations(call),
    ...missedObservations(call),
    ...timeObservations(call),
    {
      metric: 'callHangups',
      labels: { direction, cause_class: call.causeClass ?? 'other', by: call.hungUpBy ?? 'system' },
      value: 1,
    },
    ...seizureObservations(call),
    ...callerVoiceObservations(call),
  ]
}

function offeredObservations({ offered, direction }: CallRecord): readonly Observation[] {
  return offered ? [{ metric: 'callsOffered', labels: { direction }, value: 1 }] : []
}

function missedObservations(call: CallRecord): readonly Observation[] {
  const direction = MISSED_DIRECTIONS.find((known) => known === call.direction)
  const reason: MissedReason | undefined = MISSED_REASONS.find((known) => known === call.disposition)
  if (!call.missed || direction === undefined || reason === undefined) return []
  return [{ metric: 'missedCalls', labels: { direction, reason }, value: 1 }]
}

function timeObservations(call: CallRecord): readonly Observation[] {
  const { direction, ringMs, answerDelayMs } = call
  const answered = call.disposition === 'answered'
  const times: Observation[] = []
  if (answered) times.push({ metric: 'callDuration', labels: { direction }, value: call.durationMs / 1000 })
  if (answered && answerDelayMs !== null) {
    times.push({ metric: 'callAnswer', labels: { direction }, value: answerDelayMs / 1000 })
  }
  if (ringMs !== null) {
    const outcome = answered ? 'answered' : 'not_answered'
    times.push({ metric: 'callRing', labels: { direction, outcome }, value: ringMs / 1000 })
  }
  return times
}

// What came in on a trunk has no leg of its own there: the call itself is the seizure. An originated call has that leg.
function seizureObservations(call: CallRecord): readonly Observation[] {
  if (call.callerRole !== 'trunk' || call.originated) return []
  const result = call.disposition === null || call.disposition === 'merged' ? 'unknown' : call.disposition
  return [{ metric: 'trunkAttempts', labels: { trunk: call.callerEndpoint, direction: 'inbound', result }, value: 1 }]
}

function queueObservations(wait: QueueWaitRecord): readonly Observation[] {
  const { queue, outcome } = wait
  const waited = outcome === 'answered' || outcome === 'abandoned' ? outcome : 'other'
  return [
    { metric: 'queueCalls', labels: { queue, outcome }, value: 1 },
    {
      metric: 'queueWait',
      labels: { queue, outcome: waited },
      value: Math.max(0, wait.leftAt - wait.enteredAt) / 1000,
    },
  ]
}
