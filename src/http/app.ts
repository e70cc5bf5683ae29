// The express application: its routes, and which of them need credentials. Knows no port and no socket.
//
// Only GET and HEAD, unless CONTROL is on (api/control.ts); other methods and unknown paths get a short plain text, below /api problem
// details. An internal error is a 500 without details; the details go to the log. Requests for metrics are not logged, and their answers are
// not cached and have no ETag.

import { gzipSync } from 'node:zlib'
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express'
import type { Logger } from '../log.ts'
import { controlRouter } from './api/control.ts'
import type { Api } from './api/dependencies.ts'
import { type AllowedHosts, requireAllowedHost } from './auth/allowedHosts.ts'
import { type Authenticator, requireAuth } from './auth/authenticate.ts'
import { type Exposition, shareMetrics } from './limits/sharedMetrics.ts'
import type { EventStreams } from './live/eventStream.ts'
import type { LiveSource } from './live/liveFeed.ts'
import { type MetricsFormat, metricsFormat } from './metricsFormat.ts'
import { readClientFiles } from './page/clientFiles.ts'
import { MANIFEST, renderManifest } from './page/manifest.ts'
import { type PageOptions, renderPage } from './page/page.ts'
import { refuse, refuseUnknown } from './problem.ts'
import { securityHeaders } from './securityHeaders.ts'
import type { Readiness } from './serviceStatus.ts'

/** What the answers are made from. If a function throws, that request is answered with a 500. */
export interface HttpDependencies {
  readonly metrics: (format: MetricsFormat) => Promise<{ readonly contentType: string; readonly body: string }>
  readonly status: () => Readiness
  readonly api: Api
  readonly live: LiveSource
  /** Called for each wrong password or token. */
  readonly loginFailed: () => void
  readonly log: Logger
}

export interface AppDependencies extends Omit<HttpDependencies, 'live'> {
  /** Answers `/api/events`, after the credentials were checked. */
  readonly events: EventStreams['handle']
}

/** Name and version of the program, and who may read. */
export interface AppOptions extends PageOptions {
  readonly overTls: boolean
  /** Headers of the web configuration; they override the defaults. */
  readonly headers: ReadonlyMap<string, string>
  /** Null: no credentials are needed. */
  readonly authenticator: Authenticator | null
  readonly hosts: AllowedHosts
  /** `/metrics` needs no credentials even if everything else does. */
  readonly metricsWithoutAuth: boolean
}

const PLAIN_TEXT = 'text/plain; charset=utf-8'

/** The express application. */
export function createApp(options: AppOptions, dependencies: AppDependencies): Express {
  const { overTls, headers: configured, authenticator, hosts, metricsWithoutAuth } = options
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(securityHeaders({ overTls, configured }))
  app.use(requireAllowedHost(hosts))

  answerHealth(app, dependencies)
  if (metricsWithoutAuth) {
    serveMetrics(app, dependencies)
  }
  // Routes registered above are public; everything below, including 404s, needs credentials.
  if (authenticator !== null) {
    app.use(requireAuth(authenticator))
  }

  const { api } = dependencies
  // Without credentials, whoever reaches the server could make calls.
  const control = authenticator === null ? null : api.control
  servePage(app, { ...options, control: control !== null, fleet: api.isFleet })
  if (!metricsWithoutAuth) {
    serveMetrics(app, dependencies)
  }
  if (control !== null) {
    app.use('/api', controlRouter(control, hosts))
  }
  app.get('/api/events', dependencies.events)
  app.use('/api', api.routes(options))

  app.use((request, response) => refuseUnknown(request, response, 'not found'))
  app.use(handleError(dependencies.log))
  return app
}

function serveMetrics(app: Express, { metrics }: AppDependencies): void {
  const expose = shareMetrics(metrics)
  app.get('/metrics', async (request, response) => {
    await answerMetrics(request, response, await expose(metricsFormat(request.headers.accept)))
  })
}

function answerHealth(app: Express, { status }: AppDependencies): void {
  app.get('/-/healthy', (_request, response) => {
    answerText(response, 200, 'healthy')
  })
  app.get('/-/ready', (_request, response) => {
    const { inSync, problem } = status()
    if (inSync) {
      answerText(response, 200, 'ready')
    } else {
      answerText(response, 503, `not ready: ${oneLine(problem ?? 'no session with Asterisk yet')}`)
    }
  })
}

function servePage(app: Express, options: AppOptions): void {
  const files = readClientFiles()
  // A header that somebody configured is not overridden.
  const isKept = files.areImmutable && !options.headers.has('Cache-Control')
  const plain = Buffer.from(renderPage(options, files))
  const gzipped = gzipSync(plain)
  app.get('/', async (request, response) => {
    response.type('html').setHeader('Vary', 'Accept-Encoding')
    await endCompressed(request, response, { plain, gzipped: () => gzipped })
  })
  const manifest = renderManifest(options.name, files.icons)
  app.get(`/${MANIFEST}`, (_request, response) => {
    response.setHeader('Content-Type', 'application/manifest+json')
    response.end(manifest)
  })
  app.get('/client/:name', async (request, response, next) => {
    const file = files.get(request.params.name)
    if (file === undefined) {
      return next()
    }
    response.setHeader('Content-Type', file.mediaType)
    response.setHeader('Vary', 'Accept-Encoding')
    if (isKept) {
      response.setHeader('Cache-Control', 'private, max-age=31536000, immutable')
    }
    await endCompressed(request, response, { plain: file.plain, gzipped: () => file.gzipped })
  })
}

async function answerMetrics(request: Request, response: Response, exposition: Exposition): Promise<void> {
  response.setHeader('Content-Type', exposition.contentType)
  response.setHeader('Vary', 'Accept, Accept-Encoding')
  await endCompressed(request, response, exposition)
}

interface Compressible {
  readonly plain: string | Buffer
  readonly gzipped: () => Buffer | Promise<Buffer>
}

async function endCompressed(request: Request, response: Response, { plain, gzipped }: Compressible): Promise<void> {
  if (request.acceptsEncodings('gzip') === false) {
    response.end(plain)
    return
  }
  response.setHeader('Content-Encoding', 'gzip')
  response.end(await gzipped())
}

function answerText(response: Response, status: number, text: string): void {
  response.status(status).setHeader('Content-Type', PLAIN_TEXT).end(`${text}\n`)
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function handleError(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    // The path has an invalid percent-encoding.
    if (error instanceof URIError) {
      return refuse(request, response, 404, 'not found')
    }
    log.error({ err: error, path: request.path }, 'request failed')
    // Part of the answer is sent already: express closes the connection.
    if (response.headersSent) {
      next(error)
      return
    }
    response.removeHeader('Content-Encoding')
    refuse(request, response, 500, 'internal error')
  }
}
