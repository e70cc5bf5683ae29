// A small Asterisk for tests: ARI’s REST and event socket on a real port, which can fail in every way.
//
// It handles applications as Asterisk does: opening the event socket registers the name, a second socket with the same name replaces
// the first, and closing the last one removes it.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

export const USER = 'exporter'
/** Distinctive, and with characters that have to be escaped in URLs. */
export const PASSWORD = "hush:Pass/wo?rd&=@#% 'ä+1"
export const STARTUP = '2026-11-23T16:08:26.933+0900'

export interface FakeOptions {
  readonly prefix?: string
  readonly port?: number
}

type Override = (request: IncomingMessage, response: ServerResponse, path: string) => boolean

export class FakeAri {
  /** `METHOD /path` without prefix, in order; event sockets as `SOCKET /ari/events?…`. */
  readonly requests: string[] = []
  readonly requestedAt: number[] = []
  readonly bodies: unknown[] = []
  /** Raw request lines of the handshakes. */
  readonly handshakes: string[] = []
  readonly apps = new Map<string, WebSocket | null>()
  readonly closeCodes: number[] = []
  channels: unknown[] = []
  bridges: unknown[] = []
  endpoints: unknown[] = []
  startup = STARTUP
  isReadOnly = false
  doesPong = true
  /** Whether an opened socket is registered as an application. */
  doesRegister = true
  /** Whether the name of a listener that left is forgotten. */
  forgetsNames = true
  handshake: 'accept' | 'ignore' | 'reset' | number = 'accept'
  override: Override = () => false
  url = ''
  port = 0
  readonly #prefix: string
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((request, response) => this.#answer(request, response))
  readonly #pongs = new WebSocketServer({ noServer: true })
  readonly #mutes = new WebSocketServer({ noServer: true, autoPong: false })

  constructor(options: FakeOptions = {}) {
    this.#prefix = options.prefix ?? ''
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => undefined)
    })
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket as Socket, head))
  }

  static async start(options: FakeOptions = {}): Promise<FakeAri> {
    const fake = new FakeAri(options)
    await new Promise<void>((resolve) => fake.#server.listen(options.port ?? 0, '127.0.0.1', resolve))
    fake.port = (fake.#server.address() as AddressInfo).port
    fake.url = `http://127.0.0.1:${fake.port}${fake.#prefix}`
    return fake
  }

  /** Sends a frame to the socket of the application. */
  send(app: string, frame: object | string): void {
    this.socket(app).send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  socket(app: string): WebSocket {
    const socket = this.apps.get(app)
    if (!socket) {
      throw new Error(`no socket for ${app}`)
    }
    return socket
  }

  /** Breaks every connection without a close frame, like a cut cable or a crash. */
  reset(): void {
    for (const socket of this.#sockets) {
      socket.resetAndDestroy()
    }
  }

  count(request: string): number {
    return this.requests.filter((line) => line.startsWith(request)).length
  }

  async stop(): Promise<void> {
    this.reset()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #note(line: string): void {
    this.requests.push(line)
    this.requestedAt.push(Date.now())
  }

  #isAllowed(request: IncomingMessage, url: URL): boolean {
    const expected = `${USER}:${PASSWORD}`
    const header = request.headers.authorization
    if (header) {
      return Buffer.from(header.replace('Basic ', ''), 'base64').toString() === expected
    }
    return url.searchParams.get('api_key') === expected
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', 'http://fake')
    const path = url.pathname.slice(this.#prefix.length)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      // ari-client's own unauthenticated request for the description has no prefix.
      if (!url.pathname.startsWith(`${this.#prefix}/ari/`)) {
        return reply(response, 404, 'Not Found')
      }
      this.#note(`${request.method} ${path}${decodeURIComponent(url.search)}`)
      if (chunks.length > 0) {
        this.bodies.push(JSON.parse(Buffer.concat(chunks).toString()))
      }
      if (this.override(request, response, path)) {
        return
      }
      if (!this.#isAllowed(request, url)) {
        return reply(response, 401, { message: 'Authentication required' })
      }
      if (request.method !== 'GET' && this.isReadOnly) {
        return reply(response, 403, { message: 'Write access denied' })
      }
      this.#serve(`${request.method} ${path}`, response)
    })
  }

  #serve(line: string, response: ServerResponse): void {
    if (line === 'GET /ari/asterisk/info') {
      return reply(response, 200, this.#info())
    }
    if (line === 'GET /ari/channels') {
      return reply(response, 200, this.channels)
    }
    if (line === 'GET /ari/bridges') {
      return reply(response, 200, this.bridges)
    }
    if (line === 'GET /ari/endpoints') {
      return reply(response, 200, this.endpoints)
    }
    if (line.startsWith('GET /ari/api-docs/')) {
      return reply(response, 200, description(line, this.url))
    }
    if (line.startsWith('POST /ari/channels/')) {
      return reply(response, 204, '')
    }
    const app = /applications\/([^/]+)/.exec(line)?.[1]
    if (app === undefined || !this.apps.has(decodeURIComponent(app))) {
      return reply(response, 404, { message: 'none' })
    }
    return reply(response, 200, { name: app, channel_ids: [], bridge_ids: [], endpoint_ids: [] })
  }

  #info(): object {
    return {
      build: { os: 'Linux' },
      system: { version: '22.10.1', entity_id: '02:fc:00:00:00:01' },
      status: { startup_time: this.startup },
    }
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const url = new URL(request.url ?? '', 'http://fake')
    this.#note(`SOCKET ${url.pathname}${url.search}`)
    this.handshakes.push(request.url ?? '')
    if (this.handshake === 'ignore') {
      return
    }
    if (this.handshake === 'reset') {
      return void socket.resetAndDestroy()
    }
    if (typeof this.handshake === 'number') {
      return refuse(socket, this.handshake)
    }
    if (!this.#isAllowed(request, url)) {
      return refuse(socket, 401)
    }
    const app = url.searchParams.get('app') ?? ''
    const server = this.doesPong ? this.#pongs : this.#mutes
    server.handleUpgrade(request, socket, head, (ws) => this.#register(app, ws))
  }

  #register(app: string, ws: WebSocket): void {
    const former = this.apps.get(app)
    if (this.doesRegister) {
      this.apps.set(app, ws)
    }
    former?.send(JSON.stringify({ type: 'ApplicationReplaced', application: app, timestamp: STARTUP }))
    ws.on('error', () => undefined)
    ws.on('close', (code) => {
      this.closeCodes.push(code)
      if (this.forgetsNames && this.apps.get(app) === ws) {
        this.apps.delete(app)
      }
    })
  }
}

export function reply(response: ServerResponse, status: number, body: object | string): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json' })
  response.end(status === 204 ? undefined : text)
}

function refuse(socket: Socket, status: number): void {
  socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`)
}

/** The parts of a swagger description that ari-client needs. */
function description(line: string, url: string): object {
  if (line.endsWith('/resources.json')) {
    const apis = ['asterisk', 'events'].map((name) => ({ path: `/api-docs/${name}.{format}`, description: name }))
    return { apiVersion: '10.0.0', swaggerVersion: '1.1', basePath: `${url}/ari`, apis }
  }
  const operation = { httpMethod: 'GET', nickname: 'getInfo', responseClass: 'AsteriskInfo', parameters: [] }
  const apis = line.endsWith('/asterisk.json') ? [{ path: '/asterisk/info', operations: [operation] }] : []
  return { apiVersion: '2.0.0', swaggerVersion: '1.1', basePath: `${url}/ari`, apis, models: {} }
}
