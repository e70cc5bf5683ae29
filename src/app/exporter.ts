// Puts the parts together and runs them: the session feeds the pipeline, the pipeline the two readers, HTTP shows both.
//
// Knows the order of starting and stopping and nothing of what the parts do inside.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { openAppNameLease } from '../ari/appNameLease.ts'
import { type ClockOffset, createClockOffset } from '../ari/clockOffset.ts'
import { MALFORMED_REASONS } from '../ari/decode.ts'
import { DISCONNECT_REASONS } from '../ari/disconnect.ts'
import { FRAME_TYPES } from '../ari/frameType.ts'
import { type Session, type SessionStatus, startSession } from '../ari/session.ts'
import type { PbxEvent } from '../call/event.ts'
import type { CallRecord } from '../call/fact.ts'
import { type RoleOf, rolesByName } from '../call/outcome/direction.ts'
import { createTracker, type Tracker } from '../call/tracker.ts'
import { type CallLog, type Closed, openCallLog } from '../calllog/callLog.ts'
import { WRITE_ERROR_REASONS } from '../calllog/file/writeError.ts'
import { openCallQueries } from '../calllog/reader/client.ts'
import type { Config } from '../config.ts'
import { type Endpoints, trackEndpoints } from '../endpoint/endpoints.ts'
import { createLiveFeed, type LiveFeed } from '../http/live/liveFeed.ts'
import { startHttp } from '../http/server.ts'
import type { PageState } from '../http/status.ts'
import { createMetrics, type Metrics } from '../metrics/metrics.ts'
import { now, ticks } from '../time/clock.ts'
import { apiSources, countCalls } from './apiSources.ts'
import { createNarration } from './callLogger.ts'
import { createSightWatch } from './connectionTime.ts'
import { keptScrape } from './durableScrape.ts'
import { createPipeline } from './pipeline.ts'
import { maskCall, maskFact } from './redact.ts'
import { resume } from './restore.ts'

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
  /** Stops listening, writes what waits, closes everything. `lost`: ended calls that are nowhere on disk. */
  stop(): Promise<Closed>
}

const WATCH_EVERY_MS = 1_000

/** Calls that one turn of the event loop reports to the readers: a few milliseconds, and what they allocate is collected young. */
const CALLS_AT_ONCE = 100

/** Of the time that a stop may take: for those who listen and serve, and for what could not be written to be kept elsewhere. */
const PARTING_MS = 1_500
const SPILL_MS = 1_000

export interface ExporterDependencies {
  readonly log: Logger
  readonly build: Build
  /** Lines of the log that were dropped so far. */
  readonly linesDropped?: () => number
}

/** Rejects with `CallLogOpenError` or `HttpListenError`, whose messages are fit to be shown as they are. */
export async function startExporter(config: Config, deps: ExporterDependencies): Promise<Exporter> {
  const { log, build, linesDropped = () => 0 } = deps
  const startedAt = now()
  const { name, version, nodeVersion } = build
  log.info({ version, node: nodeVersion }, `${name} is starting`)
  log.info(
    { app: config.ari.app, db: config.callLog.path, trunks: config.trunks, logLevel: config.log.level },
    'configuration read',
  )
  const roleOf = rolesByName(config.trunks)
  const tracker = createTracker({ roleOf, callsAtOnce: CALLS_AT_ONCE })
  const endpoints = trackEndpoints()
  const parts: Parts = {
    tracker,
    endpoints,
    clock: createClockOffset(),
    since: null,
    callLog: null,
    session: null,
    startedAt,
  }
  const metrics = openMetrics(config, { build, parts, roleOf })
  const live = liveFeed(config, { parts, metrics })
  const { callLog, pipeline } = await openPipeline(config, { log, metrics, parts, live })
  const queries = openCallQueries(config.callLog, { log })
  const { rowId } = callLog
  const api = apiSources({ tracker, endpoints, queries, roleOf, rowId, live: () => liveCalls(config, parts) })
  const http = await startHttp(
    { ...config.http, name: build.name, version: build.version },
    {
      metrics: keptScrape(metrics.expose, callLog),
      state: pageState(parts, metrics),
      live,
      api,
      loginFailed: metrics.loginFailure,
      log,
    },
  ).catch(async (error: unknown) => {
    await Promise.all([queries.close(), callLog.close()])
    throw error
  })
  log.info({ host: config.http.host, port: http.port, ...http.doors }, 'serving /metrics and the page')
  const session = listen(config, { log, metrics, parts, take: pipeline.take })
  parts.session = session
  const watches = [watchSight(parts, metrics), watchLog(linesDropped, metrics)]
  return {
    port: http.port,
    tls: http.doors.tls,
    async stop() {
      for (const watch of watches) clearInterval(watch)
      const parting = Promise.all([session.stop(), http.stop(), queries.close()])
      await Promise.race([parting, sleep(PARTING_MS, undefined, { ref: false })])
      pipeline.finish()
      return await callLog.close()
    },
  }
}

// What starts after the metrics that ask for it.
interface Parts {
  readonly tracker: Tracker
  readonly endpoints: Endpoints
  readonly startedAt: number
  /** Goes on from what the call log knows of it. */
  clock: ClockOffset
  /** When sight was last gained or lost, by our clock. */
  since: number | null
  callLog: CallLog | null
  session: Session | null
}

interface Plumbing {
  readonly log: Logger
  readonly metrics: Metrics
}

function openMetrics(
  config: Config,
  { build, parts, roleOf }: { build: Build; parts: Parts; roleOf: RoleOf },
): Metrics {
  const { tracker, endpoints } = parts
  return createMetrics(
    {
      ...build,
      labelLimit: config.labelLimit,
      frameTypes: FRAME_TYPES,
      malformedReasons: MALFORMED_REASONS,
      disconnectReasons: DISCONNECT_REASONS,
      writeErrorReasons: WRITE_ERROR_REASONS,
    },
    {
      liveCounts: () => tracker.liveCounts(),
      session: () => ({
        inSync: isInSync(parts),
        asterisk: parts.session?.status().asterisk ?? null,
        ...(parts.session && { stasis: parts.session.stasis() }),
      }),
      callLog: () => ({ rows: 0, pending: 0, ...parts.callLog?.status(), walBytes: parts.callLog?.walBytes() ?? 0 }),
      endpoints: () => [...endpoints.all()].map((one) => ({ ...one, role: roleOf(one.endpoint) })),
      now: () => parts.clock.instantToPbxTime(now()),
    },
  )
}

async function openPipeline(
  config: Config,
  { log, metrics, parts, live }: Plumbing & { parts: Parts; live: LiveFeed },
) {
  // It is told each second what was seen, and need not wait for more.
  const opened = await openCallLog(
    { ...config.callLog, lastSeenMs: 0, closeMs: closeMsOf(config) },
    {
      log,
      onWrite: (seconds) => metrics.logWrite(seconds),
      onWriteError: (reason) => metrics.logWriteError(reason),
      node: () => parts.session?.status().asterisk?.entityId ?? null,
      clock: { now, toPbx: (at) => parts.clock.instantToPbxTime(at) },
    },
  )
  const { callLog, remembered } = opened
  parts.callLog = callLog
  parts.clock = createClockOffset(opened.aheadMs)
  const rowId = (channelId: string) => callLog.rowId(channelId)
  const pipeline = createPipeline({
    tracker: parts.tracker,
    endpoints: parts.endpoints,
    log,
    observe: metrics.observe,
    append: (facts, sums) => callLog.append(facts, sums),
    ...(config.maskNumbers && { show: maskFact }),
    broadcast: (fact) => live.take(fact),
    later: (goOn) => void setImmediate(goOn),
    narrate: createNarration({ maskNumbers: config.log.maskNumbers }, { log, rowId }),
  })
  const { ignored } = resume(opened, { metrics, take: pipeline.take })
  if (ignored > 0)
    log.warn({ sums: ignored }, 'stored sums that this version does not know were left out of the metrics')
  log.info({ path: config.callLog.path, calls: callLog.status().rows, open: remembered.calls.length }, 'call log ready')
  return { callLog, pipeline }
}

function closeMsOf({ stopTimeoutMs }: Config): number {
  return Math.max(stopTimeoutMs / 2, stopTimeoutMs - PARTING_MS - SPILL_MS)
}

/** Changes that are kept for those who come back: minutes of a busy PBX, a few hundred KB. */
const CHANGES_KEPT = 1_000

function liveFeed(config: Config, { parts, metrics }: { parts: Parts; metrics: Metrics }): LiveFeed {
  return createLiveFeed(
    { epoch: randomUUID(), kept: CHANGES_KEPT },
    {
      live: () => liveCalls(config, parts),
      rowId: (channelId) => parts.callLog?.rowId(channelId),
      state: pageState(parts, metrics),
    },
  )
}

function* liveCalls({ maskNumbers }: Config, { tracker }: Parts): Iterable<CallRecord> {
  for (const call of tracker.live()) yield maskNumbers ? maskCall(call) : call
}

interface Listening extends Plumbing {
  readonly parts: Parts
  readonly take: (event: PbxEvent) => void
}

function listen(config: Config, { log, metrics, parts, take }: Listening): Session {
  log.info({ url: config.ari.url, user: config.ari.user, app: config.ari.app }, 'connecting to Asterisk')
  const lease = openAppNameLease(config.callLog.path, config.ari.app)
  return startSession(
    { ...config.ari, lease },
    {
      log,
      onEvent(event, receivedAt) {
        if ('channel' in event) metrics.lag(receivedAt - event.at)
        if (event.type === 'SnapshotTaken' || event.type === 'ConnectionLost') parts.since = event.at
        if (event.type === 'ConnectionLost') metrics.disconnected((receivedAt - event.at) / 1000)
        for (const placed of parts.clock.toPbxTime(event, receivedAt)) take(placed)
      },
      onFrame: (frameType) => metrics.frame(frameType),
      onMalformed: (reason) => metrics.malformed(reason),
      onDisconnect: (reason) => metrics.disconnect(reason),
    },
  )
}

function isInSync(parts: Parts): boolean {
  return parts.session?.status().phase === 'in_sync'
}

function watchSight(parts: Parts, metrics: Metrics): NodeJS.Timeout {
  const look = createSightWatch({
    isInSync: () => isInSync(parts),
    seen: () => parts.callLog?.seen(),
    disconnected: metrics.disconnected,
    leapt: (ms) => parts.clock.noteLocalClockStep(ms),
    now,
    ticks,
  })
  return setInterval(look, WATCH_EVERY_MS)
}

function watchLog(linesDropped: () => number, metrics: Metrics): NodeJS.Timeout {
  let told = 0
  return setInterval(() => {
    const dropped = linesDropped()
    metrics.logLinesDropped(dropped - told)
    told = dropped
  }, WATCH_EVERY_MS)
}

function pageState(parts: Parts, metrics: Metrics): () => PageState {
  return () => {
    const status: SessionStatus | undefined = parts.session?.status()
    const { ended, missed } = metrics.callsSoFar()
    return {
      now: now(),
      startedAt: parts.startedAt,
      inSync: isInSync(parts),
      since: parts.since,
      problem: status?.problem ?? null,
      asterisk: status?.asterisk ?? null,
      callsActive: countCalls(parts.tracker.liveCounts()),
      callsEnded: ended,
      callsMissed: missed,
      countedOver: 'in all',
      callLog: parts.callLog?.status() ?? { rows: 0, pending: 0 },
    }
  }
}
