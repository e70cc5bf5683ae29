// The PostgreSQL of the tests itself: what it must do for the other tests to mean something.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Postgres, startPostgres } from './postgres.ts'

let postgres: Postgres

beforeAll(async () => {
  postgres = await startPostgres()
})

afterAll(() => postgres.remove())

/** Over TCP, where the password counts. */
async function connect(password: string): Promise<string> {
  const words = ['-X', '-A', '-t', '-w', '-c', 'SELECT 1', postgres.url()]
  const { stdout } = await promisify(execFile)('/usr/lib/postgresql/15/bin/psql', words, {
    env: { PGPASSWORD: password },
  })
  return stdout.trim()
}

test('is a PostgreSQL 15', async () => {
  expect(await postgres.sql('SHOW server_version')).toMatch(/^15\./)
})

test('checks passwords', async () => {
  expect(await connect(postgres.password)).toBe('1')
  await expect(connect('wrong')).rejects.toThrow('password authentication failed')
})

test('keeps what was committed when it is stopped, and when it is killed', async () => {
  await postgres.sql('CREATE TABLE kept (n integer)')
  for (const end of [postgres.stop, postgres.kill]) {
    await postgres.sql('INSERT INTO kept VALUES (1)')
    await end()
    expect(postgres.pid()).toBeNull()
    await expect(postgres.sql('SELECT 1')).rejects.toThrow('failed')
    await postgres.start()
  }
  expect(await postgres.sql('SELECT count(*) FROM kept')).toBe('2')
  expect(postgres.output()).toContain('database system was not properly shut down')
})
