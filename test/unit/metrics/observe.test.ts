// What each fact adds to the metrics.

import { expect, test } from 'vitest'
import type { Destination } from '../../../src/call/event.ts'
import { type CallFact, type CallRecord, LEG_RESULTS } from '../../../src/call/fact.ts'
import { observationsOf, openValuesOf } from '../../../src/metrics/observe.ts'
import {
  callChanged,
  callEnded,
  callRecord,
  callStarted,
  goodVoice,
  legEnded,
  legRecord,
  legStarted,
  queueLeft,
  queueWait,
  T0,
} from './records.ts'

/** Observations as `metric label=value … value`, without voice quality. */
function steps(fact: CallFact): string[] {
  return observationsOf(fact)
    .map(({ metric, labels, value }) =>
      [metric, ...Object.entries(labels).map(([name, each]) => `${name}=${each}`), value].join(' '),
    )
    .filter((step) => !step.startsWith('leg'))
}

test('an answered call: duration, answer delay, ringing and hang-up', () => {
  expect(steps(callEnded(callRecord()))).toEqual([
    'calls direction=internal disposition=answered 1',
    'callsOffered direction=internal 1',
    'callDuration direction=internal 61.5',
    'callAnswer direction=internal 4',
    'callRing direction=internal outcome=answered 3',
    'callHangups direction=internal cause_class=normal ended_by=caller 1',
  ])
})

test('a missed call on a trunk: the reason, the seizure, and no duration', () => {
  const call = callRecord({
    callerEndpoint: 'carrier',
    callerRole: 'trunk',
    direction: 'inbound',
    disposition: 'busy',
    missed: true,
    answeredAt: null,
    answerDelayMs: null,
    durationMs: 0,
    ringMs: null,
    causeClass: 'busy',
    hungUpBy: 'callee',
  })
  expect(steps(callEnded(call))).toEqual([
    'calls direction=inbound disposition=busy 1',
    'callsOffered direction=inbound 1',
    'missedCalls direction=inbound reason=busy 1',
    'callHangups direction=inbound cause_class=busy ended_by=callee 1',
    'trunkAttempts trunk=carrier direction=inbound result=busy 1',
  ])
})

test('a call originated on a trunk is not an inbound seizure: its first leg is an outbound one', () => {
  const call = callRecord({ callerEndpoint: 'carrier', callerRole: 'trunk', originated: true, direction: 'outbound' })
  expect(steps(callEnded(call)).filter((step) => step.startsWith('trunkAttempts'))).toEqual([])
})

test('a call that nobody had the chance to answer is not offered', () => {
  const call = callRecord({ disposition: 'self_service', offered: false })
  expect(steps(callEnded(call)).filter((step) => step.startsWith('callsOffered'))).toEqual([])
})

test('the ringing of an unanswered call has the outcome not_answered', () => {
  const call = callRecord({ disposition: 'no_answer', answeredAt: null, answerDelayMs: null, ringMs: 20_000 })
  expect(steps(callEnded(call))).toContain('callRing direction=internal outcome=not_answered 20')
})

test('a merged call is counted only as merged', () => {
  const call = callRecord({
    disposition: 'merged',
    offered: false,
    mergedInto: 'call-0',
    callerRole: 'trunk',
    quality: null,
  })
  expect(observationsOf(callEnded(call))).toEqual([
    { metric: 'calls', labels: { direction: 'internal', disposition: 'merged' }, value: 1 },
  ])
})

test('a call is missed only if its record says so, whatever its disposition', () => {
  const call = callRecord({ disposition: 'cancelled', missed: false, direction: 'outbound' })
  expect(steps(callEnded(call)).filter((step) => step.startsWith('missed'))).toEqual([])
})

test('a call that ended unobserved counts as hung up by the system, cause other', () => {
  const call = callRecord({ disposition: 'unknown', causeClass: null, hungUpBy: null })
  expect(steps(callEnded(call))).toContain('callHangups direction=internal cause_class=other ended_by=system 1')
})

test('a leg to a phone: setup time, the operator’s call and talk time', () => {
  expect(steps(legEnded(legRecord()))).toEqual([
    'callSetup direction=internal 0.5',
    'operatorCalls operator=102 result=answered 1',
    'operatorTalk operator=102 61.5',
  ])
})

test('a leg without progress has no setup time and no talk time', () => {
  const leg = legRecord({ progressAt: null, answeredAt: null, talkMs: 0, result: 'unreachable', quality: null })
  expect(steps(legEnded(leg))).toEqual(['operatorCalls operator=102 result=unreachable 1'])
})

test.each([
  ['congestion', 'unreachable'],
  ['invalid_number', 'unreachable'],
  ['failed', 'unreachable'],
  ['answered_elsewhere', 'answered_elsewhere'],
  ['cancelled', 'cancelled'],
  ['rejected', 'rejected'],
] as const)('a leg that ended %s counts for its operator as %s', (result, counted) => {
  const leg = legRecord({ progressAt: null, answeredAt: null, talkMs: 0, result })
  expect(steps(legEnded(leg))).toEqual([`operatorCalls operator=102 result=${counted} 1`])
})

test('a leg on a trunk is a seizure and counts for no operator', () => {
  const leg = legRecord({ endpoint: 'carrier', endpointRole: 'trunk', direction: 'outbound', result: 'congestion' })
  expect(steps(legEnded(leg))).toEqual([
    'callSetup direction=outbound 0.5',
    'trunkAttempts trunk=carrier direction=outbound result=congestion 1',
    'trunkTalk trunk=carrier direction=outbound 61.5',
  ])
})

test('the first leg of an originated call counts for no operator and no setup, but is a seizure on a trunk', () => {
  expect(observationsOf(legEnded(legRecord({ role: 'caller' })))).toEqual([])
  const onTrunk = legRecord({ role: 'caller', endpoint: 'carrier', endpointRole: 'trunk' })
  expect(steps(legEnded(onTrunk))).toEqual([
    'trunkAttempts trunk=carrier direction=outbound result=answered 1',
    'trunkTalk trunk=carrier direction=outbound 61.5',
  ])
})

test('minutes and short calls of a trunk: of calls that come in, and of attempts that go out', () => {
  const out = legRecord({ endpoint: 'carrier', endpointRole: 'trunk' })
  const comeIn = { callerRole: 'trunk', callerEndpoint: 'carrier', direction: 'inbound', quality: null } as const
  const ofTrunk = (fact: CallFact) => steps(fact).filter((step) => /^trunk(Talk|Short)/.test(step))
  expect(ofTrunk(legEnded({ ...out, talkMs: 5_999 }))).toEqual([
    'trunkTalk trunk=carrier direction=outbound 5.999',
    'trunkShortCalls trunk=carrier direction=outbound 1',
  ])
  // The far end picks up when the caller has gone.
  expect(ofTrunk(legEnded({ ...out, talkMs: 0 }))).toEqual(['trunkShortCalls trunk=carrier direction=outbound 1'])
  expect(ofTrunk(legEnded({ ...out, talkMs: 0, answeredAt: null, result: 'no_answer' }))).toEqual([])
  expect(ofTrunk(callEnded(callRecord({ ...comeIn, durationMs: 6_000 })))).toEqual([
    'trunkTalk trunk=carrier direction=inbound 6',
  ])
  expect(ofTrunk(callEnded(callRecord({ ...comeIn, durationMs: 1_500 })))).toEqual([
    'trunkTalk trunk=carrier direction=inbound 1.5',
    'trunkShortCalls trunk=carrier direction=inbound 1',
  ])
  expect(ofTrunk(callEnded(callRecord({ ...comeIn, durationMs: 0, disposition: 'abandoned' })))).toEqual([])
  expect(ofTrunk(callEnded(callRecord({ ...comeIn, disposition: 'merged' })))).toEqual([])
})

test('a call that left by a trunk counts for its destination, with its minutes if it was answered', () => {
  const of = (changes: Partial<CallRecord>) =>
    steps(callEnded(callRecord({ direction: 'outbound', quality: null, ...changes }))).filter((step) =>
      step.startsWith('outbound'),
    )
  const abroad = { class: 'international', country: 'EE' } as const
  expect(of({ destination: abroad })).toEqual([
    'outboundCalls class=international country=EE answered=yes 1',
    'outboundTalk class=international country=EE 61.5',
  ])
  expect(of({ destination: { class: 'mobile', country: '' }, disposition: 'busy', durationMs: 0 })).toEqual([
    'outboundCalls class=mobile country= answered=no 1',
  ])
  expect(of({ destination: abroad, disposition: 'merged' })).toEqual([])
  expect(of({ destination: null })).toEqual([])
})

test('a call to a line counts for it; a call to another number for none', () => {
  const of = (line: string | null) =>
    steps(callEnded(callRecord({ line, quality: null }))).filter((step) => step.startsWith('line'))
  expect(of('Sales')).toEqual(['lineCalls line=Sales disposition=answered 1'])
  expect(of(null)).toEqual([])
})

test('an emergency call counts when its number is dialed', () => {
  const dialed = (destination: Destination | null): CallFact => ({
    type: 'NumberDialed',
    at: T0,
    leg: legRecord({ endpoint: 'carrier', endpointRole: 'trunk', destination }),
  })
  expect(steps(dialed({ class: 'emergency', country: '' }))).toEqual(['emergencyCalls 1'])
  expect(steps(dialed({ class: 'national', country: '' }))).toEqual([])
  expect(openValuesOf(dialed({ class: 'international', country: 'EE' }))).toEqual([{ label: 'country', value: 'EE' }])
})

test.each(LEG_RESULTS)('a paged phone counts for no operator, whatever the result of its leg: %s', (result) => {
  expect(observationsOf(legEnded(legRecord({ role: 'paged', result })))).toEqual([])
})

test.each([
  ['answered', 'answered'],
  ['abandoned', 'abandoned'],
  ['timeout', 'other'],
  ['leaveempty', 'other'],
] as const)('a stay in a queue that ended %s is a wait with outcome %s', (outcome, waited) => {
  expect(steps(queueLeft(queueWait({ outcome })))).toEqual([
    `queueCalls queue=sales outcome=${outcome} 1`,
    `queueWait queue=sales outcome=${waited} 12`,
  ])
})

test('reconciled calls by outcome', () => {
  expect(steps({ type: 'CallsReconciled', at: T0, kept: 3, adopted: 2, ended: 1 })).toEqual([
    'reconciledCalls outcome=kept 3',
    'reconciledCalls outcome=adopted 2',
    'reconciledCalls outcome=ended 1',
  ])
})

test('facts about unfinished calls add nothing', () => {
  const facts: CallFact[] = [
    callStarted(callRecord()),
    callChanged(callRecord()),
    { type: 'CallAnswered', at: T0, call: callRecord() },
    legStarted(legRecord()),
    { type: 'LegChanged', at: T0, leg: legRecord() },
  ]
  expect(facts.flatMap(observationsOf)).toEqual([])
})

test('the parties of a fact, by label', () => {
  const inbound = callRecord({ callerEndpoint: 'carrier', callerRole: 'trunk', queue: 'sales' })
  expect(openValuesOf(callStarted(inbound))).toEqual([
    { label: 'trunk', value: 'carrier' },
    { label: 'queue', value: 'sales' },
  ])
  expect(openValuesOf(callChanged(callRecord()))).toEqual([{ label: 'operator', value: '101' }])
  expect(openValuesOf(legStarted(legRecord()))).toEqual([{ label: 'operator', value: '102' }])
  expect(openValuesOf(queueLeft(queueWait()))).toEqual([{ label: 'queue', value: 'sales' }])
})

test('the voice quality of both ends, each side separately', () => {
  const voice = (fact: CallFact) => observationsOf(fact).filter(({ metric }) => metric.startsWith('leg'))
  for (const [role, fact] of [
    ['caller', callEnded(callRecord())],
    ['callee', legEnded(legRecord())],
  ] as const) {
    expect(voice(fact)).toEqual([
      { metric: 'legMos', labels: { role, side: 'rx' }, value: 4.35 },
      { metric: 'legMos', labels: { role, side: 'tx' }, value: 4.05 },
      { metric: 'legLoss', labels: { role, side: 'rx' }, value: 0.002 },
      { metric: 'legLoss', labels: { role, side: 'tx' }, value: 0 },
      { metric: 'legJitter', labels: { role, side: 'rx' }, value: 0.004 },
      { metric: 'legJitter', labels: { role, side: 'tx' }, value: 0.012 },
      { metric: 'legRoundTrip', labels: { role }, value: 0.02 },
    ])
  }
})

test('an answered leg without statistics is counted; an unanswered one is not', () => {
  const unheard = { metric: 'legsWithoutStats', labels: { role: 'callee' }, value: 1 }
  expect(observationsOf(legEnded(legRecord({ quality: null })))).toContainEqual(unheard)
  const unanswered = legRecord({ quality: null, answeredAt: null, talkMs: 0, result: 'busy' })
  expect(observationsOf(legEnded(unanswered))).not.toContainEqual(unheard)
})

test('a side without packets counts if the conversation lasted 10 s', () => {
  const silent = goodVoice({ tx: { packets: 0, mos: null, lossRatio: null, jitterMs: null } })
  const without = (talkMs: number) =>
    observationsOf(legEnded(legRecord({ quality: silent, talkMs }))).filter(
      ({ metric }) => metric === 'legsWithoutMedia',
    )
  expect(without(9_999)).toEqual([])
  expect(without(10_000)).toEqual([{ metric: 'legsWithoutMedia', labels: { role: 'callee', side: 'tx' }, value: 1 }])
})

test('values that were not measured add nothing; implausible values are counted', () => {
  const unmeasured = { packets: 500, mos: null, lossRatio: null, jitterMs: null }
  const quality = goodVoice({ rx: unmeasured, tx: unmeasured, roundTripMs: null, implausible: 2 })
  const observed = observationsOf(legEnded(legRecord({ quality }))).filter(({ metric }) => metric.startsWith('leg'))
  expect(observed).toEqual([{ metric: 'legStatsDropped', labels: { role: 'callee' }, value: 2 }])
})
