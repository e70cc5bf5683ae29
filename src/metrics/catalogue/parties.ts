// The catalogue, parties: trunks, operators, queues and endpoints.
//
// Only definitions. The names of these parties come from the PBX, so their labels are open and capped (labels.ts).
// Source of the meaning: src/call/fact.ts, src/call/views/liveCounts.ts.

import { QUEUE_OUTCOMES } from '../../call/fact.ts'
import type { MetricFamily } from './entry.ts'
import {
  ENDPOINT_ROLES,
  ENDPOINT_STATES,
  OPERATOR_RESULTS,
  OPERATOR_STATES,
  QUEUE_WAIT_OUTCOMES,
  TRUNK_DIRECTIONS,
  TRUNK_RESULTS,
} from './labelValues.ts'

/** Whoever a call comes from, goes to or waits in. */
export const PARTY_METRICS = {
  trunkAttempts: {
    type: 'counter',
    name: 'asterisk_trunk_attempts_total',
    help: 'Seizures of a trunk by how they ended: dial attempts out on it, and calls that came in on it.',
    labels: { trunk: 'open', direction: TRUNK_DIRECTIONS, result: TRUNK_RESULTS },
    kept: true,
  },
  trunkCallsActive: {
    type: 'gauge',
    name: 'asterisk_trunk_calls_active',
    help: 'Seizures of a trunk that live right now.',
    labels: { trunk: 'open', direction: TRUNK_DIRECTIONS },
  },
  operatorCalls: {
    type: 'counter',
    name: 'asterisk_operator_calls_total',
    help: 'Calls that were offered to this phone, by how the offer ended.',
    labels: { operator: 'open', result: OPERATOR_RESULTS },
    kept: true,
  },
  operatorTalk: {
    type: 'counter',
    name: 'asterisk_operator_talk_seconds_total',
    help: 'Seconds that this phone spent in conversation on calls that were offered to it.',
    labels: { operator: 'open' },
    kept: true,
  },
  operatorState: {
    type: 'gauge',
    name: 'asterisk_operator_state',
    help: '1 for what this phone is doing right now, else 0; for other, how many phones are doing it.',
    labels: { operator: 'open', state: OPERATOR_STATES },
  },
  queueCalls: {
    type: 'counter',
    name: 'asterisk_queue_calls_total',
    help: 'Stays of callers in a queue, by how they ended.',
    labels: { queue: 'open', outcome: QUEUE_OUTCOMES },
    kept: true,
  },
  queueWait: {
    type: 'histogram',
    name: 'asterisk_queue_wait_seconds',
    help: 'Seconds that callers waited in a queue, from entering it to leaving it.',
    labels: { queue: 'open', outcome: QUEUE_WAIT_OUTCOMES },
    buckets: [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1800],
    kept: true,
  },
  queueWaiting: {
    type: 'gauge',
    name: 'asterisk_queue_callers_waiting',
    help: 'Callers that wait in a queue right now.',
    labels: { queue: 'open' },
  },
  queueOldestWait: {
    type: 'gauge',
    name: 'asterisk_queue_oldest_wait_seconds',
    help: 'Seconds that the longest waiting caller of a queue has waited so far, 0 when it is empty.',
    labels: { queue: 'open' },
  },
  endpointUp: {
    type: 'gauge',
    name: 'asterisk_endpoint_up',
    help: '1 while the endpoint is online, 0 while offline, absent when Asterisk does not know; other is 1 when all of them are.',
    labels: { endpoint: 'open', role: ENDPOINT_ROLES },
  },
  endpointRoundTrip: {
    type: 'gauge',
    name: 'asterisk_endpoint_round_trip_seconds',
    help: 'Seconds that the endpoint took to answer the last qualify, absent when Asterisk does not tell; other is the longest of them.',
    labels: { endpoint: 'open', role: ENDPOINT_ROLES },
  },
  endpoints: {
    type: 'gauge',
    name: 'asterisk_endpoints',
    help: 'Endpoints that Asterisk is configured with, by role and state.',
    labels: { role: ENDPOINT_ROLES, state: ENDPOINT_STATES },
  },
} satisfies MetricFamily
