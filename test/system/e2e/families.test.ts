// Every family of calls on a real Asterisk: queues, transfers, parking, pickup, conferences, originated calls and more.
//
// All of them are played at once, each by phones of its own, while the built program listens; then each row of the call log
// is compared with what the scenario means, and with Asterisk's CDR, CEL and queue_log.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareWithRecords, type Records, type Verdict } from './asteriskRecords.ts'
import type { CallRow, LegRow } from './callLogRows.ts'
import type { Cast, Family, Played } from './families/family.ts'
import { ORIGINATED } from './families/originated.ts'
import { OTHERS, RELOAD } from './families/others.ts'
import { QUEUES } from './families/queues.ts'
import { TOGETHER } from './families/together.ts'
import { TRANSFERS } from './families/transfers.ts'
import type { Phones } from './lab/phones/phones.ts'
import { Session } from './session.ts'
import { say, testWhole } from './sessionTests.ts'

// The order gives each its phones, and the queues name them.
const AT_ONCE: readonly Family[] = [...QUEUES, ...TRANSFERS, ...TOGETHER, ...ORIGINATED, ...OTHERS]
const FAMILIES: readonly Family[] = [...AT_ONCE, RELOAD]

/** Asterisk and the phone tell both ends of a hold in whole milliseconds. */
const ROUNDED_MS = 2

describe('every family of calls on a real Asterisk', () => {
  const verdicts: Verdict[] = []
  let outcomes: Map<Family, PromiseSettledResult<Played | undefined>>
  let session: Session
  let records: Records

  beforeAll(async () => {
    session = await Session.open('families')
    const play = (family: Family): Promise<Played | undefined> => family.play(castOf(family, session.phones))
    outcomes = await session.play(AT_ONCE, play)
    for (const [family, outcome] of await session.play([RELOAD], play)) {
      outcomes.set(family, outcome)
    }
    records = await session.records()
  })

  afterAll(() => session?.close())

  test.each(FAMILIES)('$name', (family) => {
    const outcome = outcomes.get(family)
    if (outcome?.status !== 'fulfilled') {
      throw new Error(`It was not played as it was meant: ${outcome?.reason}`)
    }
    const cast = castOf(family, session.phones)
    const rows = rowsOf(session.callLog.calls(), cast)
    const expected = family.rows(cast)
    expect(rows.map(comparable), `the log holds ${rows.length} rows of it`).toMatchObject(
      expected.map((row) => ({ ...row })),
    )
    if (family.legs !== undefined) {
      expect(offersOf(rows[0], session.callLog.legs())).toEqual(family.legs(cast).toSorted())
    }
    const own = rows.map((row) => compareWithRecords(row, family, records))
    verdicts.push(...own)
    expect(own.flatMap((verdict) => verdict.differences)).toEqual([])
    for (const row of rows) {
      expect(row.status).toBe(row.disposition === 'answered' ? 'completed' : row.disposition)
    }
    const { held } = outcome.value ?? { held: [0, 0] }
    if (held !== null) {
      const [least, most] = held
      const holdMs = Math.round((rows[0]?.hold_seconds ?? Number.NaN) * 1_000)
      expect(holdMs, 'milliseconds on hold').toBeGreaterThanOrEqual(least - ROUNDED_MS)
      expect(holdMs, 'milliseconds on hold').toBeLessThanOrEqual(most + ROUNDED_MS)
    }
    const merged = rows.filter((row) => row.disposition === 'merged').map((row) => row.merged_into)
    expect(merged).toEqual(merged.map(() => rows[0]?.channel_id))
  })

  test('every call was compared', () => {
    const agreeing = verdicts.filter((verdict) => verdict.differences.length === 0)
    const figures = `calls compared ${verdicts.length}, agreeing ${agreeing.length}, differing ${verdicts.length - agreeing.length}`
    const spans = verdicts.reduce((sum, verdict) => sum + verdict.compared, 0)
    const largest = Math.max(...verdicts.map((verdict) => verdict.largest))
    say(
      `${FAMILIES.length} families: ${figures}; ${spans} instants and spans, largest difference ${largest.toFixed(4)} s`,
    )
    expect(verdicts).toHaveLength(session.callLog.calls().length)
  })

  testWhole(() => ({ session, records, stays: records.queueStays }))
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

function comparable(row: CallRow): Record<string, unknown> {
  return { ...row, answered_by: JSON.parse(row.answered_by) as unknown }
}
