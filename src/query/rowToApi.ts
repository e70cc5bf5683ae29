// Converts rows of calls, legs and missed callers to the form of the API. The fields are defined in callFields.ts and missedCallerFields.ts.
//
// Never throws: fields of a row that somebody edited get a default if they cannot be read.

import { LEG_RESULTS } from '../call/fact.ts'
import { DETAILED, LEG_FIELDS, LISTED } from './callFields.ts'
import { known, type Row, readRow } from './fields.ts'
import { MISSED_CALLER_FIELDS } from './missedCallerFields.ts'
import type { CallDetail, CallEntry, MissedCallerEntry, TriedEntry } from './schema.ts'

/** The columns of `calls` that an entry needs. */
export type CallEntryRow = Row<typeof LISTED> & { readonly id: number }

/** The columns of `calls` that a detail needs. */
export type CallDetailRow = CallEntryRow & Row<typeof DETAILED> & { readonly node: string | null }

/** The columns of `legs` that a detail needs. */
export type LegEntryRow = Row<typeof LEG_FIELDS>

/** The columns of `missed_callers` that an entry needs. */
export type MissedCallerRow = Row<typeof MISSED_CALLER_FIELDS> & {
  readonly id: number
  readonly closed_by_call: number | null
}

export const MISSED_CALLER_COLUMNS = ['id', ...Object.keys(MISSED_CALLER_FIELDS), 'closed_by_call'].join(', ')
export const CALL_ENTRY_COLUMNS = ['id', ...Object.keys(LISTED)].join(', ')
export const CALL_DETAIL_COLUMNS = [CALL_ENTRY_COLUMNS, ...Object.keys(DETAILED), 'node'].join(', ')
export const LEG_ENTRY_COLUMNS = Object.keys(LEG_FIELDS).join(', ')

/** The columns of a dial attempt that a list shows. */
export type AttemptRow = Pick<LegEntryRow, 'endpoint' | 'result'>

/** An entry of a list. `attempts`: the latest first. */
export function callEntry(row: CallEntryRow, attempts: readonly AttemptRow[]): CallEntry {
  return { id: row.id, ...readRow(LISTED, row), tried: row.answer_time === null ? triedOf(attempts) : [] }
}

/** The attempts that a page reads together with a call, as JSON. */
export function readAttempts(json: string | null): readonly AttemptRow[] {
  if (json === null || json === '[]') {
    return []
  }
  const pairs: readonly (readonly [string, string | null])[] = JSON.parse(json)
  return pairs.map(([endpoint, result]) => ({ endpoint, result }))
}

// Each endpoint once, with its latest result, in the order of the latest attempts.
function triedOf(attempts: readonly AttemptRow[]): readonly TriedEntry[] {
  const latest = new Map<string, TriedEntry>()
  for (const attempt of attempts) {
    const endpoint = String(attempt.endpoint)
    if (!latest.has(endpoint)) {
      latest.set(endpoint, { endpoint, result: known(LEG_RESULTS, attempt.result) })
    }
  }
  return [...latest.values()].reverse()
}

/** A call with all fields and its legs in the order in which they started. `legs`: by row id. */
export function callDetail(row: CallDetailRow, legs: readonly LegEntryRow[]): CallDetail {
  return {
    ...callEntry(row, legs.filter(({ role }) => role === 'callee').reverse()),
    ...readRow(DETAILED, row),
    node: row.node,
    legs: legs
      .map((leg) => readRow(LEG_FIELDS, leg))
      .sort((one, other) => (one.start_time < other.start_time ? -1 : Number(one.start_time > other.start_time))),
  }
}

/** A missed caller. */
export function missedCallerOfRow(row: MissedCallerRow): MissedCallerEntry {
  return { id: row.id, ...readRow(MISSED_CALLER_FIELDS, row), closed_by_call: row.closed_by_call }
}
