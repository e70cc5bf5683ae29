// A fleet of twenty sites: their calls in a real PostgreSQL, sent by the sink of the exporters; the live part of each exporter; and the
// fleet program, behind a proxy whose connections a test can cut.
//
// At each site the same happens, a few seconds ago: somebody with a number of the site's own is answered, and somebody else is missed.

import { pino } from 'pino'
import { openPostgresSink } from '../../../src/central/writer/sink.ts'
import { openCentralLog } from '../../../src/fleet/centralLog.ts'
import { type Fleet, startFleet } from '../../../src/fleet/fleet.ts'
import { readFleetOptions } from '../../../src/fleet/fleetOptions.ts'
import type { Nodes } from '../../../src/http/api/fleetShapes.ts'
import type { OutboxItem } from '../../../src/shipping/sink.ts'
import { ticks } from '../../../src/time/clock.ts'
import { type FeedHarness, feedHarness } from '../../unit/http/feedHarness.ts'
import { serve } from '../../unit/http/testServer.ts'
import { startWire } from '../browser/pageUnderTest.ts'
import { type Central, callItem, legRow, makeCentral, missedCallerItem, missedCallerRow } from './central.ts'
import { type Postgres, startPostgres } from './postgres.ts'

export const SITES = Array.from({ length: 20 }, (_, index) => `site-${String(index + 1).padStart(2, '0')}`)

/** A customer who called two sites, the second time with the number in another notation. */
export const CUSTOMER = { first: 'site-03', second: 'site-17', name: 'Ann Example', number: '0405550199' }

/** What an exporter tells, and its HTTP server, which can be stopped and started again at the same port. */
export interface Exporter {
  readonly site: string
  readonly logId: string
  readonly harness: FeedHarness
  stop(): Promise<void>
  start(): Promise<void>
}

export interface FleetStage {
  /** The address of the page, through the proxy. */
  readonly url: string
  exporter(site: string): Exporter
  /** Sends what has ended at a site. */
  ship(site: string, items: readonly OutboxItem[]): Promise<void>
  cut(): void
  mend(): void
  stop(): Promise<void>
}

/** The program tries again soon after it lost an exporter. */
const TIMING = { startWithinMs: 1, firstRetryMs: 50, lastRetryMs: 200, graceMs: 100 }

export async function startFleetStage(): Promise<FleetStage> {
  const postgres = await startPostgres()
  const central = await makeCentral(postgres)
  const exporters = new Map<string, Exporter & { readonly url: string }>()
  for (const [index, site] of SITES.entries()) {
    exporters.set(site, await startExporterOf(site, index + 1))
    await shipTo(central, { site, logId: logIdOf(index + 1) }, dayOf(site, index + 1))
  }
  const fleet = await startProgram(
    central,
    [...exporters.values()].map(({ url }) => url),
  )
  await allLive(fleet)
  const wire = await startWire(fleet.port)
  const exporter = (site: string) => {
    const found = exporters.get(site)
    if (found === undefined) {
      throw new Error(`there is no ${site}`)
    }
    return found
  }
  return {
    url: `http://127.0.0.1:${wire.port}/`,
    exporter,
    ship: (site, items) => shipTo(central, exporter(site), items),
    cut: wire.cut,
    mend: wire.mend,
    stop: () => stopAll(wire, fleet, [...exporters.values()], postgres),
  }
}

/** Waits until the fleet knows the name and the calls of each exporter. */
async function allLive({ port }: Fleet): Promise<void> {
  for (let live = 0; live < SITES.length; ) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    const { nodes }: Nodes = JSON.parse(await (await fetch(`http://127.0.0.1:${port}/api/nodes`)).text())
    live = nodes.filter(({ state }) => state === 'live').length
  }
}

async function stopAll(
  wire: { stop(): void },
  fleet: Fleet,
  exporters: readonly Exporter[],
  postgres: Postgres,
): Promise<void> {
  wire.stop()
  await fleet.stop()
  await Promise.all(exporters.map((each) => each.stop()))
  await postgres.remove()
}

function logIdOf(number: number): string {
  return `6f1b0c52-5a1d-4f0e-9d53-${String(number).padStart(12, '0')}`
}

async function startExporterOf(site: string, number: number): Promise<Exporter & { readonly url: string }> {
  const logId = logIdOf(number)
  const harness = feedHarness({ epoch: site, kept: 100 })
  harness.setStatus({ site, logId })
  const listen = (port: number) => serve({ live: harness.feed }, { port, live: { heartbeatMs: 500 } })
  let server: Awaited<ReturnType<typeof serve>> | null = await listen(0)
  const { port, url } = server
  return {
    ...{ site, logId, url, harness },
    async stop() {
      await server?.stop()
      server = null
    },
    async start() {
      server = await listen(port)
    },
  }
}

async function startProgram(central: Central, nodes: readonly string[]): Promise<Fleet> {
  const { url, password } = central.reader
  const environment = { CALL_LOG_SINK: url, CALL_LOG_SINK_PASSWORD_FILE: 'password', FLEET_NODES: nodes.join(',') }
  const result = readFleetOptions(environment, () => password ?? '')
  if (!result.ok) {
    throw new Error(result.problems.join('; '))
  }
  const { options } = result
  const log = pino({ level: 'silent' })
  return await startFleet(
    { ...options, http: { ...options.http, host: '127.0.0.1', port: 0 } },
    {
      log,
      build: { name: 'asterisk-ari-exporter', version: '1.2.3', revision: 'test', nodeVersion: process.version },
      central: openCentralLog({ callLogSink: url, callLogSinkPassword: password }, log),
      trusted: () => [],
      timing: TIMING,
    },
  )
}

async function shipTo(
  { writer }: Central,
  { site, logId }: Pick<Exporter, 'site' | 'logId'>,
  items: readonly OutboxItem[],
): Promise<void> {
  const sink = openPostgresSink(writer, { now: ticks })
  const { delivered, refused } = await sink.deliver({ logId, site, items }, new AbortController().signal)
  await sink.close()
  if (delivered.length < items.length) {
    throw new Error(JSON.stringify(refused))
  }
}

/** As the call log writes an instant. */
export function sqlInstant(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').slice(0, 23)
}

function dayOf(site: string, number: number): readonly OutboxItem[] {
  const begin = Date.now() - 60_000 - number * 1000
  const at = (seconds: number): string => sqlInstant(begin + seconds * 1000)
  const own = String(number).padStart(2, '0')
  const times = { created_at: at(0), updated_at: at(30), start_time: at(0), end_time: at(30) }
  const answered = { ...times, answer_time: at(5), duration: 25, answered_by: '["101"]', answer_delay: 5 }
  const nobody = { ...times, answer_time: null, duration: 0, answered_by: '[]', answer_delay: null, quality: null }
  const missed = { ...nobody, disposition: 'no_answer', status: 'no_answer', missed: 1, ring_seconds: 30 }
  const leg = (id: number, call: number, changes: Parameters<typeof legRow>[2]) =>
    legRow(id, call, { call_start_time: at(0), start_time: at(0), ringing_time: at(0), end_time: at(30), ...changes })
  return [
    callItem(1, { ...answered, ...callerOf(site, own), callee: '5550101', trunk: 'trunk-a' }, [
      leg(1, 1, { endpoint: '101', answer_time: at(5), talk_seconds: 25 }),
    ]),
    callItem(2, { ...missed, caller: `04500000${own}`, caller_name: '', callee: '5550102', trunk: 'trunk-a' }, [
      leg(2, 2, { endpoint: '102', result: 'no_answer', talk_seconds: 0, answer_time: null }),
    ]),
    missedCallerItem(
      2001,
      missedCallerRow(1, {
        ...{ number: `04500000${own}`, number_key: `+3584500000${own}`, called: '5550102' },
        ...{ first_miss_time: at(30), last_miss_time: at(30), untried_since: at(30) },
      }),
    ),
  ]
}

function callerOf(site: string, own: string) {
  const { first, second, name, number } = CUSTOMER
  const notation = site === second ? `+358${number.slice(1)}` : number
  return site === first || site === second
    ? { caller: notation, caller_name: name }
    : { caller: `04012345${own}`, caller_name: '' }
}
