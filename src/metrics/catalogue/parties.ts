// Catalogue of metrics, parties: trunks, operators, queues and endpoints. Each metric is declared beside what adds to it.
//
// The names of these parties come from the PBX, so the number of their label values is limited (cardinality.ts). A paged phone
// counts for no operator: nobody has to answer a page. Source of the definitions: src/call/fact.ts, src/call/views/liveCounts.ts.

import { type LegRecord, type LegResult, QUEUE_OUTCOMES } from '../../call/fact.ts'
import { counter, type Derivation, histogram, type MetricFamily, type Sample } from './entry.ts'
import { calleeLeg, seconds } from './facts.ts'
import {
  ENDPOINT_ROLES,
  ENDPOINT_STATES,
  OPERATOR_RESULTS,
  OPERATOR_STATES,
  type OperatorResult,
  QUEUE_WAIT_OUTCOMES,
  TRUNK_DIRECTIONS,
  TRUNK_RESULTS,
  type TrunkResult,
} from './labelValues.ts'

/** Nobody says anything useful in less. */
const SHORT_CALL_MS = 6_000

/** The parties of calls: where a call comes from, goes to or waits. */
export const PARTY_METRICS = {
  trunkAttempts: counter({
    name: 'asterisk_trunk_attempts_total',
    stability: 'stable',
    help: 'Seizures of a trunk by how they ended: dial attempts out on it, and calls that came in on it.',
    labels: { trunk: 'open', direction: TRUNK_DIRECTIONS, result: TRUNK_RESULTS },
    persisted: true,
    from: seizure(({ trunk, direction, result }) => [{ labels: { trunk, direction, result }, value: 1 }]),
  }),
  trunkTalk: counter({
    name: 'asterisk_trunk_talk_seconds_total',
    stability: 'stable',
    help: 'Seconds in conversation on a trunk: of calls that came in on it, and of dial attempts out on it.',
    labels: { trunk: 'open', direction: TRUNK_DIRECTIONS },
    persisted: true,
    from: seizure(({ trunk, direction, talkMs }) => (talkMs > 0 ? seconds(talkMs, { trunk, direction }) : [])),
  }),
  trunkShortCalls: counter({
    name: 'asterisk_trunk_short_calls_total',
    stability: 'stable',
    help: 'Answered seizures of a trunk with less than 6 seconds of conversation: false answers, robots, wrong numbers.',
    labels: { trunk: 'open', direction: TRUNK_DIRECTIONS },
    persisted: true,
    from: seizure(({ trunk, direction, answered, talkMs }) =>
      answered && talkMs < SHORT_CALL_MS ? [{ labels: { trunk, direction }, value: 1 }] : [],
    ),
  }),
  trunkCallsActive: {
    type: 'gauge',
    name: 'asterisk_trunk_calls_active',
    stability: 'stable',
    help: 'Active seizures of a trunk.',
    labels: { trunk: 'open', direction: TRUNK_DIRECTIONS },
  },
  trunkCapacity: {
    type: 'gauge',
    name: 'asterisk_trunk_capacity_calls',
    stability: 'experimental',
    help: 'Calls that a trunk can carry at a time, as TRUNK_CHANNELS says; absent if it does not.',
    labels: { trunk: 'open' },
  },
  trunkFull: counter({
    name: 'asterisk_trunk_full_seconds_total',
    stability: 'experimental',
    help: 'Seconds in which a trunk carried as many calls as it can or more, looked at once a second while Asterisk was observed.',
    labels: { trunk: 'open' },
    persisted: false,
  }),
  operatorCalls: counter({
    name: 'asterisk_operator_calls_total',
    stability: 'stable',
    help: 'Calls that were offered to this phone, by how the offer ended.',
    labels: { operator: 'open', result: OPERATOR_RESULTS },
    persisted: true,
    from: operatorLeg(({ endpoint: operator, result }) => [
      { labels: { operator, result: operatorResult(result ?? 'failed') }, value: 1 },
    ]),
  }),
  operatorTalk: counter({
    name: 'asterisk_operator_talk_seconds_total',
    stability: 'stable',
    help: 'Seconds that this phone spent in conversation on calls that were offered to it.',
    labels: { operator: 'open' },
    persisted: true,
    from: operatorLeg(({ endpoint: operator, talkMs }) => (talkMs > 0 ? seconds(talkMs, { operator }) : [])),
  }),
  operatorState: {
    type: 'gauge',
    name: 'asterisk_operator_state',
    stability: 'experimental',
    help: '1 for the present state of this phone, else 0; for other, how many phones are in this state.',
    labels: { operator: 'open', state: OPERATOR_STATES },
  },
  queueCalls: counter({
    name: 'asterisk_queue_calls_total',
    stability: 'stable',
    help: 'Stays of callers in a queue, by how they ended.',
    labels: { queue: 'open', outcome: QUEUE_OUTCOMES },
    persisted: true,
    from: { QueueLeft: ({ wait: { queue, outcome } }) => [{ labels: { queue, outcome }, value: 1 }] },
  }),
  queueWait: histogram({
    name: 'asterisk_queue_wait_seconds',
    stability: 'stable',
    help: 'Seconds that callers waited in a queue, from entering it to leaving it.',
    labels: { queue: 'open', outcome: QUEUE_WAIT_OUTCOMES },
    buckets: [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1800],
    persisted: true,
    from: {
      QueueLeft: ({ wait: { queue, outcome, enteredAt, leftAt } }) =>
        seconds(Math.max(0, leftAt - enteredAt), {
          queue,
          outcome: outcome === 'answered' || outcome === 'abandoned' ? outcome : 'other',
        }),
    },
  }),
  queueWaiting: {
    type: 'gauge',
    name: 'asterisk_queue_callers_waiting',
    stability: 'stable',
    help: 'Callers that are waiting in a queue.',
    labels: { queue: 'open' },
  },
  queueOldestWait: {
    type: 'gauge',
    name: 'asterisk_queue_oldest_wait_seconds',
    stability: 'stable',
    help: 'Seconds that the longest waiting caller of a queue has waited so far, 0 when it is empty.',
    labels: { queue: 'open' },
  },
  endpointUp: {
    type: 'gauge',
    name: 'asterisk_endpoint_up',
    stability: 'stable',
    help: '1 while the endpoint is online, 0 while offline, absent when Asterisk does not know; other is 1 when all of them are.',
    labels: { endpoint: 'open', role: ENDPOINT_ROLES },
  },
  endpointRoundTrip: {
    type: 'gauge',
    name: 'asterisk_endpoint_round_trip_seconds',
    stability: 'stable',
    help: 'Seconds that the endpoint took to answer the last qualify, absent if Asterisk does not report it; other is the longest of them.',
    labels: { endpoint: 'open', role: ENDPOINT_ROLES },
  },
  endpoints: {
    type: 'gauge',
    name: 'asterisk_endpoints',
    stability: 'stable',
    help: 'Endpoints that Asterisk is configured with, by role and state.',
    labels: { role: ENDPOINT_ROLES, state: ENDPOINT_STATES },
  },
} satisfies MetricFamily

interface Seizure {
  readonly trunk: string
  readonly direction: (typeof TRUNK_DIRECTIONS)[number]
  readonly result: TrunkResult
  readonly answered: boolean
  readonly talkMs: number
}

// An inbound call has no leg on its trunk, so the call itself is the seizure; an originated call has a leg there.
function seizure<Labels>(derive: (seizure: Seizure) => readonly Sample<Labels>[]): Derivation<Labels> {
  return {
    CallEnded: ({ call: { callerRole, originated, callerEndpoint: trunk, disposition, durationMs: talkMs } }) => {
      const [result, answered] = [disposition ?? 'unknown', disposition === 'answered']
      return callerRole === 'trunk' && !originated && result !== 'merged'
        ? derive({ trunk, direction: 'inbound', result, answered, talkMs })
        : []
    },
    LegEnded: ({ leg: { endpointRole, endpoint: trunk, result, answeredAt, talkMs } }) =>
      endpointRole === 'trunk'
        ? derive({ trunk, direction: 'outbound', result: result ?? 'unknown', answered: answeredAt !== null, talkMs })
        : [],
  }
}

function operatorLeg<Labels>(derive: (leg: LegRecord) => readonly Sample<Labels>[]): Derivation<Labels> {
  return calleeLeg((leg) => (leg.endpointRole === 'phone' ? derive(leg) : []))
}

// Causes in the network are not distinguished for operators.
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
