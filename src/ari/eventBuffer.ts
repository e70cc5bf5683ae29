// Decodes and counts the frames of the event socket, and passes them to the consumer.
//
// No event is lost from the socket's first frame on: events are buffered here while the session subscribes and takes its snapshot,
// and are delivered after the snapshot in their order of arrival.

import type { PbxEvent } from '../call/event.ts'
import { ticks } from '../time/clock.ts'
import { decodeFrame } from './decode.ts'
import type { Consumer } from './safeConsumer.ts'
import type { SnapshotTaken } from './snapshot.ts'
import { isUnusedVariable } from './unusedVariable.ts'

/** One in this many of the frames that need no parsing is parsed nevertheless, so that malformed ones are noticed. */
const PARSED_ONE_IN = 256

export interface EventBufferOptions {
  /** More waiting events than this end the session. */
  readonly maxBuffered: number
}

export interface EventBufferDependencies {
  readonly consumer: Consumer
  readonly now: () => number
  /** Frames about the session itself are reported at once, also while events wait. */
  onStasisStart(text: string): void
  onStasisEnd(text: string): void
  onReplaced(): void
  onOverflow(): void
}

export interface EventBuffer {
  /** One frame, as its bytes. */
  push(frame: Buffer): void
  /** Delivers the snapshot, then the waiting events; later frames are delivered as they arrive. */
  flush(snapshot: SnapshotTaken): void
  /** When the latest frame arrived, by `ticks`; 0 before the first one. */
  lastFrameAt(): number
  /** Stops all delivery. */
  close(): void
}

/** The buffer of one session. `consumer` must not throw (`safeConsumer`). */
export function createEventBuffer(options: EventBufferOptions, deps: EventBufferDependencies): EventBuffer {
  const { consumer, now } = deps
  // Null once the snapshot was delivered.
  let buffered: { readonly event: PbxEvent; readonly receivedAt: number }[] | null = []
  let isClosed = false
  let lastFrameAt = 0
  let unused = 0

  function deliver(event: PbxEvent, receivedAt: number): void {
    if (buffered === null) {
      consumer.onEvent(event, receivedAt)
      return
    }
    buffered.push({ event, receivedAt })
    if (buffered.length > options.maxBuffered) {
      deps.onOverflow()
    }
  }

  function needsNoParsing(frame: Buffer): boolean {
    return consumer.tap === undefined && isUnusedVariable(frame) && ++unused % PARSED_ONE_IN !== 0
  }

  function push(frame: Buffer): void {
    if (isClosed) {
      return
    }
    const receivedAt = now()
    lastFrameAt = ticks()
    if (needsNoParsing(frame)) {
      consumer.onFrame?.('ChannelVarset', receivedAt)
      return
    }
    const text = frame.toString()
    consumer.tap?.(text, receivedAt)
    const decoded = decodeFrame(text)
    if (decoded.kind === 'malformed') {
      consumer.onMalformed(decoded.reason)
      return
    }
    consumer.onFrame?.(decoded.frameType, receivedAt)
    if (decoded.kind === 'event') {
      deliver(decoded.event, receivedAt)
    } else if (decoded.frameType === 'StasisStart') {
      deps.onStasisStart(text)
    } else if (decoded.frameType === 'StasisEnd') {
      deps.onStasisEnd(text)
    } else if (decoded.frameType === 'ApplicationReplaced') {
      deps.onReplaced()
    }
  }

  function flush(snapshot: SnapshotTaken): void {
    const waiting = buffered ?? []
    buffered = null
    consumer.onEvent(snapshot, now())
    for (const { event, receivedAt } of waiting) {
      consumer.onEvent(event, receivedAt)
    }
  }

  function close(): void {
    isClosed = true
    buffered = []
  }

  return { push, flush, lastFrameAt: () => lastFrameAt, close }
}
