// What the tests of the central call log share: rows as the exporter writes them, and a database with roles for each purpose.

import { readFileSync } from 'node:fs'
import { Client } from 'pg'
import { CALL_COLUMNS, LEG_COLUMNS } from '../../../src/calllog/writer/recordToRow.ts'
import { type CentralAddress, clientConfig } from '../../../src/central/connection.ts'
import { initCentral } from '../../../src/central/init.ts'
import { MISSED_CALLER_FIELDS } from '../../../src/query/missedCallerFields.ts'
import type { OutboxItem, Parcel, SqlRow } from '../../../src/shipping/sink.ts'
import type { Postgres } from './postgres.ts'

export const LOG_ID = '6f1b0c52-5a1d-4f0e-9d53-2f6a5f4c1a01'

/** Roles as the documentation makes them. */
export interface Central {
  readonly owner: CentralAddress
  readonly writer: CentralAddress
  readonly reader: CentralAddress
}

const README = new URL('../../../src/central/README.md', import.meta.url)

/** The SQL of the documentation below a heading, with the passwords `owner-pw`, `writer-pw` and `reader-pw`. */
export function documentedSql(heading: string): readonly string[] {
  const [, section = ''] = readFileSync(README, 'utf8').split(`\n## ${heading}\n`)
  const [own = ''] = section.split('\n## ')
  return [...own.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => sql)
}

/** Makes the database `calls` with its roles, by the SQL of the documentation, and the schema. */
export async function makeCentral(postgres: Postgres): Promise<Central> {
  const [roles = '', rights = ''] = documentedSql('Roles')
  await postgres.sql(roles)
  const address = (user: string): CentralAddress => ({
    url: postgres.url(`calls_${user}`, 'calls'),
    password: `${user}-pw`,
  })
  await initCentral(address('owner'))
  await postgres.sql(rights, 'calls')
  return { owner: address('owner'), writer: address('writer'), reader: address('reader') }
}

/** Runs SQL as one of the roles, over TCP. */
export async function queryAs(
  address: CentralAddress,
  sql: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client(clientConfig(address, { applicationName: 'test' }))
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const CALL_DEFAULTS: SqlRow = {
  ...Object.fromEntries(CALL_COLUMNS.map((column) => [column, null])),
  created_at: '2026-11-23 07:08:20.001',
  updated_at: '2026-11-23 07:09:00.500',
  caller: '0401234567',
  caller_name: 'Anna "A" \\ Ö',
  callee: '100',
  direction: 'inbound',
  status: 'completed',
  disposition: 'answered',
  missed: 0,
  offered: 1,
  start_time: '2026-11-23 07:08:20.001',
  answer_time: '2026-11-23 07:08:26.933',
  end_time: '2026-11-23 07:09:00.500',
  duration: 33.567,
  ring_seconds: 6.932,
  hold_seconds: 0,
  answered_by: '["PJSIP/101"]',
  transfers: 0,
  account_code: '',
  context: 'from-trunk',
  caller_endpoint: 'PJSIP/trunk-a',
  quality: '{"rx":{"mos":4.4},"tx":{}}',
}

/** A row of `calls` as SQLite gives it, with a channel id of its own. */
export function callRow(id: number, changes: SqlRow = {}): SqlRow {
  return { ...CALL_DEFAULTS, id, channel_id: `1700000000.${id}`, returned_by: null, returned_after: null, ...changes }
}

const LEG_DEFAULTS: SqlRow = {
  ...Object.fromEntries(LEG_COLUMNS.map((column) => [column, null])),
  call_start_time: '2026-11-23 07:08:20.001',
  endpoint: 'PJSIP/101',
  endpoint_role: 'phone',
  role: 'callee',
  dialed: '101',
  direction: 'inbound',
  start_time: '2026-11-23 07:08:21.000',
  talk_seconds: 33.567,
  result: 'answered',
}

export function legRow(id: number, callId: number, changes: SqlRow = {}): SqlRow {
  return { ...LEG_DEFAULTS, id, call_id: callId, ...changes }
}

const CALLER_DEFAULTS: SqlRow = {
  ...Object.fromEntries(Object.keys(MISSED_CALLER_FIELDS).map((column) => [column, null])),
  closed_by_call: null,
  number_key: 'k1',
  number: '0401234567',
  name: '',
  state: 'waiting',
  first_miss_time: '2026-11-23 07:09:00.500',
  last_miss_time: '2026-11-23 07:09:00.500',
  attempts: 1,
  tries: 0,
  called: '100',
}

export function missedCallerRow(id: number, changes: SqlRow = {}): SqlRow {
  return { ...CALLER_DEFAULTS, id, ...changes }
}

/** The end of a call with two legs, unless others are given. */
export function callItem(
  id: number,
  changes: SqlRow = {},
  legs: readonly SqlRow[] = [legRow(id * 2, id), legRow(id * 2 + 1, id)],
): OutboxItem {
  return { outboxId: 1000 + id, event: 'call', rowId: id, row: callRow(id, changes), legs }
}

export function missedCallerItem(outboxId: number, row: SqlRow): OutboxItem {
  return { outboxId, event: 'missed_caller', rowId: Number(row['id']), row, legs: [] }
}

export function parcelOf(items: readonly OutboxItem[], logId: string = LOG_ID): Parcel {
  return { logId, site: 'Oulu', items }
}
