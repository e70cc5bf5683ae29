// Reads one page of the list of missed callers, in the order of their first miss.
//
// The table has a row for each state of a missed caller, and the newest is the state. Of the few who wait, or were closed in a short
// period, a page reads nothing else; otherwise it goes through spans of time as a page of calls does.

import type { FleetMissedCallerPageRequest, OfSites } from '../../query/fleetQuery.ts'
import type { FleetMissedCallerPage } from '../../query/fleetSchema.ts'
import type { MissedCallerFilter } from '../../query/query.ts'
import { inSpan, textCondition } from './conditions.ts'
import { MISSED_CALLER_COLUMNS, type MissedCallerRow, missedCallerEntry } from './entries.ts'
import { limitOf, type PageContext, type Scanned, walk } from './page.ts'
import { cursorOf, type PagePlace, placeOfPage, positionOf } from './place.ts'
import type { Order, Position, Statement } from './search.ts'
import type { Reading } from './session.ts'
import { createValues, dayText, instantColumn, instantText, type Values } from './values.ts'
import { dayOf, daysLater, type Span } from './windows.ts'

type Filter = MissedCallerFilter & OfSites

/** So many that were closed in a period are sorted; if there are more, all callers are looked at in the order of the first miss. */
const MAX_SORTED = 10_000

/** A page; throws a RangeError if the cursor does not fit the request. */
export async function readMissedCallers(
  request: FleetMissedCallerPageRequest,
  context: PageContext,
): Promise<FleetMissedCallerPage> {
  const { filter, order } = request
  const { db } = context
  const limit = limitOf(request.limit)
  const place = placeOfPage(filter, order, request.cursor)
  const few = await fewStates(db, filter)
  const found: FoundRow[] = []
  let end: Position | null = null
  if (few !== null) {
    found.push(...(await ask<FoundRow>(db, fewStatement(few, { filter, order, place, limit: limit + 1 }))))
  } else {
    const { within, after } = place
    end = await walk(await bounded(db, within, order), { order, ...context }, async (span, scanLimit) => {
      const search = { filter, order, place: { within: span, after }, limit: limit + 1 - found.length, scanLimit }
      found.push(...(await ask<FoundRow>(db, spanStatement(search))))
      return found.length > limit ? 'full' : await scannedBy(db, search)
    })
  }
  const shown = found.slice(0, limit)
  const [last] = found.length > limit ? shown.slice(-1).map(positionOf) : [end]
  const [counted] = await ask<{ readonly waiting: number }>(db, waitingCountStatement(filter))
  return {
    missed_callers: shown.map(missedCallerEntry),
    waiting: counted?.waiting ?? 0,
    next: last == null ? null : cursorOf(order, last),
  }
}

type FoundRow = MissedCallerRow & { readonly start: string }

async function ask<Row extends object>(db: Reading, { sql, values }: Statement): Promise<readonly Row[]> {
  return await db.rows<Row>(sql, values)
}

const COLUMNS = `${MISSED_CALLER_COLUMNS}, ${instantColumn('scanned.first_miss_time')} AS start`

/** All who wait: the newest state of each caller whom no state closes. A closed caller waits never again. */
const WAITING = `(SELECT DISTINCT ON (state.log_id, state.id) state.* FROM missed_callers AS state
  WHERE state.state = 'waiting' AND NOT EXISTS (
    SELECT 1 FROM missed_callers AS closing
    WHERE closing.state <> 'waiting' AND closing.log_id = state.log_id AND closing.id = state.id)
  ORDER BY state.log_id, state.id, state.version DESC)`

/** How many wait, of the sites of the filter. */
export function waitingCountStatement({ site }: OfSites): Statement {
  const values = createValues()
  return {
    sql: `SELECT count(DISTINCT (state.log_id, state.id))::integer AS waiting FROM missed_callers AS state
      WHERE state.state = 'waiting' AND NOT EXISTS (
        SELECT 1 FROM missed_callers AS closing
        WHERE closing.state <> 'waiting' AND closing.log_id = state.log_id AND closing.id = state.id)
      ${site === undefined ? '' : `AND state.site = ANY (${values.add(site, 'text[]')})`}`,
    values: values.list,
  }
}

type Few = 'waiting' | 'closed'

// Which of the two short ways leads to all that the filter can match; null: neither.
async function fewStates(db: Reading, filter: Filter): Promise<Few | null> {
  const { state = [], closedFrom, closedTo } = filter
  if (state.length === 1 && state[0] === 'waiting') {
    return 'waiting'
  }
  if (closedFrom === undefined && closedTo === undefined) {
    return null
  }
  const values = createValues()
  const [counted] = await db.rows<{ readonly callers: number }>(
    `SELECT count(*)::integer AS callers FROM (
       SELECT 1 FROM missed_callers AS scanned WHERE ${closedIn(filter, values)} LIMIT ${MAX_SORTED + 1}) AS closed`,
    values.list,
  )
  return (counted?.callers ?? 0) <= MAX_SORTED ? 'closed' : null
}

interface Asked {
  readonly filter: Filter
  readonly order: Order
  readonly place: PagePlace
  readonly limit: number
}

/** Finds callers among the few that wait, or that were closed in the period. */
export function fewStatement(few: Few, { filter, order, place, limit }: Asked): Statement {
  const values = createValues()
  const from =
    few === 'waiting' ? WAITING : `(SELECT * FROM missed_callers AS scanned WHERE ${closedIn(filter, values)})`
  const checks = [...checksFor(filter, values), after(place, order, values), ...(few === 'waiting' ? [] : [IS_NEWEST])]
  return {
    sql: `SELECT ${COLUMNS} FROM ${from} AS scanned WHERE ${checks.join(' AND ')} ${orderBy(order)} LIMIT ${limit}`,
    values: values.list,
  }
}

interface SpanSearch extends Asked {
  readonly scanLimit: number
}

/**
 * Finds callers whom a state says to be missed first in the span. The states of one caller follow each other, the newest first, so the
 * first of them is taken; whether there is a newer one with another first miss is asked for what is found only.
 */
export function spanStatement({ filter, order, place, limit, scanLimit }: SpanSearch): Statement {
  const values = createValues()
  const scanned = scanOf(place, order, values)
  return {
    sql: `SELECT ${COLUMNS} FROM (
        SELECT DISTINCT ON (scanned.first_miss_time, scanned.log_id, scanned.id) scanned.*
        FROM (SELECT * FROM ${scanned} AS scanned ${orderBy(order)}, version DESC LIMIT ${scanLimit}) AS scanned
        ${orderBy(order)}, version DESC
      ) AS scanned WHERE ${[...checksFor(filter, values), IS_NEWEST].join(' AND ')} ${orderBy(order)} LIMIT ${limit}`,
    values: values.list,
  }
}

async function scannedBy(db: Reading, { order, place, scanLimit }: SpanSearch): Promise<Scanned> {
  const count = createValues()
  const [counted] = await db.rows<{ readonly states: number }>(
    `SELECT count(*)::integer AS states FROM (SELECT 1 FROM ${scanOf(place, order, count)} AS scanned LIMIT ${scanLimit}) AS looked_at`,
    count.list,
  )
  const rows = counted?.states ?? 0
  if (rows < scanLimit) {
    return { rows, last: null }
  }
  const values = createValues()
  const [last] = await db.rows<{ readonly start: string; readonly log_id: string; readonly id: string }>(
    `SELECT ${instantColumn('scanned.first_miss_time')} AS start, scanned.log_id, scanned.id
     FROM ${scanOf(place, order, values)} AS scanned ${orderBy(order)}, version DESC LIMIT 1 OFFSET ${scanLimit - 1}`,
    values.list,
  )
  return { rows, last: last === undefined ? null : positionOf(last) }
}

// A state is kept by the day of the last miss or of the closing, neither of which is before the first miss; a clock may be set back.
function scanOf(place: PagePlace, order: Order, values: Values): string {
  const first = dayOf(place.within.from)
  const days = Number.isFinite(first) ? `AND day >= ${values.add(dayText(daysLater(first, -1)), 'date')}` : ''
  return `(SELECT * FROM missed_callers AS scanned WHERE ${after(place, order, values)} ${days})`
}

// Later states are kept on the same day or a later one; a clock may be set back. Not written as an anti-join: for that, the planner would
// rather read all states.
const IS_NEWEST = `scanned.version = (SELECT max(newer.version) FROM missed_callers AS newer
  WHERE newer.log_id = scanned.log_id AND newer.id = scanned.id AND newer.day >= scanned.day - 1)`

// Closed states are kept by the day of their closing.
function closedIn(filter: Filter, values: Values): string {
  const span = closedSpan(filter)
  const [first, last] = [dayOf(span.from), dayOf(span.to)]
  return [
    'scanned.closed_time IS NOT NULL',
    inSpan('scanned.closed_time', span, values),
    ...(Number.isFinite(first) ? [`scanned.day >= ${values.add(dayText(first), 'date')}`] : []),
    ...(Number.isFinite(last) ? [`scanned.day <= ${values.add(dayText(last), 'date')}`] : []),
  ].join(' AND ')
}

function closedSpan({ closedFrom, closedTo }: Filter): Span {
  return { from: closedFrom ?? Number.NEGATIVE_INFINITY, to: closedTo ?? Number.POSITIVE_INFINITY }
}

function checksFor(filter: Filter, values: Values): readonly string[] {
  const { state, queue, site, text, closedFrom, closedTo } = filter
  return [
    'TRUE',
    ...(state === undefined ? [] : [`scanned.state = ANY (${values.add(state, 'text[]')})`]),
    ...(queue === undefined ? [] : [`scanned.queue = ${values.add(queue, 'text')}`]),
    ...(site === undefined ? [] : [`scanned.site = ANY (${values.add(site, 'text[]')})`]),
    ...(closedFrom === undefined && closedTo === undefined
      ? []
      : [`scanned.closed_time IS NOT NULL AND ${inSpan('scanned.closed_time', closedSpan(filter), values)}`]),
    ...(text === undefined
      ? []
      : [textCondition(text, { numbers: ['number', 'called'], names: ['name', 'queue'] }, values)]),
  ]
}

function after({ within, after }: PagePlace, order: Order, values: Values): string {
  const inPeriod = inSpan('scanned.first_miss_time', within, values)
  if (after === null) {
    return inPeriod
  }
  const position = [
    values.add(instantText(after.start), 'timestamptz'),
    values.add(after.log, 'uuid'),
    values.add(after.id, 'bigint'),
  ]
  const sign = order === 'newest' ? '<' : '>'
  return `${inPeriod} AND (scanned.first_miss_time, scanned.log_id, scanned.id) ${sign} (${position.join(', ')})`
}

function orderBy(order: Order): string {
  const direction = order === 'newest' ? ' DESC' : ''
  return `ORDER BY ${['first_miss_time', 'log_id', 'id'].map((column) => `scanned.${column}${direction}`).join(', ')}`
}

/** When the first caller was missed: `start`, null without any. */
const OLDEST_SQL = `SELECT ${instantColumn('min(first_miss_time)')} AS start FROM missed_callers`

async function bounded(db: Reading, within: Span, order: Order): Promise<Span> {
  if (order === 'newest' || Number.isFinite(within.from)) {
    return within
  }
  const [oldest] = await db.rows<{ readonly start: string | null }>(OLDEST_SQL, [])
  return { from: oldest?.start == null ? within.to : Date.parse(`${oldest.start.replace(' ', 'T')}Z`), to: within.to }
}
