// The command to copy works for any path, and on the tables as they are.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exampleCommand } from '../../../src/calllog/exampleQuery.ts'
import { openDatabase } from '../../../src/calllog/file/open.ts'

test('a path with quotes and spaces is one word of the shell', () => {
  const path = "/tmp/it's a $HOME `x`/calls.db"
  const words = execFileSync('sh', ['-c', `printf '%s\\n' ${exampleCommand(path)}`], { encoding: 'utf8' })
  expect(words.split('\n').slice(0, 3)).toEqual(['sqlite3', '-readonly', path])
})

test.skipIf(spawnSync('sqlite3', ['-version']).status !== 0)('the query fits the tables', () => {
  const path = join(mkdtempSync(join(tmpdir(), "it's a ")), 'calls.db')
  const { db, lock } = openDatabase(path)
  db.close()
  lock.close()
  expect(execFileSync('sh', ['-c', exampleCommand(path)], { encoding: 'utf8' })).toBe('')
})
