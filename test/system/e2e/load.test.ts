// Two thousand calls of every common kind at twenty a second, on a real Asterisk, each compared with Asterisk's own record.
//
// None may be missing, none may be there twice; who was answered and for how long must agree; and the sums on /metrics are
// those of the calls that were made. What the program used of the processor is printed, not judged.

import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../program/program.ts'
import { CallLogRows } from './callLogRows.ts'
import { type CdrCall, recordedCalls } from './cdr.ts'
import { Cel } from './cel.ts'
import { compareCalls, compareTotals } from './compare.ts'
import { Watch } from './delayWatch.ts'
import { databaseIn, type Exporter, isComplaint, startExporter } from './exporter.ts'
import { total } from './exposition.ts'
import { groupedBy } from './groupedBy.ts'
import { startAsterisk, stopAsterisk, untilQuiet } from './lab/asterisk.ts'
import { Phones } from './lab/phones/phones.ts'
import { ACCESS, PLACE, PORTS } from './lab/place.ts'
import { brokenParties, brokenRows } from './laws.ts'
import { queueStays } from './queueLog.ts'
import { ANNOUNCED, playRush, rushEnds } from './steadyLoad.ts'

const CALLS = 2_000
const PER_SECOND = 20
// Only a hang takes as long; the test prints what it was.
const LATEST_MS = 30_000

// `expect.poll` works in tests only, not in hooks.
function untilEqual(count: () => number, expected: number): Promise<number> {
  return eventually(count, (found) => found === expected)
}

describe('many calls on a real Asterisk', () => {
  let phones: Phones
  let exporter: Exporter
  let callLog: CallLogRows
  let recorded: readonly CdrCall[]
  let mishaps: readonly string[]
  let late: { rows: number[]; metrics: number[] }
  let seconds: number
  let cpu: number

  beforeAll(async () => {
    await startAsterisk()
    const folder = mkdtempSync(join(PLACE.run, 'load-'))
    exporter = await startExporter({ user: ACCESS.user, folder })
    callLog = new CallLogRows(databaseIn(folder))
    phones = await Phones.open(PORTS.phones)
    const watch = new Watch(exporter, callLog, 250)
    const [before, begun] = [await cpuSeconds(exporter), Date.now()]
    mishaps = await playRush(phones, CALLS, PER_SECOND)
    await untilQuiet()
    seconds = (Date.now() - begun) / 1000
    await untilEqual(() => recordedCalls().length, CALLS)
    await untilEqual(() => callLog.ended(), CALLS)
    cpu = (await cpuSeconds(exporter)) - before
    recorded = recordedCalls()
    await untilEqual(() => watch.counted, CALLS)
    await watch.stop()
    late = watch.lateness(recorded.map((call) => call.endedAt))
  })

  afterAll(async () => {
    phones?.close()
    callLog?.close()
    await exporter?.stop()
    await stopAsterisk()
  })

  test('all calls were made and ended as planned', () => {
    expect(mishaps).toEqual([])
    expect(recorded).toHaveLength(CALLS)
    const ends = groupedBy(callLog.calls(), (row) => `${row.direction} ${row.disposition}`)
    expect(Object.fromEntries([...ends].map(([end, rows]) => [end, rows.length]))).toEqual(rushEnds(CALLS))
  })

  test('Asterisk and the call log agree on every call; none is missing, none is there twice', () => {
    const rows = callLog.calls()
    const announced = new Set(rows.filter((row) => ANNOUNCED.has(row.callee)).map((row) => row.channel_id))
    const result = compareCalls(recorded, rows, announced)
    const byId = groupedBy(rows, (row) => row.channel_id)
    const missing = recorded.filter((call) => !byId.has(call.id)).length
    const doubled = [...byId.values()].filter((own) => own.length > 1).length
    say(
      `${CALLS} calls in ${seconds.toFixed(0)} s: compared ${result.compared}, agreeing ${result.agreeing}, differing ${result.compared - result.agreeing}, missing ${missing}, doubled ${doubled}; largest difference of a duration ${result.largest.toFixed(4)} s`,
    )
    expect(result.differences).toEqual([])
    expect([missing, doubled]).toEqual([0, 0])
    const roots = new Cel().roots().map((channel) => channel.id)
    expect(rows.map((row) => row.channel_id).toSorted()).toEqual(roots.toSorted())
  })

  test('the laws hold, /metrics say the same as the log and queue_log, and nothing is active', async () => {
    const samples = await exporter.settled(callLog.ended())
    expect(brokenRows(callLog.calls())).toEqual([])
    expect(compareTotals(callLog.totals(), samples)).toEqual([])
    expect(brokenParties(callLog.calls(), callLog.legs(), { samples, queueStays: queueStays() })).toEqual([])
    expect(total(samples, 'asterisk_calls_total')).toBe(CALLS)
    expect(total(samples, 'asterisk_calls_active')).toBe(0)
    expect(total(samples, 'asterisk_queue_callers_waiting')).toBe(0)
    expect(total(samples, 'asterisk_exporter_session_disconnects_total')).toBe(0)
  })

  test('every call reached the log and /metrics', () => {
    const [row, metric] = [Math.max(...late.rows), Math.max(...late.metrics)]
    say(`latest call: ${row.toFixed(0)} ms to the log, ${metric.toFixed(0)} ms to /metrics`)
    say(
      `the exporter used ${cpu.toFixed(1)} s of CPU: ${((cpu / CALLS) * 1000).toFixed(2)} ms a call, scrapes included`,
    )
    expect(row).toBeLessThan(LATEST_MS)
    expect(metric).toBeLessThan(LATEST_MS)
  })

  test('the program logged no warning', async () => {
    expect(await exporter.stop()).toBe(0)
    expect(exporter.lines.filter(isComplaint)).toEqual([])
  })
})

async function cpuSeconds(exporter: Exporter): Promise<number> {
  return total(await exporter.samples(), 'process_cpu_seconds_total')
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}
