// Converts records of calls and legs to rows.
//
// The fields that the API also has are defined in query/callFields.ts; the columns that only the file has are defined here. The
// names of the columns, and the first twelve of `calls` in this order, are a public interface (README.md).

import type { CallRecord, LegRecord } from '../../call/fact.ts'
import { DETAILED, DIALED, LEG_FIELDS, RECORDED } from '../../query/callFields.ts'
import { instantOrNull, rowMaker, type SqlValue, text, textOrNull } from '../../query/fields.ts'
import { formatInstant } from '../../time/format.ts'

/** A call to write: its record, its row id, and when the row was first and last written (epoch ms). */
export interface CallWrite {
  readonly id: number
  readonly ended: boolean
  readonly createdAt: number
  readonly updatedAt: number
  /** Entity id of the Asterisk that handled the call; null while it is not known. */
  readonly node: string | null
  /** Row id of the missed caller by whom this call was missed; absent if it is none. */
  readonly missedCaller?: number
  readonly call: CallRecord
}

/** A leg to write: its record, its row id, and the row id of its call. */
export interface LegWrite {
  readonly id: number
  readonly callId: number
  readonly leg: LegRecord
}

/** The fields of a row of `calls`, but for the columns that come before them. */
export const CALL_FIELDS = {
  ...RECORDED,
  ...DIALED,
  ...DETAILED,
  cause_class: textOrNull((call: CallRecord) => call.causeClass),
}

/** The fields of a row of `legs`, but for the columns that come before them. */
export const LEG_ROW_FIELDS = {
  ...LEG_FIELDS,
  channel_id: textOrNull((leg: LegRecord) => leg.channelId),
  direction: text((leg: LegRecord) => leg.direction),
  alive_time: instantOrNull((leg: LegRecord) => leg.progressAt),
}

const NODE = textOrNull((node: string | null) => node)
const callValues = rowMaker(CALL_FIELDS)
const legValues = rowMaker(LEG_ROW_FIELDS)

/** The columns of `calls` that this program writes; other programs may have added further columns. */
export const CALL_COLUMNS: readonly string[] = [
  'id',
  'created_at',
  'updated_at',
  'node',
  'missed_caller',
  ...Object.keys(CALL_FIELDS),
]

/** The columns of `legs`, except `call_start_time`, which batch.ts computes. */
export const LEG_COLUMNS: readonly string[] = ['id', 'call_id', ...Object.keys(LEG_ROW_FIELDS)]

/** The values of a row, in the order of the columns: SQLite binds them in a third less time than by name. */
export type Row = readonly SqlValue[]

/** The row of `calls`. */
export function callRow({ id, createdAt, updatedAt, node, missedCaller, call }: CallWrite): Row {
  return [
    id,
    formatInstant(createdAt),
    formatInstant(updatedAt),
    NODE.sql(node),
    missedCaller ?? null,
    ...callValues(call),
  ]
}

/** The row of `legs`. */
export function legRow({ id, callId, leg }: LegWrite): Row {
  return [id, callId, ...legValues(leg)]
}
