// Catalogue of metrics, the outbox: what has ended and is on its way to the central call log or to a webhook.
//
// Series exist for the sinks that are configured. outboxMetrics.ts counts.

import { SINK_FAILURE_REASONS } from '../../shipping/sink.ts'
import type { MetricFamily } from './entry.ts'

/** What is shipped, and what is not yet. */
export const OUTBOX_METRICS = {
  outboxRows: {
    type: 'gauge',
    name: 'asterisk_exporter_outbox_rows',
    stability: 'experimental',
    help: 'Entries of the outbox that are not delivered to this sink yet: ended calls and changes of missed callers.',
    labels: { sink: 'external' },
  },
  outboxOldest: {
    type: 'gauge',
    name: 'asterisk_exporter_outbox_oldest_seconds',
    stability: 'experimental',
    help: 'Seconds that the oldest of these entries has waited so far, 0 when there is none.',
    labels: { sink: 'external' },
  },
  outboxShipped: {
    type: 'counter',
    name: 'asterisk_exporter_outbox_shipped_total',
    stability: 'experimental',
    help: 'Entries that were delivered to this sink.',
    labels: { sink: 'external' },
    persisted: false,
  },
  outboxRefused: {
    type: 'counter',
    name: 'asterisk_exporter_outbox_refused_total',
    stability: 'experimental',
    help: 'Entries that this sink will never take; they are set aside in the call log.',
    labels: { sink: 'external' },
    persisted: false,
  },
  outboxDropped: {
    type: 'counter',
    name: 'asterisk_exporter_outbox_dropped_total',
    stability: 'experimental',
    help: 'Entries that were removed undelivered, because their calls were 30 days older than the retention allows.',
    labels: { sink: 'external' },
    persisted: false,
  },
  outboxFailures: {
    type: 'counter',
    name: 'asterisk_exporter_outbox_failures_total',
    stability: 'experimental',
    help: 'Failed attempts to deliver to this sink, by the reason; they are repeated.',
    labels: { sink: 'external', reason: SINK_FAILURE_REASONS },
    persisted: false,
  },
} satisfies MetricFamily
