// One call with its legs.

import { LEG_FIELDS } from '../../query/callFields.ts'
import type { FleetCallDetail } from '../../query/fleetSchema.ts'
import { callDetail, type LegEntryRow } from '../../query/rowToApi.ts'
import { DETAIL_COLUMNS, type DetailRow, fleetEntry, readReturns, rowOf } from './entries.ts'
import { partsOfId } from './place.ts'
import type { Reading } from './session.ts'
import { columnsOf } from './values.ts'

// Bounds the legs of one call: long queue calls can have thousands.
const MAX_LEGS = 2000

export const BY_ID_SQL = `SELECT ${DETAIL_COLUMNS} FROM calls AS scanned WHERE log_id = $1::uuid AND id = $2::bigint LIMIT 1`

// An application that chooses its channel ids can use one again, and two PBXs can use the same.
export const BY_CHANNEL_SQL = `SELECT ${DETAIL_COLUMNS} FROM calls AS scanned WHERE channel_id = $1::text
  ORDER BY scanned.created_at DESC, scanned.id DESC LIMIT 1`

export const LEGS_SQL = `SELECT ${columnsOf(LEG_FIELDS, 'legs')} FROM legs
  WHERE log_id = $1::uuid AND call_id = $2::bigint AND day = $3::date ORDER BY id LIMIT ${MAX_LEGS}`

/** The call of an id or of the id of a channel; null if there is no such call. */
export async function readDetail(db: Reading, call: number | string): Promise<FleetCallDetail | null> {
  const id = partsOfId(String(call))
  const [row] =
    id === null
      ? await db.rows<DetailRow>(BY_CHANNEL_SQL, [String(call)])
      : await db.rows<DetailRow>(BY_ID_SQL, [id.log, id.row])
  if (row === undefined) {
    return null
  }
  const legs = await db.rows<LegEntryRow>(LEGS_SQL, [row.log_id, row.id, row.day])
  const returned = (await readReturns(db, [row])).get(row)
  return fleetEntry(row, callDetail(rowOf(row, returned), legs), returned)
}
