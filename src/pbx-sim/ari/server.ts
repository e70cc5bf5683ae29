// The sockets of the simulated ARI: HTTP requests and event websockets on one port.
//
// It can simulate failures: freeze, refuse connections, cut all sockets.
// A listener that does not read is disconnected when its buffer is full, as Asterisk does after its write timeout. Connections beyond
// the session limit are closed without an answer, event sockets counted (sessionlimit in http.conf; main/http.c).

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Access, accessOf, type Credentials } from './access.ts'
import { error, type RestAnswer } from './answer.ts'
import type { Applications } from './applications.ts'
import { answerRest, type RestDeps } from './rest.ts'
import { createSendBuffer } from './sendBuffer.ts'

export interface ServerOptions extends Credentials {
  readonly host: string
  /** Bytes that may wait for a listener before it is disconnected. */
  readonly maxBufferedBytes: number
  /** Connections at one time. */
  readonly maxSessions: number
}

export interface ServerDeps extends RestDeps {
  readonly applications: Applications
  /** Called before every request and connection, to run the steps that are due. */
  readonly catchUp: () => void
  readonly log: (line: string) => void
}

export interface AriServer {
  /** Listens and resolves with the port; 0: any free port. Rejects if the port is in use. */
  readonly listen: (port: number) => Promise<number>
  /** Stops listening and cuts every connection. */
  readonly shut: () => Promise<void>
  /** Cuts the event sockets without a close frame. */
  readonly dropSockets: () => void
  /** Keeps all connections open and sends nothing, not even pongs; `thaw` answers the requests that arrived meanwhile. */
  readonly freeze: () => void
  readonly thaw: () => void
  /** Bytes that wait for the slowest listener. */
  readonly backlog: () => number
  readonly sockets: () => number
}

interface State {
  frozen: boolean
  readonly asked: (() => void)[]
  readonly open: Set<WebSocket>
  readonly connections: Set<Socket>
}

const JSON_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-cache, no-store' }

/** A server that does not listen yet. */
export function createAriServer(options: ServerOptions, deps: ServerDeps): AriServer {
  const state: State = { frozen: false, asked: [], open: new Set(), connections: new Set() }
  const sockets = new WebSocketServer({ noServer: true, autoPong: false, perMessageDeflate: false })
  let server = createServer()
  // A closed server cannot listen again: create a new one each time.
  const build = (): Server => {
    const built = createServer((request, response) => whenAwake(state, () => serve(request, response, options, deps)))
    built.on('connection', (socket) => {
      if (state.connections.size >= options.maxSessions) {
        deps.log('HTTP session count exceeded: connection closed')
        socket.destroy()
        return
      }
      state.connections.add(socket)
      socket.once('close', () => state.connections.delete(socket))
    })
    built.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy())
      whenAwake(state, () => {
        const refusal = refuseUpgrade(request, options)
        if (refusal !== null) {
          socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
          return
        }
        sockets.handleUpgrade(request, socket, head, (opened) =>
          attend(opened, request, { options, deps, state, socket }),
        )
      })
    })
    return built
  }
  return {
    listen: (port) => {
      server = build()
      return listen(server, port, options.host)
    },
    shut: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      for (const socket of state.connections) {
        socket.destroy()
      }
      await closed
    },
    dropSockets: () => {
      for (const socket of state.open) {
        socket.terminate()
      }
    },
    freeze: () => {
      state.frozen = true
    },
    thaw: () => {
      state.frozen = false
      for (const answer of state.asked.splice(0)) {
        answer()
      }
    },
    backlog: () => Math.max(0, ...Array.from(state.open, (socket) => socket.bufferedAmount)),
    sockets: () => state.open.size,
  }
}

function whenAwake(state: State, answer: () => void): void {
  if (state.frozen) {
    state.asked.push(answer)
  } else {
    answer()
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function serve(request: IncomingMessage, response: ServerResponse, options: ServerOptions, deps: ServerDeps): void {
  const url = urlOf(request)
  deps.catchUp()
  const access = accessOf(request, url, options)
  const refusal = refuse(request.method ?? 'GET', access)
  if (refusal !== null) {
    reply(response, refusal)
    return
  }
  readBody(request, (body) => {
    const [, ari, ...path] = url.pathname.split('/').map((part) => decode(part))
    const base = `http://${request.headers.host ?? `${options.host}`}`
    const asked = { method: request.method ?? 'GET', path, query: url.searchParams, body, base }
    const answer = ari === 'ari' ? answerRest(asked, deps) : error(404, 'Not Found')
    if (answer.afterMs === undefined) {
      reply(response, answer)
    } else {
      setTimeout(() => reply(response, answer), answer.afterMs).unref()
    }
  })
}

function refuse(method: string, access: Access): RestAnswer | null {
  if (access === 'none') {
    return { status: 401, text: '{"error":"Unauthorized"}' }
  }
  const writes = method !== 'GET' && method !== 'OPTIONS'
  return access === 'read' && writes ? { status: 403, text: '{"error":"Write access denied"}' } : null
}

function refuseUpgrade(request: IncomingMessage, options: ServerOptions): string | null {
  const url = urlOf(request)
  if (url.pathname !== '/ari/events') {
    return '404 Not Found'
  }
  if (accessOf(request, url, options) === 'none') {
    return '401 Unauthorized\r\nWWW-Authenticate: Basic realm="Asterisk REST Interface"'
  }
  return namesIn(url).length === 0 ? '400 Bad Request' : null
}

function reply(response: ServerResponse, answer: RestAnswer): void {
  const realm = answer.status === 401 ? { 'www-authenticate': 'Basic realm="Asterisk REST Interface"' } : {}
  response.writeHead(answer.status, { ...JSON_HEADERS, ...realm })
  response.end(answer.text)
}

// A listener connected: it now owns each application that it names.
function attend(
  socket: WebSocket,
  request: IncomingMessage,
  context: {
    readonly options: ServerOptions
    readonly deps: ServerDeps
    readonly state: State
    readonly socket: Duplex
  },
): void {
  const { options, deps, state } = context
  const listener = createSendBuffer(socket, context.socket, {
    maxBufferedBytes: options.maxBufferedBytes,
    tooSlow: () => deps.log('listener reads too slowly: disconnected'),
  })
  const url = urlOf(request)
  const names = namesIn(url)
  state.open.add(socket)
  socket.on('error', () => socket.terminate())
  socket.on('ping', (data) => whenAwake(state, () => socket.pong(data)))
  socket.on('close', () => {
    state.open.delete(socket)
    for (const name of names) {
      deps.applications.close(name, listener)
    }
  })
  deps.catchUp()
  for (const name of names) {
    deps.applications.open(name, listener, url.searchParams.get('subscribeAll') === 'true')
  }
}

function namesIn(url: URL): readonly string[] {
  return (url.searchParams.get('app') ?? '').split(',').filter((name) => name !== '')
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://localhost')
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function readBody(request: IncomingMessage, done: (body: unknown) => void): void {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => done(parseJson(Buffer.concat(parts).toString())))
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return null
  }
}
