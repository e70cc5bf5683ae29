// What comes from the socket, on its way to the consumer: decoded, counted, and held back until the snapshot is there.
//
// From the socket's first frame on nothing is lost: frames wait here while the session subscribes and takes its
// snapshot, then go after it in the order in which they came.
import type { PbxEvent } from '../call/event.ts'
import { ticks } from '../time/clock.ts'
import { decodeFrame } from './decode.ts'
import type { Consumer } from './safeConsumer.ts'
import type { SnapshotTaken } from './snapshot.ts'

export interface IntakeOptions {
  /** More events than this while the snapshot is taken: give up. */
  readonly maxHeld: number
}

export interface IntakeDependencies {
  readonly consumer: Consumer
  readonly now: () => number
  /** A frame of the types that concern the session itself, at once, even while events are held back. */
  onStasisStart(text: string): void
  onStasisEnd(text: string): void
  onReplaced(): void
  onOverrun(): void
}

export interface Intake {
  accept(text: string): void
  /** Delivers the snapshot, then what was held back; from then on frames are delivered as they come. */
  release(snapshot: SnapshotTaken): void
  /** When the latest frame came, by `ticks`; 0 before the first one. */
  heardAt(): number
  /** Nothing is delivered any more. */
  close(): void
}

/** The intake of one session. `consumer` must be a guarded one (`guardConsumer`). */
export function createIntake(options: IntakeOptions, deps: IntakeDependencies): Intake {
  const { consumer, now } = deps
  let held: { readonly event: PbxEvent; readonly receivedAt: number }[] | null = []
  let isClosed = false
  let heardAt = 0

  function deliver(event: PbxEvent, receivedAt: number): void {
    if (held === null) {
      consumer.onEvent(event, receivedAt)
      return
    }
    held.push({ event, receivedAt })
    if (held.length > options.maxHeld) deps.onOverrun()
  }

  function accept(text: string): void {
    if (isClosed) return
    const receivedAt = now()
    heardAt = ticks()
    consumer.tap?.(text, receivedAt)
    const decoded = decodeFrame(text)
    if (decoded.kind === 'malformed') {
      consumer.onMalformed(decoded.reason)
      return
    }
    consumer.onFrame?.(decoded.frameType, receivedAt)
    if (decoded.kind === 'event') deliver(decoded.event, receivedAt)
    else if (decoded.frameType === 'StasisStart') deps.onStasisStart(text)
    else if (decoded.frameType === 'StasisEnd') deps.onStasisEnd(text)
    else if (decoded.frameType === 'ApplicationReplaced') deps.onReplaced()
  }

  function release(snapshot: SnapshotTaken): void {
    const waiting = held ?? []
    held = null
    consumer.onEvent(snapshot, now())
    for (const { event, receivedAt } of waiting) consumer.onEvent(event, receivedAt)
  }

  function close(): void {
    isClosed = true
    held = []
  }

  return { accept, release, heardAt: () => heardAt, close }
}
