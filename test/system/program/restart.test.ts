// The program is killed and started again: nothing that was in the call log is lost, and counters continue.

import { describe, expect, test } from 'vitest'
import { exporter, pbxWith, ready, rows, TALKS_ON } from './exporterUnderTest.ts'
import { eventually, scrape, sumOf } from './program.ts'

/** A program that has logged the answer of a call; `call.endPause` ends the conversation. */
async function answeredCall() {
  const pbx = await pbxWith({})
  const first = await exporter({ ARI_URL: pbx.url })
  await ready(first.port)
  const call = pbx.place('answered-caller-hangs-up', TALKS_ON)
  await eventually(
    () => rows(first.db, 'SELECT * FROM calls'),
    ([row]) => row?.['status'] === 'answered',
  )
  return { pbx, first, call }
}

describe('kill -9 under load, and a start after it', () => {
  test('loses no call that was in the log, doubles none, and continues the counters', async () => {
    const pbx = await pbxWith({ callsPerSecond: 20, speed: 40 })
    const first = await exporter({ ARI_URL: pbx.url, LOG_LEVEL: 'warn' })
    await ready(first.port)
    const seen = await eventually(
      () => scrape(first.port),
      (samples) => sumOf(samples, 'asterisk_calls_total') > 60,
    )
    const before = rows(
      first.db,
      "SELECT channel_id FROM calls WHERE end_time < strftime('%Y-%m-%d %H:%M:%f', 'now', '-0.1 seconds')",
    )
    first.child.kill('SIGKILL')
    await first.ended

    const second = await exporter({ ARI_URL: pbx.url, LOG_LEVEL: 'warn' }, first.db)
    await ready(second.port)
    const after = await scrape(second.port)
    for (const [series, value] of seen) {
      if (/^asterisk_(calls|missed_calls)_total|^asterisk_call_.*_(sum|count|bucket)/.test(series)) {
        expect([series, (after.get(series) ?? 0) >= value]).toEqual([series, true])
      }
    }
    const onDisk = new Set(
      rows(second.db, 'SELECT channel_id FROM calls WHERE end_time IS NOT NULL').map((row) => row['channel_id']),
    )
    for (const row of before) {
      expect(onDisk.has(row['channel_id'])).toBe(true)
    }
    expect(rows(second.db, 'SELECT channel_id FROM calls GROUP BY channel_id HAVING count(*) > 1')).toEqual([])
    // A call that ended while no program ran gets an unknown end: no row stays open whose channel is gone.
    await eventually(
      () => {
        const alive = new Set(pbx.liveChannels().map(({ id }) => id))
        return rows(second.db, 'SELECT channel_id FROM calls WHERE end_time IS NULL').filter(
          (row) => !alive.has(String(row['channel_id'])),
        )
      },
      (left) => left.length === 0,
    )
    const settled = await scrape(second.port)
    expect(sumOf(settled, 'asterisk_calls_total')).toBe(
      sumOf(settled, 'asterisk_exporter_calllog_calls_written_total') +
        sumOf(settled, 'asterisk_exporter_calllog_pending'),
    )
    expect(sumOf(settled, 'asterisk_calls_started_total')).toBe(
      sumOf(settled, 'asterisk_calls_total') + sumOf(settled, 'asterisk_calls_active'),
    )
  })

  test('keeps a call that lasts through both as one row, with its real start and answer', async () => {
    const { pbx, first, call } = await answeredCall()
    first.child.kill('SIGKILL')
    await first.ended
    const second = await exporter({ ARI_URL: pbx.url }, first.db)
    await ready(second.port)
    expect(sumOf(await scrape(second.port), 'asterisk_calls_active')).toBe(1)
    call.endPause()
    const [truth] = await call.ended
    const [row] = await eventually(
      () => rows(second.db, 'SELECT * FROM calls'),
      ([row]) => row?.['status'] === 'completed',
    )
    expect(row).toMatchObject({ caller: truth?.caller, disposition: 'answered' })
    expect(Number(row?.['duration'])).toBeCloseTo((truth?.durationMs ?? 0) / 1000, 1)
    expect(Number(row?.['answer_delay'])).toBeCloseTo((truth?.answerDelayMs ?? 0) / 1000, 1)
    expect(rows(second.db, 'SELECT id FROM calls')).toHaveLength(1)
    const samples = await scrape(second.port)
    expect(samples.get('asterisk_exporter_reconciled_calls_total{outcome="kept"}')).toBe(1)
  })
})

/** The calls of which the program said that they ended, in that order: channel and epoch ms. */
function endsSaid(output: string): readonly { readonly channel: string; readonly at: number }[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line): { msg: string; channel: string; time: string } => JSON.parse(line))
    .filter(({ msg }) => msg.startsWith('ended '))
    .map(({ channel, time }) => ({ channel, at: Date.parse(time) }))
}

test('kill -9 under load loses the calls of the last 100 ms at most, and none before one that is stored', async () => {
  const pbx = await pbxWith({ callsPerSecond: 100, speed: 40 })
  const ages: number[] = []
  let db: string | undefined
  // A machine that is busy with other work can delay one of the writes.
  for (let kill = 0; kill < 6 && !ages.some((age) => age <= 100); kill += 1) {
    const program = await exporter({ ARI_URL: pbx.url }, db)
    db = program.db
    await eventually(
      () => endsSaid(program.output()).length,
      (ends) => ends > 100 + 17 * kill,
    )
    const killedAt = Date.now()
    program.child.kill('SIGKILL')
    await program.ended
    const stored = new Set(
      rows(db, 'SELECT channel_id FROM calls WHERE end_time IS NOT NULL').map((row) => row['channel_id']),
    )
    const ends = endsSaid(program.output())
    const firstLost = ends.findIndex(({ channel }) => !stored.has(channel))
    const lost = firstLost < 0 ? [] : ends.slice(firstLost)
    expect(lost.filter(({ channel }) => stored.has(channel))).toEqual([])
    ages.push(Math.max(0, ...lost.map(({ at }) => killedAt - at)))
  }
  expect(Math.min(...ages)).toBeLessThanOrEqual(100)
})

/** How long after the answer the PBX was last connected, as the log notes it. */
const SEEN_AFTER_ANSWER = `SELECT value / 1000.0 - unixepoch(answer_time, 'subsec') AS seconds FROM calls, counters WHERE name = 'at'`

describe('a call that ends while the program is not running', () => {
  test('lasts until the last time that the program was connected, within a second', async () => {
    const { pbx, first, call } = await answeredCall()
    const [noted] = await eventually(
      () => rows(first.db, SEEN_AFTER_ANSWER),
      ([row]) => Number(row?.['seconds']) > 1.5,
    )
    first.child.kill('SIGKILL')
    await first.ended
    call.endPause()
    const [truth] = await call.ended
    const second = await exporter({ ARI_URL: pbx.url }, first.db)
    await ready(second.port)
    const [row] = await eventually(
      () => rows(second.db, 'SELECT * FROM calls'),
      ([one]) => one?.['end_time'] !== null,
    )
    expect(row).toMatchObject({ disposition: 'answered', status: 'completed' })
    expect(Number(row?.['duration'])).toBeGreaterThan(Number(noted?.['seconds']) - 1)
    expect(Number(row?.['duration'])).toBeLessThan((truth?.durationMs ?? 0) / 1000)
  })
})
