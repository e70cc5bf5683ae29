// The consumer of events, and a wrapper that logs a consumer's exception instead of letting it reach the socket.
//
// An exception of the consumer is a bug of this program. Each message is logged once: a bug that every event triggers would
// otherwise write a line for each.

import type { PbxEvent } from '../call/event.ts'
import type { Logger } from '../log.ts'
import type { MalformedReason } from './decode.ts'
import type { DisconnectReason } from './disconnect.ts'
import type { FrameType } from './frameType.ts'
import type { SnapshotTaken } from './snapshot.ts'

/** Receives the events of a session. */
export interface Consumer {
  /** The snapshot of a session has been read; it is delivered, and the session in sync, when this is done. */
  beforeSnapshot?(snapshot: SnapshotTaken): Promise<void>
  /** One event; `receivedAt` is this machine's clock, epoch ms, when it arrived. */
  onEvent(event: PbxEvent, receivedAt: number): void
  /** Whether the latest event has work left; `more` does a part of it. The next event comes after all of it. */
  hasMore?(): boolean
  more?(): void
  /** Events wait for more than a second; or no longer do. Called when that changes. */
  onBehind?(isBehind: boolean): void
  /** Each well-formed frame, used or not, for counting. */
  onFrame?(frameType: FrameType, receivedAt: number): void
  /** A frame, or an entry of the snapshot, that could not be decoded. */
  onMalformed(reason: MalformedReason): void
  /** A session ended or could not be opened; not called after `stop`. */
  onDisconnect(reason: DisconnectReason): void
  /** Each frame as received, for recording, when it arrives. */
  tap?(text: string, receivedAt: number): void
}

/** At most this many different messages are logged. */
const MAX_MESSAGES = 100

/** The same consumer, whose exceptions are logged instead of thrown. */
export function safeConsumer(consumer: Consumer, log: Logger): Consumer {
  const seen = new Set<string>()

  function guarded<A, B>(where: string, call: (a: A, b: B) => void): (a: A, b: B) => void {
    return (a, b) => {
      try {
        call(a, b)
      } catch (error) {
        report(where, error)
      }
    }
  }

  function report(where: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    if (seen.size >= MAX_MESSAGES || seen.has(message)) {
      return
    }
    seen.add(message)
    log.error({ err: error, where }, 'a consumer of events threw an exception: this is a bug, please report it')
  }

  const { onFrame, tap, hasMore, more, onBehind, beforeSnapshot } = consumer
  const onMalformed = guarded('onMalformed', (reason: MalformedReason) => consumer.onMalformed(reason))
  const doMore = guarded('more', () => more?.call(consumer))
  const noteBehind = guarded('onBehind', (isBehind: boolean) => onBehind?.call(consumer, isBehind))
  const onDisconnect = guarded('onDisconnect', (reason: DisconnectReason) => consumer.onDisconnect(reason))
  return {
    ...(beforeSnapshot && {
      beforeSnapshot: (snapshot) =>
        beforeSnapshot.call(consumer, snapshot).catch((error: unknown) => report('beforeSnapshot', error)),
    }),
    onEvent: guarded('onEvent', (event: PbxEvent, at: number) => consumer.onEvent(event, at)),
    onMalformed: (reason) => onMalformed(reason, undefined),
    onDisconnect: (reason) => onDisconnect(reason, undefined),
    ...(hasMore && { hasMore: hasMore.bind(consumer) }),
    more: () => doMore(undefined, undefined),
    onBehind: (isBehind) => noteBehind(isBehind, undefined),
    ...(onFrame && { onFrame: guarded('onFrame', (type: FrameType, at: number) => onFrame.call(consumer, type, at)) }),
    ...(tap && { tap: guarded('tap', (text: string, at: number) => tap.call(consumer, text, at)) }),
  }
}
