// The exporter without its socket, its disk and its clock: frames in, what /metrics says out.
//
// Decoding, the core and the metrics are the real ones; reconnecting and writing are made believe. The process' own metrics
// describe this test process and are up to the caller.

import { pino } from 'pino'
import { isOfFraud, openFraud } from '../../../src/app/fraud.ts'
import { lineNames } from '../../../src/app/numbers.ts'
import { createPipeline } from '../../../src/app/pipeline.ts'
import { watchTrunkCapacities } from '../../../src/app/trunkCapacity.ts'
import { decodeFrame, MALFORMED_REASONS } from '../../../src/ari/decode.ts'
import { DISCONNECT_REASONS } from '../../../src/ari/disconnect.ts'
import { FRAME_TYPES } from '../../../src/ari/frameType.ts'
import type { PbxEvent } from '../../../src/call/event.ts'
import type { CallFact } from '../../../src/call/fact.ts'
import { type RoleOf, rolesByName } from '../../../src/call/outcome/direction.ts'
import { linesByNumber } from '../../../src/call/outcome/line.ts'
import { createTracker, type Tracker } from '../../../src/call/tracker.ts'
import { createMissedCallers, type MissedCallers } from '../../../src/callback/missedCallers.ts'
import { WRITE_ERROR_REASONS } from '../../../src/calllog/file/writeError.ts'
import { Sums } from '../../../src/calllog/writer/storedTotals.ts'
import { type Endpoints, trackEndpoints } from '../../../src/endpoint/endpoints.ts'
import { type LiveSources, registerLiveGauges } from '../../../src/metrics/liveGauges.ts'
import { createMetrics, type Metrics } from '../../../src/metrics/metrics.ts'
import { destinationOf } from '../../../src/numbers/destination.ts'
import { numberMatcher } from '../../../src/numbers/phoneNumber.ts'
import { endpointJson, type Frame, type World } from '../../../src/pbx-sim/asterisk/world.ts'
import type { EventQueue } from '../../../src/pbx-sim/clock/eventQueue.ts'
import type { Random } from '../../../src/pbx-sim/random.ts'
import type { SimulatorDependencies } from '../../../src/pbx-sim/simulator.ts'
import { createAgents } from './agentsOfOffice.ts'
import { createOfficeOutbox } from './outboxOfOffice.ts'
import { snapshotOf } from './snapshotOfWorld.ts'
import { createVoices } from './voicesOfOffice.ts'

export interface Ear {
  readonly hear: SimulatorDependencies['publish']
  /** Takes a snapshot of the live channels of the PBX; the instant is its start, if it was restarted. */
  readonly connect: (world: World, asteriskStartedAt?: number) => void
  readonly loseConnection: () => void
  readonly blockDisk: () => void
  readonly freeDisk: () => void
  /** Requests over HTTP with a wrong password. */
  readonly refuseLogins: (count: number) => void
  /** Lines that the log's output does not take. */
  readonly dropLogLines: (count: number) => void
  /** So many callers wait in our own application from now on; 0: they have been handed back. */
  readonly keepCallers: (count: number) => void
  /** So many bytes of events wait to be handled from now on; 0: none. The figures say so; the events are handled all the same. */
  readonly fallBehind: (bytes: number) => void
  /** A new process, which goes on from the sums of the log. */
  readonly restartExporter: () => void
  /** The PBX asks its phones whether they are there. */
  readonly qualify: (world: World) => void
  readonly expose: () => Promise<string>
  readonly core: Core
}

/** What is known of now. */
export interface Core {
  readonly tracker: Tracker
  readonly missedCallers: Pick<MissedCallers, 'waiting'>
  readonly endpoints: Endpoints
  readonly roleOf: RoleOf
  readonly isInSync: () => boolean
}

/** The simulated time and random source of an exporter, and who else receives its facts. */
export interface EarSurroundings {
  readonly eventQueue: EventQueue
  /** Makes up what a network would do. */
  readonly random: Random
  readonly onFacts?: ((facts: readonly CallFact[]) => void) | undefined
}

/** What SQLite leaves of a write-ahead log, and by how much it grows for a call that cannot be moved on. */
const WAL_BYTES = 32_992
const WAL_BYTES_A_CALL = 97_000

/** Questions to Asterisk from one scrape to the next: a day of scrapes has some of each outcome. */
const QUESTIONS_A_SCRAPE = 20

/** Few enough to be full at times: what TRUNK_CHANNELS says in this office. */
const CHANNELS = [
  { trunk: 'trunk-a', channels: 5 },
  { trunk: 'trunk-b', channels: 4 },
]

/** As long as the default of CALLBACK_WINDOW, and more callers than ever wait. */
const CALLBACKS = { windowMs: 72 * 3_600_000, limit: 100_000 }

/** Numbers that people outside call. */
const LINES = [
  { pattern: '5550101', name: 'Sales' },
  { pattern: '5550102', name: 'Support' },
  { pattern: '5550103', name: 'Office' },
]

/** An ear that hears nothing yet. */
export function createEar({ eventQueue: { now }, random, onFacts = () => {} }: EarSurroundings): Ear {
  const roleOf = rolesByName([])
  const tracker = createTracker({ roleOf, lineOf: linesByNumber(LINES), destinationOf: destinationOf('FI') })
  const missedCallers = createMissedCallers({ keyOf: numberMatcher(null), ...CALLBACKS })
  const endpoints = trackEndpoints()
  const log = pino({ level: 'silent' })
  const sums = new Sums([])
  const asking = random.fork(-5)
  const fraud = openFraud({ roleOf, totals: [], restored: { calls: [] }, now, log })
  fraud.owed.forEach((total) => void sums.add(total))
  let asterisk: ReturnType<LiveSources['session']>['asterisk'] = null
  const agents = createAgents({ tracker, endpoints, roleOf })
  const voices = createVoices({ ...tracker, tell: (event) => take(event) })
  // Null until it was connected to.
  let pbx: World | null = null
  let isBlind = false
  let disconnectedUntil = 0
  let writtenRows = 0
  let isDiskBlocked = false
  let kept = { count: 0, since: 0 }
  let queued = { bytes: 0, since: 0 }
  const outbox = createOfficeOutbox()

  const openMetrics = (): Metrics => {
    const opened = createMetrics({
      version: '1.0.0',
      revision: 'history',
      nodeVersion: '24.0.0',
      frameTypes: FRAME_TYPES,
      malformedReasons: MALFORMED_REASONS,
      disconnectReasons: DISCONNECT_REASONS,
      writeErrorReasons: WRITE_ERROR_REASONS,
      lines: lineNames(LINES),
      sinks: ['postgres'],
      now,
    })
    registerLiveGauges(opened.registry, {
      liveCounts: () => tracker.liveCounts(),
      session: () => ({
        inSync: !isBlind,
        asterisk,
        stasis: { count: kept.count, oldestMs: kept.count === 0 ? 0 : now() - kept.since },
        queued: { bytes: queued.bytes, oldestMs: queued.bytes === 0 ? 0 : now() - queued.since },
      }),
      callLog: () => {
        const pending = metrics.callsSoFar().ended - writtenRows
        return { rows: writtenRows, pending, walBytes: WAL_BYTES + pending * WAL_BYTES_A_CALL }
      },
      endpoints: () => [...endpoints.all()].map((one) => ({ ...one, role: roleOf(one.endpoint) })),
      trunkCapacities: CHANNELS,
      missedCallers: missedCallers.waiting,
      voice: () => (isBlind ? null : voices.legs()),
      staffing: agents.staffing,
      toll: fraud,
      outbox: () => outbox.states(now()),
    })
    return opened
  }
  let metrics = openMetrics()

  // Looked at at each scrape, so that two seconds of each count.
  const capacities = watchTrunkCapacities(CHANNELS, {
    ...{ tracker, endpoints, roleOf, isInSync: () => !isBlind, ticks: now, totals: [], log },
    count: (trunks) => metrics.trunksFull(trunks),
    append(_, totals) {
      for (const total of totals) {
        sums.add(total)
      }
    },
  })

  const { handleEvent, advance, finish } = createPipeline({
    tracker,
    endpoints,
    missedCallers,
    toll: fraud,
    staffing: agents.staffing,
    log,
    observe: (fact) => metrics.observe(fact),
    append(facts, totals) {
      onFacts(facts)
      for (const total of totals) {
        sums.add(total)
      }
    },
    logCall: () => {},
  })

  // At once: a scrape may follow in the same turn of the event loop.
  function take(event: PbxEvent): void {
    handleEvent(event)
    finish()
  }

  function listen(text: string): void {
    const decoded = decodeFrame(text)
    if (decoded.kind === 'malformed') {
      return metrics.malformed(decoded.reason)
    }
    metrics.frame(decoded.frameType)
    if (decoded.kind !== 'event') {
      return
    }
    metrics.lag(random.skewed(2, 0.8))
    take(decoded.event)
  }

  // Those of agentsOfOffice.ts and voicesOfOffice.ts are asked all at once; these figures are of the real pace.
  function countQuestions(): void {
    for (let n = 0; n < (isBlind ? 0 : QUESTIONS_A_SCRAPE); n++) {
      const drawn = asking.next()
      const outcome = drawn < 0.98 ? 'answered' : drawn < 0.99 ? 'gone' : drawn < 0.995 ? 'refused' : 'no_answer'
      metrics.question(outcome, outcome === 'no_answer' ? 1_000 : asking.skewed(2, 0.7))
    }
  }

  // An outage counts while it lasts, as in app/connectionTime.ts.
  function countDisconnected(): void {
    if (isBlind) {
      metrics.disconnected((now() - disconnectedUntil) / 1000)
      disconnectedUntil = now()
    }
  }

  return {
    core: { tracker, missedCallers, endpoints, roleOf, isInSync: () => !isBlind },
    hear(frame) {
      if (isBlind) {
        return
      }
      const text = withReports(frame, random)
      // One frame of many is cut short on its way.
      listen(random.chance(0.002) && frame.type === 'ChannelDialplan' ? text.slice(0, -20) : text)
    },
    connect(world, asteriskStartedAt = asterisk?.startedAt ?? now()) {
      pbx = world
      countDisconnected()
      isBlind = false
      asterisk = { version: '22.10.1', entityId: world.asteriskId, startedAt: asteriskStartedAt }
      take(snapshotOf(world))
    },
    loseConnection() {
      isBlind = true
      disconnectedUntil = now()
      metrics.disconnect('closed')
      take({ type: 'ConnectionLost', at: now() })
    },
    blockDisk() {
      isDiskBlocked = true
      outbox.cutOff()
    },
    freeDisk() {
      isDiskBlocked = false
      outbox.cutOff()
    },
    refuseLogins(count) {
      for (let n = 0; n < count; n++) {
        metrics.loginFailure()
      }
    },
    dropLogLines: (count) => metrics.logLinesDropped(count),
    keepCallers(count) {
      kept = { count, since: now() }
    },
    fallBehind(bytes) {
      queued = { bytes, since: now() }
    },
    restartExporter() {
      const totals = [...sums.all.values()].map(({ name, labels, value }) => ({
        name,
        labels: JSON.parse(labels),
        value,
      }))
      metrics = openMetrics()
      metrics.restore(
        totals.filter((total) => !isOfFraud(total)),
        [...tracker.live()],
      )
    },
    qualify(world) {
      if (isBlind) {
        return
      }
      for (const endpoint of world.endpoints.values()) {
        if (!endpoint.online) {
          continue
        }
        const at = `"timestamp":"${world.stamp(now())}"`
        const contact = {
          uri: `sip:${endpoint.resource}@192.0.2.1`,
          contact_status: 'Reachable',
          aor: endpoint.resource,
        }
        const info = JSON.stringify({ ...contact, roundtrip_usec: String(Math.round(random.skewed(18_000, 0.5))) })
        listen(
          `{"type":"ContactStatusChange",${at},"endpoint":${endpointJson(world, endpoint)},"contact_info":${info}}`,
        )
      }
    },
    expose: async () => {
      countDisconnected()
      countQuestions()
      advance(now())
      capacities.check()
      if (pbx !== null && !isBlind) {
        voices.ask(pbx, now())
      }
      for (const total of agents.ask({ world: isBlind ? null : pbx, at: now(), countTime: metrics.operatorTime })) {
        sums.add(total)
      }
      const { ended } = metrics.callsSoFar()
      if (isDiskBlocked && ended > writtenRows) {
        metrics.logWriteError('locked')
      }
      const before = writtenRows
      for (; writtenRows < ended && !isDiskBlocked; writtenRows += 1) {
        metrics.logWrite(random.skewed(0.002, 0.7))
      }
      outbox.ship(metrics, { at: now(), written: writtenRows - before })
      return (await metrics.expose()).body
    },
  }
}

// The simulated phones send no RTCP, so the quality at the far end is made up here, with some bad lines.
function withReports(frame: Frame, random: Random): string {
  const text = frame.render('history')
  if (frame.type !== 'ChannelVarset' || !text.includes('rxmes=0.000000') || text.includes('txmes=0.000000')) {
    return text
  }
  if (random.chance(0.01)) {
    return text.replace('"RTPAUDIOQOS"', '"RTPNOTHING"')
  }
  const absurd = random.chance(0.01)
  return text
    .replace('rtt=0.000000', `rtt=${absurd ? '65535.000000' : random.skewed(0.04, 0.6).toFixed(6)}`)
    .replace('rxjitter=0.000000', `rxjitter=${random.skewed(0.004, 0.6).toFixed(6)}`)
    .replace('rxmes=0.000000', `rxmes=${Math.max(20, 93 - random.skewed(6, 0.8)).toFixed(6)}`)
    .replace(/rxcount=\d+/, (count) => (random.chance(0.01) ? 'rxcount=0' : count))
}
