// The life of the HTTP server: it listens, or says in one sentence why not; and it stops within a second.
//
// Never reads the environment. What is answered is app.ts' business.

import { createServer, type Server } from 'node:http'
import { createApp, type HttpSources } from './app.ts'
import { httpListenError } from './listenError.ts'

/** Where to listen (`port` 0: any free one), and who we say we are. */
export interface HttpOptions {
  readonly host: string
  readonly port: number
  readonly name: string
  readonly version: string
}

/** A running server. `stop` resolves when its port is free; requests under way get half a second. */
export interface HttpServer {
  readonly port: number
  stop(): Promise<void>
}

const STOP_GRACE_MS = 500
const SWEEP_MS = 20

/** Starts to listen. Rejects with HttpListenError when it cannot. */
export async function startHttp(options: HttpOptions, sources: HttpSources): Promise<HttpServer> {
  const server = createServer(createApp(options, sources))
  await listen(server, options)
  server.on('error', (error) => sources.log.error({ err: error }, 'The HTTP server reported an error.'))
  return { port: boundPort(server, options.port), stop: () => stop(server) }
}

function listen(server: Server, { host, port }: HttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(httpListenError({ host, port }, error))
    server.once('error', fail)
    try {
      server.listen({ host, port }, () => {
        server.off('error', fail)
        resolve()
      })
    } catch (error) {
      // A port out of range is thrown, not emitted.
      fail(error)
    }
  })
}

function boundPort(server: Server, asked: number): number {
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : asked
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection that is kept alive falls idle only once its last answer is out.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
    const giveUp = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS)
    server.close(() => {
      clearInterval(sweep)
      clearTimeout(giveUp)
      resolve()
    })
    server.closeIdleConnections()
  })
}
