// Converts a filter of calls to conditions in SQL. Values are bound, never written into it.

import type { FleetPeriod, OfSites } from '../../query/fleetQuery.ts'
import type { CallFilter } from '../../query/query.ts'
import {
  isSearchedFor,
  type NameText,
  type NumberText,
  SEARCHED_NAMES,
  SEARCHED_NUMBERS,
  searchText,
} from '../../query/searchText.ts'
import type { LongDays } from './days.ts'
import { dayCondition } from './days.ts'
import { instantText, type Values } from './values.ts'
import type { Span } from './windows.ts'

export type FleetCallFilter = CallFilter & OfSites

/** Where a statement looks. */
export interface Place {
  readonly span: Span
  readonly long: LongDays
  readonly values: Values
}

/** Fields of a filter that are conditions; the period is that of the spans. */
export type ConditionField = Exclude<keyof FleetCallFilter, 'from' | 'to'>

/** The conditions of the fields of the filter that are in `fields`, on the row `scanned` of `calls`. */
export function conditionsFor(
  filter: FleetCallFilter,
  fields: readonly ConditionField[],
  place: Place,
): readonly string[] {
  const { values } = place
  const equals = (column: string, value: string): string => `scanned.${column} = ${values.add(value, 'text')}`
  const oneOf = (column: string, wanted: readonly string[]): string =>
    wanted.length === 1 ? equals(column, wanted[0] ?? '') : `scanned.${column} = ANY (${values.add(wanted, 'text[]')})`
  const makers: { readonly [Field in ConditionField]: (value: NonNullable<FleetCallFilter[Field]>) => string } = {
    caller: (value) => isNumber('scanned.caller', value, values),
    callee: (value) => isNumber('scanned.callee', value, values),
    number: (value) => `(${isNumber('scanned.caller', value, values)} OR ${isNumber('scanned.callee', value, values)})`,
    name: (value) => equals('caller_name', value),
    // As in the call log of an exporter: what comes after a bracket or comma is a whole name.
    answeredBy: (value) => {
      const item = values.add(JSON.stringify(value), 'text')
      return `(strpos(scanned.answered_by, '[' || ${item}) > 0 OR strpos(scanned.answered_by, ',' || ${item}) > 0)`
    },
    operator: (value) => `(${equals('caller_endpoint', value)} OR ${hasLeg('endpoint', value, place)})`,
    queue: (value) => equals('queue', value),
    trunk: (value) => equals('trunk', value),
    line: (value) => equals('line', value),
    country: (value) => equals('destination_country', value),
    destination: (value) => oneOf('destination_class', value),
    disposition: (value) => oneOf('disposition', value),
    direction: (value) => oneOf('direction', value),
    site: (value) => oneOf('site', value),
    // Written out: an index that has only missed calls is used if the planner sees that they are asked for.
    missed: (value) => `scanned.missed = ${value ? 1 : 0}`,
    sipCallId: (value) => `(${equals('sip_call_id', value)} OR ${hasLeg('sip_call_id', value, place)})`,
    minDuration: (value) => `scanned.duration >= ${values.add(value, 'double precision')}`,
    maxDuration: (value) => `scanned.duration <= ${values.add(value, 'double precision')}`,
    text: (value) => textOfCall(value, place),
  }
  return fields.flatMap((field) => make(makers, field, filter) ?? [])
}

/** All fields that are conditions. */
export const CONDITION_FIELDS: readonly ConditionField[] = [
  'caller',
  'callee',
  'number',
  'name',
  'answeredBy',
  'operator',
  'queue',
  'trunk',
  'line',
  'country',
  'destination',
  'disposition',
  'direction',
  'site',
  'missed',
  'sipCallId',
  'minDuration',
  'maxDuration',
  'text',
]

type Makers = { readonly [Field in ConditionField]: (value: NonNullable<FleetCallFilter[Field]>) => string }

function make<Field extends ConditionField>(
  makers: { readonly [F in Field]: Makers[F] },
  field: Field,
  filter: FleetCallFilter,
): string | null {
  const value = filter[field]
  return value === undefined ? null : makers[field](value as NonNullable<FleetCallFilter[Field]>)
}

function textOfCall(text: string, place: Place): string {
  const { endpoint } = searchText(text)
  const inCall = textCondition(text, { numbers: SEARCHED_NUMBERS, names: SEARCHED_NAMES }, place.values)
  return endpoint === null ? inCall : `(${inCall} OR ${hasLeg('endpoint', endpoint, place)})`
}

// The subquery runs once, over the legs of the span, whatever the number of calls is.
function hasLeg(column: 'endpoint' | 'sip_call_id', value: string, { span, long, values }: Place): string {
  return `(scanned.log_id, scanned.id) IN (SELECT log_id, call_id FROM legs
    WHERE ${column} = ${values.add(value, 'text')} AND ${inSpan('call_start_time', span, values)}
      AND ${dayCondition('day', span, { long, values })})`
}

/** That an instant is in the span. */
export function inSpan(column: string, { from, to }: Span, values: Values): string {
  const bounds = [
    ...(Number.isFinite(from) ? [`${column} >= ${values.add(instantText(from), 'timestamptz')}`] : []),
    ...(Number.isFinite(to) ? [`${column} < ${values.add(instantText(to), 'timestamptz')}`] : []),
  ]
  return bounds.length === 0 ? 'TRUE' : bounds.join(' AND ')
}

/** The conditions of the rows of a period: `column` is when a call began; and of sites, if some are named. */
export function ofPeriod(
  column: 'start_time' | 'call_start_time',
  { site, ...span }: FleetPeriod,
  { long, values }: Omit<Place, 'span'>,
): readonly string[] {
  return [
    inSpan(column, span, values),
    dayCondition('day', span, { long, values }),
    ...(site === undefined ? [] : [`site = ANY (${values.add(site, 'text[]')})`]),
  ]
}

/** The condition for a search text in these columns of the row `scanned`. */
export function textCondition(
  text: string,
  { numbers, names }: { readonly numbers: readonly string[]; readonly names: readonly string[] },
  values: Values,
): string {
  const asked = searchText(text)
  if (asked.kind === 'number') {
    return numberCondition(
      asked,
      numbers.map((column) => `scanned.${column}`),
      values,
    )
  }
  const searched = { numbers, names: names.filter((column) => isSearchedFor(text, column)) }
  return `(${nameConditions(asked, searched, values).join(' OR ')})`
}

// An index has the numbers backwards (schema/searchIndexes.ts). Whatever the collation of the database is, "C" compares bytes.
function backwards(column: string): string {
  return `reverse(${column}) COLLATE "C"`
}

/** That a column of `calls` is this number; an index finds it. */
export function isNumber(column: string, value: string, values: Values): string {
  return `${backwards(column)} = reverse(${values.add(value, 'text')})`
}

/** That one of these columns ends as a text says. An index finds such a number in `calls`. */
export function numberCondition({ endings, common }: NumberText, columns: readonly string[], values: Values): string {
  const first = [...common].reverse().join('')
  const after = `${first.slice(0, -1)}${String.fromCharCode(first.charCodeAt(first.length - 1) + 1)}`
  const [from, to] = [values.add(first, 'text'), values.add(after, 'text')]
  const inRange = columns
    .map((column) => `(${backwards(column)} >= ${from} AND ${backwards(column)} < ${to})`)
    .join(' OR ')
  const others = endings.filter((ending) => ending !== common).map((ending) => values.add(ending, 'text'))
  const exact = columns.flatMap((column) => others.map((one) => `right(${column}, length(${one})) = ${one}`))
  return exact.length === 0 ? `(${inRange})` : `((${inRange}) AND (${exact.join(' OR ')}))`
}

const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

// As in the call log of an exporter: letters other than A to Z are found as they are written, and with capitals at the beginnings of words.
function nameConditions(
  { text, lower, capitals }: NameText,
  { numbers, names }: { readonly numbers: readonly string[]; readonly names: readonly string[] },
  values: Values,
): readonly string[] {
  const [whole, small, large] = [values.add(text, 'text'), values.add(lower, 'text'), values.add(capitals, 'text')]
  return [
    ...numbers.map((column) => `strpos(scanned.${column}, ${whole}) > 0`),
    ...names.flatMap((column) => [
      `strpos(translate(scanned.${column}, '${CAPITALS}', '${CAPITALS.toLowerCase()}'), ${small}) > 0`,
      `strpos(scanned.${column}, ${large}) > 0`,
    ]),
  ]
}
