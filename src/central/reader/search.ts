// The statements that find calls of a filter within a span of time, in the order of their starts.
//
// One condition, and the order, are those of an index; the others are checked for a bounded number of calls. PostgreSQL takes no index
// by name, so the statements are such that no other plan is cheaper, and a test looks at the plans.

import { type NumberText, SEARCHED_NUMBERS, searchText } from '../../query/searchText.ts'
import {
  CONDITION_FIELDS,
  type ConditionField,
  conditionsFor,
  type FleetCallFilter,
  inSpan,
  isNumber,
  numberCondition,
  type Place,
} from './conditions.ts'
import { dayCondition, type LongDays } from './days.ts'
import { createValues, instantColumn, instantText } from './values.ts'
import type { Span } from './windows.ts'

export type Order = 'newest' | 'oldest'

/** A call in the order of the list: its start (epoch ms), its log, its row. */
export interface Position {
  readonly start: number
  readonly log: string
  readonly id: number
}

/** A statement and its values. */
export interface Statement {
  readonly sql: string
  readonly values: readonly unknown[]
}

export interface SearchRequest {
  readonly filter: FleetCallFilter
  readonly order: Order
  readonly span: Span
  /** Only calls after it, in the order. */
  readonly after: Position | null
  readonly long: LongDays
  /** Columns of the result, of the row `scanned`. */
  readonly columns: string
  readonly limit: number
  /** How many calls are looked at. */
  readonly scanLimit: number
}

/** Finds calls. */
export function searchStatement(request: SearchRequest): Statement {
  const { order, span, long, columns, limit, scanLimit } = request
  const values = createValues()
  const place: Place = { span, long, values }
  const scan = scanFor(request.filter)
  const checks = conditionsFor(
    request.filter,
    CONDITION_FIELDS.filter((field) => !scan.includes(field)),
    place,
  )
  const scanned = scanOf(request, scan, place)
  const sql =
    checks.length === 0
      ? `SELECT ${columns} FROM ${scanned} AS scanned ${orderBy(order, 'scanned')} LIMIT ${limit}`
      : `SELECT ${columns} FROM (SELECT * FROM ${scanned} AS scanned ${orderBy(order, 'scanned')} LIMIT ${scanLimit}) AS scanned
         WHERE ${checks.join(' AND ')} ${orderBy(order, 'scanned')} LIMIT ${limit}`
  return { sql, values: values.list }
}

/** Whether a search of this filter looks at calls that it does not find; else the scan limit has no meaning. */
export function isChecked(filter: FleetCallFilter): boolean {
  const scan = scanFor(filter)
  return CONDITION_FIELDS.some((field) => !scan.includes(field) && filter[field] !== undefined)
}

/** Counts the calls that a search finds, up to its limit, as `calls`. */
export function foundStatement(request: SearchRequest): Statement {
  const { sql, values } = searchStatement({ ...request, columns: '1' })
  return { sql: `SELECT count(*)::integer AS calls FROM (${sql}) AS found`, values }
}

/** Counts the calls that a search looks at, up to its scan limit, as `calls`. */
export function countStatement(request: SearchRequest): Statement {
  const values = createValues()
  const scanned = scanOf(request, scanFor(request.filter), { ...request, values })
  return {
    sql: `SELECT count(*)::integer AS calls FROM (SELECT 1 FROM ${scanned} AS scanned LIMIT ${request.scanLimit}) AS looked_at`,
    values: values.list,
  }
}

/** The call at which a search reaches its scan limit: `start`, `log_id`, `id`. */
export function lastScannedStatement(request: SearchRequest): Statement {
  const values = createValues()
  const scanned = scanOf(request, scanFor(request.filter), { ...request, values })
  return {
    sql: `SELECT ${POSITION_COLUMNS} FROM ${scanned} AS scanned ${orderBy(request.order, 'scanned')}
      LIMIT 1 OFFSET ${request.scanLimit - 1}`,
    values: values.list,
  }
}

/** Of the row `scanned`: its position. */
export const POSITION_COLUMNS = `${instantColumn('scanned.start_time')} AS start, scanned.log_id, scanned.id`

/** When the oldest call began: `start`, null without calls. */
export const OLDEST_SQL = `SELECT ${instantColumn('min(start_time)')} AS start FROM calls`

/** The field whose condition is that of the scan, by how few calls it usually matches; none: all calls of the span. */
function scanFor(filter: FleetCallFilter): readonly ConditionField[] {
  const isOne = (value: readonly string[] | undefined): boolean => value?.length === 1
  const found: readonly (readonly [ConditionField, boolean])[] = [
    ['caller', filter.caller !== undefined],
    ['callee', filter.callee !== undefined],
    ['number', filter.number !== undefined],
    ['text', numberOf(filter.text)?.endpoint === null],
    ['operator', filter.operator !== undefined],
    ['text', numberOf(filter.text) !== null],
    ['site', isOne(filter.site)],
    ['queue', filter.queue !== undefined],
    ['disposition', isOne(filter.disposition)],
    ['missed', filter.missed === true],
    ['trunk', filter.trunk !== undefined],
  ]
  const scan = found.flatMap(([field, isAsked]) => (isAsked ? [field] : [])).slice(0, 1)
  // Phones and extensions have the same names at many sites.
  return (scan.includes('operator') || scan.includes('text')) && isOne(filter.site) ? [...scan, 'site'] : scan
}

/** So few digits end so many numbers that looking for them call by call is faster. */
const FEWEST_DIGITS = 3

/** The number that a text asks for; null if an index does not help to find it. */
function numberOf(text: string | undefined): NumberText | null {
  const asked = text === undefined ? null : searchText(text)
  return asked?.kind === 'number' && asked.common.length >= FEWEST_DIGITS ? asked : null
}

/** What a search goes through: a table expression with the columns of `calls`. */
function scanOf(request: SearchRequest, scan: readonly ConditionField[], place: Place): string {
  const { filter, span } = request
  const { long, values } = place
  const site = scan.includes('site') ? filter.site?.[0] : undefined
  if (scan.includes('operator') && filter.operator !== undefined) {
    const own = `own.caller_endpoint = ${values.add(filter.operator, 'text')}`
    return callsAndOffers(request, { own, endpoint: filter.operator, site }, place)
  }
  if (scan.includes('number') && filter.number !== undefined) {
    return numberCalls(request, filter.number, place)
  }
  const number = scan.includes('text') ? numberOf(filter.text) : null
  if (number !== null && number.endpoint !== null) {
    const own = numberCondition(
      number,
      SEARCHED_NUMBERS.map((column) => `own.${column}`),
      values,
    )
    return callsAndOffers(request, { own, endpoint: number.endpoint, site }, place)
  }
  const inPlace = [
    within(request, { start: 'scanned.start_time', id: 'scanned.id', table: 'scanned' }, place),
    dayCondition('scanned.day', span, { long, values }),
  ]
  if (number === null) {
    const conditions = [...conditionsFor(filter, scan, place), ...inPlace]
    return `(SELECT scanned.* FROM calls AS scanned WHERE ${conditions.join(' AND ')})`
  }
  // OFFSET keeps the planner from looking for the number among all calls in the order of starts, or of a site: it need not know how rare
  // numbers are. Nobody has so many calls that sorting those of a span takes long.
  const ends = [...conditionsFor(filter, ['text'], place), ...inPlace]
  const ofSite = site === undefined ? '' : `WHERE scanned.site = ${values.add(site, 'text')}`
  return `(SELECT scanned.* FROM (SELECT scanned.* FROM calls AS scanned WHERE ${ends.join(' AND ')} OFFSET 0) AS scanned ${ofSite})`
}

interface Offers {
  /** A condition on the row `own` of `calls`. */
  readonly own: string
  /** Calls that were offered to it are found, too. */
  readonly endpoint: string
  readonly site: string | undefined
}

// Calls of a condition, and calls that were offered to an endpoint, each once. The days of both tables are those of the calls.
function callsAndOffers(request: SearchRequest, { own, endpoint, site }: Offers, place: Place): string {
  const { span } = request
  const { long, values } = place
  const name = values.add(endpoint, 'text')
  const ofSite = (table: string): string =>
    site === undefined ? '' : `AND ${table}.site = ${values.add(site, 'text')}`
  const days = (column: string): string => dayCondition(column, span, { long, values })
  const offered = `legs AS leg WHERE leg.endpoint = ${name} ${ofSite('leg')} AND ${days('leg.day')}
    AND ${within(request, { start: 'leg.call_start_time', id: 'leg.call_id', table: 'leg' }, place)}`
  const started = `calls AS own WHERE ${own} ${ofSite('own')} AND ${days('own.day')}
    AND ${within(request, { start: 'own.start_time', id: 'own.id', table: 'own' }, place)}`
  return merged(
    request,
    [
      { columns: 'leg.call_start_time AS start_time, leg.log_id, leg.call_id AS id, leg.day', from: offered },
      { columns: OWN_KEY, from: started },
    ],
    place,
  )
}

const OWN_KEY = 'own.start_time, own.log_id, own.id, own.day'

// Calls of the number and to it, each once.
function numberCalls(request: SearchRequest, number: string, place: Place): string {
  const { long, values } = place
  const side = (column: string): string => `calls AS own WHERE ${isNumber(`own.${column}`, number, values)}
    AND ${dayCondition('own.day', request.span, { long, values })}
    AND ${within(request, { start: 'own.start_time', id: 'own.id', table: 'own' }, place)}`
  return merged(
    request,
    [
      { columns: OWN_KEY, from: side('caller') },
      { columns: OWN_KEY, from: side('callee') },
    ],
    place,
  )
}

interface KeySource {
  /** `start_time`, `log_id`, `id` and `day` of a call. */
  readonly columns: string
  readonly from: string
}

// The calls of several sources. A source has an index in this order, or few calls.
function merged(request: SearchRequest, sources: readonly KeySource[], { long, values }: Place): string {
  const { filter, order, span, limit, scanLimit } = request
  const inOrder = `${orderBy(order, null)} LIMIT ${isChecked(filter) ? Math.max(limit, scanLimit) : limit}`
  const keys = sources.map(({ columns, from }) => `(SELECT DISTINCT ${columns} FROM ${from} ${inOrder})`)
  return `(SELECT scanned.* FROM (${keys.join(' UNION ')} ${inOrder}
    ) AS found JOIN calls AS scanned ON scanned.log_id = found.log_id AND scanned.id = found.id AND scanned.day = found.day
      AND ${dayCondition('scanned.day', span, { long, values })})`
}

interface KeyColumns {
  readonly start: string
  readonly id: string
  readonly table: string
}

// In the span, and after the position.
function within({ order, span, after }: SearchRequest, { start, id, table }: KeyColumns, { values }: Place): string {
  if (after === null) {
    return inSpan(start, span, values)
  }
  const sign = order === 'newest' ? '<' : '>'
  const position = [
    values.add(instantText(after.start), 'timestamptz'),
    values.add(after.log, 'uuid'),
    values.add(after.id, 'bigint'),
  ]
  return `${inSpan(start, span, values)} AND (${start}, ${table}.log_id, ${id}) ${sign} (${position.join(', ')})`
}

function orderBy(order: Order, table: string | null): string {
  const direction = order === 'newest' ? ' DESC' : ''
  const columns = ['start_time', 'log_id', 'id'].map((column) => (table === null ? column : `${table}.${column}`))
  return `ORDER BY ${columns.map((column) => `${column}${direction}`).join(', ')}`
}
