// Starts and stops the HTTP server, plain or over TLS. A failed start is one sentence; a stop takes less than a second.
//
// Never reads the environment. The routes are in app.ts, authentication in auth/authenticate.ts.

import { readFileSync } from 'node:fs'
import type { IncomingMessage, RequestListener, Server } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Logger } from '../log.ts'
import { http } from '../process/http.ts'
import { ticks } from '../time/clock.ts'
import { createApp, type HttpDependencies } from './app.ts'
import { createAllowedHosts } from './auth/allowedHosts.ts'
import { type Authenticator, type AuthScheme, createAuthenticator } from './auth/authenticate.ts'
import { countLoginFailures } from './auth/loginFailures.ts'
import { exposureOf } from './exposure.ts'
import { maxConnectionsFor } from './limits/connectionLimits.ts'
import { createRequestLimiter, type RequestKind, type RequestLimitOptions } from './limits/requestLimits.ts'
import { HttpListenError, httpListenError, serverErrorText } from './listenError.ts'
import { createEventStreams } from './live/eventStream.ts'
import { attachLive, type LiveSocketOptions } from './live/liveSocket.ts'
import { watchCertificates } from './webconfig/certificateReload.ts'
import {
  isClientCertAccepted,
  readTlsFiles,
  serverTlsOptions,
  type TlsFiles,
  type TlsSettings,
} from './webconfig/tls.ts'
import type { WebConfig } from './webconfig/webConfig.ts'

/** Where to listen (`port` 0: any free port), who may read, name and version of the program. */
export interface HttpOptions {
  readonly host: string
  readonly port: number
  readonly web: WebConfig
  /** A bearer token, accepted instead of a password; null: none. */
  readonly token: string | null
  /** `/metrics` needs no credentials even if everything else does. */
  readonly metricsWithoutAuth: boolean
  /** Host names that are accepted in addition to localhost and addresses. */
  readonly allowedHosts: readonly string[]
  readonly name: string
  readonly version: string
  /** How often to check the certificate files for changes. */
  readonly certificateReloadMs?: number
  /** Limits of the live socket that differ from its defaults. */
  readonly live?: LiveSocketOptions
  /** Limits of requests that differ from their defaults. */
  readonly requests?: RequestLimitOptions
}

/** A running server. `stop` resolves when its port is free; requests under way get half a second. */
export interface HttpServer {
  readonly port: number
  /** TLS and the accepted kinds of credentials, for the log. */
  readonly security: { readonly tls: boolean; readonly access: readonly AuthScheme[] }
  stop(): Promise<void>
}

const STOP_GRACE_MS = 500
const CLOSE_IDLE_MS = 20
const CERTIFICATE_RELOAD_MS = 10_000

/** Starts to listen. Rejects with HttpListenError if it cannot. */
export async function startHttp(options: HttpOptions, dependencies: HttpDependencies): Promise<HttpServer> {
  const { log } = dependencies
  const authenticator = authenticatorFor(options, dependencies)
  const hosts = createAllowedHosts(options.allowedHosts)
  warnIfExposed(options, log)
  const events = createEventStreams(options.live ?? {}, { feed: dependencies.live, log })
  const app = createApp(
    { ...options, overTls: options.web.tls !== null, headers: options.web.headers, authenticator, hosts },
    { ...dependencies, events: events.handle },
  )
  const limiter = createRequestLimiter({ kindOf, ...options.requests }, app)
  const { server, certificateReload } = createAnyServer(options, { onRequest: limiter.handle, log })
  limitConnections(server, log)
  const sockets = socketsOf(server)
  const live = attachLive(server, options.live ?? {}, { feed: dependencies.live, authenticator, hosts, log })
  await listen(server, options)
  server.on('error', (error) => log.error({ err: error }, serverErrorText(error)))
  return {
    port: boundPort(server, options.port),
    security: { tls: options.web.tls !== null, access: authenticator?.schemes ?? [] },
    async stop() {
      certificateReload?.stop()
      live.stop()
      events.stop()
      limiter.stop()
      await Promise.all([stop(server, sockets), authenticator?.stop()])
    },
  }
}

function authenticatorFor(options: HttpOptions, { loginFailed, log }: HttpDependencies): Authenticator | null {
  const authenticator = createAuthenticator({ users: options.web.users, token: options.token })
  return authenticator === null ? null : countLoginFailures(authenticator, { count: loginFailed, log })
}

function kindOf({ url = '' }: IncomingMessage): RequestKind {
  if (/^\/(metrics|-\/healthy|-\/ready)($|\?)/.test(url)) {
    return 'monitoring'
  }
  return /^\/api\/events\/?($|\?)/i.test(url) ? 'stream' : 'other'
}

function warnIfExposed(options: HttpOptions, log: Logger): void {
  const exposure = exposureOf(options)
  if (exposure !== null) {
    log.warn({ host: options.host }, `${exposure.problem}: ${exposure.remedy}`)
  }
}

// A connection that sends no request, or does not finish one, is closed.
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
}

const LOG_INTERVAL_MS = 60_000
const MAX_REQUESTS_PER_CONNECTION = 1_000

function limitConnections(server: Server | TlsServer, log: Logger): void {
  server.maxConnections = maxConnectionsFor()
  let dropped = 0
  let loggedAt = Number.NEGATIVE_INFINITY
  server.on('drop', () => {
    dropped += 1
    if (ticks() - loggedAt < LOG_INTERVAL_MS) {
      return
    }
    loggedAt = ticks()
    log.warn({ most: server.maxConnections, dropped }, 'too many HTTP connections: new ones are refused')
    dropped = 0
  })
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_CONNECTION
}

interface ServerDependencies {
  readonly onRequest: RequestListener
  readonly log: Logger
}

function createAnyServer(options: HttpOptions, { onRequest, log }: ServerDependencies) {
  const settings = options.web.tls
  if (settings === null) {
    return { server: http.createServer(TIMEOUTS, onRequest), certificateReload: null }
  }
  const files = filesOrThrow(settings)
  const server = createTlsServer({ ...serverTlsOptions(settings, files), ...TIMEOUTS }, onRequest)
  rejectUntrustedClients(server, settings)
  const certificateReload = watchCertificates(
    { settings, served: files, everyMs: options.certificateReloadMs ?? CERTIFICATE_RELOAD_MS },
    { apply: (context) => server.setSecureContext(context), log },
  )
  return { server, certificateReload }
}

function filesOrThrow(settings: TlsSettings): TlsFiles {
  const read = readTlsFiles(settings, (path) => readFileSync(path, 'utf8'))
  if (read.ok) {
    return read.files
  }
  throw new HttpListenError(
    `WEB_CONFIG_FILE: ${read.problems.map((problem) => `tls_server_config.${problem}`).join('; ')}.`,
  )
}

// Prepended, so that it runs before the listener that starts HTTP on the connection.
function rejectUntrustedClients(server: TlsServer, { clientAuth }: TlsSettings): void {
  server.prependListener('secureConnection', (socket) => {
    if (!isClientCertAccepted(clientAuth, socket)) {
      socket.destroy()
    }
  })
}

function socketsOf(server: Server | TlsServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

function listen(server: Server | TlsServer, { host, port }: HttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(httpListenError({ host, port }, error))
    server.once('error', fail)
    try {
      server.listen({ host, port }, () => {
        server.off('error', fail)
        resolve()
      })
    } catch (error) {
      // A port out of range is thrown, not emitted as an event.
      fail(error)
    }
  })
}

function boundPort(server: Server | TlsServer, configured: number): number {
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : configured
}

function stop(server: Server | TlsServer, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    // A keep-alive connection becomes idle only after its last answer is written.
    const closeIdle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_MS)
    // The HTTP server does not know sockets that never finished the TLS handshake.
    const destroyAll = setTimeout(() => {
      for (const socket of sockets) {
        socket.destroy()
      }
    }, STOP_GRACE_MS)
    server.close(() => {
      clearInterval(closeIdle)
      clearTimeout(destroyAll)
      resolve()
    })
    server.closeIdleConnections()
  })
}
