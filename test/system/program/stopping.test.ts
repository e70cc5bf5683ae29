// SIGTERM while the database is locked: nothing is lost that a supervisor would have waited for.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { startPbx } from '../../../src/pbx-sim/pbx.ts'
import { eventually, freePort, freshFolder, scrape, startProgram, sumOf } from './program.ts'

const PENDING = 'asterisk_exporter_calllog_pending'

async function lockedProgram() {
  const pbx = await startPbx({ user: 'exporter', password: 'secret', noise: false, callsPerSecond: 10, speed: 20 })
  onTestFinished(() => pbx.stop())
  const db = join(freshFolder(), 'calls.db')
  const start = async () => {
    const port = await freePort()
    const program = startProgram([], {
      ARI_URL: pbx.url,
      ARI_USER: 'exporter',
      ARI_PASSWORD: 'secret',
      DB_PATH: db,
      HTTP_PORT: String(port),
      STOP_TIMEOUT: '3',
    })
    onTestFinished(() => void program.child.kill('SIGKILL'))
    await eventually(
      () => scrape(port),
      (samples) => sumOf(samples, 'asterisk_calls_total') > 3,
    )
    return { ...program, port }
  }
  const program = await start()
  const other = new Database(db, { timeout: 5_000 })
  onTestFinished(() => void other.close())
  other.exec('BEGIN IMMEDIATE')
  await eventually(
    () => scrape(program.port),
    (samples) => sumOf(samples, PENDING) > 5,
  )
  return { db, program, start, unlock: () => void other.exec('ROLLBACK') }
}

test('the lock is waited for', { timeout: 40_000 }, async () => {
  const { db, program, unlock } = await lockedProgram()
  program.child.kill('SIGTERM')
  await eventually(program.output, (text) => text.includes('"msg":"stopping"'))
  unlock()
  expect(await program.ended).toBe(0)
  expect(program.output()).toContain('the call log is written again')
  expect(endedOf(db)).toEqual(rowsOf(db))
})

test('a lock that stays leaves the calls beside the database, and the next start has them', {
  timeout: 40_000,
}, async () => {
  const { db, program, start, unlock } = await lockedProgram()
  program.child.kill('SIGTERM')
  expect(await program.ended).toBe(0)
  expect(program.output()).toContain('the next start reads what waited from this file')
  unlock()
  const before = rowsOf(db)
  const next = await start()
  expect(next.output()).toContain('what the last run could not write is in the call log now')
  expect(rowsOf(db)).toBeGreaterThan(before + 5)
  expect(endedOf(db)).toEqual(rowsOf(db))
})

test('calls that are lost are said, and the exit code tells', { timeout: 40_000 }, async () => {
  const { db, program } = await lockedProgram()
  mkdirSync(`${db}-spill`)
  program.child.kill('SIGTERM')
  expect(await program.ended).toBe(1)
  expect(program.output()).toMatch(/"level":50.*"lost":\d+.*could not all be kept/)
})

function one(db: string, sql: string): number {
  const database = new Database(db, { readonly: true })
  try {
    return database.prepare<[], number>(sql).pluck().get() ?? 0
  } finally {
    database.close()
  }
}

const rowsOf = (db: string) => one(db, 'SELECT count(*) FROM calls WHERE end_time IS NOT NULL')
const endedOf = (db: string) => one(db, "SELECT value FROM counters WHERE name = 'ended'")
