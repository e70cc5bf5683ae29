// Queries of the central call log: what `CallQueries` are for the call log of one exporter, for all sites or for some.

import type { Logger } from '../../log.ts'
import { fleetCsvRow, fleetMissedCallerRow } from '../../query/callCsv.ts'
import type { FleetQueries } from '../../query/fleetQuery.ts'
import { localInstants } from '../../query/localInstant.ts'
import { ticks as monotonic, now as wallClock } from '../../time/clock.ts'
import type { CentralAddress } from '../connection.ts'
import { longDaysReader } from './days.ts'
import { readDetail } from './detail.ts'
import { readOperators, readStats } from './figures.ts'
import { readMissedCallers } from './missedCallerPage.ts'
import { type PageContext, readPage } from './page.ts'
import { readQueueFigures } from './queueFigures.ts'
import { openSession, type Reading } from './session.ts'
import { readSites } from './sites.ts'
import { readSeries } from './statsSeries.ts'
import { readTrunkFigures } from './trunkFigures.ts'
import { readBusiestHours } from './trunkHours.ts'

export interface CentralQueriesOptions {
  readonly address: CentralAddress
  /** How many calls are looked at for one page; a page that reaches the limit is shorter than asked for. */
  readonly scanLimit?: number
  /** How many queries run at a time, each on a connection. */
  readonly connections?: number
  /** How many queries may run or wait. */
  readonly maxWaiting?: number
  /** How long a statement may take. */
  readonly statementMs?: number
}

export interface CentralQueriesDependencies {
  readonly log: Logger
  /** Epoch ms; tests replace it. */
  readonly now?: () => number
  /** Monotonic ms; tests replace it. */
  readonly ticks?: () => number
}

export interface OpenCentralQueries extends FleetQueries {
  /** Fails what is under way or waits, and closes the connections. */
  close(): Promise<void>
}

// Half a million calls are looked at in half a second.
const DEFAULT_SCAN_LIMIT = 500_000

const DEFAULT_CONNECTIONS = 4
const DEFAULT_MAX_WAITING = 100
const DEFAULT_STATEMENT_MS = 15_000

// Calls on trunks, read with their legs to find the busiest hours.
const TRUNK_CALL_LIMIT = 100_000

/** Connects with the first query. Queries reject with a `QueryFailure` only. */
export function openCentralQueries(
  options: CentralQueriesOptions,
  { log, now = wallClock, ticks = monotonic }: CentralQueriesDependencies,
): OpenCentralQueries {
  const { address, scanLimit = DEFAULT_SCAN_LIMIT } = options
  const session = openSession({
    address,
    log,
    connections: options.connections ?? DEFAULT_CONNECTIONS,
    maxWaiting: options.maxWaiting ?? DEFAULT_MAX_WAITING,
    statementMs: options.statementMs ?? DEFAULT_STATEMENT_MS,
  })
  const longDays = longDaysReader(ticks)
  const inContext = <Result>(
    read: (context: PageContext) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> =>
    session.read(async (db: Reading) => await read({ db, long: await longDays(db), scanLimit, now: now() }), signal)

  return {
    page: (request, signal) => inContext((context) => readPage(request, context), signal),
    csv: async (request, signal) => {
      const { calls, next } = await inContext((context) => readPage(request, context), signal)
      const written = localInstants(request.tz)
      return { text: calls.map((call) => fleetCsvRow(call, written)).join(''), next }
    },
    detail: (call, signal) => session.read((db) => readDetail(db, call), signal),
    operators: (period, signal) => inContext(({ db, long }) => readOperators(db, period, long), signal),
    stats: (period, signal) => inContext(({ db, long }) => readStats(db, period, long), signal),
    series: (request, signal) => inContext(({ db, long }) => readSeries(db, request, long), signal),
    busiestHours: (period, signal) =>
      inContext(({ db, long }) => readBusiestHours(db, period, { long, callLimit: TRUNK_CALL_LIMIT }), signal),
    queueFigures: (period, signal) => inContext(({ db, long }) => readQueueFigures(db, period, long), signal),
    trunkFigures: (period, signal) => inContext(({ db, long }) => readTrunkFigures(db, period, long), signal),
    missedCallers: (request, signal) => inContext((context) => readMissedCallers(request, context), signal),
    missedCallersCsv: async (request, signal) => {
      const { missed_callers: callers, next } = await inContext(
        (context) => readMissedCallers(request, context),
        signal,
      )
      const written = localInstants(request.tz)
      return { text: callers.map((caller) => fleetMissedCallerRow(caller, written)).join(''), next }
    },
    sites: (signal) => session.read(readSites, signal),
    close: session.close,
  }
}
