// The tables of src/calllog/README.md name every column of the database and every disposition, and nothing else.

import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { DISPOSITIONS } from '../../src/call/fact.ts'
import { MIGRATIONS, migrate } from '../../src/calllog/file/migrations.ts'

const README = readFileSync(new URL('../../src/calllog/README.md', import.meta.url), 'utf8')

/** The names in the first column of the table below a heading. */
function named(heading: string): string[] {
  const [, section = ''] = README.split(`\n## ${heading}\n`)
  const [body = ''] = section.split('\n## ')
  const cells = [...body.matchAll(/^\| (`[^|]*)\|/gm)].map((match) => match[1] ?? '')
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map((match) => match[1] ?? ''))
}

test.each(['calls', 'legs', 'missed_callers'])('the columns of %s', (table) => {
  const db = new Database(':memory:')
  migrate(db, MIGRATIONS)
  const columns = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table)
  db.close()
  expect(columns.length).toBeGreaterThan(15)
  expect(named(`Columns of \`${table}\``).toSorted()).toEqual(columns.toSorted())
})

test('the dispositions', () => {
  expect(named('Dispositions').toSorted()).toEqual([...DISPOSITIONS].toSorted())
})
