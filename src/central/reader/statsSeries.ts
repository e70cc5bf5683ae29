// A series of key figures of the calls of all sites or of some, from one statement that groups them.
//
// Calls are grouped by quarters of an hour of UTC: in every time zone, hours begin with one of them.

import type { FleetSeriesRequest } from '../../query/fleetQuery.ts'
import type { FleetStatsSeries } from '../../query/fleetSchema.ts'
import { type CallSums, type SeriesRequest, WAITING_FROM } from '../../query/seriesRequest.ts'
import { NO_CALLS, planOfTime, plus, seriesByName, seriesByWaiting, sumsOfPhone } from '../../query/statsSeries.ts'
import type { Slice } from '../../query/zonedTime.ts'
import { conditionsFor, inSpan } from './conditions.ts'
import { dayCondition, type LongDays } from './days.ts'
import { readOperators } from './figures.ts'
import type { Statement } from './search.ts'
import type { Reading } from './session.ts'
import { createValues } from './values.ts'

const QUARTER_MS = 900_000
const QUARTER_S = QUARTER_MS / 1000
const MAX_NAMES = 10_000

const SUMS = `count(*)::integer AS calls, (count(*) FILTER (WHERE scanned.disposition = 'answered'))::integer AS answered,
  (count(*) FILTER (WHERE scanned.missed = 1))::integer AS missed,
  coalesce(sum(scanned.duration) FILTER (WHERE scanned.disposition = 'answered'), 0) AS talk`

const QUARTER = `floor(extract(epoch FROM scanned.start_time) / ${QUARTER_S})::integer`

const WAITED = "CASE WHEN scanned.disposition = 'answered' THEN scanned.answer_delay ELSE scanned.queue_wait END"
const CLASS = `CASE WHEN (${WAITED}) IS NULL THEN NULL ${WAITING_FROM.slice(1)
  .map((from, index) => `WHEN (${WAITED}) < ${from} THEN ${index}`)
  .join(' ')} ELSE ${WAITING_FROM.length - 1} END`

type Grouped = Exclude<SeriesRequest['by'], 'operator'>

/** The sums of the calls of a period: by quarters of an hour, classes of waiting times, or names at sites. */
export function seriesStatement(request: FleetSeriesRequest & { readonly by: Grouped }, long: LongDays): Statement {
  const values = createValues()
  const conditions = [
    ...conditionsFor(request, ['direction', 'queue', 'trunk', 'line', 'site'], { span: request, long, values }),
    inSpan('scanned.start_time', request, values),
    dayCondition('scanned.day', request, { long, values }),
  ]
  const { by } = request
  const [columns, groups, end] =
    by === 'queue' || by === 'trunk' || by === 'line'
      ? [
          `scanned.site, scanned.${by} AS name`,
          `scanned.site, scanned.${by}`,
          `ORDER BY count(*) DESC LIMIT ${MAX_NAMES}`,
        ]
      : [`${by === 'waiting' ? CLASS : QUARTER} AS part`, '1', '']
  const named = end === '' ? [] : [`scanned.${by} IS NOT NULL`]
  return {
    sql: `SELECT ${columns}, ${SUMS} FROM calls AS scanned WHERE ${[...named, ...conditions].join(' AND ')}
      GROUP BY ${groups} ${end}`,
    values: values.list,
  }
}

interface PartSums extends CallSums {
  readonly part: number | null
}

interface NamedSums extends CallSums {
  readonly site: string
  readonly name: string
}

/** The series. */
export async function readSeries(db: Reading, request: FleetSeriesRequest, long: LongDays): Promise<FleetStatsSeries> {
  const { by } = request
  if (by === 'operator') {
    const phones = await readOperators(db, request, long)
    return seriesByName(
      request,
      by,
      phones.map((phone) => [{ site: phone.site, name: phone.operator }, sumsOfPhone(phone)]),
    )
  }
  const { sql, values } = seriesStatement({ ...request, by }, long)
  switch (by) {
    case 'hour':
    case 'day':
    case 'weekday_hour': {
      const { slices, seriesOf } = planOfTime({ ...request, by })
      return seriesOf(sumsOfSlices(slices, await db.rows<PartSums>(sql, values)))
    }
    case 'waiting': {
      const rows = await db.rows<PartSums>(sql, values)
      return seriesByWaiting(request, new Map(rows.flatMap((row) => (row.part === null ? [] : [[row.part, row]]))))
    }
    case 'queue':
    case 'trunk':
    case 'line': {
      const rows = await db.rows<NamedSums>(sql, values)
      return seriesByName(
        request,
        by,
        rows.map(({ site, name, ...sums }) => [{ site, name }, sums]),
      )
    }
  }
}

// Both in the order of time.
function sumsOfSlices(slices: readonly Slice[], rows: readonly PartSums[]): readonly CallSums[] {
  const inOrder = rows.toSorted((one, other) => (one.part ?? 0) - (other.part ?? 0))
  let next = 0
  return slices.map(({ to }) => {
    let sums = NO_CALLS
    for (let row = inOrder[next]; row !== undefined && (row.part ?? 0) * QUARTER_MS < to; row = inOrder[next]) {
      sums = plus(sums, row)
      next += 1
    }
    return sums
  })
}
