// A plain listener for tests of the simulated PBX: its own socket and requests, without a client library.

import { once } from 'node:events'
import { WebSocket } from 'ws'

export const USER = 'exporter'
export const READER = 'onlooker'
export const PASSWORD = 'sim:secret'

export interface HeardEvent {
  readonly type: string
  readonly application: string
  readonly [member: string]: unknown
}

export interface Ear {
  readonly socket: WebSocket
  readonly texts: readonly string[]
  readonly events: () => readonly HeardEvent[]
  readonly types: () => readonly string[]
}

export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** Sends a REST request. `user`: null for no credentials. */
export async function ask(
  url: string,
  line: string,
  how: { readonly user?: string | null; readonly password?: string; readonly body?: unknown } = {},
): Promise<Answer> {
  const [method = 'GET', path = '/'] = line.split(' ')
  const { user = USER, password = PASSWORD, body } = how
  const response = await fetch(`${url}/ari${path}`, {
    method,
    headers: user === null ? {} : { authorization: `Basic ${btoa(`${user}:${password}`)}` },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(5000),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text) }
}

/** Opens an event socket; rejects if the handshake fails. */
export async function listen(url: string, query: string, user = USER): Promise<Ear> {
  const key = encodeURIComponent(`${user}:${PASSWORD}`)
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ari/events?api_key=${key}&${query}`)
  const texts: string[] = []
  socket.on('message', (data) => texts.push(String(data)))
  socket.on('error', () => undefined)
  await Promise.race([
    once(socket, 'open'),
    once(socket, 'unexpected-response').then(([, response]) => {
      throw new Error(`refused: ${response.statusCode}`)
    }),
  ])
  const parsed: HeardEvent[] = []
  const events = (): readonly HeardEvent[] => {
    for (const text of texts.slice(parsed.length)) {
      parsed.push(JSON.parse(text))
    }
    return parsed
  }
  return { socket, texts, events, types: () => events().map((event) => event.type) }
}

/** Opens a socket and subscribes to every call event, as the exporter does. */
export async function listenToCalls(url: string, name: string): Promise<Ear> {
  const listener = await listen(url, `app=${name}`)
  const { status } = await ask(url, `POST /applications/${name}/subscription?eventSource=channel:,bridge:,endpoint:`)
  if (status !== 200) {
    throw new Error(`subscription: ${status}`)
  }
  return listener
}

/** Waits until the condition is true; fails after 40 s. */
export async function until(what: () => boolean): Promise<void> {
  const deadline = Date.now() + 40_000
  while (!what()) {
    if (Date.now() > deadline) {
      throw new Error(`never true: ${what}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Resolves when everything that was sent to this socket has arrived: the pong follows it. */
export async function allArrived({ socket }: Ear): Promise<void> {
  const pong = once(socket, 'pong')
  socket.ping()
  await pong
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
