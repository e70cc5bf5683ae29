// A user who may only read, an ARI that is reloaded, and a program that is killed during calls.
//
// On a real Asterisk, with the built program; nothing is imported from src/. Each call ends when the test hangs up.

import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { CallLogRows, type CallRow } from './callLogRows.ts'
import { type CdrCall, recordedCalls } from './cdr.ts'
import { compareCalls, compareTotals } from './compare.ts'
import { databaseIn, type Exporter, isComplaint, startExporter } from './exporter.ts'
import { risingOf, total } from './exposition.ts'
import { connect, talkFor } from './families/family.ts'
import { cli, hangUpAll, startAsterisk, stopAsterisk } from './lab/asterisk.ts'
import { type Dialing, Phones } from './lab/phones/phones.ts'
import { ACCESS, CAST, PLACE, PORTS } from './lab/place.ts'

const NONE: ReadonlySet<string> = new Set()

describe('on a real Asterisk, when things go wrong', () => {
  const running: Exporter[] = []
  let phones: Phones

  beforeAll(async () => {
    await startAsterisk()
    phones = await Phones.open(PORTS.phones)
  })

  afterEach(async () => {
    for (const exporter of running.splice(0)) {
      await exporter.kill()
    }
    await hangUpAll()
  })

  afterAll(async () => {
    phones?.close()
    await stopAsterisk()
  })

  const talk = (dialing: Dialing) => connect(phones, dialing, { by: dialing.to, afterMs: 300 })

  async function start(folder: string, user: string = ACCESS.user): Promise<Exporter> {
    const exporter = await startExporter({ user, folder })
    running.push(exporter)
    return exporter
  }

  test('a user who may only read: the calls are counted all the same', async () => {
    const folder = mkdtempSync(join(PLACE.run, 'read-only-'))
    const exporter = await start(folder, ACCESS.readOnlyUser)
    const callLog = new CallLogRows(databaseIn(folder))
    const before = recordedCalls().length
    await talkFor((await talk(inside(0))).caller, 800)
    await expect.poll(() => callLog.ended()).toBe(1)
    expect(compareCalls(await recordedSince(before, 1), callLog.calls(), NONE).differences).toEqual([])
    expect(compareTotals(callLog.totals(), await exporter.settled(callLog.ended()))).toEqual([])
    expect(await exporter.stop()).toBe(0)
    expect(exporter.lines.join('\n')).not.toContain(ACCESS.password)
    callLog.close()
  })

  test('a user who may only read: one warning says what is at risk and how to mend it', async () => {
    const exporter = await start(mkdtempSync(join(PLACE.run, 'read-only-')), ACCESS.readOnlyUser)
    expect(await exporter.stop()).toBe(0)
    const complaints = exporter.lines.filter(isComplaint)
    expect(complaints, complaints.join('\n')).toHaveLength(1)
    expect(complaints[0]).toMatch(/subscribeAll/)
    expect(complaints[0]).toMatch(/read_only = no/)
  })

  test('ARI is reloaded during a call: Asterisk keeps the socket and the subscriptions, and nothing is lost', async () => {
    const folder = mkdtempSync(join(PLACE.run, 'reloaded-'))
    const exporter = await start(folder)
    const callLog = new CallLogRows(databaseIn(folder))
    const before = recordedCalls().length
    const reloaded = await talk(inside(1))
    await expect.poll(() => callLog.calls()[0]?.answer_time).toEqual(expect.any(String))
    for (const command of ['module reload res_ari.so', 'module reload http', 'core reload']) {
      await cli(command)
    }
    await reloaded.caller.hangUp()
    await talkFor((await talk(fromOutside(2))).caller, 500)
    await expect.poll(() => callLog.ended()).toBe(2)
    expect(compareCalls(await recordedSince(before, 2), callLog.calls(), NONE).differences).toEqual([])
    const samples = await exporter.settled(callLog.ended())
    expect(compareTotals(callLog.totals(), samples)).toEqual([])
    expect(total(samples, 'asterisk_exporter_session_disconnects_total')).toBe(0)
    expect(exporter.lines.filter(isComplaint)).toEqual([])
    callLog.close()
  })

  test('killed during calls and started again: each call is one row, and no counter has fallen', async () => {
    const folder = mkdtempSync(join(PLACE.run, 'killed-'))
    const first = await start(folder)
    const callLog = new CallLogRows(databaseIn(folder))
    const before = recordedCalls().length
    await talkFor((await talk(inside(3))).caller, 800)
    const lasts = await talk(inside(4))
    const endsUnobserved = await talk(fromOutside(5))
    await expect.poll(() => callLog.calls().filter((row) => row.answer_time !== null).length).toBe(3)
    const risen = risingOf(await first.samples())
    await first.kill()
    const killedAt = Date.now()
    const beginsUnobserved = await talk(inside(6))
    await endsUnobserved.caller.hangUp()
    await recordedSince(before, 2)
    const second = await start(folder)
    const startedAt = Date.now()
    expect(fallen(risen, risingOf(await second.samples()))).toEqual([])
    await lasts.caller.hangUp()
    await beginsUnobserved.caller.hangUp()
    await expect.poll(() => callLog.ended()).toBe(4)
    const calls = await recordedSince(before, 4)
    expect(calls).toHaveLength(4)
    expect(outcomes(callLog.calls(), calls)).toEqual(calls.map((call) => ({ id: call.id, rows: 1, answered: true })))
    // A call that was answered before the kill and ended before the start keeps its answer; its end cannot be known.
    const observed = calls.filter((call) => call.endedAt < killedAt || call.endedAt > startedAt)
    expect(observed).toHaveLength(3)
    expect(compareCalls(observed, rowsOf(callLog.calls(), observed), NONE).differences).toEqual([])
    const samples = await second.settled(callLog.ended())
    expect(fallen(risen, risingOf(samples))).toEqual([])
    expect(compareTotals(callLog.totals(), samples)).toEqual([])
    expect(total(samples, 'asterisk_calls_active')).toBe(0)
    callLog.close()
  })
})

/** Two phones of a call, which no other call uses. */
function pair(number: number): readonly [string, string] {
  const [from = '', to = ''] = CAST.slice(2 * number)
  return [from, to]
}

function inside(number: number): Dialing {
  const [from, to] = pair(number)
  return { from, to }
}

function fromOutside(number: number): Dialing {
  return { from: `09055500${number}`, to: pair(number)[1], trunk: 'trunk-b' }
}

/** The calls that Asterisk recorded after the first `before`, once there are `count` of them. */
async function recordedSince(before: number, count: number): Promise<CdrCall[]> {
  await expect.poll(() => recordedCalls().length - before).toBeGreaterThanOrEqual(count)
  return recordedCalls().slice(before)
}

function rowsOf(rows: readonly CallRow[], calls: readonly CdrCall[]): CallRow[] {
  return rows.filter((row) => calls.some((call) => call.id === row.channel_id))
}

function outcomes(
  rows: readonly CallRow[],
  calls: readonly CdrCall[],
): { id: string; rows: number; answered: boolean }[] {
  return calls.map((call) => {
    const own = rowsOf(rows, [call])
    return { id: call.id, rows: own.length, answered: own[0]?.disposition === 'answered' }
  })
}

/** Names of what is lower now than it was, or gone. */
function fallen(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): string[] {
  return [...before].filter(([name, value]) => (now.get(name) ?? -1) < value).map(([name]) => name)
}
