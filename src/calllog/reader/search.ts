// Converts a filter to the SQL that finds its calls, in the order of their starts.
//
// Every search scans one index that has the calls in this order. It is chosen here and named in the SQL, so that the query plan
// depends neither on SQLite's estimates nor on ANALYZE. Conditions that the index does not cover are checked for at most `scanLimit`
// calls, which limits the time of every search. Values are bound, never written into the SQL.

import type { CallFilter, StartOrder } from '../../query/query.ts'
import { formatInstant } from '../../time/format.ts'
import { textSearch } from './textSearch.ts'

/** A SELECT and its values. */
export interface Search {
  /** Selects `start_time, id` of at most `@limit` calls after the position (`@start`, `@id`). */
  readonly sql: string
  /** Selects `start_time, id` of the call at which the scan reached `@scanLimit`; null if the scan has no limit. */
  readonly lastScannedSql: string | null
  readonly values: Readonly<Record<string, string | number>>
}

type Order = StartOrder

// Sort before and after every time.
const EARLIEST = ''
const LATEST = '~'

/** The search for a filter, in an order. The caller also binds `@limit`, `@scanLimit`, `@start` and `@id`. */
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

/** A search for the longest calls of a filter. */
export interface LongestSearch {
  /** Selects `start_time, id, duration` of at most `@limit` calls after `@afterDuration`, `@afterStart`, `@afterId`. */
  readonly sql: string
  /** Finds a call if there are more than `@scanLimit` to look at. */
  readonly beyondSql: string
  readonly values: Search['values']
}

/** The search; the caller also binds the position of `startOf` and `@scanLimit`. */
export function longestFor(filter: CallFilter): LongestSearch {
  const scan = scanFor(filter)
  const rest = conditionsFor(filter).filter(({ field }) => !scan.covers.includes(field))
  const columns = [...new Set([...rest.flatMap((condition) => condition.columns), 'duration'])]
  const after = '(duration, start_time, id) < (@afterDuration, @afterStart, @afterId)'
  return {
    sql: `SELECT start_time, id, duration FROM (${scan.limited(columns, 'newest')}) AS scanned
      WHERE ${[...rest.map(({ sql }) => sql), after].join(' AND ')}
      ORDER BY duration DESC, start_time DESC, id DESC LIMIT @limit`,
    beyondSql: `${scan.keys('newest')} LIMIT 1 OFFSET @scanLimit`,
    values: valuesOf(filter),
  }
}

/** Counts the calls of a search, as `count`, up to `@limit`. */
export function countSql({ sql }: Search): string {
  return `SELECT count(*) AS count FROM (${sql})`
}

/** The position at which a search without a cursor starts. */
export function startOf({ from, to }: CallFilter, order: Order): { readonly start: string; readonly id: number } {
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
  /** Fields of the filter that the scan itself applies. */
  readonly covers: readonly (keyof CallFilter)[]
  /** Selects `start_time, id` in order, without a LIMIT. */
  keys(order: Order): string
  /** The same for the first `@scanLimit` calls, with these further columns of `calls`. */
  limited(columns: readonly string[], order: Order): string
}

// The fields are ordered by how few calls they usually match.
function scanFor(filter: CallFilter): IndexScan {
  if (filter.caller !== undefined) {
    return callScan('calls_by_caller', ['caller'], 'caller = @caller')
  }
  if (filter.callee !== undefined) {
    return callScan('calls_by_callee', ['callee'], 'callee = @callee')
  }
  if (filter.number !== undefined) {
    return NUMBER_SCAN
  }
  if (filter.operator !== undefined) {
    return OPERATOR_SCAN
  }
  if (filter.queue !== undefined) {
    return callScan('calls_by_queue', ['queue'], 'queue = @queue')
  }
  if (filter.country !== undefined) {
    return callScan('calls_by_country', ['country'], 'destination_country = @country')
  }
  if (filter.line !== undefined) {
    return callScan('calls_by_line', ['line'], 'line = @line')
  }
  if (filter.destination?.length === 1) {
    return callScan('calls_by_destination', ['destination'], 'destination_class = @destination0')
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

// Calls that were offered to the phone or started from it: SQLite merges two ordered scans, and UNION removes duplicates.
function operatorKeys(order: Order): string {
  return `SELECT call_start_time AS start_time, call_id AS id FROM legs INDEXED BY legs_by_operator
     WHERE endpoint = @operator AND ${within(order, 'call_start_time', 'call_id')}
     UNION SELECT start_time, id FROM calls INDEXED BY calls_by_endpoint
     WHERE caller_endpoint = @operator AND ${within(order, 'start_time', 'id')} ORDER BY ${ORDER_BY[order]}`
}

// Calls of the number and to it, in the same way.
function numberKeys(order: Order): string {
  const side = (index: string, column: string): string =>
    `SELECT start_time, id FROM calls INDEXED BY ${index} WHERE ${column} = @number AND ${within(order, 'start_time', 'id')}`
  return `${side('calls_by_caller', 'caller')} UNION ${side('calls_by_callee', 'callee')} ORDER BY ${ORDER_BY[order]}`
}

function mergedScan(covers: IndexScan['covers'], keys: IndexScan['keys']): IndexScan {
  return {
    covers,
    keys,
    limited: (columns, order) =>
      `SELECT found.start_time, found.id, ${columns.map((column) => `calls.${column}`).join(', ')}
       FROM (${keys(order)} LIMIT @scanLimit) AS found CROSS JOIN calls ON calls.id = found.id`,
  }
}

const OPERATOR_SCAN = mergedScan(['operator'], operatorKeys)
const NUMBER_SCAN = mergedScan(['number'], numberKeys)

function within(order: Order, time: string, id: string): string {
  return order === 'newest'
    ? `${time} >= @from AND (${time}, ${id}) < (@start, @id)`
    : `${time} < @to AND (${time}, ${id}) > (@start, @id)`
}

interface Condition {
  readonly field: keyof CallFilter
  readonly sql: string
  /** Columns of `calls` that it uses. */
  readonly columns: readonly string[]
}

function conditionsFor(filter: CallFilter): readonly Condition[] {
  const { direction, disposition, destination, missed } = filter
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
  if (destination !== undefined) {
    conditions.push(oneOf('destination', destination, 'destination_class'))
  }
  if (filter.country !== undefined) {
    conditions.push({ field: 'country', sql: 'destination_country = @country', columns: ['destination_country'] })
  }
  if (missed !== undefined) {
    conditions.push({ field: 'missed', sql: `missed = ${missed ? 1 : 0}`, columns: ['missed'] })
  }
  if (filter.operator !== undefined) {
    conditions.push({ field: 'operator', sql: IS_OPERATOR, columns: ['caller_endpoint'] })
  }
  if (filter.sipCallId !== undefined) {
    conditions.push({ field: 'sipCallId', sql: HAS_SIP_CALL_ID, columns: ['sip_call_id'] })
  }
  if (filter.number !== undefined) {
    conditions.push({ field: 'number', sql: '(caller = @number OR callee = @number)', columns: ['caller', 'callee'] })
  }
  if (filter.name !== undefined) {
    conditions.push({ field: 'name', sql: 'caller_name = @name', columns: ['caller_name'] })
  }
  if (filter.answeredBy !== undefined) {
    conditions.push({ field: 'answeredBy', sql: IS_ANSWERED_BY, columns: ['answered_by'] })
  }
  if (filter.minDuration !== undefined) {
    conditions.push({ field: 'minDuration', sql: 'duration >= @minDuration', columns: ['duration'] })
  }
  if (filter.maxDuration !== undefined) {
    conditions.push({ field: 'maxDuration', sql: 'duration <= @maxDuration', columns: ['duration'] })
  }
  if (filter.text !== undefined) {
    conditions.push({ field: 'text', ...textSearch(filter.text) })
  }
  return conditions
}

const EQUAL = ['caller', 'callee', 'trunk', 'line', 'queue'] as const

const IS_OPERATOR =
  '(caller_endpoint = @operator OR EXISTS (SELECT 1 FROM legs INDEXED BY legs_by_call WHERE legs.call_id = scanned.id AND legs.endpoint = @operator))'

// Without an index of its own: Call-IDs come in no order, so that an index entry for each call and leg would cost the writer more than
// half again. Who has a SIP trace knows when the call was.
const HAS_SIP_CALL_ID =
  '(sip_call_id = @sipCallId OR EXISTS (SELECT 1 FROM legs INDEXED BY legs_by_call WHERE legs.call_id = scanned.id AND legs.sip_call_id = @sipCallId))'

// A quote within a name comes after a backslash, so what comes after a bracket or comma is a whole name. Somebody may have edited a row:
// the list is not parsed.
const IS_ANSWERED_BY = `(instr(answered_by, '[' || @answeredByItem) OR instr(answered_by, ',' || @answeredByItem))`

function oneOf(
  field: 'direction' | 'disposition' | 'destination',
  values: readonly string[],
  column: string = field,
): Condition {
  return { field, sql: `${column} IN (${values.map((_, index) => `@${field}${index}`).join(', ')})`, columns: [column] }
}

function valuesOf(filter: CallFilter): Readonly<Record<string, string | number>> {
  const { from, to, direction = [], disposition = [], destination = [], missed: _missed, text, ...plain } = filter
  return {
    ...plain,
    ...(text !== undefined && textSearch(text).values),
    ...(plain.answeredBy !== undefined && { answeredByItem: JSON.stringify(plain.answeredBy) }),
    from: from === undefined ? EARLIEST : formatInstant(from),
    to: to === undefined ? LATEST : formatInstant(to),
    ...Object.fromEntries(direction.map((value, index) => [`direction${index}`, value])),
    ...Object.fromEntries(disposition.map((value, index) => [`disposition${index}`, value])),
    ...Object.fromEntries(destination.map((value, index) => [`destination${index}`, value])),
  }
}
