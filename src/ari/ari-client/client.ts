// ari-client, tamed: what is left of it here cannot throw into the event loop, hang, print, or hold credentials.
//
// ari-client reads the API description through swagger-client, which throws strings from socket callbacks, never
// times out, shares credentials across the process and prints. So its transport is replaced by our own REST calls:
// whatever it throws, it throws into our hands. Its event socket is taken over bare the moment it is made (socket.ts).
// Source: node_modules/{ari-client/lib/client.js,swagger-client/lib/swagger.js}.

import type ariClient from 'ari-client'
import type { WebSocket } from 'ws'
import type { AriUrl } from '../rest/ariUrl.ts'
import type { Rest } from '../rest/rest.ts'
import { type Answer, failed } from '../rest/result.ts'
import { type AriClientPackage, loadAriClientPackage } from './load.ts'

export type AriClient = ariClient.Client

export interface ClientOptions {
  readonly url: AriUrl
  readonly deadlineMs: number
}

/** An ari-client that has read the API description of the server; it holds no credentials yet. */
export function loadClient(options: ClientOptions, rest: Pick<Rest, 'description'>): Promise<Answer<AriClient>> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve(failed('timeout', `no API description in ${options.deadlineMs} ms`)),
      options.deadlineMs,
    ).unref()
    const settle = (answer: Answer<AriClient>): void => {
      clearTimeout(timer)
      resolve(answer)
    }
    const fail = (): void => settle(failed('not_ari', 'the API description cannot be read'))
    const { ariClient, swagger } = loadAriClientPackage()
    tameSwagger(swagger, { rest, settle, fail })
    ariClient.connect(options.url.origin, '', '').then((client) => settle({ ok: true, value: client }), fail)
  })
}

interface Taming {
  readonly rest: Pick<Rest, 'description'>
  readonly settle: (answer: Answer<AriClient>) => void
  readonly fail: () => void
}

/** Makes swagger-client ask through `rest`, whose credentials only ever go to its own server. */
function tameSwagger(swagger: AriClientPackage['swagger'], { rest, settle, fail }: Taming): void {
  swagger.SwaggerHttp.prototype.execute = (request) => {
    const path = request.url.slice(Math.max(0, request.url.indexOf('/api-docs/')))
    rest
      .description(path)
      .then((answer) => {
        // Version 1.1 differs only in that swagger-client prints a complaint about it.
        if (answer.ok) request.on.response({ obj: { ...answer.value, swaggerVersion: '1.2' } })
        else settle(answer)
      })
      .catch(fail)
  }
}

export interface DialOptions {
  readonly url: AriUrl
  readonly user: string
  readonly password: string
  readonly app: string
  readonly subscribeAll: boolean
}

/**
 * Lets ari-client open its event socket and takes it away at once: none of ari-client's retry and dispatch is left on
 * it, only its `open`. Null when no socket could be made.
 */
export function takeSocket(client: AriClient, options: DialOptions): WebSocket | null {
  const credentials = `${encodeURIComponent(options.user)}:${encodeURIComponent(options.password)}`
  client._ws = undefined
  // Credentials before the host become an Authorization header: in the query they would be in every access log.
  client._connection.protocol = options.url.protocol
  client._connection.host = `${credentials}@${options.url.hostAndPrefix}`
  client.start(encodeURIComponent(options.app), options.subscribeAll).catch(() => undefined)
  const socket = socketOf(client)
  client._connection.host = ''
  client._ws = undefined
  if (socket === undefined) return null
  for (const event of ['message', 'error', 'close', 'pong']) socket.removeAllListeners(event)
  // ws keeps the URL for `socket.url`; nothing may find the password there.
  Reflect.set(socket, '_url', options.url.rest)
  return socket
}

function socketOf(client: AriClient): WebSocket | undefined {
  return client._ws
}
