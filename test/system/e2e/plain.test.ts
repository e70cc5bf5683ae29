// Plain calls on a real Asterisk: each of them must be in the call log and on /metrics, right.
//
// The built program runs beside it all the time; its rows are compared with Asterisk's own CDR and CEL files.
// Needs root, debootstrap (once) and sipp, and fails with one sentence where they are missing.

import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { CallLogRows } from './callLogRows.ts'
import { type CdrCall, recordedCalls } from './cdr.ts'
import { compareCalls, compareTotals } from './compare.ts'
import { Watch } from './delayWatch.ts'
import { databaseIn, type Exporter, isComplaint, startExporter } from './exporter.ts'
import { total } from './exposition.ts'
import { groupedBy } from './groupedBy.ts'
import { hangUpAll, startAsterisk, stopAsterisk, untilQuiet } from './lab/asterisk.ts'
import { has } from './lab/install.ts'
import { ACCESS, PLACE } from './lab/place.ts'
import { type Player, Stage } from './lab/sipp.ts'
import { mostAtOnce, OVERLAP_ENDS, playOverlap } from './parallelLoad.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'

// Only a hang takes as long; the test prints what it was.
const LATEST_MS = 30_000

describe('plain calls on a real Asterisk', () => {
  const stage = new Stage()
  const announced = new Set<string>()
  let exporter: Exporter
  let callLog: CallLogRows
  let watch: Watch

  beforeAll(async () => {
    say(await startAsterisk())
    const folder = mkdtempSync(join(PLACE.run, 'plain-'))
    exporter = await startExporter({ user: ACCESS.user, app: ACCESS.application, folder })
    callLog = new CallLogRows(databaseIn(folder))
    watch = new Watch(exporter, callLog)
  })

  afterEach(async () => {
    stage.clear()
    await hangUpAll()
  })

  afterAll(async () => {
    await watch?.stop().catch(() => undefined)
    callLog?.close()
    await exporter?.stop()
    await stopAsterisk()
  })

  test.each(SCENARIOS)('$name', async (scenario) => {
    const before = recordedCalls().length
    await over(await play(stage, scenario))
    const calls = await recordedSince(before, scenario.cdr === null ? 0 : 1)
    expect(calls).toHaveLength(scenario.cdr === null ? 0 : 1)
    const [call] = calls
    if (call === undefined) {
      return
    }
    if (scenario.announcement) {
      announced.add(call.id)
    }
    expect(call.dispositions, 'the scenario did not happen as it was meant').toContain(scenario.cdr)
    await expect.poll(() => callLog.call(call.id)?.end_time).toEqual(expect.any(String))
    const row = callLog.call(call.id)
    const { answered_by: answeredBy, ...expected } = scenario.log ?? {}
    expect(row).toMatchObject(expected)
    if (answeredBy !== undefined) {
      expect(JSON.parse(row?.answered_by ?? '')).toEqual(answeredBy)
    }
    expect(row?.status).toBe(call.answered ? 'completed' : row?.disposition)
    expect(compareCalls([call], row === undefined ? [] : [row], announced).differences).toEqual([])
  })

  test('two hundred calls at once', async () => {
    const before = recordedCalls().length
    const known = new Set(callLog.calls().map((row) => row.id))
    await over(await playOverlap(stage))
    const calls = await recordedSince(before, 200)
    expect(calls).toHaveLength(200)
    await expect.poll(() => callLog.ended() - known.size).toBe(200)
    const rows = callLog.calls().filter((row) => !known.has(row.id))
    expect(tally(rows.map((row) => `${row.direction} ${row.disposition}`))).toEqual(OVERLAP_ENDS)
    say(`two hundred calls: ${mostAtOnce(calls)} of them at once, ${watch.mostActive} shown on /metrics`)
    expect(mostAtOnce(calls)).toBeGreaterThan(100)
    expect(watch.mostActive).toBeGreaterThan(100)
    expect(compareCalls(calls, rows, announced).differences).toEqual([])
  })

  test('Asterisk and the call log agree on every call', () => {
    const result = compareCalls(recordedCalls(), callLog.calls(), announced)
    const differing = result.compared - result.agreeing
    say(
      `calls compared ${result.compared}, agreeing ${result.agreeing}, differing ${differing}; largest difference of a duration ${result.largest.toFixed(4)} s`,
    )
    expect(result.differences).toEqual([])
    expect(result.compared).toBeGreaterThan(220)
  })

  test('/metrics and the call log say the same, and nothing is active', async () => {
    const samples = await exporter.settled(callLog.ended())
    expect(compareTotals(callLog.totals(), samples)).toEqual([])
    expect(total(samples, 'asterisk_calls_total')).toBe(recordedCalls().length)
    expect(total(samples, 'asterisk_calls_active')).toBe(0)
    expect(total(samples, 'asterisk_exporter_calllog_calls_written_total')).toBe(callLog.ended())
    expect(total(samples, 'asterisk_exporter_malformed_frames_total')).toBe(0)
  })

  test('every call reached the log and /metrics', async () => {
    await expect.poll(() => watch.counted).toBe(recordedCalls().length)
    await watch.stop()
    const late = watch.lateness(recordedCalls().map((call) => call.endedAt))
    say(
      `latest call: ${Math.max(...late.rows).toFixed(0)} ms to the log, ${Math.max(...late.metrics).toFixed(0)} ms to /metrics`,
    )
    expect(late.rows.filter((ms) => ms > LATEST_MS)).toHaveLength(0)
    expect(late.metrics.filter((ms) => ms > LATEST_MS)).toHaveLength(0)
  })

  test('promtool accepts /metrics', async (context) => {
    if (!(await has('promtool'))) {
      say('promtool is not installed (apt-get install prometheus): its check of /metrics was skipped')
      context.skip()
    }
    expect(await promtool(await exporter.exposition())).toEqual({ code: 0, said: '' })
  })

  test('SIGTERM ends the program with code 0, and it logged no warning', async () => {
    expect(await exporter.stop()).toBe(0)
    expect(exporter.lines.filter(isComplaint)).toEqual([])
  })
})

async function play(stage: Stage, scenario: Scenario): Promise<Player[]> {
  const players: Player[] = []
  for (const [port, what] of scenario.phones) {
    players.push(await stage.callee(port, what))
  }
  return [...players, scenario.givesUp ? stage.callerGivesUp(scenario.call) : stage.callers([scenario.call])]
}

/** Resolves when every phone has played its part and Asterisk has no channel left. */
async function over(players: readonly Player[]): Promise<void> {
  await Promise.all(players.map((player) => player.done))
  await untilQuiet()
}

// Asterisk writes a record a moment after the channel is gone.
async function recordedSince(before: number, count: number): Promise<CdrCall[]> {
  await expect.poll(() => recordedCalls().length - before).toBeGreaterThanOrEqual(count)
  return recordedCalls().slice(before)
}

function tally(values: readonly string[]): Record<string, number> {
  return Object.fromEntries([...groupedBy(values, (value) => value)].map(([value, all]) => [value, all.length]))
}

async function promtool(exposition: string): Promise<{ code: number | null; said: string }> {
  const child = spawn('promtool', ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  child.stdin.end(exposition)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, said: said.trim() }
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}
