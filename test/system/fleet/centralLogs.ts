// The same calls in the call logs of some exporters and in a central call log, for the tests that compare their readers.

import Database from 'better-sqlite3'
import type { CentralAddress } from '../../../src/central/connection.ts'
import { openPostgresSink } from '../../../src/central/writer/sink.ts'
import type { OutboxItem, SqlRow } from '../../../src/shipping/sink.ts'
import { ticks } from '../../../src/time/clock.ts'

/** A call log of an exporter. */
export interface Source {
  readonly path: string
  readonly logId: string
  readonly site: string
}

const NEVER = new AbortController().signal
const PARCEL = 500

/** Sends all ended calls and all missed callers of a call log, as its exporter does. */
export async function ship({ path, logId, site }: Source, writer: CentralAddress): Promise<void> {
  const db = new Database(path, { readonly: true })
  const sink = openPostgresSink(writer, { now: ticks })
  try {
    const items = itemsOf(db)
    for (let at = 0; at < items.length; at += PARCEL) {
      const { refused } = await sink.deliver({ logId, site, items: items.slice(at, at + PARCEL) }, NEVER)
      if (refused.length > 0) {
        throw new Error(JSON.stringify(refused[0]))
      }
    }
  } finally {
    await sink.close()
    db.close()
  }
}

function itemsOf(db: Database.Database): readonly OutboxItem[] {
  const calls = db.prepare<[], SqlRow>('SELECT * FROM calls WHERE end_time IS NOT NULL ORDER BY id').all()
  const legs = db.prepare<[number], SqlRow>('SELECT * FROM legs WHERE call_id = ? ORDER BY id')
  const callers = db.prepare<[], SqlRow>('SELECT * FROM missed_callers ORDER BY id').all()
  const rowId = (row: SqlRow): number => Number(row['id'])
  return [
    ...calls.map((row) => ({ event: 'call' as const, rowId: rowId(row), row, legs: legs.all(rowId(row)) })),
    ...callers.flatMap((row) =>
      statesOf(row).map((state) => ({ event: 'missed_caller' as const, rowId: rowId(row), row: state, legs: [] })),
    ),
  ].map((item, index) => ({ ...item, outboxId: index + 1 }))
}

// Who is closed has waited before.
function statesOf(row: SqlRow): readonly SqlRow[] {
  const waiting = {
    ...row,
    state: 'waiting',
    closed_time: null,
    closed_by: null,
    closed_by_call: null,
    closed_by_phone: null,
    waited: null,
  }
  return row['state'] === 'waiting' ? [{ ...row, attempts: 1 }, row] : [waiting, row]
}
