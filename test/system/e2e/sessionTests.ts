// The tests of a whole session, whatever was played: nothing is lost or doubled, the laws hold, and nothing stays behind.

import { expect, test } from 'vitest'
import type { Records } from './asteriskRecords.ts'
import { compareTotals } from './compare.ts'
import { isComplaint } from './exporter.ts'
import { total } from './exposition.ts'
import { brokenParties, brokenRows } from './laws.ts'
import type { QueueStay } from './queueLog.ts'
import type { Session } from './session.ts'

export interface Whole {
  readonly session: Session
  readonly records: Records
  /** Every stay in a queue that the metrics must count, and no other. */
  readonly stays: readonly Pick<QueueStay, 'queue' | 'outcome'>[]
}

/** Declares the tests; `whole` is asked when they run. */
export function testWhole(whole: () => Whole): void {
  test('the log holds each call that Asterisk set in motion, and each once', () => {
    const { session, records } = whole()
    const inCel = new Set(records.cel.roots().map((channel) => channel.id))
    // What Asterisk held for one call from the start may begin as two, and end as one.
    const rows = session.callLog.calls().filter((row) => inCel.has(row.channel_id) || row.disposition !== 'merged')
    expect(rows.map((row) => row.channel_id).toSorted()).toEqual([...inCel].toSorted())
  })

  test('the laws hold, and /metrics say the same as the log and queue_log', async () => {
    const { session, stays } = whole()
    const samples = await session.exporter.settled(session.callLog.ended())
    const [rows, legs] = [session.callLog.calls(), session.callLog.legs()]
    expect(brokenRows(rows)).toEqual([])
    expect(legs.filter((leg) => leg.end_time === null || leg.result === null)).toEqual([])
    expect(compareTotals(session.callLog.totals(), samples)).toEqual([])
    expect(brokenParties(rows, legs, { samples, queueStays: stays })).toEqual([])
  })

  test('nothing is active any more', async () => {
    const samples = await whole().session.exporter.samples()
    for (const name of ['asterisk_calls_active', 'asterisk_trunk_calls_active', 'asterisk_queue_callers_waiting']) {
      expect(total(samples, name), name).toBe(0)
    }
    for (const state of ['ringing', 'talking']) {
      expect(total(samples, 'asterisk_operator_state', { state }), state).toBe(0)
    }
    expect(total(samples, 'asterisk_exporter_malformed_frames_total')).toBe(0)
    expect(total(samples, 'asterisk_exporter_session_disconnects_total')).toBe(0)
  })

  test('the program logged no warning', async () => {
    const { exporter } = whole().session
    expect(await exporter.stop()).toBe(0)
    expect(exporter.lines.filter(isComplaint)).toEqual([])
  })
}

/** Prints it into the output of the test run. */
export function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}
