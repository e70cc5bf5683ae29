// Converts rows of the central call log to the form of the API, with what other tables say of them.

import { DETAILED, LISTED } from '../../query/callFields.ts'
import type { Row, SqlValue } from '../../query/fields.ts'
import type { FleetCallEntry, FleetMissedCallerEntry } from '../../query/fleetSchema.ts'
import { MISSED_CALLER_FIELDS } from '../../query/missedCallerFields.ts'
import { type AttemptRow, callEntry, missedCallerOfRow } from '../../query/rowToApi.ts'
import { parseInstant, seconds } from '../../time/format.ts'
import type { Reading } from './session.ts'
import { columnsOf, createValues, instantColumn } from './values.ts'

/** Columns that an exporter adds to its own rows later; here they follow from the missed caller. */
const DERIVED = ['returned_by', 'returned_after'] as const

type Stored<Fields> = Omit<Row<Fields>, (typeof DERIVED)[number]>

/** Where a row is. */
export interface Key {
  readonly log_id: string
  readonly id: string
  readonly day: string
}

/** A row of `calls` as a list needs it. */
export interface CallRow extends Key, Stored<typeof LISTED> {
  readonly site: string
  readonly missed_caller: string | null
}

/** A row of `calls` as a detail needs it. */
export type DetailRow = CallRow & Row<typeof DETAILED> & { readonly node: string | null }

/** A row of `missed_callers`. */
export interface MissedCallerRow extends Row<typeof MISSED_CALLER_FIELDS> {
  readonly log_id: string
  readonly id: string
  readonly site: string
  readonly closed_by_call: string | null
}

/** Columns of the row `scanned` of `calls`. */
export const CALL_COLUMNS = `scanned.log_id, scanned.id, scanned.day::text AS day, scanned.site, scanned.missed_caller,
  ${columnsOf(LISTED, 'scanned', DERIVED)}`
export const DETAIL_COLUMNS = `${CALL_COLUMNS}, ${columnsOf(DETAILED, 'scanned')}, scanned.node`

/** Columns of the row `scanned` of `missed_callers`. */
export const MISSED_CALLER_COLUMNS = `scanned.log_id, scanned.id, scanned.site, scanned.closed_by_call,
  ${columnsOf(MISSED_CALLER_FIELDS, 'scanned')}`

/** The id of a row in the API. */
export function idOf(log: string, row: string): string {
  return `${log}.${row}`
}

/** Entries of calls, with whom each was offered to and who called back. */
export async function callEntries(db: Reading, rows: readonly CallRow[]): Promise<readonly FleetCallEntry[]> {
  const attempts = await readAttempts(db, rows)
  const returns = await readReturns(db, rows)
  return rows.map((row) =>
    fleetEntry(row, callEntry(rowOf(row, returns.get(row)), attempts.get(row) ?? []), returns.get(row)),
  )
}

/** Who called the missed caller of a call back. */
export interface Return {
  readonly by: string | null
  /** Seconds from the end of the call. */
  readonly after: number | null
}

/** A row as an exporter has it; its id, and that of the call back, are numbers there. */
export function rowOf<R extends CallRow>(
  row: R,
  returned: Return | undefined,
): Omit<R, 'id'> & { readonly id: number; readonly returned_by: SqlValue; readonly returned_after: SqlValue } {
  return { ...row, id: Number(row.id), returned_by: null, returned_after: returned?.after ?? null }
}

/** What an exporter would tell, with the id and the site. */
export function fleetEntry<Entry extends { readonly id: number; readonly returned_by: number | null }>(
  row: Pick<CallRow, 'log_id' | 'id' | 'site'>,
  entry: Entry,
  returned: Return | undefined,
): Omit<Entry, 'id' | 'returned_by'> & {
  readonly id: string
  readonly returned_by: string | null
  readonly site: string
} {
  return {
    ...entry,
    id: idOf(row.log_id, row.id),
    returned_by: returned?.by == null ? null : idOf(row.log_id, returned.by),
    site: row.site,
  }
}

/** A missed caller. */
export function missedCallerEntry(row: MissedCallerRow): FleetMissedCallerEntry {
  const entry = missedCallerOfRow({ ...row, id: Number(row.id), closed_by_call: null })
  return {
    ...entry,
    id: idOf(row.log_id, row.id),
    closed_by_call: row.closed_by_call === null ? null : idOf(row.log_id, row.closed_by_call),
    site: row.site,
  }
}

// A long queue call has thousands of attempts; a list shows the endpoints of the latest.
const MAX_ATTEMPTS = 100

async function readAttempts(
  db: Reading,
  rows: readonly CallRow[],
): Promise<ReadonlyMap<CallRow, readonly AttemptRow[]>> {
  const asked = rows.filter(({ answer_time }) => answer_time === null)
  const found = await eachKey<AttemptRow>(db, asked, {
    ids: asked.map(({ id }) => id),
    sql: (first, last) => `SELECT endpoint, result, legs.id AS sorted FROM legs
      WHERE legs.log_id = key.log_id AND legs.call_id = key.id AND legs.day = key.day AND legs.day BETWEEN ${first()} AND ${last()}
        AND role = 'callee' ORDER BY legs.id DESC LIMIT ${MAX_ATTEMPTS}`,
    columns: 'endpoint, result',
  })
  return new Map(asked.map((row, index) => [row, found.get(index) ?? []]))
}

interface ReturnRow {
  readonly state: string
  readonly closed_by_call: string | null
  readonly closed: string | null
}

/** Who called back, of calls that were missed: what the newest state of the missed caller says. */
export async function readReturns(db: Reading, rows: readonly CallRow[]): Promise<ReadonlyMap<CallRow, Return>> {
  const asked = rows.filter(({ missed_caller }) => missed_caller !== null)
  const found = await eachKey<ReturnRow>(db, asked, {
    ids: asked.map(({ missed_caller }) => String(missed_caller)),
    // A caller is closed after the call was missed; a clock may have been set back.
    sql: (
      first,
    ) => `SELECT state, closed_by_call, ${instantColumn('closed_time')} AS closed, -version AS sorted FROM missed_callers
      WHERE log_id = key.log_id AND missed_callers.id = key.id AND day >= key.day - 1 AND day >= ${first()} - 1
      ORDER BY version DESC LIMIT 1`,
    columns: 'state, closed_by_call, closed',
  })
  return new Map(
    asked.flatMap((row, index) => {
      const [newest] = found.get(index) ?? []
      return newest?.state === 'returned'
        ? [[row, { by: newest.closed_by_call, after: secondsAfter(row, newest) }]]
        : []
    }),
  )
}

function secondsAfter({ end_time }: CallRow, { closed }: ReturnRow): number | null {
  const [ended, answered] = [parseInstant(end_time === null ? null : String(end_time)), parseInstant(closed)]
  return ended === null || answered === null ? null : Math.max(0, seconds(answered - ended))
}

interface EachKey {
  /** Of the rows that are looked up. */
  readonly ids: readonly string[]
  /** Selects rows for `key`, which has `log_id`, `id` and `day`; `first` and `last` bind a day of all keys. The order is that of `sorted`. */
  readonly sql: (first: () => string, last: () => string) => string
  readonly columns: string
}

/** Runs a subquery for each key, in one statement. Returns its rows by the index of the key. */
async function eachKey<Found extends object>(
  db: Reading,
  keys: readonly Key[],
  { ids, sql, columns }: EachKey,
): Promise<ReadonlyMap<number, readonly Found[]>> {
  const found = new Map<number, Found[]>()
  if (keys.length === 0) {
    return found
  }
  const values = createValues()
  const days = keys.map(({ day }) => day)
  const sorted = days.toSorted()
  const list = [
    values.add(
      keys.map(({ log_id }) => log_id),
      'uuid[]',
    ),
    values.add(ids, 'bigint[]'),
    values.add(days, 'date[]'),
  ]
  const subquery = sql(
    () => values.add(sorted[0] ?? '', 'date'),
    () => values.add(sorted.at(-1) ?? '', 'date'),
  )
  const rows = await db.rows<Found & { readonly index: string }>(
    `SELECT key.index, ${columns} FROM unnest(${list.join(', ')}) WITH ORDINALITY AS key (log_id, id, day, index)
     CROSS JOIN LATERAL (${subquery}) AS found ORDER BY key.index, sorted DESC`,
    values.list,
  )
  for (const row of rows) {
    const index = Number(row.index) - 1
    const own = found.get(index) ?? []
    own.push(row)
    found.set(index, own)
  }
  return found
}
