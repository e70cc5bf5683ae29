// A receiver of Alertmanager's webhooks that keeps each notification and its time.
//
// Never answers with anything but "taken". Source of the message: Alertmanager's documentation of webhook_config.

import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

const MESSAGE = z.object({
  status: z.enum(['firing', 'resolved']),
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()),
    }),
  ),
})

/** One alert within one message. */
export interface ReceivedAlert {
  /** Epoch ms. */
  readonly at: number
  /** The last part of the path that it came by. */
  readonly receiver: string
  readonly status: 'firing' | 'resolved'
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export interface Sink {
  readonly url: string
  /** In the order in which they came. */
  readonly received: readonly ReceivedAlert[]
  readonly close: () => Promise<void>
}

/** Listens on loopback, on any free port. */
export async function startSink(): Promise<Sink> {
  const received: ReceivedAlert[] = []
  const server = createServer(async (request, response) => {
    const at = Date.now()
    const receiver = decodeURIComponent((request.url ?? '').replace(/^.*\//, ''))
    const message = MESSAGE.parse(JSON.parse(await text(request)))
    for (const alert of message.alerts) {
      received.push({ at, receiver, ...alert })
    }
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') {
    throw new Error('the sink has no port')
  }
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${address.port}`, received, close }
}
