// When things are not as they should be: a user who may only read, an ARI that is reloaded, a program that is killed in mid-call.
//
// Both on the real Asterisk, with the built program; nothing is imported from src/.

import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { CallLogRows, type CallRow } from './callLogRows.ts'
import { type CdrCall, recordedCalls } from './cdr.ts'
import { compareCalls, compareTotals } from './compare.ts'
import { databaseIn, type Exporter, isComplaint, startExporter } from './exporter.ts'
import { risingOf, total } from './exposition.ts'
import { cli, hangUpAll, startAsterisk, stopAsterisk, untilQuiet } from './lab/asterisk.ts'
import { ACCESS, PLACE } from './lab/place.ts'
import { type Player, Stage } from './lab/sipp.ts'

const NONE: ReadonlySet<string> = new Set()
const ANSWERS = { does: 'answers', ring: 300, talk: 0 } as const

describe('on a real Asterisk, when things go wrong', () => {
  const stage = new Stage()
  const running: Exporter[] = []

  beforeAll(async () => {
    await startAsterisk()
  })

  afterEach(async () => {
    stage.clear()
    for (const exporter of running.splice(0)) {
      await exporter.kill()
    }
    await hangUpAll()
  })

  afterAll(stopAsterisk)

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
    await over([await stage.callee('phone102', ANSWERS), stage.callers([{ from: '101', to: '102', talk: 800 }])])
    await expect.poll(() => callLog.ended(), { timeout: 1_000, interval: 20 }).toBe(1)
    expect(compareCalls(recordedCalls().slice(before), callLog.calls(), NONE).differences).toEqual([])
    expect(compareTotals(callLog.totals(), await exporter.samples())).toEqual([])
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

  test('ARI is reloaded in mid-call: Asterisk keeps the socket and what was subscribed, and nothing is lost', async () => {
    const folder = mkdtempSync(join(PLACE.run, 'reloaded-'))
    const exporter = await start(folder)
    const callLog = new CallLogRows(databaseIn(folder))
    const before = recordedCalls().length
    const phone = await stage.callee('phone102', ANSWERS, 2)
    const lasts = stage.callers([{ from: '101', to: '102', talk: 3_000 }])
    await expect.poll(() => callLog.calls()[0]?.answer_time, { timeout: 3_000 }).toEqual(expect.any(String))
    for (const command of ['module reload res_ari.so', 'module reload http', 'core reload']) {
      await cli(command)
    }
    await over([phone, lasts, stage.callers([{ from: 'trunk-a', to: '5550202', talk: 500 }])])
    await expect.poll(() => callLog.ended(), { timeout: 1_000, interval: 20 }).toBe(2)
    expect(compareCalls(recordedCalls().slice(before), callLog.calls(), NONE).differences).toEqual([])
    const samples = await exporter.samples()
    expect(compareTotals(callLog.totals(), samples)).toEqual([])
    expect(total(samples, 'asterisk_exporter_session_disconnects_total')).toBe(0)
    expect(exporter.lines.filter(isComplaint)).toEqual([])
    callLog.close()
  })

  test('killed in mid-call and started again: each call is one row, and no counter has fallen', async () => {
    const folder = mkdtempSync(join(PLACE.run, 'killed-'))
    const first = await start(folder)
    const callLog = new CallLogRows(databaseIn(folder))
    const before = recordedCalls().length
    const phone = await stage.callee('phone102', ANSWERS, 4)
    await stage.callers([{ from: '101', to: '102', talk: 800 }]).done
    const goesOn = stage.callers([{ from: '101', to: '102', talk: 6_000 }])
    const endsUnseen = stage.callers([{ from: 'trunk-a', to: '5550202', talk: 1_500 }])
    await expect
      .poll(() => callLog.calls().filter((row) => row.answer_time !== null).length, { timeout: 3_000 })
      .toBe(3)
    const risen = risingOf(await first.samples())
    await first.kill()
    const blindFrom = Date.now()
    const beginsUnseen = stage.callers([{ from: '101', to: '102', talk: 3_500 }])
    await endsUnseen.done
    await sleep(300)
    const second = await start(folder)
    const blindTo = Date.now()
    expect(fallen(risen, risingOf(await second.samples()))).toEqual([])
    await over([phone, goesOn, beginsUnseen])
    await expect.poll(() => callLog.ended(), { timeout: 1_000, interval: 20 }).toBe(4)
    const calls = recordedCalls().slice(before)
    expect(calls).toHaveLength(4)
    expect(told(callLog.calls(), calls)).toEqual(calls.map((call) => ({ id: call.id, rows: 1, answered: true })))
    // What was answered and ended unseen is known to have been answered, but nobody can tell when it ended.
    const seen = calls.filter((call) => call.endedAt < blindFrom || call.endedAt > blindTo)
    expect(seen).toHaveLength(3)
    expect(compareCalls(seen, rowsOf(callLog.calls(), seen), NONE).differences).toEqual([])
    const samples = await second.samples()
    expect(fallen(risen, risingOf(samples))).toEqual([])
    expect(compareTotals(callLog.totals(), samples)).toEqual([])
    expect(total(samples, 'asterisk_calls_active')).toBe(0)
    callLog.close()
  })
})

async function over(players: readonly Player[]): Promise<void> {
  await Promise.all(players.map((player) => player.done))
  await untilQuiet()
}

function rowsOf(rows: readonly CallRow[], calls: readonly CdrCall[]): CallRow[] {
  return rows.filter((row) => calls.some((call) => call.id === row.channel_id))
}

function told(rows: readonly CallRow[], calls: readonly CdrCall[]): { id: string; rows: number; answered: boolean }[] {
  return calls.map((call) => {
    const own = rowsOf(rows, [call])
    return { id: call.id, rows: own.length, answered: own[0]?.disposition === 'answered' }
  })
}

/** Names of what is lower now than it was, or gone. */
function fallen(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): string[] {
  return [...before].filter(([name, value]) => (now.get(name) ?? -1) < value).map(([name]) => name)
}
