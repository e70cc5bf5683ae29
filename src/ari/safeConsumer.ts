// Who is told what is heard, and the wall between him and the socket.
//
// An exception of the consumer is our own bug. It is logged, each message once (a bug in the hot path would write a
// line for each frame), and never reaches the socket or the loop that keeps it.

import type { Logger } from 'pino'
import type { PbxEvent } from '../call/event.ts'
import type { MalformedReason } from './decode.ts'
import type { DisconnectReason } from './disconnect.ts'
import type { FrameType } from './frameType.ts'

/** Who is told what is heard. */
export interface Consumer {
  /** One event; `receivedAt` is our own clock, epoch ms. */
  onEvent(event: PbxEvent, receivedAt: number): void
  /** Each well-formed frame, for counting, whether it is used or not. */
  onFrame?(frameType: FrameType, receivedAt: number): void
  /** A frame, or an entry of the snapshot, that could not be understood. */
  onMalformed(reason: MalformedReason): void
  /** A session ended, or an attempt at one failed; not when stopped. */
  onDisconnect(reason: DisconnectReason): void
  /** Each frame as it came, for recording. */
  tap?(text: string, receivedAt: number): void
}

/** More different messages than this are not logged. */
const MAX_MESSAGES = 100

/** The same consumer, whose exceptions are logged instead of thrown. */
export function guardConsumer(consumer: Consumer, log: Logger): Consumer {
  const seen = new Set<string>()

  function guarded<A, B>(where: string, tell: (a: A, b: B) => void): (a: A, b: B) => void {
    return (a, b) => {
      try {
        tell(a, b)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        if (seen.size >= MAX_MESSAGES || seen.has(message)) return
        seen.add(message)
        log.error({ err: error, where }, 'a bug of this program: a consumer of events threw; listening goes on')
      }
    }
  }

  const { onFrame, tap } = consumer
  const onMalformed = guarded('onMalformed', (reason: MalformedReason) => consumer.onMalformed(reason))
  const onDisconnect = guarded('onDisconnect', (reason: DisconnectReason) => consumer.onDisconnect(reason))
  return {
    onEvent: guarded('onEvent', (event: PbxEvent, at: number) => consumer.onEvent(event, at)),
    onMalformed: (reason) => onMalformed(reason, undefined),
    onDisconnect: (reason) => onDisconnect(reason, undefined),
    ...(onFrame && { onFrame: guarded('onFrame', (type: FrameType, at: number) => onFrame.call(consumer, type, at)) }),
    ...(tap && { tap: guarded('tap', (text: string, at: number) => tap.call(consumer, text, at)) }),
  }
}
