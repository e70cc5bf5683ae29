// The exporter's counters of its own work, as functions that other folders call.
//
// Every event of the PBX passes through `frame`, so it only adds to a map, which becomes a metric at the next scrape.
// A type or reason outside the external lists is counted as `other`.

import { OTHER, type QuestionOutcome } from './catalogue/labelValues.ts'
import type { ExternalLabelValues, Instruments } from './registry.ts'

/** Times are seconds, except the lag of an event and the time of a question (ms). */
export interface SelfMetrics {
  /** A frame of this type was received. */
  frame(type: string): void
  /** An event was received so long after the time that it carries (ms, below 0 when the PBX's clock is ahead). */
  lag(lagMs: number): void
  /** A frame could not be read. */
  malformed(reason: string): void
  /** The ARI session ended, or could not be opened. */
  disconnect(reason: string): void
  /** Adds seconds without a session. */
  disconnected(seconds: number): void
  /** A question to Asterisk ended after so long (ms). */
  question(outcome: QuestionOutcome, ms: number): void
  /** A transaction of the call log took so long. */
  logWrite(seconds: number): void
  /** A transaction of the call log failed. */
  logWriteError(reason: string): void
  /** A wrong password or token was sent over HTTP. */
  loginFailure(): void
  /** So many more lines of the program's log were dropped. */
  logLinesDropped(lines: number): void
}

/** `flush` must be called before the metrics are read. */
export function createSelfMetrics(
  instruments: Instruments,
  external: ExternalLabelValues,
): SelfMetrics & { flush(): void } {
  const events = instruments.counter('events')
  const eventLag = instruments.histogram('eventLag')
  const framesByType = new Map([...external.events, OTHER].map((type) => [type, 0]))
  const reason = (key: keyof ExternalLabelValues, value: string): { reason: string } => ({
    reason: external[key].includes(value) ? value : OTHER,
  })

  return {
    frame(type) {
      const known = framesByType.has(type) ? type : OTHER
      framesByType.set(known, (framesByType.get(known) ?? 0) + 1)
    },
    lag(lagMs) {
      eventLag.observe(Math.max(0, lagMs) / 1000)
    },
    malformed(value) {
      instruments.counter('malformedFrames').inc(reason('malformedFrames', value))
    },
    disconnect(value) {
      instruments.counter('disconnects').inc(reason('disconnects', value))
    },
    disconnected(seconds) {
      // Negative when the clock was set back between two readings.
      instruments.counter('disconnectedSeconds').inc(Math.max(0, seconds))
    },
    question(outcome, ms) {
      instruments.counter('questions').inc({ outcome })
      instruments.histogram('questionTime').observe(ms / 1000)
    },
    logWrite(seconds) {
      instruments.histogram('calllogWrite').observe(seconds)
    },
    logWriteError(value) {
      instruments.counter('calllogWriteErrors').inc(reason('calllogWriteErrors', value))
    },
    loginFailure() {
      instruments.counter('httpAuthFailures').inc()
    },
    logLinesDropped(lines) {
      instruments.counter('logLinesDropped').inc(lines)
    },
    flush() {
      for (const [type, count] of framesByType) {
        if (count > 0) {
          events.inc({ type }, count)
        }
        framesByType.set(type, 0)
      }
    },
  }
}
