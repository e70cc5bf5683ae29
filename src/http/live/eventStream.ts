// `/api/events`: the messages of the live feed as server-sent events, for clients without websockets.
//
// Each change has an id, with which a client that lost the connection resumes (`Last-Event-ID`); browsers do so by themselves. While a
// snapshot is on its way, changes have none: who lost a part of it needs another snapshot. Decides when a reader is disconnected, as
// liveSocket.ts does; credentials are checked before. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from '../../log.ts'
import { refuse } from '../problem.ts'
import type { Position } from './changeRing.ts'
import type { LiveSource } from './liveFeed.ts'
import { LIVE_LIMITS, type LiveSocketOptions } from './liveSocket.ts'
import { createRestSender } from './restSender.ts'

export interface EventStreams {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  stop(): void
}

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // nginx would collect the answer before it sends it.
  'X-Accel-Buffering': 'no',
}

/** How soon a browser connects again. */
const RETRY_MS = 2_000

const MAX_ID_LENGTH = 100

/** Serves the feed, with the limits of the websocket. */
export function createEventStreams(
  options: LiveSocketOptions,
  { feed, log }: { readonly feed: LiveSource; readonly log: Logger },
): EventStreams {
  const { maxReaders, maxBufferedBytes, heartbeatMs } = { ...LIVE_LIMITS, ...options }
  const readers = new Set<ServerResponse>()
  const sendRest = createRestSender()
  const heartbeats = setInterval(() => {
    const text = readers.size === 0 ? '' : eventOf(feed.heartbeat(), null)
    for (const reader of readers) {
      if (reader.writableLength <= maxBufferedBytes) {
        reader.write(text)
      }
    }
  }, heartbeatMs).unref()

  // Synchronous, so that the subscription gets every change after the initial messages, and none twice.
  const serve = (reader: ServerResponse, position: Position | null): void => {
    const { texts, rest } = feed.initialMessages(position)
    const epoch = epochOf(texts[0] ?? '')
    reader.write(`retry: ${RETRY_MS}\n\n`)
    // Changes have no id until all of a snapshot is sent.
    let isWhole = !texts[0]?.startsWith('{"type":"snapshot"')
    const idOf = (text: string): string | null => (isWhole ? idOfChange(text, epoch) : null)
    for (const text of texts) {
      reader.write(eventOf(text, idOf(text)))
    }
    const unsubscribe = feed.subscribe((text) => {
      if (reader.writableLength > maxBufferedBytes) {
        log.info(
          { bufferedBytes: reader.writableLength },
          'a reader of the event stream was too slow and was disconnected',
        )
        unsubscribe()
        reader.destroy()
        return
      }
      reader.write(eventOf(text, idOf(text)))
    })
    readers.add(reader)
    reader.once('close', () => {
      unsubscribe()
      readers.delete(reader)
    })
    const isOpen = (): boolean => !reader.destroyed && !reader.writableEnded
    const send = (text: string, written: () => void): void =>
      void reader.write(eventOf(text, null), (error) => (error == null ? written() : undefined))
    sendRest({ isOpen, send }, rest, () => {
      isWhole = true
    })
  }

  return {
    handle(request, response) {
      if (readers.size >= maxReaders) {
        response.setHeader('Retry-After', '1')
        return refuse(request, response, 503, 'too many readers')
      }
      response.writeHead(200, HEADERS)
      if (request.method === 'HEAD') {
        response.end()
        return
      }
      response.on('error', () => response.destroy())
      serve(response, positionOf(request))
    },
    stop() {
      clearInterval(heartbeats)
      for (const reader of readers) {
        reader.end()
      }
    },
  }
}

/** One message: JSON has no line break. */
function eventOf(text: string, id: string | null): string {
  return `${id === null ? '' : `id: ${id}\n`}data: ${text}\n\n`
}

// The feed gives texts, made once for all readers; what is looked for comes first in them. Only a change has an id: `resumed` has the number of
// the last change that follows it, and a client that loses the connection in between would miss those.
function idOfChange(text: string, epoch: string): string | null {
  const seq = /^\{"type":"\w+","seq":(\d+)/.exec(text)?.[1]
  return seq === undefined ? null : `${epoch}:${seq}`
}

function epochOf(text: string): string {
  return /^\{"type":"\w+","epoch":"([^"]*)"/.exec(text)?.[1] ?? ''
}

function positionOf({ headers }: IncomingMessage): Position | null {
  const id = headers['last-event-id']
  const [, epoch, seq] =
    typeof id === 'string' && id.length <= MAX_ID_LENGTH ? (/^(.*):(\d{1,15})$/.exec(id) ?? []) : []
  return epoch === undefined || seq === undefined ? null : { epoch, seq: Number(seq) }
}
