// Catalogue of metrics, the exporter itself: what it receives, misses and writes.
//
// They start at 0 with each process, like the runtime's own metrics. selfMetrics.ts counts them, except those with `from`.

import { counter, type MetricFamily } from './entry.ts'
import { OPEN_LABELS, QUESTION_OUTCOMES, RECONCILED_OUTCOMES } from './labelValues.ts'

/** How well the exporter does its own work. */
export const EXPORTER_METRICS = {
  buildInfo: {
    type: 'gauge',
    name: 'asterisk_exporter_build_info',
    help: 'Version and revision of this program and the Node that runs it; always 1.',
    labels: { version: 'info', revision: 'info', node_version: 'info' },
  },
  events: {
    type: 'counter',
    name: 'asterisk_exporter_events_total',
    help: 'Events received from Asterisk by type; unknown types are counted as other.',
    labels: { type: 'external' },
    persisted: false,
  },
  malformedFrames: {
    type: 'counter',
    name: 'asterisk_exporter_malformed_frames_total',
    help: 'Frames from Asterisk that could not be read, by the reason; they are skipped.',
    labels: { reason: 'external' },
    persisted: false,
  },
  eventLag: {
    type: 'histogram',
    name: 'asterisk_exporter_event_lag_seconds',
    help: 'Seconds from the timestamp of an event to its receipt; a difference between the clocks adds to it.',
    labels: {},
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    persisted: false,
  },
  queueBytes: {
    type: 'gauge',
    name: 'asterisk_exporter_queue_bytes',
    help: 'Memory for events that have arrived and wait to be handled; ARI_QUEUE_MB limits it.',
    labels: {},
  },
  queueLag: {
    type: 'gauge',
    name: 'asterisk_exporter_lag_seconds',
    help: 'Seconds that the longest waiting of these events has waited so far, 0 when there is none.',
    labels: {},
  },
  disconnects: {
    type: 'counter',
    name: 'asterisk_exporter_session_disconnects_total',
    help: 'Ends of an ARI session and failed attempts to open one, by the reason.',
    labels: { reason: 'external' },
    persisted: false,
  },
  disconnectedSeconds: {
    type: 'counter',
    name: 'asterisk_exporter_disconnected_seconds_total',
    help: 'Seconds without an ARI session, in which no event arrived.',
    labels: {},
    persisted: false,
  },
  stasisWaiting: {
    type: 'gauge',
    name: 'asterisk_exporter_stasis_waiting',
    help: 'Channels that the dialplan sent into the exporter’s Stasis application and that have not continued in the dialplan yet: their callers hear silence.',
    labels: {},
  },
  stasisOldestWait: {
    type: 'gauge',
    name: 'asterisk_exporter_stasis_oldest_wait_seconds',
    help: 'Seconds that the longest waiting of these channels has waited so far, 0 when there is none.',
    labels: {},
  },
  questions: {
    type: 'counter',
    name: 'asterisk_exporter_questions_total',
    help: 'Questions to Asterisk about queue members, live calls and endpoints: answered, gone (the call ended), refused, or no answer within a second.',
    labels: { outcome: QUESTION_OUTCOMES },
    persisted: false,
  },
  questionTime: {
    type: 'histogram',
    name: 'asterisk_exporter_question_seconds',
    help: 'Seconds that Asterisk took to answer each question; fewer are asked while many take longer than 0.05.',
    labels: {},
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    persisted: false,
  },
  reconciledCalls: counter({
    name: 'asterisk_exporter_reconciled_calls_total',
    help: 'Calls after a gap or a restart: found again (kept), found new (adopted), or gone (ended).',
    labels: { outcome: RECONCILED_OUTCOMES },
    persisted: false,
    from: {
      CallsReconciled: (fact) => RECONCILED_OUTCOMES.map((outcome) => ({ labels: { outcome }, value: fact[outcome] })),
    },
  }),
  // Read from the call log at a scrape, which remembers it.
  calllogCallsWritten: {
    type: 'counter',
    name: 'asterisk_exporter_calllog_calls_written_total',
    help: 'Ended calls that were ever written to the call log, those deleted since and the few that it refused included.',
    labels: {},
    persisted: false,
  },
  calllogPending: {
    type: 'gauge',
    name: 'asterisk_exporter_calllog_pending',
    help: 'Ended calls that are not yet on disk; with those written they are all calls that ended.',
    labels: {},
  },
  calllogWal: {
    type: 'gauge',
    name: 'asterisk_exporter_calllog_wal_bytes',
    help: 'Size of the write-ahead log of the call log; it grows while another program keeps a reading transaction open.',
    labels: {},
  },
  calllogWrite: {
    type: 'histogram',
    name: 'asterisk_exporter_calllog_write_seconds',
    help: 'Seconds that each transaction of the call log took.',
    labels: {},
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    persisted: false,
  },
  calllogWriteErrors: {
    type: 'counter',
    name: 'asterisk_exporter_calllog_write_errors_total',
    help: 'Transactions of the call log that failed, by the reason; they are tried again.',
    labels: { reason: 'external' },
    persisted: false,
  },
  httpAuthFailures: {
    type: 'counter',
    name: 'asterisk_exporter_http_auth_failures_total',
    help: 'Requests over HTTP with a wrong password or token.',
    labels: {},
    persisted: false,
  },
  logLinesDropped: {
    type: 'counter',
    name: 'asterisk_exporter_log_lines_dropped_total',
    help: 'Log lines that were dropped because their output (a full disk, a pipe that nobody reads) did not take them.',
    labels: {},
    persisted: false,
  },
  labelOverflow: {
    type: 'counter',
    name: 'asterisk_exporter_label_overflow_total',
    help: 'Distinct label values that are counted as other because their label has as many values as allowed.',
    labels: { label: OPEN_LABELS },
    persisted: false,
  },
} satisfies MetricFamily
