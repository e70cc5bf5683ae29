// Every family of calls on a real Asterisk: queues, transfers, parking, pickup, conferences, originated calls and more.
//
// All of them are played at once, each by phones of its own, while the built program listens; then each row of the call log
// is held against what the scenario means, and against Asterisk's CDR, CEL and queue_log.

import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordedCalls } from './cdr.ts'
import { Cel } from './cel.ts'
import { compareTotals } from './compare.ts'
import { databaseIn, type Exporter, isComplaint, startExporter } from './exporter.ts'
import { total } from './exposition.ts'
import type { Cast, Family, Played } from './families/family.ts'
import { ORIGINATED } from './families/originated.ts'
import { OTHERS, RELOAD } from './families/others.ts'
import { QUEUES } from './families/queues.ts'
import { TOGETHER } from './families/together.ts'
import { TRANSFERS } from './families/transfers.ts'
import { startAsterisk, stopAsterisk, untilQuiet } from './lab/asterisk.ts'
import { Phones } from './lab/phones/phones.ts'
import { ACCESS, PLACE, PORTS } from './lab/place.ts'
import { brokenParties, brokenRows } from './laws.ts'
import { type CallRow, Ledger, type LegRow } from './ledger.ts'
import { queueStays } from './queueLog.ts'
import { compareWithRecords, type Records, type Verdict } from './witness.ts'

// The order gives each its phones, and the queues name them.
const AT_ONCE: readonly Family[] = [...QUEUES, ...TRANSFERS, ...TOGETHER, ...ORIGINATED, ...OTHERS]
const FAMILIES: readonly Family[] = [...AT_ONCE, RELOAD]
const SPREAD_MS = 60

describe('every family of calls on a real Asterisk', () => {
  const outcomes = new Map<Family, PromiseSettledResult<Played | undefined>>()
  const verdicts: Verdict[] = []
  let phones: Phones
  let exporter: Exporter
  let ledger: Ledger
  let records: Records

  beforeAll(async () => {
    await startAsterisk()
    const folder = mkdtempSync(join(PLACE.run, 'families-'))
    exporter = await startExporter({ user: ACCESS.user, folder, settings: { LABEL_LIMIT: '1000' } })
    ledger = new Ledger(databaseIn(folder))
    phones = await Phones.open(PORTS.phones)
    const played = AT_ONCE.map(async (family, index) => {
      await sleep(index * SPREAD_MS)
      return play(family)
    })
    const results = await Promise.allSettled(played)
    for (const [index, family] of AT_ONCE.entries()) {
      const result = results[index]
      if (result !== undefined) outcomes.set(family, result)
    }
    await untilQuiet()
    const [last] = await Promise.allSettled([play(RELOAD)])
    outcomes.set(RELOAD, last)
    await untilQuiet()
    await sleep(1_000)
    const cdr = new Map(recordedCalls().map((call) => [call.id, call]))
    records = { cel: new Cel(), cdr, queueStays: queueStays() }
  })

  afterAll(async () => {
    phones?.close()
    ledger?.close()
    await exporter?.stop()
    await stopAsterisk()
  })

  function play(family: Family): Promise<Played | undefined> {
    return family.play(castOf(family, phones))
  }

  test.each(FAMILIES)('$name', (family) => {
    const outcome = outcomes.get(family)
    if (outcome?.status !== 'fulfilled') throw new Error(`It was not played as it was meant: ${outcome?.reason}`)
    const cast = castOf(family, phones)
    const rows = rowsOf(ledger.calls(), cast)
    const expected = family.rows(cast)
    expect(rows.map(told), `the log holds ${rows.length} rows of it`).toMatchObject(expected.map((row) => ({ ...row })))
    if (family.legs !== undefined) expect(offersOf(rows[0], ledger.legs())).toEqual(family.legs(cast).toSorted())
    const own = rows.map((row) => compareWithRecords(row, family, records))
    verdicts.push(...own)
    expect(own.flatMap((verdict) => verdict.differences)).toEqual([])
    for (const row of rows) expect(row.status).toBe(row.disposition === 'answered' ? 'completed' : row.disposition)
    const { held } = outcome.value ?? { held: 0 }
    if (held !== null) expect(rows[0]?.hold_seconds, 'seconds on hold').toBeCloseTo(held, 1)
    const merged = rows.filter((row) => row.disposition === 'merged').map((row) => row.merged_into)
    expect(merged).toEqual(merged.map(() => rows[0]?.channel_id))
  })

  test('the log holds each call that Asterisk set in motion, and each once', () => {
    const agreeing = verdicts.filter((verdict) => verdict.differences.length === 0)
    const figures = `calls compared ${verdicts.length}, agreeing ${agreeing.length}, differing ${verdicts.length - agreeing.length}`
    const spans = verdicts.reduce((sum, verdict) => sum + verdict.compared, 0)
    const largest = Math.max(...verdicts.map((verdict) => verdict.largest))
    say(
      `${FAMILIES.length} families: ${figures}; ${spans} instants and spans, largest difference ${largest.toFixed(4)} s`,
    )
    const inLog = ledger.calls().map((row) => row.channel_id)
    const inCel = records.cel.roots().map((channel) => channel.id)
    expect(inLog.toSorted()).toEqual(inCel.toSorted())
  })

  test('the laws hold, and /metrics say the same as the log and queue_log', async () => {
    const samples = await exporter.samples()
    const [rows, legs] = [ledger.calls(), ledger.legs()]
    expect(brokenRows(rows)).toEqual([])
    expect(legs.filter((leg) => leg.end_time === null || leg.result === null)).toEqual([])
    expect(compareTotals(ledger.totals(), samples)).toEqual([])
    expect(brokenParties(rows, legs, { samples, queueStays: records.queueStays })).toEqual([])
  })

  test('nothing is active any more', async () => {
    const samples = await exporter.samples()
    for (const name of ['asterisk_calls_active', 'asterisk_trunk_calls_active', 'asterisk_queue_callers_waiting'])
      expect(total(samples, name), name).toBe(0)
    for (const state of ['ringing', 'talking'])
      expect(total(samples, 'asterisk_operator_state', { state }), state).toBe(0)
    expect(total(samples, 'asterisk_exporter_malformed_frames_total')).toBe(0)
    expect(total(samples, 'asterisk_exporter_session_disconnects_total')).toBe(0)
  })

  test('the program had nothing to complain of', async () => {
    expect(await exporter.stop()).toBe(0)
    expect(exporter.lines.filter(isComplaint)).toEqual([])
  })
})

function castOf(family: Family, phones: Phones): Cast {
  const number = FAMILIES.indexOf(family)
  const phone = (last: number): string => String(3000 + number * 10 + last)
  return {
    phones,
    a: phone(1),
    b: phone(2),
    c: phone(3),
    d: phone(4),
    outside: `04${String(number).padStart(2, '0')}77`,
  }
}

/** The rows of one scenario, in the order in which the calls began. */
function rowsOf(rows: readonly CallRow[], { a, b, c, d, outside }: Cast): CallRow[] {
  const own = new Set([a, b, c, d, outside])
  const numbers = (row: CallRow): string[] => [row.caller, row.caller_endpoint, row.callee, row.callee.slice(2)]
  return rows
    .filter((row) => numbers(row).some((number) => own.has(number)))
    .toSorted((one, other) => one.start_time.localeCompare(other.start_time))
}

function offersOf(row: CallRow | undefined, legs: readonly LegRow[]): string[] {
  const own = legs.filter((leg) => leg.call_id === row?.id && leg.role === 'callee')
  return own.map((leg) => `${leg.endpoint} ${leg.result}`).toSorted()
}

function told(row: CallRow): Record<string, unknown> {
  return { ...row, answered_by: JSON.parse(row.answered_by) as unknown }
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}
