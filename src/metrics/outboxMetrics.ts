// The metrics of the outbox: counters as functions that other folders call, and gauges that are read at a scrape.

import { SINK_FAILURE_REASONS, type SinkFailureReason, type SinkName } from '../shipping/sink.ts'
import { OTHER } from './catalogue/labelValues.ts'
import type { Instruments } from './registry.ts'

/** Each adds to the counter of one sink. */
export interface OutboxMetrics {
  shipped(sink: SinkName, entries: number): void
  refused(sink: SinkName, entries: number): void
  dropped(sink: SinkName, entries: number): void
  failed(sink: SinkName, reason: SinkFailureReason): void
}

/** What waits for one sink. */
export interface OutboxState {
  readonly sink: SinkName
  readonly rows: number
  /** How long the oldest entry has waited; 0 if there is none. */
  readonly oldestSeconds: number
}

export function createOutboxMetrics(instruments: Instruments): OutboxMetrics {
  return {
    shipped: (sink, entries) => instruments.counter('outboxShipped').inc({ sink }, entries),
    refused: (sink, entries) => instruments.counter('outboxRefused').inc({ sink }, entries),
    dropped: (sink, entries) => instruments.counter('outboxDropped').inc({ sink }, entries),
    failed(sink, reason) {
      const known = SINK_FAILURE_REASONS.includes(reason) ? reason : OTHER
      instruments.counter('outboxFailures').inc({ sink, reason: known })
    },
  }
}

/** Sets the gauges of the sinks that are configured. */
export function setOutbox(instruments: Instruments, states: Iterable<OutboxState>): void {
  for (const { sink, rows, oldestSeconds } of states) {
    instruments.setGauge('outboxRows', { sink }, rows)
    instruments.setGauge('outboxOldest', { sink }, oldestSeconds)
  }
}
