// A search text finds calls by number, in any notation, and by the names that a list shows.

import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { MIGRATIONS, migrate } from '../../../src/calllog/file/migrations.ts'
import { textSearch } from '../../../src/calllog/reader/textSearch.ts'

interface Shown {
  readonly caller?: string
  readonly callee?: string
  readonly caller_name?: string
  readonly answered_by?: string
  readonly queue?: string | null
  readonly trunk?: string | null
  /** The endpoint that the call was offered to. */
  readonly offered?: string
}

const LEG = `INSERT INTO legs (call_id, endpoint, endpoint_role, role, dialed, direction, start_time, talk_seconds, call_start_time)
  VALUES (1, ?, 'phone', 'callee', '', 'internal', '2026', 0, '2026')`

function finds(text: string, { offered, ...shown }: Shown): boolean {
  const { sql, values } = textSearch(text)
  const call = { id: 1, caller: '', callee: '', caller_name: '', answered_by: '', queue: null, trunk: null, ...shown }
  const db = new Database(':memory:')
  migrate(db, MIGRATIONS)
  if (offered !== undefined) {
    db.prepare(LEG).run(offered)
  }
  const columns = Object.keys(call).map((name) => `@${name} AS ${name}`)
  const found = db
    .prepare(`SELECT 1 FROM (SELECT ${columns.join(', ')}) WHERE ${sql}`)
    .get({ ...call, ...values, from: '', to: '~' })
  db.close()
  return found !== undefined
}

test.each([
  ['050 771 9170', '0507719170', true],
  ['050-771-9170', '0507719170', true],
  ['(050) 771 9170', '+358507719170', true],
  ['0507719170', '+358507719170', true],
  ['0507719170', '358507719170', true],
  ['+358507719170', '0507719170', true],
  ['+358 50 771 9170', '0507719170', true],
  ['00358507719170', '0507719170', true],
  ['+358507719170', '+358507719170', true],
  ['+14155550123', '04155550123', true],
  ['+358507719170', '90507719170', true],
  ['0507719170', '900358507719170', true],
  ['+372 5012 345', '05012345', true],
  ['+372 5012 345', '005012345', true],
  ['9170', '0507719170', true],
  ['91 70', '0507719170', true],
  ['170', '*******170', true],
  ['9170', '*******170', false],
  ['0507719170', '*******170', false],
  ['*******170', '*******170', true],
  ['*******170', '0507719170', false],
  ['*97', '*97', true],
  ['*21#', '*21#', true],
  ['7719', '0507719170', false],
  ['0507719', '0507719170', false],
  ['+35850', '+358507719170', true],
  ['+358 50', '+358507719170', true],
  ['+358 50', '0358507719170', false],
  ['101', '101', true],
  ['0507719170', '0507719171', false],
  ['+358507719170', '0507719171', false],
  ['+358507719170', '0', false],
  ['+358507719170', '07719170', false],
  ['+123450507719170', '0507719170', false],
  ['101', '110', false],
  ['+', '+358507719170', true],
])('%s, with %s: %s', (text, number, found) => {
  expect([finds(text, { caller: number }), finds(text, { callee: number })]).toEqual([found, found])
})

test.each([
  ['doe', { caller_name: 'J. Doe' }, true],
  ['J. D', { caller_name: 'J. Doe' }, true],
  ['иванов', { caller_name: 'Пётр Иванов' }, true],
  ['müller', { caller_name: 'Müller' }, true],
  ['support', { queue: 'Support' }, true],
  ['trunk-a', { trunk: 'trunk-a' }, true],
  ['alice', { answered_by: '["alice"]' }, true],
  ['anna', { offered: 'anna' }, true],
  [' 105 ', { offered: '105' }, true],
  ['10', { offered: '105' }, false],
  ['1 0 5', { offered: '105' }, false],
  ['5550105', { offered: '5550105' }, false],
  ['anna', { offered: 'hanna' }, false],
  ['%', { caller_name: 'J. Doe' }, false],
  ['_', { caller_name: 'J. Doe' }, false],
  ['\\', { caller_name: 'J. Doe' }, false],
  ['100%', { caller_name: '100% sure' }, true],
  ['sales', { queue: 'Support' }, false],
])('%s, with %j: %s', (text, shown, found) => {
  expect(finds(text, shown)).toBe(found)
})
