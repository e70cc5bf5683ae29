// A burst that the program cannot handle as it arrives: thousands of events are in the socket when it looks.

import { expect, test } from 'vitest'
import type { Pbx } from '../../../src/pbx-sim/pbx.ts'
import { exporter, pbxWith, ready, rows, type Started } from './exporterUnderTest.ts'
import { eventually, scrape, sumOf } from './program.ts'

const CALLS = 1_500

const QUEUE = 'asterisk_exporter_queue_bytes'
const LAG = 'asterisk_exporter_lag_seconds'
const DISCONNECTS = 'asterisk_exporter_session_disconnects_total'

/** The program is stopped while the calls run from their beginning to their end, and then finds all their events. */
async function burst(pbx: Pbx, { child }: Started): Promise<void> {
  child.kill('SIGSTOP')
  await Promise.all(
    Array.from({ length: CALLS }, () => pbx.place('answered-caller-hangs-up', { ringMs: 20, talkMs: 100 }).ended),
  )
  child.kill('SIGCONT')
}

const endedRows = (db: string) =>
  rows(db, 'SELECT count(*) AS calls, count(DISTINCT channel_id) AS channels FROM calls WHERE end_time IS NOT NULL')[0]

// The simulated PBX must not give up on a listener that is stopped by this test.
const PATIENT = { maxBufferedBytes: 1e9 }

test('keeps the connection, loses and doubles no call, and shows what waits', { timeout: 180_000 }, async () => {
  const pbx = await pbxWith(PATIENT)
  const program = await exporter({ ARI_URL: pbx.url })
  await ready(program.port)
  const over = burst(pbx, program)
  // The request is sent while the program is stopped, so it is answered among the first events.
  const behind = await eventually(
    () => scrape(program.port),
    (samples) => sumOf(samples, QUEUE) > 0,
  )
  expect(sumOf(behind, LAG)).toBeGreaterThan(0)
  await over
  const settled = await eventually(
    () => scrape(program.port),
    (samples) => sumOf(samples, 'asterisk_exporter_calllog_calls_written_total') >= CALLS,
  )
  expect(sumOf(settled, 'asterisk_calls_total')).toBe(CALLS)
  expect(sumOf(settled, 'asterisk_calls_started_total')).toBe(CALLS)
  expect([sumOf(settled, QUEUE), sumOf(settled, LAG), sumOf(settled, DISCONNECTS)]).toEqual([0, 0, 0])
  expect(pbx.listeners()).toBe(1)
  expect(endedRows(program.db)).toEqual({ calls: CALLS, channels: CALLS })
})

test('a burst beyond ARI_QUEUE_MB ends the session; what waits is handled, and the next session is in sync', {
  timeout: 180_000,
}, async () => {
  const pbx = await pbxWith(PATIENT)
  const program = await exporter({ ARI_URL: pbx.url, ARI_QUEUE_MB: '1' })
  await ready(program.port)
  await burst(pbx, program)
  await eventually(
    () => scrape(program.port),
    (samples) => samples.get(`${DISCONNECTS}{reason="overrun"}`) === 1,
  )
  await ready(program.port)
  const [truth] = await pbx.place('answered-caller-hangs-up', { ringMs: 20, talkMs: 100 }).ended
  await eventually(
    () => rows(program.db, `SELECT disposition FROM calls WHERE channel_id = '${truth?.channelId}'`),
    ([row]) => row?.['disposition'] === 'answered',
  )
  const settled = await scrape(program.port)
  expect([sumOf(settled, QUEUE), sumOf(settled, LAG), sumOf(settled, DISCONNECTS)]).toEqual([0, 0, 1])
  expect(sumOf(settled, 'asterisk_calls_started_total')).toBe(sumOf(settled, 'asterisk_calls_total'))
  expect(program.output()).toContain('more events wait than ARI_QUEUE_MB allows')
  const ended = endedRows(program.db)
  expect(ended?.['channels']).toBe(ended?.['calls'])
})
