// Random facts for property tests: few names, so that they repeat; all dispositions, results and qualities.

import fc from 'fast-check'
import { DIRECTIONS } from '../../../src/call/event.ts'
import {
  CAUSE_CLASSES,
  type CallFact,
  DISPOSITIONS,
  type EndpointRole,
  LEG_RESULTS,
  QUEUE_OUTCOMES,
  SIDES,
  type StreamQuality,
} from '../../../src/call/fact.ts'
import {
  callEnded,
  callRecord,
  callStarted,
  legEnded,
  legRecord,
  legStarted,
  queueLeft,
  queueWait,
  T0,
} from './records.ts'

const span = fc.nat({ max: 8_000_000 })
const maybeSpan = fc.option(span)
const name = fc.constantFrom('101', '102', 'carrier', 'a "quoted\\ name', 'line\nbreak', 'x,result:busy', 'other', '')
const role = fc.constantFrom<EndpointRole>('trunk', 'phone')
const direction = fc.constantFrom(...DIRECTIONS)

const stream: fc.Arbitrary<StreamQuality> = fc.record({
  packets: fc.option(fc.nat({ max: 3 })),
  mos: fc.option(fc.double({ min: 1, max: 4.5, noNaN: true })),
  lossRatio: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  jitterMs: fc.option(fc.double({ min: 0, max: 9_999, noNaN: true })),
})

const quality = fc.option(
  fc.record({
    rx: stream,
    tx: stream,
    roundTripMs: fc.option(fc.nat({ max: 9_999 })),
    implausible: fc.nat({ max: 3 }),
  }),
)

const call = fc
  .record({
    direction,
    disposition: fc.constantFrom(...DISPOSITIONS),
    missed: fc.boolean(),
    durationMs: span,
    answerDelayMs: maybeSpan,
    ringMs: maybeSpan,
    causeClass: fc.option(fc.constantFrom(...CAUSE_CLASSES)),
    hungUpBy: fc.option(fc.constantFrom(...SIDES)),
    callerEndpoint: name,
    callerRole: role,
    queue: fc.option(name),
    quality,
  })
  .map((changes) => callRecord(changes))

const leg = fc
  .record({
    direction,
    endpoint: name,
    endpointRole: role,
    role: fc.constantFrom<('caller' | 'callee')[]>('caller', 'callee'),
    progressAt: fc.option(span.map((ms) => T0 + ms)),
    talkMs: span,
    result: fc.option(fc.constantFrom(...LEG_RESULTS)),
    quality,
  })
  .map((changes) => legRecord(changes))

const queueWaits = fc
  .record({ queue: name, leftAt: span.map((ms) => T0 + ms), outcome: fc.constantFrom(...QUEUE_OUTCOMES) })
  .map((changes) => queueWait(changes))

/** Any fact that adds to sums or names a new party. */
export const anyFact: fc.Arbitrary<CallFact> = fc.oneof(
  call.map(callStarted),
  call.map(callEnded),
  leg.map(legStarted),
  leg.map(legEnded),
  queueWaits.map(queueLeft),
)
