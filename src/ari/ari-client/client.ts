// ari-client without its transport: it cannot throw into the event loop, hang, print, or hold credentials.
//
// ari-client reads the API description with swagger-client, which throws strings from socket callbacks, has no timeout, shares
// credentials across the process and prints. This file replaces swagger-client's transport with our REST requests, so its
// exceptions reach our promise instead of the event loop, and takes over the event socket as soon as it exists (socket.ts).
// Source: node_modules/{ari-client/lib/client.js,swagger-client/lib/swagger.js}.

import type ariClient from 'ari-client'
import type { WebSocket } from 'ws'
import type { AriUrl } from '../rest/ariUrl.ts'
import type { Rest } from '../rest/rest.ts'
import { failed, type RestResult } from '../rest/result.ts'
import { type AriClientPackage, loadAriClientPackage } from './load.ts'

export type AriClient = ariClient.Client

export interface ClientOptions {
  readonly url: AriUrl
  readonly deadlineMs: number
}

/** An ari-client that has read the server's API description. It holds no credentials. */
export function loadClient(options: ClientOptions, rest: Pick<Rest, 'description'>): Promise<RestResult<AriClient>> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve(failed('timeout', `no API description in ${options.deadlineMs} ms`)),
      options.deadlineMs,
    ).unref()
    const settle = (answer: RestResult<AriClient>): void => {
      clearTimeout(timer)
      resolve(answer)
    }
    const fail = (): void => settle(failed('not_ari', 'the API description cannot be read'))
    const { ariClient, swagger } = loadAriClientPackage()
    replaceSwaggerTransport(swagger, { rest, settle, fail })
    ariClient.connect(options.url.origin, '', '').then((client) => settle({ ok: true, value: client }), fail)
  })
}

interface TransportReplacement {
  readonly rest: Pick<Rest, 'description'>
  readonly settle: (answer: RestResult<AriClient>) => void
  readonly fail: () => void
}

/** Makes swagger-client use `rest`, which sends its credentials only to its own server. */
function replaceSwaggerTransport(
  swagger: AriClientPackage['swagger'],
  { rest, settle, fail }: TransportReplacement,
): void {
  swagger.SwaggerHttp.prototype.execute = (request) => {
    const path = request.url.slice(Math.max(0, request.url.indexOf('/api-docs/')))
    rest
      .description(path)
      .then((answer) => {
        // swagger-client prints a warning for version 1.1, and treats it like 1.2.
        if (answer.ok) {
          request.on.response({ obj: { ...answer.value, swaggerVersion: '1.2' } })
        } else {
          settle(answer)
        }
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

/** Lets ari-client open its event socket and removes ari-client's listeners from it, except `open`. Null without a socket. */
export function takeSocket(client: AriClient, options: DialOptions): WebSocket | null {
  const credentials = `${encodeURIComponent(options.user)}:${encodeURIComponent(options.password)}`
  client._ws = undefined
  // Credentials before the host become an Authorization header; in the query they would appear in access logs.
  client._connection.protocol = options.url.protocol
  client._connection.host = `${credentials}@${options.url.hostAndPrefix}`
  client.start(encodeURIComponent(options.app), options.subscribeAll).catch(() => undefined)
  const socket = socketOf(client)
  client._connection.host = ''
  client._ws = undefined
  if (socket === undefined) {
    return null
  }
  for (const event of ['message', 'error', 'close', 'pong']) {
    socket.removeAllListeners(event)
  }
  // ws keeps the URL, with the password, in `socket.url`.
  Reflect.set(socket, '_url', options.url.rest)
  return socket
}

function socketOf(client: AriClient): WebSocket | undefined {
  return client._ws
}
