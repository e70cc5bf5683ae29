// The composition root: creates every part, starts them, and stops them in reverse.
//
// Knows which part needs which other part, and nothing about their insides.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { openAppNameLease } from '../ari/appNameLease.ts'
import { createClockOffset } from '../ari/clockOffset.ts'
import { MALFORMED_REASONS } from '../ari/decode.ts'
import { DISCONNECT_REASONS } from '../ari/disconnect.ts'
import { FRAME_TYPES } from '../ari/frameType.ts'
import type { Answer, Question, QuestionSource } from '../ari/questions/question.ts'
import { createSession } from '../ari/session.ts'
import type { CallRecord } from '../call/fact.ts'
import { createTracker } from '../call/tracker.ts'
import { type Closed, openCallLog } from '../calllog/callLog.ts'
import { WRITE_ERROR_REASONS } from '../calllog/file/writeError.ts'
import { openCallQueries } from '../calllog/reader/client.ts'
import { createLiveFeed } from '../http/live/liveFeed.ts'
import { startHttp } from '../http/server.ts'
import type { Logger } from '../log.ts'
import { createMetrics, type Metrics } from '../metrics/metrics.ts'
import { now, ticks } from '../time/clock.ts'
import { createVoiceWatch } from '../voice/voiceWatch.ts'
import { openApi } from './apiSources.ts'
import { missedCallersOf } from './callbackOptions.ts'
import { createCallLogger } from './callLogger.ts'
import { createConnectionTime } from './connectionTime.ts'
import { createConsumer } from './consumer.ts'
import { openControl } from './control.ts'
import { durableScrape } from './durableScrape.ts'
import type { ExporterOptions } from './exporterOptions.ts'
import { openFraud } from './fraud.ts'
import { registerGauges } from './gauges.ts'
import { labelLimits } from './labelLimits.ts'
import { createModuleWatch } from './moduleWatch.ts'
import { lineNames, numbersOf } from './numbers.ts'
import { createPipeline } from './pipeline.ts'
import { startQuestions } from './questions.ts'
import { MASKED, maskCall } from './redact.ts'
import { restore } from './restore.ts'
import { openRoles } from './roles.ts'
import { createServiceStatus } from './serviceStatus.ts'
import { createShedding } from './shedding.ts'
import { openShipping, outboxOptions, sinkNames } from './shipping.ts'
import { siteOf } from './site.ts'
import { openStaffing, staffingCheck } from './staffing.ts'
import { watchTrunkCapacities } from './trunkCapacity.ts'

/** Name and version of this program. */
export interface Build {
  readonly name: string
  readonly version: string
  readonly revision: string
  readonly nodeVersion: string
}

export interface Exporter {
  readonly port: number
  readonly tls: boolean
  /** Disconnects, writes what is pending, closes everything. `lost`: ended calls that could not be stored on disk. */
  stop(): Promise<Closed>
}

export interface ExporterDependencies {
  readonly log: Logger
  readonly build: Build
  /** Log lines dropped so far. */
  readonly linesDropped?: () => number
}

const CHECK_EVERY_MS = 1_000

/** Calls reported at once after a snapshot: it takes a few milliseconds, and V8 frees the memory while it is young. */
const CALLS_AT_ONCE = 20

/** Changes kept for pages that reconnect: minutes of a busy PBX, a few hundred KB. */
const CHANGES_KEPT = 1_000

/** Reserved in the time of a stop: for closing connections, and for writing a spill file if the database fails. */
const DISCONNECT_MS = 1_500
const SPILL_MS = 1_000

/** Rejects with `CallLogOpenError` or `HttpListenError`, whose messages can be shown to the operator unchanged. */
export async function startExporter(config: ExporterOptions, deps: ExporterDependencies): Promise<Exporter> {
  const { log, build } = deps
  const startedAt = now()
  logStart(config, deps)

  // Create
  const clock = createClockOffset()
  const pbxNow = () => clock.instantToPbxTime(now())
  const metrics = createMetrics({ ...build, ...labelValues(config, log), now: pbxNow })
  const lease = openAppNameLease(config.callLog.path, config.ari.app)
  const session = createSession({ ...sessionOptions(config), lease }, { log })
  const isInSync = () => session.status().phase === 'in_sync'
  const roles = openRoles(config, {
    ...{ session, asked: metrics.question, pbxNow, ticks, log },
    ...{ liveCounts: () => tracker.liveCounts(), agents: () => staffing.agents() },
  })
  const { endpoints, roleOf } = roles
  const tracker = createTracker({ ...roles, ...numbersOf(config), callsAtOnce: CALLS_AT_ONCE })
  const prometheus = createModuleWatch('res_prometheus.so', () => session.status().asterisk)
  const opened = await openCallLog(callLogOptions(config), {
    ...{ log, onWrite: metrics.logWrite, onWriteError: metrics.logWriteError },
    node: () => session.status().asterisk?.entityId ?? null,
    clock: { now, toPbx: clock.instantToPbxTime },
    onUndelivered: metrics.outbox.dropped,
  })
  const { callLog, totals } = opened
  clock.startFrom(opened.aheadMs)
  const connection = createConnectionTime({
    isInSync,
    // What waits is observed only once it is handled: a crash would lose it.
    noteSeen: () => callLog.noteLastSeen(clock.instantToPbxTime(now() - session.queued().oldestMs)),
    ...{ disconnected: metrics.disconnected, noteLocalClockStep: clock.noteLocalClockStep, now, ticks },
  })
  const observed = { startedAt, session, connection, tracker, metrics, callLog, prometheus }
  const status = createServiceStatus({ ...observed, site: siteOf(config) })
  const live = () => liveCalls(tracker.live(), config.calls)
  const feed = createLiveFeed({ epoch: randomUUID(), kept: CHANGES_KEPT }, { live, rowId: callLog.rowId, status })
  const shedding = createShedding({
    log,
    logCall: createCallLogger({ maskNumbers: config.log.maskNumbers }, { log, rowId: callLog.rowId }),
    pause: feed.pause,
    queued: session.queued,
  })
  const { keyOf, missedCallers } = missedCallersOf(
    { ...config.callback, ...config.calls },
    { numberSecret: opened.numberSecret, waiting: opened.missedCallers.waiting },
  )
  const phones = { tracker, ...roles, prometheus }
  const { staffing, remember } = openStaffing({ ...phones, totals, config, log })
  const { append } = callLog
  const watch = { ...phones, isInSync, ticks, count: metrics.trunksFull, append, totals, log }
  const trunkCapacities = watchTrunkCapacities(config.calls.trunkChannels, watch)
  const fraud = openFraud({ ...opened, roleOf, now: pbxNow, log })
  const pipeline = createPipeline({
    ...{ tracker, endpoints, log, observe: metrics.observe, append, missedCallers, toll: fraud, staffing },
    ...(config.calls.maskNumbers && { redact: MASKED }),
    publish: feed.publish,
    logCall: shedding.logCall,
  })
  const { questionsPerSecond } = config.ari
  const voice = createVoiceWatch({ ...tracker, tell: pipeline.handleEvent })
  const queries = openCallQueries(config.callLog, { log })
  const logged = { queries, callLog }
  const { control, check: checkControl } = openControl(config, { ...phones, session, callLog, log })
  const shipping = openShipping(config, { callLog, metrics, log, build })
  const gauges = { tracker, session, callLog, endpoints, roleOf, missedCallers, voice, staffing, toll: fraud, shipping }
  registerGauges(config, metrics, gauges)

  // Start
  const { handleEvent } = pipeline
  restore(opened, { metrics, missedCallers, fraud, keyOf, handleEvent, log, path: config.callLog.path })
  pipeline.finish()
  const http = await startHttp(
    { ...config.http, web: config.web, name: build.name, version: build.version },
    {
      metrics: durableScrape(metrics.expose, callLog),
      status,
      live: feed,
      log,
      api: openApi({ ...phones, ...logged, config, control, staffing, trunkCapacities, live, isInSync, pbxNow }),
      loginFailed: metrics.loginFailure,
    },
  ).catch(async (error: unknown) => {
    await Promise.all([queries.close(), shipping.stop(), callLog.close()])
    throw error
  })
  log.info({ host: config.http.host, port: http.port, ...http.security }, 'serving /metrics and the page')
  log.info({ url: config.ari.url, user: config.ari.user, app: config.ari.app }, 'connecting to Asterisk')
  session.start(createConsumer({ metrics, connection, clock, pipeline, shedding, roles }))
  const sources: readonly QuestionSource<Question, Answer>[] = [staffing, voice, ...roles.sources, prometheus]
  const questioner = startQuestions(questionsPerSecond, { session, sources, asked: metrics.question, pbxNow, log })
  const expire = () => (isInSync() ? pipeline.advance(pbxNow()) : undefined)
  const checkStaffing = staffingCheck({
    ...{ ...phones, staffing, remember, isInSync, pbxNow, ticks },
    ...{ publish: feed.publish, countOperatorTime: metrics.operatorTime, append },
  })
  const moreChecks = [trunkCapacities.check, roles.check, checkControl, countDroppedLines(deps, metrics)]
  const checks = [connection.check, expire, checkStaffing, ...moreChecks]
  const timers = checks.map((check) => setInterval(check, CHECK_EVERY_MS))

  // Stop
  return {
    port: http.port,
    tls: http.security.tls,
    async stop() {
      const beganAt = ticks()
      for (const timer of timers) {
        clearInterval(timer)
      }
      questioner.stop()
      const disconnecting = Promise.all([session.stop(), http.stop(), queries.close(), shipping.stop()])
      await Promise.race([disconnecting, sleep(DISCONNECT_MS + closeMs(config) / 2, undefined, { ref: false })])
      pipeline.finish()
      const spentMs = ticks() - beganAt
      return await callLog.close(closeMs(config) - Math.max(0, spentMs - DISCONNECT_MS))
    },
  }
}

function sessionOptions(config: ExporterOptions) {
  return { ...config.ari, mayControl: config.control.isOn, timing: { workOffMs: closeMs(config) / 2 } }
}

/** Label values that other folders define, and the limits of the others. */
function labelValues(config: ExporterOptions, log: Logger) {
  return {
    ...labelLimits(config.calls, log),
    sinks: sinkNames(config),
    lines: lineNames(config.calls.lines),
    frameTypes: FRAME_TYPES,
    malformedReasons: MALFORMED_REASONS,
    disconnectReasons: DISCONNECT_REASONS,
    writeErrorReasons: WRITE_ERROR_REASONS,
  }
}

function logStart(config: ExporterOptions, { log, build: { name, version, nodeVersion } }: ExporterDependencies): void {
  const { trunks } = config.calls
  log.info({ version, node: nodeVersion }, `${name} is starting`)
  log.info(
    {
      app: config.ari.app,
      db: config.callLog.path,
      trunks: trunks.length > 0 ? trunks : 'auto',
      logLevel: config.log.level,
    },
    'configuration read',
  )
}

// `lastSeenMs` is 0, no limit, because `connection.check` calls `noteLastSeen` once a second.
function callLogOptions(config: ExporterOptions) {
  return { ...config.callLog, ...outboxOptions(config), lastSeenMs: 0 }
}

/** How long a stop handles the events that have arrived, half of this at most, and writes their rows. */
function closeMs({ process: { stopTimeoutMs } }: ExporterOptions): number {
  return Math.max(stopTimeoutMs / 2, stopTimeoutMs - DISCONNECT_MS - SPILL_MS)
}

function* liveCalls(calls: Iterable<CallRecord>, { maskNumbers }: ExporterOptions['calls']): Iterable<CallRecord> {
  for (const call of calls) {
    yield maskNumbers ? maskCall(call) : call
  }
}

function countDroppedLines({ linesDropped = () => 0 }: ExporterDependencies, metrics: Metrics): () => void {
  let counted = 0
  return () => {
    const dropped = linesDropped()
    metrics.logLinesDropped(dropped - counted)
    counted = dropped
  }
}
