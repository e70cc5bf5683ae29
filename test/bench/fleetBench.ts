// The central call log under a thousand sites: calls a second into one PostgreSQL, CPU of both sides, connections, bytes a call.
//
// PostgreSQL waits for the disk (fsync) and is on this machine too, so that the two share its cores.

import { cpus } from 'node:os'
import { initCentral } from '../../src/central/init.ts'
import { startPgbouncer } from '../system/fleet/pgbouncer.ts'
import { type Postgres, startPostgres } from '../system/fleet/postgres.ts'
import { type Benchmark, type Context, LeftOut } from './context.ts'
import type { FleetFigures } from './fleetRun.ts'
import { figuresOf } from './inProcess.ts'
import type { Figures } from './rows.ts'

export const fleetBench: Benchmark = { name: 'fleet', comparesWithBase: false, run }

const SITES = 1_000
const QUICK_SITES = 40

const SETTINGS = { shared_buffers: '512MB', max_wal_size: '4GB', max_connections: '200' }

async function run(context: Context): Promise<Figures> {
  const sites = context.quick ? QUICK_SITES : SITES
  const postgres = await orLeftOut(startPostgres({ fsync: true, settings: SETTINGS }))
  try {
    await initCentral({ url: postgres.url(), password: postgres.password })
    context.say(`fleet: ${sites} sites`)
    return { 'fleet.sites': sites, 'fleet.cores': cpus().length, ...(await withBouncer(context, postgres, sites)) }
  } finally {
    await postgres.remove()
  }
}

async function withBouncer(context: Context, postgres: Postgres, sites: number): Promise<Figures> {
  const passwords = { postgres: postgres.password }
  const bouncer = await orLeftOut(startPgbouncer(postgres, { passwords, connections: 16 }))
  const bouncerUrl = `postgres://postgres@127.0.0.1:${bouncer.port}/postgres`
  try {
    const words = [postgres.url(), bouncerUrl, postgres.password, postgres.pid() ?? 0, bouncer.pid, sites]
    return named(await figuresOf<FleetFigures>(context, 'fleetRun.ts', words))
  } finally {
    await bouncer.stop()
  }
}

/** A server that is not installed is no failure. */
async function orLeftOut<T>(starting: Promise<T>): Promise<T> {
  try {
    return await starting
  } catch (error) {
    throw new LeftOut(error instanceof Error ? error.message : String(error))
  }
}

function named(found: FleetFigures): Figures {
  return {
    'fleet.calls': found['calls'],
    'fleet.rate': found['rate'],
    'fleet.rows': found['rows'],
    'fleet.parcel': found['parcel'],
    'fleet.parcel.p99': found['parcelP99'],
    'fleet.client': found['client'],
    'fleet.server': found['server'],
    'fleet.connections': found['connections'],
    'fleet.bytes': found['bytes'],
    'fleet.bytes.call': found['callBytes'],
    'fleet.bytes.leg': found['legBytes'],
    'fleet.wal': found['wal'],
    'fleet.quiet.rate': found['quietRate'],
    'fleet.quiet.connections': found['quietConnections'],
    'fleet.quiet.most': found['quietMost'],
    'fleet.quiet.parcel': found['quietParcel'],
    'fleet.quiet.p99': found['quietP99'],
    'fleet.quiet.client': found['quietClient'],
    'fleet.quiet.server': found['quietServer'],
    'fleet.busy.rate': found['busyRate'],
    'fleet.busy.connections': found['busyConnections'],
    'fleet.busy.parcel': found['busyParcel'],
    'fleet.busy.p99': found['busyP99'],
    'fleet.busy.client': found['busyClient'],
    'fleet.busy.server': found['busyServer'],
    'fleet.busy.bouncer': found['busyBouncer'],
  }
}
