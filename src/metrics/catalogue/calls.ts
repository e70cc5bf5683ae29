// Catalogue of metrics, calls: how they ended and how long they took. Each metric is declared beside what adds to it.
//
// Never a ratio or an average: recording rules compute them from these sums. A call is counted once, when it ends, from the record
// that the call log stores, so that metrics and rows cannot disagree. A call that merged into another counts only as started and as
// ended. Source of the definitions: src/call/fact.ts.

import { DIRECTIONS } from '../../call/event.ts'
import { CALL_STATES, CAUSE_CLASSES, DISPOSITIONS, MISSED_REASONS, SIDES } from '../../call/fact.ts'
import { counter, histogram, type MetricFamily } from './entry.ts'
import { calleeLeg, seconds, wholeCall } from './facts.ts'
import { MISSED_DIRECTIONS, RING_OUTCOMES } from './labelValues.ts'

/** Calls, from the first channel to the last. */
export const CALL_METRICS = {
  up: {
    type: 'gauge',
    name: 'asterisk_up',
    stability: 'stable',
    help: '1 while the ARI session is up and the state is in sync with Asterisk, else 0.',
    labels: {},
  },
  info: {
    type: 'gauge',
    name: 'asterisk_info',
    stability: 'stable',
    help: 'Version and entity id of the connected Asterisk; always 1, absent until it was first reached.',
    labels: { version: 'info', entity_id: 'info' },
  },
  startTime: {
    type: 'gauge',
    name: 'asterisk_start_time_seconds',
    stability: 'stable',
    help: 'When Asterisk started, in seconds since the epoch; absent until it was first reached.',
    labels: {},
  },
  callsActive: {
    type: 'gauge',
    name: 'asterisk_calls_active',
    stability: 'stable',
    help: 'Active calls by state.',
    labels: { direction: DIRECTIONS, state: CALL_STATES },
  },
  callsOldestActive: {
    type: 'gauge',
    name: 'asterisk_calls_oldest_active_seconds',
    stability: 'stable',
    help: 'Age of the oldest active call in seconds, 0 if there is none.',
    labels: {},
  },
  // Counted by startedCalls.ts: when a call starts, its direction may not be known yet.
  callsStarted: {
    type: 'counter',
    name: 'asterisk_calls_started_total',
    stability: 'stable',
    help: 'Calls that started; always the ended calls plus the active calls.',
    labels: { direction: DIRECTIONS },
    persisted: true,
  },
  calls: counter({
    name: 'asterisk_calls_total',
    stability: 'stable',
    help: 'Calls that ended, by how they ended: as many as the call log has rows of ended calls.',
    labels: { direction: DIRECTIONS, disposition: DISPOSITIONS },
    persisted: true,
    from: {
      CallEnded: ({ call: { direction, disposition } }) => [
        { labels: { direction, disposition: disposition ?? 'unknown' }, value: 1 },
      ],
    },
  }),
  callsOffered: counter({
    name: 'asterisk_calls_offered_total',
    stability: 'stable',
    help: 'Ended calls that somebody had the chance to answer (answered, missed, or sent out on a trunk): the base of every answer ratio.',
    labels: { direction: DIRECTIONS },
    persisted: true,
    from: wholeCall(({ offered, direction }) => (offered ? [{ labels: { direction }, value: 1 }] : [])),
  }),
  missedCalls: counter({
    name: 'asterisk_missed_calls_total',
    stability: 'stable',
    help: 'Inbound and internal calls that were offered to somebody and answered by nobody, by the reason.',
    labels: { direction: MISSED_DIRECTIONS, reason: MISSED_REASONS },
    persisted: true,
    from: wholeCall((call) => {
      const direction = MISSED_DIRECTIONS.find((known) => known === call.direction)
      const reason = MISSED_REASONS.find((known) => known === call.disposition)
      if (!call.missed || direction === undefined || reason === undefined) {
        return []
      }
      return [{ labels: { direction, reason }, value: 1 }]
    }),
  }),
  callDuration: histogram({
    name: 'asterisk_call_duration_seconds',
    stability: 'stable',
    help: 'Seconds from the answer to the end of the conversation, once for each answered call.',
    labels: { direction: DIRECTIONS },
    buckets: [5, 10, 20, 30, 60, 120, 180, 300, 600, 1200, 1800, 3600, 7200],
    persisted: true,
    exemplars: true,
    from: wholeCall((call) =>
      call.disposition === 'answered' ? seconds(call.durationMs, { direction: call.direction }) : [],
    ),
  }),
  callAnswer: histogram({
    name: 'asterisk_call_answer_seconds',
    stability: 'stable',
    help: 'Seconds that callers of answered calls waited from the start to the answer, announcements and queues included.',
    labels: { direction: DIRECTIONS },
    buckets: [1, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600],
    persisted: true,
    exemplars: true,
    from: wholeCall((call) =>
      call.disposition === 'answered' ? seconds(call.answerDelayMs, { direction: call.direction }) : [],
    ),
  }),
  callRing: histogram({
    name: 'asterisk_call_ring_seconds',
    stability: 'stable',
    help: 'Seconds from the first ringing of any target to the answer or to the end of trying; only calls that rang.',
    labels: { direction: DIRECTIONS, outcome: RING_OUTCOMES },
    buckets: [1, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120],
    persisted: true,
    from: wholeCall(({ ringMs, direction, disposition }) =>
      seconds(ringMs, { direction, outcome: disposition === 'answered' ? 'answered' : 'not_answered' }),
    ),
  }),
  callSetup: histogram({
    name: 'asterisk_call_setup_seconds',
    stability: 'stable',
    help: 'Post-dial delay: seconds from the start of a dial attempt to its first sign of life (ringing, progress or answer).',
    labels: { direction: DIRECTIONS },
    buckets: [0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 10, 15, 20, 30],
    persisted: true,
    from: calleeLeg(({ progressAt, startedAt, direction }) =>
      seconds(progressAt === null ? null : Math.max(0, progressAt - startedAt), { direction }),
    ),
  }),
  callHangups: counter({
    name: 'asterisk_call_hangups_total',
    stability: 'stable',
    help: 'Ended calls by the class of their Q.850 cause and by who hung up.',
    labels: { direction: DIRECTIONS, cause_class: CAUSE_CLASSES, ended_by: SIDES },
    formerLabels: { by: 'ended_by' },
    persisted: true,
    from: wholeCall(({ direction, causeClass, hungUpBy }) => [
      { labels: { direction, cause_class: causeClass ?? 'other', ended_by: hungUpBy ?? 'system' }, value: 1 },
    ]),
  }),
} satisfies MetricFamily
