// The kinds of fields of calls and legs. Each kind defines the value in the API and the value in the database.
//
// A field takes its value from the core's record. Reading from the database never throws: a value that somebody edited and that
// cannot be read is replaced by a default. The threads of the call log load this file, so it does without zod: fieldSchemas.ts has the schemas.

import type { StreamQuality, VoiceQuality } from '../call/fact.ts'
import { formatInstant, isoInstant, isoOfFormatted, orNull, preciseSeconds, seconds } from '../time/format.ts'

export type SqlValue = string | number | null

/** The values that a field has in the API. */
export interface FieldType {
  readonly kind: 'text' | 'names' | 'oneOf' | 'flag' | 'count' | 'integer' | 'seconds' | 'instant' | 'quality'
  /** Of `oneOf`. */
  readonly values?: readonly string[]
  readonly isNullable?: true
}

/** One field: `Source` is the core's record, `Api` the type in the API. */
export interface Field<Source, Api> {
  readonly type: FieldType
  /** For the OpenAPI document. */
  readonly description?: string
  /** Its value in the API, from the record. */
  api(source: Source): Api
  /** Its value in the database, from the record. */
  sql(source: Source): SqlValue
  /** Its value in the API, from the database. */
  read(stored: SqlValue | undefined): Api
}

/** Fields by name, which is the name of the column and of the JSON key. */
export type Fields<Source> = Readonly<Record<string, Field<Source, unknown>>>

/** The type of an API object with these fields. */
export type ApiOf<F> = { readonly [Name in keyof F]: F[Name] extends Field<never, infer Api> ? Api : never }

/** The type of a row with these fields. */
export type Row<F> = Readonly<Record<keyof F, SqlValue>>

type Source<F> = F extends Readonly<Record<string, Field<infer S, unknown>>> ? S : never

/** The API object of a record. */
export function apiOf<F extends Fields<never>>(fields: F, source: Source<F>): ApiOf<F>
export function apiOf(fields: Fields<unknown>, source: unknown): object {
  const found: Record<string, unknown> = {}
  for (const name in fields) {
    found[name] = fields[name]?.api(source)
  }
  return found
}

/** Returns the function that makes the row of a record: its values in the order of the fields. */
export function rowMaker<S>(fields: Fields<S>): (source: S) => SqlValue[] {
  const values = Object.values(fields).map(({ sql }) => sql)
  return (source) => values.map((value) => value(source))
}

/** The API object of a row. */
export function readRow<F extends Fields<never>>(fields: F, row: Partial<Row<F>>): ApiOf<F>
export function readRow(fields: Fields<unknown>, row: Readonly<Record<string, SqlValue | undefined>>): object {
  const found: Record<string, unknown> = {}
  for (const name in fields) {
    found[name] = fields[name]?.read(row[name])
  }
  return found
}

/** The same field with a description. */
export function described<F extends Field<never, unknown>>(field: F, description: string): F {
  return { ...field, description }
}

export function text<S>(of: (source: S) => string): Field<S, string> {
  return {
    type: { kind: 'text' },
    api: of,
    sql: (source) => storable(of(source)),
    read: (stored) => (typeof stored === 'string' ? stored : ''),
  }
}

export function textOrNull<S>(of: (source: S) => string | null): Field<S, string | null> {
  return {
    type: { kind: 'text', isNullable: true },
    api: of,
    sql: (source) => orNull(of(source), storable),
    read: (stored) => (typeof stored === 'string' ? stored : null),
  }
}

/** A list of names; JSON text in the database. */
export function names<S>(of: (source: S) => readonly string[]): Field<S, readonly string[]> {
  return {
    type: { kind: 'names' },
    api: of,
    sql: (source) => JSON.stringify(of(source).map(storable)),
    read: (stored) => readNames(typeof stored === 'string' ? stored : '[]'),
  }
}

/** One of a list of values; `fallback` if a row has another. */
export function oneOf<S, V extends string>(values: readonly V[], fallback: V, of: (source: S) => V): Field<S, V> {
  return { type: { kind: 'oneOf', values }, api: of, sql: of, read: (stored) => known(values, stored) ?? fallback }
}

export function oneOfOrNull<S, V extends string>(
  values: readonly V[],
  of: (source: S) => V | null,
): Field<S, V | null> {
  return {
    type: { kind: 'oneOf', values, isNullable: true },
    api: of,
    sql: of,
    read: (stored) => known(values, stored),
  }
}

/** True or false; 1 or 0 in the database. */
export function flag<S>(of: (source: S) => boolean): Field<S, boolean> {
  return { type: { kind: 'flag' }, api: of, sql: (source) => (of(source) ? 1 : 0), read: (stored) => stored === 1 }
}

export function count<S>(of: (source: S) => number): Field<S, number> {
  return { type: { kind: 'count' }, api: of, sql: of, read: (stored) => Number(stored) }
}

export function integerOrNull<S>(of: (source: S) => number | null): Field<S, number | null> {
  return {
    type: { kind: 'integer', isNullable: true },
    api: of,
    sql: of,
    read: (stored) => (typeof stored === 'number' ? stored : null),
  }
}

/** A span; milliseconds in the record, seconds everywhere else. */
export function span<S>(of: (source: S) => number): Field<S, number> {
  const value = (source: S): number => seconds(of(source))
  return { type: { kind: 'seconds' }, api: value, sql: value, read: (stored) => Number(stored) }
}

export function spanOrNull<S>(of: (source: S) => number | null): Field<S, number | null> {
  const value = (source: S): number | null => orNull(of(source), seconds)
  return {
    type: { kind: 'seconds', isNullable: true },
    api: value,
    sql: value,
    read: (stored) => (typeof stored === 'number' ? stored : null),
  }
}

export function instant<S>(of: (source: S) => number): Field<S, string> {
  return {
    type: { kind: 'instant' },
    api: (source) => isoInstant(of(source)),
    sql: (source) => formatInstant(of(source)),
    read: (stored) => isoOfFormatted(String(stored)),
  }
}

export function instantOrNull<S>(of: (source: S) => number | null): Field<S, string | null> {
  return {
    type: { kind: 'instant', isNullable: true },
    api: (source) => orNull(of(source), isoInstant),
    sql: (source) => orNull(of(source), formatInstant),
    read: (stored) => (typeof stored === 'string' ? isoOfFormatted(stored) : null),
  }
}

/** The quality of one direction. */
export interface StreamQualityEntry {
  readonly packets: number | null
  readonly mos: number | null
  readonly loss_ratio: number | null
  readonly jitter_seconds: number | null
}

/** Voice quality as the API has it. */
export interface Quality {
  readonly rx: StreamQualityEntry
  readonly tx: StreamQualityEntry
  readonly round_trip_seconds: number | null
}

/** Voice quality; JSON text in the database, without what is not known: with it, that text would be a sixth of the file. */
export function quality<S>(of: (source: S) => VoiceQuality | null): Field<S, Quality | null> {
  const value = (source: S): Quality | null => orNull(of(source), qualityEntry)
  return {
    type: { kind: 'quality', isNullable: true },
    api: value,
    sql: (source) => orNull(value(source), (found) => JSON.stringify(found, withoutNull)),
    read: (stored) => (typeof stored === 'string' ? readQuality(stored) : null),
  }
}

function qualityEntry({ rx, tx, roundTripMs }: VoiceQuality): Quality {
  return { rx: streamEntry(rx), tx: streamEntry(tx), round_trip_seconds: orNull(roundTripMs, preciseSeconds) }
}

function streamEntry({ packets, mos, lossRatio, jitterMs }: StreamQuality): StreamQualityEntry {
  return { packets, mos, loss_ratio: lossRatio, jitter_seconds: orNull(jitterMs, preciseSeconds) }
}

function withoutNull(_key: string, value: unknown): unknown {
  return value ?? undefined
}

const UNKNOWN_STREAM: StreamQualityEntry = { packets: null, mos: null, loss_ratio: null, jitter_seconds: null }

function readQuality(stored: string): Quality | null {
  const found = parsed(stored)
  const stream = (value: unknown): unknown => (isObject(value) ? { ...UNKNOWN_STREAM, ...value } : value)
  const whole = isObject(found)
    ? { round_trip_seconds: null, ...found, rx: stream(found['rx']), tx: stream(found['tx']) }
    : null
  return isQuality(whole) ? whole : null
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isQuality(value: unknown): value is Quality {
  return (
    hasExactly(value, ['rx', 'tx', 'round_trip_seconds']) &&
    isStream(value['rx']) &&
    isStream(value['tx']) &&
    isNumberOrNull(value['round_trip_seconds'])
  )
}

function isStream(value: unknown): value is StreamQualityEntry {
  return (
    hasExactly(value, ['packets', 'mos', 'loss_ratio', 'jitter_seconds']) && Object.values(value).every(isNumberOrNull)
  )
}

function hasExactly(value: unknown, keys: readonly string[]): value is Readonly<Record<string, unknown>> {
  return isObject(value) && Object.keys(value).length === keys.length && keys.every((key) => key in value)
}

function isNumberOrNull(value: unknown): value is number | null {
  return value === null || typeof value === 'number'
}

/** The names in a JSON list; other items are left out. Empty if the text is not a list. */
export function readNames(stored: string): readonly string[] {
  const found = parsed(stored)
  return Array.isArray(found) ? found.filter((name) => typeof name === 'string') : []
}

/** The value, if it is in the list; otherwise null. */
export function known<V extends string>(values: readonly V[], stored: SqlValue | undefined): V | null {
  return values.find((value) => value === stored) ?? null
}

function parsed(stored: string): unknown {
  try {
    return JSON.parse(stored)
  } catch {
    return null
  }
}

// SQLite's text functions stop at NUL, and an unpaired surrogate cannot be encoded in UTF-8: neither could be read back. Hardly any
// text has one, and looking for it takes a tenth of the time of replacing.
/** The text with U+FFFD for what a database does not take or does not give back. */
export function storable(value: string): string {
  return value.includes('\0') || !value.isWellFormed() ? value.replace(/[\0\p{Surrogate}]/gu, '\uFFFD') : value
}
