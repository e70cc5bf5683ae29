// The exporter's own counters, as small functions for those who do the work.
//
// Every event of the PBX passes through `frame`, so it only notes; the notes become metrics when these are read.
// A type or reason outside the lists that were handed in is counted as `other`.

import { OTHER } from './catalogue/labelValues.ts'
import type { ExternalLabelValues, Instruments } from './registry.ts'

/** What the exporter tells of itself. Spans are seconds, except the lag of an event (ms, as the clock gives it). */
export interface SelfMetrics {
  /** A frame of this type was heard. */
  frame(type: string): void
  /** An event was received so long after the time that it carries (ms, below 0 when the PBX' clock is ahead). */
  lag(lagMs: number): void
  /** A frame could not be read. */
  malformed(reason: string): void
  /** The ARI session ended, or could not be opened. */
  disconnect(reason: string): void
  /** So many more seconds without a session. */
  disconnected(seconds: number): void
  /** A transaction of the call log took so long. */
  logWrite(seconds: number): void
  /** A transaction of the call log failed. */
  logWriteError(reason: string): void
  /** A wrong password or token was shown over HTTP. */
  loginFailure(): void
  /** So many more lines of the program's log were dropped. */
  logLinesDropped(lines: number): void
}

/** The functions, and `flush`: to be called before the metrics are read. */
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
      // By two readings of a clock that was set back between them.
      instruments.counter('disconnectedSeconds').inc(Math.max(0, seconds))
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
        if (count > 0) events.inc({ type }, count)
        framesByType.set(type, 0)
      }
    },
  }
}
