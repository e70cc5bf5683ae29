// Ships calls of a thousand sites into one PostgreSQL with the real sink, in one process, and measures both sides.
//
//   node fleetRun.ts URL BOUNCER_URL PASSWORD SERVER_PID BOUNCER_PID SITES FOLDER
//
// `fill`: each site sends a parcel of 500 calls, eight sites at a time. `quiet`: for half a minute, each site sends a parcel of two calls and
// closes its connection, as one does that has no more for a while. `busy`: each site keeps a connection to pgbouncer, which has sixteen to the
// server, and sends such a parcel every five seconds. Making the rows is not measured. Sends the figures.

import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { connect } from '../../src/central/connection.ts'
import { openPostgresSink } from '../../src/central/writer/sink.ts'
import type { Parcel, Sink } from '../../src/shipping/sink.ts'
import { ticks } from '../../src/time/clock.ts'
import { median, percentile } from './figures.ts'
import { fleetRows, type MakeParcel } from './fleetRows.ts'

const [url = '', bouncerUrl = '', password = '', serverPid = '', bouncerPid = '', siteCount = '', folder = ''] =
  process.argv.slice(2)
const SITES = Number(siteCount)
const address = { url, password }
const throughBouncer = { url: bouncerUrl, password }

const PARCEL = 500
const AT_A_TIME = 8
/** Parcels that are made, then sent. */
const MADE_AT_ONCE = 40

const QUIET_MS = 30_000
const BUSY_ROUNDS = 4
const BUSY_EVERY_MS = 5_000
const FEW_CALLS = 2

/** Of the times in /proc. */
const TICKS_A_SECOND = 100

const NEVER = new AbortController().signal

export interface FleetFigures {
  readonly [name: string]: number
}

const monitor = await connect(address, { applicationName: 'monitor' })
const makeParcel = await fleetRows(folder, PARCEL + 50)
await deliver(openPostgresSink(address, { now: ticks }), makeParcel({ site: 0, part: 0, calls: PARCEL }))
const figures = { ...(await fill(makeParcel)), ...(await quiet(makeParcel)), ...(await busy(makeParcel)) }
await monitor.end()
process.send?.(figures, () => process.exit())

async function fill(make: MakeParcel): Promise<FleetFigures> {
  const before = await sizes(monitor)
  const times: number[] = []
  const connections = watchConnections()
  let [seconds, client, server, calls, rows] = [0, 0, 0, 0, 0]
  for (let from = 0; from < SITES; from += MADE_AT_ONCE) {
    const parcels = Array.from({ length: Math.min(MADE_AT_ONCE, SITES - from) }, (_, index) =>
      make({ site: from + index, part: 1, calls: PARCEL }),
    )
    const measured = await measure(() =>
      atATime(parcels, AT_A_TIME, async (parcel) => times.push(await oneParcel(parcel))),
    )
    seconds += measured.seconds
    client += measured.client
    server += measured.server
    calls += parcels.reduce((sum, parcel) => sum + callsIn(parcel), 0)
    rows += parcels.reduce((sum, { items }) => sum + items.reduce((own, { legs }) => own + 1 + legs.length, 0), 0)
  }
  const counts = await connections.stop()
  const after = await sizes(monitor)
  return {
    calls,
    rate: calls / seconds,
    rows: rows / seconds,
    parcel: median(times),
    parcelP99: percentile(times, 99),
    client: (client / calls) * 1e6,
    server: (server / calls) * 1e6,
    bytes: (after.bytes - before.bytes) / calls,
    callBytes: (after.calls - before.calls) / calls,
    legBytes: (after.legs - before.legs) / (after.legRows - before.legRows),
    wal: (after.wal - before.wal) / calls,
    rowsACall: rows / calls,
    connections: Math.max(...counts),
  }
}

async function quiet(make: MakeParcel): Promise<FleetFigures> {
  const parcels = Array.from({ length: SITES }, (_, site) => make({ site, part: 2, calls: FEW_CALLS }))
  const times: number[] = []
  const connections = watchConnections()
  const measured = await measure(async () => {
    const begun = ticks()
    await Promise.all(
      parcels.map(async (parcel, site) => {
        await sleep(Math.max(0, begun + (site / SITES) * QUIET_MS - ticks()))
        times.push(await oneParcel(parcel))
      }),
    )
  })
  const counts = await connections.stop()
  return {
    quietRate: times.length / measured.seconds,
    quietConnections: median(counts),
    quietMost: Math.max(...counts),
    quietParcel: median(times),
    quietP99: percentile(times, 99),
    quietClient: (measured.client / times.length) * 1e3,
    quietServer: (measured.server / times.length) * 1e3,
  }
}

async function busy(make: MakeParcel): Promise<FleetFigures> {
  const parcels = Array.from({ length: SITES }, (_, site) =>
    Array.from({ length: BUSY_ROUNDS }, (_round, round) => make({ site, part: 3 + round, calls: FEW_CALLS })),
  )
  const sinks = Array.from({ length: SITES }, () => openPostgresSink(throughBouncer, { now: ticks }))
  const sites = Array.from({ length: SITES }, (_, site) => site)
  // Opens the connections, which is not measured here.
  await atATime(sites, AT_A_TIME, (site) =>
    deliver(sinks[site] ?? absent(), make({ site, part: 3 + BUSY_ROUNDS, calls: FEW_CALLS })),
  )
  const times: number[] = []
  const connections = watchConnections()
  const bouncer = cpuSecondsOf(bouncerPid)
  const measured = await measure(async () => {
    const begun = ticks()
    await Promise.all(
      sites.map(async (site) => {
        for (const [round, parcel] of (parcels[site] ?? []).entries()) {
          await sleep(Math.max(0, begun + (round + site / SITES) * BUSY_EVERY_MS - ticks()))
          times.push(await deliver(sinks[site] ?? absent(), parcel))
        }
      }),
    )
  })
  const bouncerSeconds = cpuSecondsOf(bouncerPid) - bouncer
  const counts = await connections.stop()
  await Promise.all(sinks.map((sink) => sink.close()))
  return {
    busyRate: times.length / measured.seconds,
    busyConnections: Math.max(...counts),
    busyParcel: median(times),
    busyP99: percentile(times, 99),
    busyClient: (measured.client / times.length) * 1e3,
    busyServer: (measured.server / times.length) * 1e3,
    busyBouncer: (bouncerSeconds / times.length) * 1e3,
  }
}

function absent(): never {
  throw new Error('a site without a sink')
}

/** Opens a connection, delivers and closes; returns how long the delivery took, in ms. */
async function oneParcel(parcel: Parcel): Promise<number> {
  const sink = openPostgresSink(address, { now: ticks })
  const ms = await deliver(sink, parcel)
  await sink.close()
  return ms
}

async function deliver(sink: Sink, parcel: Parcel): Promise<number> {
  const begun = ticks()
  const { delivered } = await sink.deliver(parcel, NEVER)
  if (delivered.length !== parcel.items.length) {
    throw new Error(`${parcel.items.length - delivered.length} items of a parcel were refused`)
  }
  return ticks() - begun
}

function callsIn({ items }: Parcel): number {
  return items.filter(({ event }) => event === 'call').length
}

async function atATime<T>(items: readonly T[], width: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = [...items]
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        await work(item)
      }
    }),
  )
}

/** Seconds of the work, and of CPU of this process and of the server. */
async function measure(
  work: () => Promise<unknown>,
): Promise<{ readonly seconds: number; readonly client: number; readonly server: number }> {
  const server = serverCpuSeconds()
  const cpu = process.cpuUsage()
  const begun = ticks()
  await work()
  const seconds = (ticks() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { seconds, client: (user + system) / 1e6, server: serverCpuSeconds() - server }
}

/** Of all processes of the server, those that ended included. */
function serverCpuSeconds(): number {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && statOf(name)[1] === serverPid)
  return children.reduce((sum, pid) => sum + cpuSecondsOf(pid), cpuSecondsOf(serverPid, { withEnded: true }))
}

/** User and system time; with those of its children that have ended. */
function cpuSecondsOf(pid: string, { withEnded = false } = {}): number {
  // After the name of the program: the 12th and 13th are its own, the two after those of ended children.
  const times = statOf(pid).slice(11, withEnded ? 15 : 13)
  return times.reduce((sum, time) => sum + Number(time), 0) / TICKS_A_SECOND
}

function statOf(pid: string): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    // It has just ended.
    return []
  }
}

/** Counts the connections of the sinks ten times a second. */
function watchConnections(): { readonly stop: () => Promise<readonly number[]> } {
  const counts: number[] = []
  let isDone = false
  const watching = (async () => {
    while (!isDone) {
      const { rows } = await monitor.query<{ n: number }>(
        `SELECT count(*)::integer AS n FROM pg_stat_activity WHERE application_name = 'asterisk-ari-exporter'`,
      )
      counts.push(rows[0]?.n ?? 0)
      await sleep(100)
    }
  })()
  return {
    stop: async () => {
      isDone = true
      await watching
      return counts
    },
  }
}

interface Sizes {
  readonly bytes: number
  readonly calls: number
  readonly legs: number
  readonly legRows: number
  readonly wal: number
}

async function sizes(client: Client): Promise<Sizes> {
  const sizeOf = (table: string) =>
    `(SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = '${table}'::regclass)::float8`
  const { rows } = await client.query<Sizes>(
    `SELECT ${sizeOf('calls')} AS calls, ${sizeOf('legs')} AS legs,
       ${sizeOf('calls')} + ${sizeOf('legs')} + ${sizeOf('missed_callers')} AS bytes,
       (SELECT count(*) FROM legs)::float8 AS "legRows", (pg_current_wal_insert_lsn() - '0/0')::float8 AS wal`,
  )
  const [found] = rows
  if (found === undefined) {
    throw new Error('no sizes')
  }
  return found
}
