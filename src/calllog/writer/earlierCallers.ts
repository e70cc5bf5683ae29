// Reads what an earlier run left of missed callers: who waits, and with whom somebody speaks or spoke while calls wait.
//
// Quick for a log of any size, like everything that is read at a start. Never throws for a row that somebody edited.

import type { Database } from 'better-sqlite3'
import { LEG_ROLES } from '../../call/fact.ts'
import type { CallParties, LegParty } from '../../callback/liveCalls.ts'
import type { MissedCaller } from '../../callback/missedCaller.ts'
import type { EarlierMissedCallers } from '../../callback/missedCallers.ts'
import { known, type Row, readRow } from '../../query/fields.ts'
import { MISSED_CALLER_FIELDS } from '../../query/missedCallerFields.ts'
import { formatInstant, orNull, parseInstant } from '../../time/format.ts'
import { type PartiesRow, partiesOf } from './rowToRecord.ts'

/** How long before the oldest open call a conversation can have begun that was answered after it, and how many are read. */
const BEFORE_MS = 3_600_000
const MOST = 10_000

/** The state from which `restore` of callback/missedCallers.ts continues. Throws SQLite's errors. */
export function readEarlierCallers(db: Database): EarlierMissedCallers {
  const lastId = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'missed_callers'").pluck()
  const calls = readCalls(db)
  return {
    lastId: lastId.get() ?? 0,
    waiting: readWaiting(db),
    calls: calls.map(({ parties }) => parties),
    legs: calls.flatMap(({ legs }) => legs),
  }
}

type WaitingRow = Row<typeof MISSED_CALLER_FIELDS> & { readonly id: number; readonly number_key: string }

function readWaiting(db: Database): readonly MissedCaller[] {
  const columns = ['id', 'number_key', ...Object.keys(MISSED_CALLER_FIELDS)].join(', ')
  const rows = db.prepare<[], WaitingRow>(
    `SELECT ${columns} FROM missed_callers INDEXED BY missed_callers_waiting WHERE state = 'waiting' ORDER BY first_miss_time`,
  )
  return rows.all().map((row) => {
    const { number, name, attempts, tries, queue, called } = readRow(MISSED_CALLER_FIELDS, row)
    const firstMissAt = parseInstant(String(row.first_miss_time)) ?? 0
    const untriedSince = parseInstant(orNull(row.untried_since, String))
    const lastMissAt = Math.max(firstMissAt, parseInstant(String(row.last_miss_time)) ?? 0)
    const { id, number_key: key } = row
    const open = { state: 'waiting', closedAt: null, closedBy: null, closedByPhone: null } as const
    return { id, key, number, name, attempts, tries, untriedSince, queue, called, firstMissAt, lastMissAt, ...open }
  })
}

interface CallRow extends PartiesRow {
  readonly end_time: string | null
}

interface LegRow {
  readonly channel_id: string | null
  readonly endpoint_role: string
  readonly role: string
  readonly dialed: string
  readonly answer_time: string | null
}

interface EarlierCall {
  readonly parties: CallParties
  readonly legs: readonly LegParty[]
}

const CALL =
  'id, channel_id, caller, callee, caller_name, caller_endpoint, direction, start_time, answer_time, end_time, answered_by'

function readCalls(db: Database): readonly EarlierCall[] {
  const open = db.prepare<[], CallRow>(`SELECT ${CALL} FROM calls WHERE end_time IS NULL ORDER BY start_time, id`).all()
  const [oldest] = open.filter(({ direction, answer_time: answer }) => direction === 'inbound' && answer === null)
  const since = db.prepare<[string, string, number], CallRow>(
    `SELECT ${CALL} FROM calls WHERE start_time >= ? AND answer_time >= ? AND end_time IS NOT NULL
     ORDER BY start_time DESC LIMIT ?`,
  )
  const ended = oldest === undefined ? [] : since.all(anHourBefore(oldest), oldest.start_time, MOST)
  const legs = db.prepare<[number], LegRow>(
    `SELECT channel_id, endpoint_role, role, dialed, answer_time FROM legs WHERE call_id = ? ORDER BY id`,
  )
  return [...open, ...ended.toSorted(byAnswer)].map((row) => earlierCall(row, legs.all(row.id)))
}

function anHourBefore({ start_time: start }: CallRow): string {
  return formatInstant((parseInstant(start) ?? 0) - BEFORE_MS)
}

function byAnswer(one: CallRow, other: CallRow): number {
  return (one.answer_time ?? '') < (other.answer_time ?? '') ? -1 : 1
}

function earlierCall(row: CallRow, legs: readonly LegRow[]): EarlierCall {
  const call = partiesOf(row)
  const parties: CallParties = {
    ...call,
    callerRole: call.direction === 'inbound' || call.direction === 'transit' ? 'trunk' : 'phone',
    originated: legs.some(({ role }) => role === 'caller'),
    endedAt: parseInstant(row.end_time),
  }
  return { parties, legs: legs.map((leg, index) => earlierLeg(leg, `${row.channel_id}/${index}`, row.channel_id)) }
}

function earlierLeg(leg: LegRow, id: string, callId: string): LegParty {
  return {
    id: leg.channel_id ?? id,
    callId,
    endpointRole: leg.endpoint_role === 'trunk' ? 'trunk' : 'phone',
    role: known(LEG_ROLES, leg.role) ?? 'callee',
    dialed: leg.dialed,
    answeredAt: parseInstant(leg.answer_time),
  }
}
