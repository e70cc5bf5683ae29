// A receiver of webhooks on loopback, which keeps each request and answers as the test says.

import { createServer as createPlain, type IncomingHttpHeaders, type Server } from 'node:http'
import { createServer as createTls } from 'node:https'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

export interface ReceivedRequest {
  readonly key: string
  readonly headers: IncomingHttpHeaders
  readonly method: string
  readonly path: string
  readonly body: string
  /** The parsed body. */
  readonly message: Message
}

/** As far as tests read it. */
export interface Message {
  readonly event: string
  readonly site: string
  readonly log_id: string
  readonly last_agent?: string | null
  readonly legs_omitted?: number
  readonly call?: Readonly<Record<string, unknown>> & { readonly id: number; readonly channel_id: string }
  readonly missed_caller?: Readonly<Record<string, unknown>> & { readonly id: number }
}

/** A status, or a status with headers and a body; `cut`: the connection ends without an answer; a promise: an answer later. */
export type Reply =
  | number
  | 'cut'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: 'endless' }

export interface Receiver {
  readonly url: string
  readonly requests: readonly ReceivedRequest[]
  /** What was answered 2xx, in that order. */
  readonly taken: readonly ReceivedRequest[]
  /** Most requests that were open at a time, and how many connections were opened. */
  readonly load: { most: number; open: number; connections: number }
  /** How the next requests are answered. */
  answer: (request: ReceivedRequest) => Reply | Promise<Reply>
  stop(): Promise<void>
}

/** Answers 200 unless told otherwise. `port`: that of a receiver that has stopped. */
export async function startReceiver(
  options: { host?: string; port?: number; tls?: { cert: string; key: string } } = {},
): Promise<Receiver> {
  const { host = '127.0.0.1' } = options
  const requests: ReceivedRequest[] = []
  const taken: ReceivedRequest[] = []
  const load = { most: 0, open: 0, connections: 0 }
  const server: Server = options.tls === undefined ? createPlain() : createTls(options.tls)
  server.on('connection', () => {
    load.connections += 1
  })
  server.on('request', async (request, response) => {
    load.open += 1
    load.most = Math.max(load.most, load.open)
    const body = await text(request).catch(() => '')
    const { headers, method = '', url: path = '' } = request
    const received = { key: String(headers['idempotency-key']), headers, method, path, body, message: parsed(body) }
    requests.push(received)
    const reply = await receiver.answer(received)
    load.open -= 1
    if (reply === 'cut') {
      request.socket.destroy()
      return
    }
    const {
      status,
      headers: answered = {},
      body: answer = null,
    } = typeof reply === 'number' ? { status: reply } : reply
    if (status >= 200 && status < 300) {
      taken.push(received)
    }
    response.writeHead(status, answered)
    if (answer === null) {
      response.end()
      return
    }
    const more = (): boolean => !response.destroyed && response.write('x'.repeat(10_000), () => setImmediate(more))
    more()
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, host, resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const receiver: Receiver = {
    url: `${options.tls === undefined ? 'http' : 'https'}://${host}:${port}/hook`,
    requests,
    taken,
    load,
    answer: () => 200,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  onTestFinished(receiver.stop)
  return receiver
}

function parsed(body: string): Message {
  return JSON.parse(body === '' ? '{"event":"","site":"","log_id":""}' : body)
}
