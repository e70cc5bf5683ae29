// The sink that adds ended calls to the central call log: a parcel is one transaction, and what is there already stays as it is.
//
// Needs no state of the session, so that pgbouncer may give each transaction another connection. A row that the server refuses is found by
// halving the parcel.

import type { Client, DatabaseError } from 'pg'
import {
  type Delivery,
  type OutboxItem,
  type Parcel,
  type Refusal,
  type Sink,
  SinkFailure,
} from '../../shipping/sink.ts'
import { type CentralAddress, closeConnection, connect, cutConnection, placeOf } from '../connection.ts'
import { problemOf, refusalText, refusesContent } from '../problem.ts'
import { keepPartitions } from '../schema/partitions.ts'
import { checkDays, checkOtherDays } from './copied.ts'
import { type Addition, addCalls, addOthers, callRows } from './rows.ts'

const APPLICATION_NAME = 'asterisk-ari-exporter'

/** A parcel that takes longer is given up: the connection is dead, or the server waits for something. */
const DELIVER_WITHIN_MS = 120_000

/** The server's own bounds are shorter, so that its answer arrives. */
const BEGIN = `BEGIN; SET LOCAL statement_timeout = '60s'; SET LOCAL idle_in_transaction_session_timeout = '60s'`

/** So many refused items, and none delivered meanwhile: the cause is not in the items. */
const REFUSALS_IN_A_ROW = 5

/** How often calls are looked for on the days near theirs, and on all days. With 415 days, that took the server 0.25 s of CPU. */
const LOOK_NEAR_EVERY_MS = 60_000
const LOOK_AT_ALL_EVERY_MS = 3_600_000

/** Partitions reach further ahead than this (schema/partitions.ts). */
const PARTITIONS_EVERY_MS = 86_400_000

export interface SinkDeps {
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
}

/** Opens no connection before the first delivery. */
export function openPostgresSink(address: CentralAddress, { now }: SinkDeps): Sink {
  const connection = keepConnection(address)
  const looks = createLooks(now)
  let partitionedAt = Number.NEGATIVE_INFINITY
  let refusedInARow = 0

  /** Adds the items in one transaction, on an open connection. */
  async function add(client: Client, parcel: Parcel, items: readonly OutboxItem[]): Promise<void> {
    const calls = callRows(items)
    await client.query(BEGIN)
    const days = calls.length > 0 ? looks.due() : null
    if (days !== null) {
      await checkOtherDays(client, parcel.logId, { calls, days })
      looks.done(days)
    }
    if (calls.length > 0 && (await addRows(client, addCalls(parcel, calls))) < calls.length) {
      await checkDays(client, parcel.logId, calls)
    }
    for (const addition of addOthers(parcel, items)) {
      await addRows(client, addition)
    }
    await client.query('COMMIT')
  }

  /** Adds all items but those that the server refuses alone; returns these. */
  async function addByHalves(
    client: Client,
    parcel: Parcel,
    items: readonly OutboxItem[],
  ): Promise<readonly Refusal[]> {
    try {
      await add(client, parcel, items)
      return []
    } catch (error) {
      if (!refusesContent(error)) {
        throw error
      }
      await client.query('ROLLBACK')
      const [only] = items
      if (only !== undefined && items.length === 1) {
        return [refusalOf(only, error)]
      }
    }
    const half = Math.ceil(items.length / 2)
    const first = await addByHalves(client, parcel, items.slice(0, half))
    return [...first, ...(await addByHalves(client, parcel, items.slice(half)))]
  }

  async function deliver(parcel: Parcel, signal: AbortSignal): Promise<Delivery> {
    const deadline = AbortSignal.timeout(DELIVER_WITHIN_MS)
    const cut = AbortSignal.any([signal, deadline])
    cut.addEventListener('abort', connection.cut)
    try {
      const client = await connection.open(cut)
      const items = parcel.items.filter(({ row }) => row !== null)
      const refused = items.length === 0 ? [] : await addByHalves(client, parcel, items)
      const refusedIds = new Set(refused.map(({ outboxId }) => outboxId))
      const delivered = parcel.items.map(({ outboxId }) => outboxId).filter((id) => !refusedIds.has(id))
      refusedInARow = delivered.length > 0 ? 0 : refusedInARow + refused.length
      if (refusedInARow >= REFUSALS_IN_A_ROW) {
        throw nothingTaken(placeOf(address), refused)
      }
      if (now() - partitionedAt > PARTITIONS_EVERY_MS) {
        partitionedAt = now()
        // If it fails, rows go into the default partition.
        await keepPartitions(client).catch(() => undefined)
      }
      if (looks.takeAll()) {
        // The server's process keeps 0.1 MB for each partition that it has opened.
        await connection.close()
      }
      return { delivered, refused }
    } catch (error) {
      connection.cut()
      if (deadline.aborted) {
        throw new SinkFailure('timeout', `${placeOf(address)} did not take a parcel within ${DELIVER_WITHIN_MS} ms`)
      }
      throw failureOf(error, address)
    } finally {
      cut.removeEventListener('abort', connection.cut)
    }
  }

  return { name: 'postgres', deliver, close: connection.close }
}

/** When to look for the calls of a copied file on other days. */
interface Looks {
  readonly due: () => 'near' | 'all' | null
  readonly done: (days: 'near' | 'all') => void
  /** Whether all days were looked at since the last question. */
  readonly takeAll: () => boolean
}

function createLooks(now: () => number): Looks {
  let nearAt = Number.NEGATIVE_INFINITY
  let allAt = Number.NEGATIVE_INFINITY
  let hasLookedAtAll = false
  return {
    due: () => {
      if (now() - allAt > LOOK_AT_ALL_EVERY_MS) {
        return 'all'
      }
      return now() - nearAt > LOOK_NEAR_EVERY_MS ? 'near' : null
    },
    done: (days) => {
      nearAt = now()
      if (days === 'all') {
        allAt = now()
        hasLookedAtAll = true
      }
    },
    takeAll: () => {
      const has = hasLookedAtAll
      hasLookedAtAll = false
      return has
    },
  }
}

/** One connection, opened when it is wanted. */
interface KeptConnection {
  readonly open: (signal: AbortSignal) => Promise<Client>
  readonly cut: () => void
  readonly close: () => Promise<void>
}

function keepConnection(address: CentralAddress): KeptConnection {
  let client: Client | null = null
  const drop = (): Client | null => {
    const dropped = client
    client = null
    return dropped
  }
  const cut = () => {
    const dropped = drop()
    if (dropped !== null) {
      cutConnection(dropped)
    }
  }
  return {
    cut,
    open: async (signal) => {
      if (client !== null) {
        return client
      }
      const opened = await connect(address, { applicationName: APPLICATION_NAME }, signal)
      // The server may end it while nothing is sent; the next parcel opens another one.
      opened.once('end', () => {
        client = client === opened ? null : client
      })
      client = opened
      return opened
    },
    close: async () => {
      const dropped = drop()
      if (dropped !== null) {
        await closeConnection(dropped)
      }
    },
  }
}

/** Returns how many rows were not there before. */
async function addRows(client: Client, { text, values }: Addition): Promise<number> {
  const { rowCount } = await client.query(text, [...values])
  return rowCount ?? 0
}

function refusalOf({ event, rowId, outboxId }: OutboxItem, error: DatabaseError): Refusal {
  return { outboxId, detail: `${event} ${rowId}: ${refusalText(error)}` }
}

function nothingTaken(where: string, refused: readonly Refusal[]): SinkFailure {
  const example = refused[0]?.detail ?? ''
  return new SinkFailure(
    'schema',
    `${where} refuses every row, so the cause is there: remove constraints and triggers that are not of the central call log (${example})`,
  )
}

function failureOf(error: unknown, address: CentralAddress): SinkFailure {
  if (error instanceof SinkFailure) {
    return error
  }
  const { reason, message } = problemOf(error, placeOf(address))
  return new SinkFailure(reason, message)
}
