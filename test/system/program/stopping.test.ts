// SIGTERM while the database is locked: every call is written, kept beside the database, or counted as lost.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { startPbx } from '../../../src/pbx-sim/pbx.ts'
import { eventually, freePort, freshFolder, scrape, startProgram, sumOf } from './program.ts'

const PENDING = 'asterisk_exporter_calllog_pending'

/** A program whose database is locked by another, with calls that wait to be written. `stopTimeout`: seconds. */
async function lockedProgram(stopTimeout: number) {
  const pbx = await startPbx({ user: 'exporter', password: 'secret', traffic: 'lean', callsPerSecond: 10, speed: 20 })
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
      STOP_TIMEOUT: String(stopTimeout),
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

test('a stop waits for the lock', async () => {
  const { db, program, unlock } = await lockedProgram(60)
  program.child.kill('SIGTERM')
  await eventually(program.output, (text) => text.includes('"msg":"stopping"'))
  unlock()
  expect(await program.ended).toBe(0)
  expect(program.output()).toContain('the call log is written again')
  expect(endedOf(db)).toEqual(rowsOf(db))
})

test('a stop writes the calls beside a database that stays locked, and the next start adds them', async () => {
  const { db, program, start, unlock } = await lockedProgram(5)
  program.child.kill('SIGTERM')
  expect(await program.ended).toBe(0)
  expect(program.output()).toContain('the next start reads the unwritten calls from this file')
  unlock()
  const before = rowsOf(db)
  const next = await start()
  expect(next.output()).toContain('the calls that the last run could not write are in the call log now')
  expect(rowsOf(db)).toBeGreaterThan(before + 5)
  expect(endedOf(db)).toEqual(rowsOf(db))
})

test('a stop that loses calls logs how many and exits with code 1', async () => {
  const { db, program } = await lockedProgram(5)
  mkdirSync(`${db}-spill`)
  program.child.kill('SIGTERM')
  expect(await program.ended).toBe(1)
  expect(program.output()).toMatch(/"level":50.*"lost":\d+.*not all calls could be saved/)
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
