// Keeps a partition for each day: some days ahead, and for days of which rows are in the default partition already, such as those of a
// back-fill. These rows move.
//
// A partition is made beside its table and attached, which delays nobody who writes; only the default partition is locked, for as long as
// rows move. Each day is a transaction of its own, under a lock, so that several may do it at once. Ranges that somebody else made, such as
// pg_partman, are left alone.

import type { Client } from 'pg'
import { ADVISORY_LOCK } from './migrate.ts'
import { TABLES } from './tables.ts'

/** What one run did. */
export interface PartitionsKept {
  /** Names of the new partitions. */
  readonly made: readonly string[]
  /** Rows that moved out of the default partitions. */
  readonly moved: number
  /** Names of partitions that could not be made now, with the code of the server's error; the next run tries again. */
  readonly postponed: readonly (readonly [string, string])[]
}

const PARTITIONS = 2

const DAYS_AHEAD = 7

/** Ranges without an end are not counted further. */
const MOST_AHEAD = 366

/** Rows of days before are left in the default partition: a clock was wrong. */
const OLDEST_DAYS = 3_700

/** How long a lock is waited for. Whoever writes into the default partition waits behind. */
const LOCK_TIMEOUT = '3s'

const LOCK_NOT_AVAILABLE = '55P03'

const DAY_MS = 86_400_000

/**
 * Makes what is missing, also for all days from `since` (`YYYY-MM-DD`). Nothing if the tables are not partitioned, or belong to another
 * role. Rejects with errors of the connection.
 */
export async function keepPartitions(client: Client, since: string | null = null): Promise<PartitionsKept> {
  const made: string[] = []
  const postponed: (readonly [string, string])[] = []
  let moved = 0
  for (const { name: table } of TABLES) {
    if (!(await isOurs(client, table))) {
      continue
    }
    const hasDefault = await exists(client, `${table}_default`)
    let isInUse = false
    for (const day of await missingDays(client, { table, hasDefault, since })) {
      const partition = `${table}_${day.replaceAll('-', '')}`
      if (isInUse) {
        postponed.push([partition, LOCK_NOT_AVAILABLE])
        continue
      }
      try {
        const rows = await makePartition(client, { table, partition, day, hasDefault })
        if (rows !== null) {
          made.push(partition)
          moved += rows
        }
      } catch (error) {
        await client.query('ROLLBACK')
        const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
        postponed.push([partition, code])
        isInUse = code === LOCK_NOT_AVAILABLE
      }
    }
  }
  return { made, moved, postponed }
}

/**
 * For how many days after today each table has a partition, without a gap; 0 if tomorrow has none. Counts to `MOST_AHEAD`. Null if the
 * tables are not partitioned by day, or have no partition but the default one: then nobody wants any. Needs no right to the tables.
 */
export async function partitionDaysAhead(client: Client): Promise<number | null> {
  const today = await todayOf(client)
  let fewest: number | null = null
  for (const { name: table } of TABLES) {
    const ranges = await rangesOf(client, table)
    if (ranges.length > 0) {
      let days = 0
      while (days < MOST_AHEAD && has(ranges, dayAfter(today, days + 1))) {
        days += 1
      }
      fewest = Math.min(fewest ?? days, days)
    }
  }
  return fewest
}

// Whoever owns the default partition keeps the others, such as pg_partman.
async function isOurs(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT 1 FROM pg_class WHERE oid = to_regclass($1::text) AND relkind = 'p' AND pg_has_role(relowner, 'USAGE')
       AND NOT EXISTS (SELECT 1 FROM pg_class WHERE oid = to_regclass($2::text) AND NOT pg_has_role(relowner, 'USAGE'))`,
    [table, `${table}_default`],
  )
  return rows.length > 0
}

async function exists(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query('SELECT 1 WHERE to_regclass($1::text) IS NOT NULL', [table])
  return rows.length > 0
}

/** What days are looked for. */
interface Wanted {
  readonly table: string
  readonly hasDefault: boolean
  readonly since: string | null
}

/** Days without a partition that need one, oldest first. */
async function missingDays(client: Client, { table, hasDefault, since }: Wanted): Promise<readonly string[]> {
  const today = await todayOf(client)
  const oldest = dayAfter(today, -OLDEST_DAYS)
  const last = dayAfter(today, DAYS_AHEAD)
  const days = new Set(hasDefault ? await daysInDefault(client, table, [oldest, last]) : [])
  let day = since === null ? today : ([since, oldest].sort().at(-1) ?? today)
  while (day <= last) {
    days.add(day)
    day = dayAfter(day, 1)
  }
  const ranges = await rangesOf(client, table)
  return [...days].filter((each) => !has(ranges, each)).sort()
}

/** By the server's clock. */
async function todayOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ today: string }>(`SELECT (now() AT TIME ZONE 'UTC')::date::text AS today`)
  return rows[0]?.today ?? ''
}

interface Range {
  readonly from: string
  readonly to: string
}

function has(ranges: readonly Range[], day: string): boolean {
  return ranges.some(({ from, to }) => from <= day && day < to)
}

const RANGE = /^FOR VALUES FROM \((?:'(\d{4}-\d\d-\d\d)'|MINVALUE)\) TO \((?:'(\d{4}-\d\d-\d\d)'|MAXVALUE)\)$/

// Without the default partition: reading its bounds would wait for a lock while rows move out of it.
async function rangesOf(client: Client, table: string): Promise<readonly Range[]> {
  const { rows } = await client.query<{ bounds: string }>(
    `SELECT pg_get_expr(relpartbound, pg_class.oid) AS bounds FROM pg_class JOIN pg_inherits ON inhrelid = pg_class.oid
     WHERE inhparent = to_regclass($1::text) AND pg_class.oid IS DISTINCT FROM to_regclass($2::text)`,
    [table, `${table}_default`],
  )
  return rows.flatMap(({ bounds }) => {
    const found = RANGE.exec(bounds)
    return found === null ? [] : [{ from: found[1] ?? '0000-00-00', to: found[2] ?? '9999-99-99' }]
  })
}

async function daysInDefault(
  client: Client,
  table: string,
  [first, last]: readonly [string, string],
): Promise<readonly string[]> {
  const { rows } = await client.query<{ day: string }>(
    `SELECT DISTINCT day::text AS day FROM ${table}_default WHERE day BETWEEN $1::date AND $2::date`,
    [first, last],
  )
  return rows.map(({ day }) => day)
}

/** Returns how many rows moved into it; null if somebody else made it meanwhile. */
async function makePartition(
  client: Client,
  { table, partition, day, hasDefault }: Omit<Wanted, 'since'> & { readonly partition: string; readonly day: string },
): Promise<number | null> {
  await client.query(`BEGIN; SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`)
  await client.query(`SELECT pg_advisory_xact_lock(${ADVISORY_LOCK}, ${PARTITIONS})`)
  if (has(await rangesOf(client, table), day)) {
    await client.query('ROLLBACK')
    return null
  }
  await client.query(`CREATE TABLE ${partition} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`)
  const moved = hasDefault ? await moveRows(client, { table, partition, day }) : 0
  await client.query(
    `ALTER TABLE ${table} ATTACH PARTITION ${partition} FOR VALUES FROM ('${day}') TO ('${dayAfter(day, 1)}')`,
  )
  await client.query('COMMIT')
  return moved
}

async function moveRows(
  client: Client,
  { table, partition, day }: { readonly table: string; readonly partition: string; readonly day: string },
): Promise<number> {
  await client.query(`LOCK TABLE ${table}_default IN ACCESS EXCLUSIVE MODE`)
  const { rowCount } = await client.query(
    `WITH moved AS (DELETE FROM ${table}_default WHERE day = '${day}' RETURNING *)
     INSERT INTO ${partition} SELECT * FROM moved`,
  )
  return rowCount ?? 0
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}
