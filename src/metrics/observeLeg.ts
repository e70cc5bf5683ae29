// What an ended leg adds to which sums: its trunk or operator, its setup time, and how the voice was.
//
// Pure. A phone that was paged counts for nobody: no operator has to answer a page. A call's own first channel has no leg in most calls, so the voice of the caller is taken from the call; a leg of
// role `caller` (the first party of a call that an application made) is that same voice, and is not taken twice.

import type { CallRecord, LegRecord, LegResult, StreamQuality, VoiceQuality } from '../call/fact.ts'
import { type OperatorResult, STREAM_SIDES, type StreamSide, type VoiceRole } from './catalogue/labelValues.ts'
import type { Observation } from './observation.ts'

// Shorter conversations may well end before the first packet came through.
const MEDIA_EXPECTED_AFTER_MS = 10_000

/** The sums that an ended leg adds to. */
export function legObservations(leg: LegRecord): readonly Observation[] {
  const offered = leg.role === 'callee' ? calleeObservations(leg) : []
  return [...seizureObservations(leg), ...offered]
}

/** The sums that the voice of an ended call's caller adds to. */
export function callerVoiceObservations(call: CallRecord): readonly Observation[] {
  const answered = call.disposition === 'answered'
  return voiceObservations({ role: 'caller', answered, talkMs: call.durationMs, quality: call.quality })
}

function seizureObservations(leg: LegRecord): readonly Observation[] {
  if (leg.endpointRole !== 'trunk') return []
  const result = leg.result ?? 'unknown'
  return [{ metric: 'trunkAttempts', labels: { trunk: leg.endpoint, direction: 'outbound', result }, value: 1 }]
}

function calleeObservations(leg: LegRecord): readonly Observation[] {
  const observations: Observation[] = []
  if (leg.progressAt !== null) {
    const value = Math.max(0, leg.progressAt - leg.startedAt) / 1000
    observations.push({ metric: 'callSetup', labels: { direction: leg.direction }, value })
  }
  if (leg.endpointRole === 'phone') observations.push(...operatorObservations(leg))
  const answered = leg.answeredAt !== null
  return observations.concat(voiceObservations({ role: 'callee', answered, talkMs: leg.talkMs, quality: leg.quality }))
}

function operatorObservations(leg: LegRecord): readonly Observation[] {
  const operator = leg.endpoint
  const calls: Observation = {
    metric: 'operatorCalls',
    labels: { operator, result: operatorResult(leg.result ?? 'failed') },
    value: 1,
  }
  if (leg.talkMs <= 0) return [calls]
  return [calls, { metric: 'operatorTalk', labels: { operator }, value: leg.talkMs / 1000 }]
}

// Why a phone could not be reached is a matter of the network, not of who sits at it.
function operatorResult(result: LegResult): OperatorResult {
  switch (result) {
    case 'congestion':
    case 'invalid_number':
    case 'failed': {
      return 'unreachable'
    }
    default: {
      return result
    }
  }
}

interface Voice {
  readonly role: VoiceRole
  readonly answered: boolean
  readonly talkMs: number
  readonly quality: VoiceQuality | null
}

function voiceObservations(voice: Voice): readonly Observation[] {
  const { role, quality } = voice
  if (quality === null) {
    return voice.answered ? [{ metric: 'legsWithoutStats', labels: { role }, value: 1 }] : []
  }
  const observations = STREAM_SIDES.flatMap((side) => streamObservations(voice, side, quality[side]))
  const { roundTripMs, implausible } = quality
  if (roundTripMs !== null) observations.push({ metric: 'legRoundTrip', labels: { role }, value: roundTripMs / 1000 })
  if (implausible > 0) observations.push({ metric: 'legStatsDropped', labels: { role }, value: implausible })
  return observations
}

function streamObservations(voice: Voice, side: StreamSide, stream: StreamQuality): readonly Observation[] {
  const labels = { role: voice.role, side }
  const { mos, lossRatio, jitterMs, packets } = stream
  const observations: Observation[] = []
  if (mos !== null) observations.push({ metric: 'legMos', labels, value: mos })
  if (lossRatio !== null) observations.push({ metric: 'legLoss', labels, value: lossRatio })
  if (jitterMs !== null) observations.push({ metric: 'legJitter', labels, value: jitterMs / 1000 })
  if (voice.answered && voice.talkMs >= MEDIA_EXPECTED_AFTER_MS && packets === 0) {
    observations.push({ metric: 'legsWithoutMedia', labels, value: 1 })
  }
  return observations
}
