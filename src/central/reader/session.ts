// Reads the central call log: each query in a transaction of its own that only reads and sees one state of all tables, on one of few
// connections.
//
// Every statement has a time limit. A query that is not waited for any more is cancelled on the server, too. Rejects with a `QueryFailure`
// only. No statement is named and nothing is set for longer than a transaction, so that pgbouncer may stand between.

import { DatabaseError, Pool, type PoolClient } from 'pg'
import type { Logger } from '../../log.ts'
import { QueryFailure } from '../../query/queryFailure.ts'
import { RefusedRequest } from '../../query/refusedRequest.ts'
import { type CentralAddress, clientConfig, cutConnection, placeOf } from '../connection.ts'
import { problemOf } from '../problem.ts'

/** Runs statements of one query. */
export interface Reading {
  rows<Row extends object>(sql: string, values: readonly unknown[]): Promise<readonly Row[]>
}

export interface Session {
  /** Runs a query; rejects with a `QueryFailure`. */
  read<Result>(query: (db: Reading) => Promise<Result>, signal?: AbortSignal): Promise<Result>
  /** Cancels what is under way, and ends the connections. */
  close(): Promise<void>
}

export interface SessionOptions {
  readonly address: CentralAddress
  /** How many queries run at a time, each on a connection. */
  readonly connections: number
  /** How many queries may run or wait. */
  readonly maxWaiting: number
  /** How long a statement may take. */
  readonly statementMs: number
  /** How much later its answer may arrive. */
  readonly answerSpareMs?: number
  readonly log: Logger
}

const IDLE_MS = 60_000

/** The server ends a statement itself; a line that has fallen silent does not bring the answer. */
const ANSWER_SPARE_MS = 5_000

/** How long the server may take to cancel a query before its connection is cut. */
const CANCEL_WITHIN_MS = 2000

const CANCELLED = '57014'

/** Connects with the first query. */
export function openSession({
  address,
  connections,
  maxWaiting,
  statementMs,
  log,
  ...options
}: SessionOptions): Session {
  const answerWithinMs = statementMs + (options.answerSpareMs ?? ANSWER_SPARE_MS)
  const place = placeOf(address)
  const pool = new Pool({
    ...clientConfig(address, { applicationName: 'asterisk-ari-exporter fleet', answerWithinMs }),
    // One more, to cancel what runs on the others.
    max: connections + 1,
    idleTimeoutMillis: IDLE_MS,
    allowExitOnIdle: true,
  })
  // An idle connection that breaks: the next query opens another one.
  pool.on('error', () => undefined)
  // One that breaks while it is used: the query fails, and tells.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const turns = createTurns(connections)
  const logState = createStateLog(log)
  /** What ends each query that is under way. */
  const cancels = new Set<() => Promise<void>>()
  let waiting = 0
  let closed: Promise<void> | null = null

  const begin = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${statementMs}`

  const run = async <Result>(query: (db: Reading) => Promise<Result>, signal?: AbortSignal): Promise<Result> => {
    const client = await pool.connect()
    // Waited for before the connection is used again: it might hit the next transaction.
    let cancelled: Promise<void> | undefined
    let pid: number | undefined
    const cancel = (): Promise<void> => {
      cancelled ??= cancelOnServer(pool, pid, client)
      return cancelled
    }
    cancels.add(cancel)
    try {
      await client.query(begin)
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      pid = rows[0]?.pid
      signal?.addEventListener('abort', cancel)
      try {
        signal?.throwIfAborted()
        const result = await query({
          rows: async <Row extends object>(sql: string, values: readonly unknown[]) => {
            signal?.throwIfAborted()
            return (await client.query<Row>(sql, [...values])).rows
          },
        })
        await client.query('COMMIT')
        await cancelled
        client.release()
        return result
      } finally {
        signal?.removeEventListener('abort', cancel)
      }
    } catch (error) {
      await cancelled
      await giveBack(client)
      throw error
    } finally {
      cancels.delete(cancel)
    }
  }

  return {
    async read(query, signal) {
      if (closed !== null) {
        throw new QueryFailure('closed', 'the central call log is closed')
      }
      if (waiting >= maxWaiting) {
        throw new QueryFailure('busy', 'too many queries to the central call log are waiting; try again later')
      }
      waiting += 1
      const release = await turns.take()
      try {
        signal?.throwIfAborted()
        const result = await run(query, signal)
        logState(null)
        return result
      } catch (error) {
        const failure = failureOf(error, {
          place,
          statementMs,
          isAborted: signal?.aborted === true,
          isClosed: closed !== null,
        })
        if (failure.reason === 'unreadable') {
          logState(failure.message)
        }
        throw failure
      } finally {
        waiting -= 1
        release()
      }
    },
    async close() {
      closed ??= Promise.all([...cancels].map((cancel) => cancel())).then(() => pool.end())
      await closed
    },
  }
}

interface Circumstances {
  readonly place: string
  readonly statementMs: number
  readonly isAborted: boolean
  readonly isClosed: boolean
}

function failureOf(error: unknown, { place, statementMs, isAborted, isClosed }: Circumstances): QueryFailure {
  if (isAborted) {
    return new QueryFailure('aborted', 'the client no longer waits for the answer')
  }
  if (isClosed) {
    return new QueryFailure('closed', 'the central call log is closed')
  }
  if (error instanceof RefusedRequest) {
    return new QueryFailure('refused', error.message)
  }
  const cannot = (why: string) => new QueryFailure('unreadable', `the central call log cannot be read now: ${why}`)
  if (error instanceof RangeError) {
    return cannot(error.message)
  }
  return error instanceof DatabaseError && error.code === CANCELLED
    ? cannot(`the answer took longer than ${statementMs / 1000} s; ask for a shorter period or a single site`)
    : cannot(problemOf(error, place).message)
}

/** Ends the transaction; a connection on which that fails is closed. */
async function giveBack(client: PoolClient): Promise<void> {
  try {
    await client.query('ROLLBACK')
    client.release()
  } catch {
    client.release(true)
  }
}

/** Cancels what the server does for a connection; cuts the connection if that is not possible. */
async function cancelOnServer(pool: Pool, pid: number | undefined, client: PoolClient): Promise<void> {
  if (pid === undefined) {
    cutConnection(client)
    return
  }
  const timer = setTimeout(() => cutConnection(client), CANCEL_WITHIN_MS)
  try {
    await pool.query('SELECT pg_cancel_backend($1::integer)', [pid])
  } catch {
    cutConnection(client)
  } finally {
    clearTimeout(timer)
  }
}

interface Turns {
  /** Resolves when it is one's turn, with the function that ends it. */
  take(): Promise<() => void>
}

function createTurns(atOnce: number): Turns {
  const queue: (() => void)[] = []
  let taken = 0
  const release = (): void => {
    const next = queue.shift()
    if (next === undefined) {
      taken -= 1
    } else {
      next()
    }
  }
  return {
    async take() {
      if (taken < atOnce) {
        taken += 1
      } else {
        await new Promise<void>((resolve) => {
          queue.push(resolve)
        })
      }
      return release
    },
  }
}

// Logs only when the state changes: an open page asks every few seconds.
function createStateLog(log: Logger): (detail: string | null) => void {
  let failing = false
  return (detail) => {
    if (detail !== null && !failing) {
      log.warn({ detail }, 'the central call log cannot be read: queries fail')
    }
    if (detail === null && failing) {
      log.info({}, 'the central call log can be read again')
    }
    failing = detail !== null
  }
}
