// Puts the parts together and runs them: the session feeds the pipeline, the pipeline the two readers, HTTP shows both.
//
// Knows the order of starting and stopping and nothing of what the parts do inside.

import type { Logger } from 'pino'
import { MALFORMED_REASONS } from './ari/decode.ts'
import { FRAME_TYPES } from './ari/frameType.ts'
import { type Session, type SessionStatus, startSession } from './ari/session.ts'
import { DISCONNECT_REASONS } from './ari/setback.ts'
import { rolesByName } from './call/direction.ts'
import type { PbxEvent } from './call/event.ts'
import { createTracker, type Tracker } from './call/tracker.ts'
import { type CallLog, openCallLog } from './calllog/callLog.ts'
import { WRITE_ERROR_REASONS } from './calllog/writeError.ts'
import type { Config } from './config.ts'
import { type Endpoints, trackEndpoints } from './endpoint/endpoints.ts'
import type { PageState } from './http/pageState.ts'
import { startHttp } from './http/server.ts'
import { maskFact } from './mask.ts'
import { createMetrics, type Metrics } from './metrics/metrics.ts'
import { createNarration } from './narrate.ts'
import { createPbxClock, type PbxClock } from './pbxClock.ts'
import { createPipeline } from './pipeline.ts'

/** What the program says of itself. */
export interface Build {
  readonly name: string
  readonly version: string
  readonly revision: string
  readonly nodeVersion: string
}

export interface Exporter {
  readonly port: number
  readonly tls: boolean
  /** Stops listening, writes what waits, closes everything. */
  stop(): Promise<void>
}

const BLIND_EVERY_MS = 1_000

/** Rejects with `CallLogOpenError` or `HttpListenError`, whose messages are fit to be shown as they are. */
export async function startExporter(config: Config, { log, build }: { log: Logger; build: Build }): Promise<Exporter> {
  const startedAt = Date.now()
  const { name, version, nodeVersion } = build
  log.info({ version, node: nodeVersion }, `${name} is starting`)
  log.info(
    { app: config.ari.app, db: config.callLog.path, trunks: config.trunks, logLevel: config.log.level },
    'configuration read',
  )
  const roleOf = rolesByName(config.trunks)
  const tracker = createTracker({ roleOf })
  const endpoints = trackEndpoints()
  const parts: Parts = {
    tracker,
    endpoints,
    clock: createPbxClock(),
    since: null,
    callLog: null,
    session: null,
    startedAt,
  }
  const metrics = createMetrics(
    {
      ...build,
      labelLimit: config.labelLimit,
      frameTypes: FRAME_TYPES,
      malformedReasons: MALFORMED_REASONS,
      disconnectReasons: DISCONNECT_REASONS,
      writeErrorReasons: WRITE_ERROR_REASONS,
    },
    {
      census: () => tracker.census(),
      session: () => ({ inSync: isInSync(parts), asterisk: parts.session?.status().asterisk ?? null }),
      callLog: () => parts.callLog?.status() ?? { rows: 0, pending: 0 },
      endpoints: () => [...endpoints.all()].map((one) => ({ ...one, role: roleOf(one.endpoint) })),
      now: Date.now,
    },
  )
  const { callLog, take } = await openPipeline(config, { log, metrics, parts })
  const http = await startHttp(
    { ...config.http, name: build.name, version: build.version },
    { metrics: metrics.expose, state: pageState(parts, metrics), log },
  ).catch(async (error: unknown) => {
    await callLog.close()
    throw error
  })
  log.info({ host: config.http.host, port: http.port, ...http.doors }, 'serving /metrics and the page')
  const session = listen(config, { log, metrics, parts, take })
  parts.session = session
  const blind = countBlindness(parts, metrics)
  return {
    port: http.port,
    tls: http.doors.tls,
    async stop() {
      clearInterval(blind)
      await Promise.all([session.stop(), http.stop()])
      await callLog.close()
    },
  }
}

// What starts after the metrics that ask for it.
interface Parts {
  readonly tracker: Tracker
  readonly endpoints: Endpoints
  readonly startedAt: number
  readonly clock: PbxClock
  /** When sight was last gained or lost, by our clock. */
  since: number | null
  callLog: CallLog | null
  session: Session | null
}

interface Plumbing {
  readonly log: Logger
  readonly metrics: Metrics
}

async function openPipeline(config: Config, { log, metrics, parts }: Plumbing & { parts: Parts }) {
  const opened = await openCallLog(config.callLog, {
    log,
    onWrite: (seconds) => metrics.logWrite(seconds),
    onWriteError: (reason) => metrics.logWriteError(reason),
    node: () => parts.session?.status().asterisk?.entityId ?? null,
  })
  const { callLog, totals, remembered } = opened
  parts.callLog = callLog
  const { ignored } = metrics.restore(totals, remembered.calls)
  if (ignored > 0)
    log.warn({ sums: ignored }, 'stored sums that this version does not know were left out of the metrics')
  log.info({ path: config.callLog.path, calls: callLog.status().rows, open: remembered.calls.length }, 'call log ready')
  const rowId = (channelId: string) => callLog.rowId(channelId)
  const take = createPipeline({
    tracker: parts.tracker,
    endpoints: parts.endpoints,
    log,
    observe: metrics.observe,
    append: (facts, sums) => callLog.append(facts, sums),
    ...(config.maskNumbers && { show: maskFact }),
    narrate: createNarration({ maskNumbers: config.log.maskNumbers }, { log, rowId }),
  })
  if (remembered.calls.length > 0) take({ type: 'CallsRemembered', ...remembered })
  return { callLog, take }
}

interface Listening extends Plumbing {
  readonly parts: Parts
  readonly take: (event: PbxEvent) => void
}

function listen(config: Config, { log, metrics, parts, take }: Listening): Session {
  log.info({ url: config.ari.url, user: config.ari.user, app: config.ari.app }, 'connecting to Asterisk')
  return startSession(config.ari, {
    log,
    onEvent(event, receivedAt) {
      if ('channel' in event) metrics.lag(receivedAt - event.at)
      if (event.type === 'SnapshotTaken' || event.type === 'SightLost') parts.since = receivedAt
      take(parts.clock.translate(event, receivedAt))
    },
    onFrame: (frameType) => metrics.frame(frameType),
    onMalformed: (reason) => metrics.malformed(reason),
    onDisconnect: (reason) => metrics.disconnect(reason),
  })
}

function isInSync(parts: Parts): boolean {
  return parts.session?.status().phase === 'in_sync'
}

function countBlindness(parts: Parts, metrics: Metrics): NodeJS.Timeout {
  let last = Date.now()
  return setInterval(() => {
    const now = Date.now()
    if (!isInSync(parts)) metrics.blind((now - last) / 1000)
    last = now
  }, BLIND_EVERY_MS)
}

function pageState(parts: Parts, metrics: Metrics): () => PageState {
  return () => {
    const status: SessionStatus | undefined = parts.session?.status()
    const inSync = isInSync(parts)
    const now = Date.now()
    const { ended, missed } = metrics.callsSoFar()
    return {
      now,
      startedAt: parts.startedAt,
      inSync,
      since: parts.since,
      problem: status?.problem ?? null,
      asterisk: status?.asterisk ?? null,
      callsActive: [...parts.tracker.census()].reduce(
        (sum, { key, count }) => sum + (key.family === 'calls' ? count : 0),
        0,
      ),
      callsEnded: ended,
      callsMissed: missed,
      countedOver: 'in all',
      callLog: parts.callLog?.status() ?? { rows: 0, pending: 0 },
    }
  }
}
