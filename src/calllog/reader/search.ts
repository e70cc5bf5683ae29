// A filter -> the SQL that finds its calls, in the order of their starts.
//
// Every search walks one index that has the calls in order, chosen here and named in the SQL: the plan depends neither on
// SQLite's guesses nor on ANALYZE. What the index cannot tell is checked call by call, on at most `scanLimit` of them, so
// that no filter, however rare what it looks for, takes longer than that. Values are bound, never written into the SQL.

import type { CallFilter, CallPageRequest } from '../../query/query.ts'
import { formatInstant } from '../../time/format.ts'
import { textSearch } from './textSearch.ts'

/** One SELECT and what to bind to it. */
export interface Search {
  /** Gives `start_time, id` of at most `@limit` calls beyond the place (`@start`, `@id`). */
  readonly sql: string
  /** Gives `start_time, id` of the call at which the scan ended for its length; null when none can. */
  readonly lastScannedSql: string | null
  readonly values: Readonly<Record<string, string | number>>
}

type Order = CallPageRequest['order']

// Before the first and after the last time that can be written.
const EARLIEST = ''
const LATEST = '~'

/** The search for a filter, in an order. `@limit`, `@scanLimit`, `@start` and `@id` are the caller's to bind. */
export function searchFor(filter: CallFilter, order: Order): Search {
  const scan = scanFor(filter)
  const rest = conditionsFor(filter).filter(({ field }) => !scan.covers.includes(field))
  const values = valuesOf(filter)
  if (rest.length === 0) {
    return { sql: `${scan.keys(order)} LIMIT @limit`, lastScannedSql: null, values }
  }
  const columns = [...new Set(rest.flatMap((condition) => condition.columns))]
  const checks = rest.map(({ sql }) => sql).join(' AND ')
  return {
    // Relies on SQLite keeping the order of a subquery with a LIMIT; an outer ORDER BY would add a sort.
    sql: `SELECT start_time, id FROM (${scan.limited(columns, order)}) AS scanned WHERE ${checks} LIMIT @limit`,
    lastScannedSql: `${scan.keys(order)} LIMIT 1 OFFSET @scanLimit - 1`,
    values,
  }
}

/** Where a search without a cursor begins. */
export function beginningOf({ from, to }: CallFilter, order: Order): { readonly start: string; readonly id: number } {
  // Row ids start at 1, so (t, 0) sorts just before every call that starts at t.
  return order === 'newest'
    ? { start: to === undefined ? LATEST : formatInstant(to), id: 0 }
    : { start: from === undefined ? EARLIEST : formatInstant(from), id: 0 }
}

const ORDER_BY: Readonly<Record<Order, string>> = {
  newest: 'start_time DESC, id DESC',
  oldest: 'start_time, id',
}

interface IndexScan {
  /** Fields of the filter that the scan itself answers. */
  readonly covers: readonly (keyof CallFilter)[]
  /** `start_time, id` in order, without a LIMIT yet. */
  keys(order: Order): string
  /** The same for the first `@scanLimit`, with these columns of `calls` beside. */
  limited(columns: readonly string[], order: Order): string
}

// The rarest first, as far as that can be known without counting.
function scanFor(filter: CallFilter): IndexScan {
  if (filter.caller !== undefined) {
    return callScan('calls_by_caller', ['caller'], 'caller = @caller')
  }
  if (filter.callee !== undefined) {
    return callScan('calls_by_callee', ['callee'], 'callee = @callee')
  }
  if (filter.operator !== undefined) {
    return OPERATOR_SCAN
  }
  if (filter.queue !== undefined) {
    return callScan('calls_by_queue', ['queue'], 'queue = @queue')
  }
  if (filter.disposition?.length === 1) {
    return callScan('calls_by_disposition', ['disposition'], 'disposition = @disposition0')
  }
  if (filter.missed === true) {
    return callScan('calls_missed', ['missed'], 'missed = 1')
  }
  if (filter.trunk !== undefined) {
    return callScan('calls_by_trunk', ['trunk'], 'trunk = @trunk')
  }
  if (filter.direction?.length === 1) {
    return callScan('calls_by_direction', ['direction'], 'direction = @direction0')
  }
  return callScan('calls_by_start', [], 'TRUE')
}

function callScan(index: string, covers: IndexScan['covers'], condition: string): IndexScan {
  const select = (columns: readonly string[], order: Order): string =>
    `SELECT ${['start_time', 'id', ...columns].join(', ')} FROM calls INDEXED BY ${index}
     WHERE ${condition} AND ${within(order, 'start_time', 'id')} ORDER BY ${ORDER_BY[order]}`
  return {
    covers,
    keys: (order) => select([], order),
    limited: (columns, order) => `${select(columns, order)} LIMIT @scanLimit`,
  }
}

// Offered to it, or begun on it: two walks merged, each in order, a call of both taken once.
function operatorKeys(order: Order): string {
  return `SELECT call_start_time AS start_time, call_id AS id FROM legs INDEXED BY legs_by_operator
     WHERE endpoint = @operator AND ${within(order, 'call_start_time', 'call_id')}
     UNION SELECT start_time, id FROM calls INDEXED BY calls_by_endpoint
     WHERE caller_endpoint = @operator AND ${within(order, 'start_time', 'id')} ORDER BY ${ORDER_BY[order]}`
}

const OPERATOR_SCAN: IndexScan = {
  covers: ['operator'],
  keys: operatorKeys,
  limited: (columns, order) =>
    `SELECT found.start_time, found.id, ${columns.map((column) => `calls.${column}`).join(', ')}
     FROM (${operatorKeys(order)} LIMIT @scanLimit) AS found CROSS JOIN calls ON calls.id = found.id`,
}

function within(order: Order, time: string, id: string): string {
  return order === 'newest'
    ? `${time} >= @from AND (${time}, ${id}) < (@start, @id)`
    : `${time} < @to AND (${time}, ${id}) > (@start, @id)`
}

interface Condition {
  readonly field: keyof CallFilter
  readonly sql: string
  /** Columns of `calls` that it looks at. */
  readonly columns: readonly string[]
}

function conditionsFor(filter: CallFilter): readonly Condition[] {
  const { direction, disposition, missed } = filter
  const conditions: Condition[] = EQUAL.filter((field) => filter[field] !== undefined).map((field) => ({
    field,
    sql: `${field} = @${field}`,
    columns: [field],
  }))
  if (direction !== undefined) {
    conditions.push(oneOf('direction', direction))
  }
  if (disposition !== undefined) {
    conditions.push(oneOf('disposition', disposition))
  }
  if (missed !== undefined) {
    conditions.push({ field: 'missed', sql: `missed = ${missed ? 1 : 0}`, columns: ['missed'] })
  }
  if (filter.operator !== undefined) {
    conditions.push({ field: 'operator', sql: IS_OPERATOR, columns: ['caller_endpoint'] })
  }
  if (filter.minDuration !== undefined) {
    conditions.push({ field: 'minDuration', sql: 'duration >= @minDuration', columns: ['duration'] })
  }
  if (filter.text !== undefined) {
    conditions.push({ field: 'text', ...textSearch(filter.text) })
  }
  return conditions
}

const EQUAL = ['caller', 'callee', 'trunk', 'queue'] as const

const IS_OPERATOR =
  '(caller_endpoint = @operator OR EXISTS (SELECT 1 FROM legs INDEXED BY legs_by_call WHERE legs.call_id = scanned.id AND legs.endpoint = @operator))'

function oneOf(field: 'direction' | 'disposition', values: readonly string[]): Condition {
  return { field, sql: `${field} IN (${values.map((_, index) => `@${field}${index}`).join(', ')})`, columns: [field] }
}

function valuesOf(filter: CallFilter): Readonly<Record<string, string | number>> {
  const { from, to, direction = [], disposition = [], missed: _missed, text, ...plain } = filter
  return {
    ...plain,
    ...(text !== undefined && textSearch(text).values),
    from: from === undefined ? EARLIEST : formatInstant(from),
    to: to === undefined ? LATEST : formatInstant(to),
    ...Object.fromEntries(direction.map((value, index) => [`direction${index}`, value])),
    ...Object.fromEntries(disposition.map((value, index) => [`disposition${index}`, value])),
  }
}
