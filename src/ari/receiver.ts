// Receives the frames of one session: what needs no parsing is only counted, what concerns the session itself is reported at once,
// and everything else goes to the queue.
//
// No event is lost from the socket's first frame on: frames wait in the queue while the session subscribes and takes its snapshot, and
// are handled after the snapshot in their order of arrival.

import type { PbxEvent } from '../call/event.ts'
import { ticks } from '../time/clock.ts'
import type { ArrivalQueue, ArrivalQueueDependencies } from './arrivalQueue.ts'
import { decodeFrame } from './decode.ts'
import { createFrameBlock, type FrameBlock } from './frameBlock.ts'
import type { Consumer } from './safeConsumer.ts'
import type { SnapshotTaken } from './snapshot.ts'
import { hasAt, isUnusedVariable } from './unusedVariable.ts'

/** One in this many of the frames that need no parsing is parsed nevertheless, so that malformed ones are noticed. */
const PARSED_ONE_IN = 256

/** What waits: frames of the event socket, or an event that the session made; `receivedAt` is this machine's clock, epoch ms. */
export type Arrival = FrameBlock | { readonly event: PbxEvent; readonly receivedAt: number }

export interface ReceiverDependencies {
  readonly consumer: Consumer
  readonly queue: ArrivalQueue<Arrival>
  readonly now: () => number
  /** Frames about the session itself are reported at once, also while others wait. */
  onStasisStart(text: string): void
  onStasisEnd(text: string): void
  onReplaced(): void
  /** More waits than the queue may hold. */
  onOverrun(): void
}

export interface Receiver {
  /** One frame, as its bytes. */
  push(frame: Buffer): void
  /** Delivers the snapshot, then the frames that wait; later ones follow in their order. */
  begin(snapshot: SnapshotTaken): void
  /** When the latest frame arrived, by `ticks`; 0 before the first one. */
  lastFrameAt(): number
  /** Takes no further frames. Those that wait are still handled, unless there was no snapshot before them. */
  close(): void
}

/** Frame types about the session itself. */
export const SESSION_FRAME_TYPES: readonly string[] = ['StasisStart', 'StasisEnd', 'ApplicationReplaced']

// With the quotation marks: a text that contains one of these has a backslash before the second mark.
const SESSION_FRAME_MARKS = SESSION_FRAME_TYPES.map((type) => Buffer.from(`"${type}"`))

/** How Asterisk begins all frames but those that set a variable; the type follows. */
const TYPE_PREFIX = Buffer.from('{"type":"')

/** The receiver of one session. Holds the queue, which must be empty, until the snapshot. `consumer` must not throw (`safeConsumer`). */
export function createReceiver(deps: ReceiverDependencies): Receiver {
  const { consumer, queue, now } = deps
  let hasBegun = false
  let isClosed = false
  let lastFrameAt = 0
  let unused = 0
  queue.hold()

  const needsNoParsing = (frame: Buffer): boolean => isUnusedVariable(frame) && ++unused % PARSED_ONE_IN !== 0

  // False beyond the bound of the queue.
  function wait(frame: Buffer, receivedAt: number): boolean {
    const newest = queue.newest()
    if (newest !== null && 'next' in newest && newest.add(frame, receivedAt)) {
      return true
    }
    const block = createFrameBlock(frame.length)
    block.add(frame, receivedAt)
    return queue.add(block, block.bytes)
  }

  function handle(frame: Buffer, receivedAt: number): void {
    const text = frame.toString()
    switch (handleFrame(text, receivedAt, consumer)) {
      case 'StasisStart':
        return deps.onStasisStart(text)
      case 'StasisEnd':
        return deps.onStasisEnd(text)
      case 'ApplicationReplaced':
        return deps.onReplaced()
      default:
        return
    }
  }

  function push(frame: Buffer): void {
    if (isClosed) {
      return
    }
    const receivedAt = now()
    lastFrameAt = ticks()
    consumer.tap?.(frame.toString(), receivedAt)
    if (needsNoParsing(frame)) {
      consumer.onFrame?.('ChannelVarset', receivedAt)
    } else if (queue.isFree(lastFrameAt) || isAboutSession(frame)) {
      handle(frame, receivedAt)
    } else if (!wait(frame, receivedAt)) {
      deps.onOverrun()
    }
  }

  return {
    push,
    begin(snapshot) {
      hasBegun = true
      queue.release({ event: snapshot, receivedAt: now() })
    },
    lastFrameAt: () => lastFrameAt,
    close() {
      if (!isClosed && !hasBegun) {
        queue.discard()
      }
      isClosed = true
    },
  }
}

/** How a consumer handles what comes out of the queue; `stop`: it gets nothing more. */
export interface ArrivalHandler extends Pick<ArrivalQueueDependencies<Arrival>, 'handle' | 'hasMore' | 'more'> {
  stop(): void
}

/** `consumer` must not throw (`safeConsumer`). */
export function createArrivalHandler(consumer: Consumer): ArrivalHandler {
  let block: FrameBlock | null = null
  const hasEventMore = (): boolean => consumer.hasMore?.() ?? false

  function handleNext(): void {
    const frame = block?.next() ?? null
    if (frame !== null) {
      handleFrame(frame.text, frame.receivedAt, consumer)
    }
    if (block?.isEmpty() === true) {
      block = null
    }
  }

  return {
    handle(arrival) {
      if ('next' in arrival) {
        block = arrival
        handleNext()
      } else {
        consumer.onEvent(arrival.event, arrival.receivedAt)
      }
    },
    hasMore: () => block !== null || hasEventMore(),
    more() {
      if (hasEventMore()) {
        consumer.more?.()
      } else {
        handleNext()
      }
    },
    stop() {
      block = null
    },
  }
}

// Returns the frame's type; null if it is malformed.
function handleFrame(text: string, receivedAt: number, consumer: Consumer): string | null {
  const decoded = decodeFrame(text)
  if (decoded.kind === 'malformed') {
    consumer.onMalformed(decoded.reason)
    return null
  }
  consumer.onFrame?.(decoded.frameType, receivedAt)
  if (decoded.kind === 'event') {
    consumer.onEvent(decoded.event, receivedAt)
  }
  return decoded.frameType
}

// Asked only while others wait: a caller in our application hears silence until it continues.
function isAboutSession(frame: Buffer): boolean {
  const typeAt = hasAt(frame, 0, TYPE_PREFIX) ? TYPE_PREFIX.length - 1 : null
  if (!SESSION_FRAME_MARKS.some((mark) => (typeAt === null ? frame.includes(mark) : hasAt(frame, typeAt, mark)))) {
    return false
  }
  const decoded = decodeFrame(frame.toString())
  return decoded.kind === 'ignored' && SESSION_FRAME_TYPES.includes(decoded.frameType)
}
