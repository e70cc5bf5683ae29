// How live calls sound, on a real Asterisk: RTP of a trunk that never comes, or stops, is seen while the call lasts, up to the alert:
// within 15 s, as long as Asterisk answers questions quickly.
//
// Five calls at once, answered by phones that speak all the time: from three callers comes no RTP, from one it stops after a while, one is
// heard. Prometheus and Alertmanager run the shipped files with every span of time divided.

import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DividedServers, startDividedServers } from '../noc/dividedServers.ts'
import { findTools } from '../noc/servers.ts'
import { CallLogRows } from './callLogRows.ts'
import { cdrRows } from './cdr.ts'
import { databaseIn, type Exporter, isComplaint, startExporter } from './exporter.ts'
import { total } from './exposition.ts'
import { hangUpAll, startAsterisk, stopAsterisk } from './lab/asterisk.ts'
import { ACCESS, PLACE } from './lab/place.ts'
import { type Player, Stage } from './lab/sipp.ts'
import { say } from './sessionTests.ts'

const DIVIDED_BY = 120
const ALERT = 'AsteriskTrunkOneWayAudio'
/** What the product promises, from the answer or from the last packet, while questions keep their rate. */
const SEEN_WITHIN_S = 15
/** Only a hang takes as long. */
const LATEST = { timeout: 40_000, interval: 100 }

/** Numbers of the dialplan, and the phones behind them. */
const [SILENT, STOPS, HEARD] = ['5550202', '5550203', '5550204']
const SILENT_CALLS = 3
const SPEAKS_MS = 9_000

describe('the voice of live calls on a real Asterisk', () => {
  const stage = new Stage()
  let players: Player[]
  let exporter: Exporter
  let callLog: CallLogRows
  let servers: DividedServers

  beforeAll(async () => {
    await startAsterisk()
    const folder = mkdtempSync(join(PLACE.run, 'voice-'))
    exporter = await startExporter({ user: ACCESS.user, folder })
    callLog = new CallLogRows(databaseIn(folder))
    const [tools] = findTools().slice(-1)
    if (tools === undefined) {
      throw new Error('no Prometheus is here')
    }
    servers = await startDividedServers({ tools, divideBy: DIVIDED_BY, exporter: new URL(exporter.url).host })
    const answers = { does: 'answers', ring: 100, talk: 0, speaks: 'always' } as const
    const call = (to: string) => ({ from: 'trunk-a', to, talk: 0 }) as const
    players = [
      await stage.callee('phone102', answers, SILENT_CALLS),
      await stage.callee('phone103', answers),
      await stage.callee('phone104', answers),
      stage.callers(Array.from({ length: SILENT_CALLS }, () => call(SILENT))),
      stage.callers([call(STOPS)], 1, { speaks: SPEAKS_MS }),
      stage.callers([call(HEARD)], 1, { speaks: 'always' }),
    ]
  })

  afterAll(async () => {
    stage.clear()
    await servers?.stop()
    callLog?.close()
    await exporter?.stop()
    await stopAsterisk()
  })

  /** Callers that are not heard now, and legs that were not heard so far, on the trunk and on phones. */
  const legs = async (): Promise<string> => {
    const samples = await exporter.samples()
    const live = total(samples, 'asterisk_legs_live', { role: 'caller', problem: 'one_way' })
    const count = (trunk: string) => total(samples, 'asterisk_legs_in_trouble_total', { problem: 'one_way', trunk })
    return `${live} not heard, ${count('trunk-a')} on the trunk, ${count('')} on phones`
  }
  /** What the API says of the calls in progress, by the number that was dialed. */
  const voices = async (callee: string): Promise<readonly unknown[]> => {
    const answer = await fetch(`${exporter.url}/api/calls/active`)
    const { calls } = (await answer.json()) as { readonly calls: readonly { callee: string; voice: unknown }[] }
    return calls.filter((one) => one.callee === callee).map(({ voice }) => voice)
  }
  const answeredAt = (callee: string): number =>
    Math.max(
      ...callLog
        .calls()
        .filter((row) => row.callee === callee)
        .map(({ answer_time: at }) => Date.parse(`${at}Z`)),
    )
  const isLate = async (seenAfter: number): Promise<boolean> =>
    seenAfter >= SEEN_WITHIN_S && (await exporter.askedAtFullRate())
  const ONE_WAY = { endpoint: 'trunk-a', problem: 'one_way', side: 'rx' }

  test('callers from whom nothing comes are seen in /metrics and in the API within 15 s of the answer', async () => {
    // A sipp that fails says why; none ends before the calls are hung up.
    const seen = expect.poll(legs, LATEST).toBe('3 not heard, 3 on the trunk, 0 on phones')
    await Promise.race([seen, ...players.map(({ done }) => done)])
    expect(await voices(SILENT)).toEqual([ONE_WAY, ONE_WAY, ONE_WAY])
    const seenAfter = (Date.now() - answeredAt(SILENT)) / 1_000
    say(`no voice since the answer: seen after ${seenAfter.toFixed(1)} s`)
    expect(await isLate(seenAfter)).toBe(false)
  })

  test('the alert about the trunk fires, and reaches the webhook', async () => {
    const received = () => servers.sink.received.filter(({ labels }) => labels['alertname'] === ALERT)
    await expect.poll(received, LATEST).not.toEqual([])
    const [alert] = received()
    expect(alert).toMatchObject({
      status: 'firing',
      receiver: 'noc',
      labels: { trunk: 'trunk-a', severity: 'warning' },
    })
    expect(alert?.annotations['description']).toMatch(/no voice from the trunk trunk-a of .* in 3 conversations\.$/)
  })

  test('a caller whose voice stops is seen within 15 s', async () => {
    await expect.poll(legs, LATEST).toBe('4 not heard, 4 on the trunk, 0 on phones')
    const seenAfter = (Date.now() - answeredAt(STOPS) - SPEAKS_MS) / 1_000
    say(`voice that stops: seen after ${seenAfter.toFixed(1)} s`)
    expect(await isLate(seenAfter)).toBe(false)
    expect(await voices(STOPS)).toEqual([ONE_WAY])
    // On a busy machine there may be jitter.
    expect(await voices(HEARD)).not.toContainEqual(ONE_WAY)
  })

  test('the rows say it, and the instants of the answers are those of Asterisk', async () => {
    await hangUpAll()
    await Promise.all(players.map(({ done }) => done))
    await expect.poll(() => callLog.ended()).toBe(5)
    const notHeard = callLog.calls().filter((row) => row.voice_problem === 'one_way')
    expect(notHeard.map((row) => row.callee).toSorted()).toEqual([SILENT, SILENT, SILENT, STOPS])
    await expect.poll(() => cdrRows().length).toBe(5)
    for (const row of callLog.calls()) {
      const answer = cdrRows().find(({ uniqueId }) => uniqueId === row.channel_id)?.answer ?? 0
      expect(Math.abs(Date.parse(`${row.answer_time}Z`) / 1_000 - answer)).toBeLessThan(1)
    }
  })

  test('the program logged no warning', async () => {
    expect(await exporter.stop()).toBe(0)
    expect(exporter.lines.filter(isComplaint)).toEqual([])
  })
})
