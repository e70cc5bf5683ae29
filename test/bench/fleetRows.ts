// Ended calls of many sites, as their outboxes give them: rows that the call log itself wrote of the simulated mix, made other calls for
// each site.

import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { OutboxItem, Parcel, SqlRow } from '../../src/shipping/sink.ts'
import { formatInstant, parseInstant } from '../../src/time/format.ts'
import { callBackLoad } from './frames.ts'
import { missedCallers, openPipeline } from './pipelineParts.ts'

/** Which site's, and which part of them: no two parts have a call in common. */
export interface Share {
  readonly site: number
  readonly part: number
  readonly calls: number
}

export type MakeParcel = (share: Share) => Parcel

const SITES = Array.from({ length: 1_000 }, () => crypto.randomUUID())

/** Ids of one part begin so far after those of the part before. */
const IDS_A_PART = 100_000

/** Writes `calls` calls into a call log in the folder, and returns what makes parcels of them. */
export async function fleetRows(folder: string, calls: number): Promise<MakeParcel> {
  const pipeline = await openPipeline(folder, { makeMissedCallers: missedCallers })
  await pipeline.take(callBackLoad('real', calls, 1).frames.map((frame) => Buffer.from(frame)))
  const templates = readItems(join(folder, 'calls.db'))
  return ({ site, part, calls: count }) => {
    let taken = 0
    const items: OutboxItem[] = []
    for (const template of templates) {
      taken += template.event === 'call' ? 1 : 0
      if (taken > count) {
        break
      }
      items.push(otherItem(template, site, part))
    }
    return { logId: SITES[site % SITES.length] ?? '', site: `site-${site}`, items }
  }
}

/** In the order of the ends of the calls; the last state of each missed caller after the calls of that moment. */
function readItems(path: string): readonly OutboxItem[] {
  const db = new Database(path, { readonly: true })
  const legsOf = db.prepare<[unknown], SqlRow>('SELECT * FROM legs WHERE call_id = ? ORDER BY id')
  const calls = db
    .prepare<[], SqlRow>('SELECT * FROM calls WHERE end_time IS NOT NULL')
    .all()
    .map((row) => ({ at: String(row['end_time']), event: 'call' as const, row, legs: legsOf.all(row['id']) }))
  const callers = db
    .prepare<[], SqlRow>('SELECT * FROM missed_callers')
    .all()
    .map((row) => ({
      at: String(row['closed_time'] ?? row['last_miss_time']),
      event: 'missed_caller' as const,
      row,
      legs: [],
    }))
  db.close()
  return [...calls, ...callers]
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ at: _, ...item }, index) => ({ ...item, outboxId: index + 1, rowId: Number(item.row['id']) }))
}

function otherItem({ outboxId, event, rowId, row, legs }: OutboxItem, site: number, part: number): OutboxItem {
  const from = part * IDS_A_PART
  const other = (each: SqlRow) => otherRow(each, { site, from })
  return {
    outboxId: from + outboxId,
    event,
    rowId: from + rowId,
    row: row === null ? null : other(row),
    legs: legs.map(other),
  }
}

/** Other ids, instants, channels and outside numbers of the same length. */
function otherRow(row: SqlRow, { site, from }: { readonly site: number; readonly from: number }): SqlRow {
  const changed: Record<string, string | number | null> = { ...row }
  const shift = site * 97 + from
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === 'number' && (name === 'id' || name === 'call_id' || name === 'missed_caller')) {
      changed[name] = value + from
    } else if (typeof value !== 'string') {
    } else if (/^\d{4}-\d\d-\d\d /.test(value)) {
      changed[name] = formatInstant((parseInstant(value) ?? 0) - shift)
    } else if (/^\d{10}\.\d+$/.test(value)) {
      changed[name] = `${Number(value.slice(0, 10)) - site}${value.slice(10)}`
    } else if (/^\d{7,}$/.test(value)) {
      changed[name] = String((Number(value) + shift * 7_919) % 10 ** value.length).padStart(value.length, '0')
    }
  }
  return changed
}
