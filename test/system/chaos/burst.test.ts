// A burst while the database is locked: hundreds of calls a second.
//
// The thread that reads the socket must not wait for the disk, or Asterisk would disconnect the program.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { type Pbx, startPbx } from '../../../src/pbx-sim/pbx.ts'
import { eventually, freshFolder, scrape, sumOf } from '../program/program.ts'
import { createSubject } from './programUnderTest.ts'

const CALLS_PER_SECOND = 240
const CALLS = 960
const STEP_MS = 50
const LEAST_LOCKED_MS = 4_000
const PENDING = 'asterisk_exporter_calllog_pending'

const running: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const stop of running.splice(0).reverse()) {
    await stop()
  }
})

test('loses no call, stays connected and keeps counting while the database is locked', {
  timeout: 300_000,
}, async () => {
  const complaints: string[] = []
  const ended = new Set<string>()
  const pbx = await startPbx(
    // A busy machine must not make the PBX disconnect the program; the delay of the event loop is checked below.
    { user: 'burst', password: 'burst-pass-word', traffic: 'lean', maxBufferedBytes: 1e9 },
    { log: (line) => complaints.push(line), callEnded: (truth) => ended.add(truth.channelId) },
  )
  running.push(pbx.stop)
  const db = join(freshFolder(), 'calls.db')
  const subject = await createSubject({
    ...{ ARI_URL: pbx.url, ARI_USER: 'burst', ARI_PASSWORD: 'burst-pass-word', DB_PATH: db },
  })
  running.push(() => subject.end('SIGKILL'))
  subject.start()
  await eventually(subject.isReady, Boolean)
  await scrape(subject.port)

  const other = new Database(db)
  other.exec('BEGIN IMMEDIATE')
  const calls = burst(pbx)
  const lockedAt = performance.now()
  const delays: number[] = []
  const locked = await eventually(
    async () => {
      const samples = await scrape(subject.port)
      delays.push(sumOf(samples, 'nodejs_eventloop_lag_max_seconds'))
      return samples
    },
    (samples) => sumOf(samples, PENDING) > CALLS / 2 && performance.now() - lockedAt > LEAST_LOCKED_MS,
  )
  const lockedSeconds = (performance.now() - lockedAt) / 1_000
  other.exec('COMMIT')
  other.close()

  const pending = sumOf(locked, PENDING)
  expect(sumOf(locked, 'asterisk_calls_total')).toBe(
    sumOf(locked, 'asterisk_exporter_calllog_calls_written_total') + pending,
  )
  // Waiting for the lock on the main thread would stop it for as long; a busy machine stops it for moments.
  expect(Math.max(...delays)).toBeLessThan(lockedSeconds / 2)
  expect(Math.max(...delays)).toBeGreaterThan(0)

  await calls
  const settled = await eventually(
    () => scrape(subject.port),
    (samples) => sumOf(samples, 'asterisk_exporter_calllog_calls_written_total') >= ended.size,
  )
  expect([complaints, pbx.listeners()]).toEqual([[], 1])
  expect(sumOf(settled, 'asterisk_exporter_session_disconnects_total')).toBe(0)
  expect(sumOf(settled, PENDING)).toBe(0)
  await subject.end('SIGTERM')
  const log = new Database(db, { readonly: true })
  const rows = log.prepare<[], string>('SELECT channel_id FROM calls WHERE end_time IS NOT NULL').pluck().all()
  log.close()
  expect(rows).toHaveLength(CALLS)
  expect(new Set(rows)).toEqual(ended)
})

async function burst(pbx: Pbx): Promise<void> {
  const over: Promise<unknown>[] = []
  while (over.length < CALLS) {
    for (let count = 0; count < (CALLS_PER_SECOND * STEP_MS) / 1_000; count += 1) {
      over.push(pbx.place('answered-caller-hangs-up', { ringMs: 20, talkMs: 100 }).ended)
    }
    await sleep(STEP_MS)
  }
  await Promise.all(over)
}
