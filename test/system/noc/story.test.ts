// From a missed call to the person who must know: calls on a simulated PBX, the program, Prometheus and Alertmanager with the
// shipped rules and routes, every span of time divided by 120, and a webhook that notes each notification.
//
// One fault is one page: what is only a consequence is kept back. The parts of the story follow each other; the newest
// servers run it; NOC_STORY=2 or =3 or =all names others. NOC_SHOTS names a folder for pictures of the pages.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, scrape } from '../program/program.ts'
import { type HeldAlert, heldAlerts } from './alertmanagerApi.ts'
import { tally } from './executionReport.ts'
import { type Stage, setStage } from './fullStack.ts'
import { type Camera, openCamera } from './screenshots.ts'
import { findTools } from './servers.ts'
import type { ReceivedAlert } from './webhook.ts'

const DIVIDED_BY = 120
const ANSWERED = 3
const MISSED = 8

const MISSED_CALLS = 'AsteriskMissedCallsMany'
const COMPANION = 'AsteriskMissedCallsPersist'
const UNREACHABLE = 'AsteriskUnreachable'
const EXPORTER_DOWN = 'AsteriskExporterDown'

const wanted = process.env['NOC_STORY']
const tools =
  wanted === undefined
    ? findTools().slice(-1)
    : findTools().filter(({ prometheusVersion }) => wanted === 'all' || prometheusVersion.startsWith(wanted))

describe.each(tools)('Prometheus $prometheusVersion and Alertmanager $alertmanagerVersion', (tool) => {
  const lines: string[] = []
  let stage: Stage
  let camera: Camera
  let startedAt = 0

  const sinceStart = (at: number) => `${((at - startedAt) / 1_000).toFixed(1).padStart(5)} s`
  const note = (at: number, what: string) => lines.push(`  ${sinceStart(at)}  ${what}`)
  const pages = (name: string, status: ReceivedAlert['status']) =>
    stage.sink.received.filter(
      (notified) => notified.receiver === 'page' && notified.status === status && notified.labels['alertname'] === name,
    )
  const paged = async (name: string, status: ReceivedAlert['status']): Promise<ReceivedAlert> => {
    const [first] = await eventually(
      () => pages(name, status),
      (messages) => messages.length > 0,
      60_000,
    )
    if (first === undefined) {
      throw new Error(`no page of ${name}`)
    }
    note(first.at, `${name} ${status}, at the webhook: ${first.annotations['description']}`)
    return first
  }
  const held = (name: string, isSo: (alert: HeldAlert) => boolean): Promise<HeldAlert | undefined> =>
    eventually(
      async () => (await heldAlerts(stage.alertmanager)).find((alert) => alert.name === name),
      (alert) => alert !== undefined && isSo(alert),
    )

  beforeAll(async () => {
    stage = await setStage(tool, DIVIDED_BY)
    camera = await openCamera(`${tool.prometheusVersion}-`)
  })
  afterAll(async () => {
    process.stdout.write(
      `The story, Prometheus ${tool.prometheusVersion} and Alertmanager ${tool.alertmanagerVersion}, times divided by ${DIVIDED_BY}:\n${lines.join('\n')}\n`,
    )
    await camera?.close()
    await stage?.stop()
  })

  it('missed calls reach the webhook, with their number', async () => {
    const answered = Array.from(
      { length: ANSWERED },
      () => stage.pbx.place('inbound', { ringMs: 50, talkMs: 300 }).ended,
    )
    await Promise.all(answered)
    const missed = Array.from(
      { length: MISSED },
      () => stage.pbx.place('inbound-no-answer', { dialTimeoutMs: 300 }).ended,
    )
    await Promise.race(missed)
    startedAt = Date.now()
    note(startedAt, `the first of ${MISSED} missed calls is over, after ${ANSWERED} answered ones`)
    await Promise.all(missed)

    const page = await paged(MISSED_CALLS, 'firing')
    const alert = await held(MISSED_CALLS, ({ description }) => numbersIn(description)[0] === MISSED)
    const [count = 0, percent = 0] = numbersIn(alert?.description ?? '')
    expect(count).toBe(MISSED)
    expect(Math.abs(percent - (100 * MISSED) / (MISSED + ANSWERED))).toBeLessThan(3)
    // A scrape may come between the calls, so the first message may count fewer, but never more.
    expect(numbersIn(page.annotations['description'] ?? '')[0]).toBeLessThanOrEqual(MISSED)
    expect(page.labels['instance']).toBe(`127.0.0.1:${stage.exporter.port}`)

    const exposed = await scrape(stage.exporter.port)
    expect(exposed.get('asterisk_missed_calls_total{direction="inbound",reason="no_answer"}')).toBe(MISSED)
    expect(exposed.get('asterisk_calls_total{direction="inbound",disposition="answered"}')).toBe(ANSWERED)
  })

  it('inhibits the companion alert', async () => {
    const companion = await held(COMPANION, ({ inhibitedBy }) => inhibitedBy.length > 0)
    expect(companion?.inhibitedBy).toEqual([MISSED_CALLS])
    await camera.takeOf('missed', stage)
  })

  it('an unreachable Asterisk pages, and the alert of missed calls is inhibited', async () => {
    note(Date.now(), 'the PBX cuts the connection and takes no other')
    await stage.pbx.refuse()
    const page = await paged(UNREACHABLE, 'firing')
    expect(page.labels['severity']).toBe('critical')
    const kept = await held(MISSED_CALLS, ({ inhibitedBy }) => inhibitedBy.length > 0)
    note(Date.now(), `${MISSED_CALLS} is kept back by ${kept?.inhibitedBy.join(', ')}`)
    expect(kept?.inhibitedBy).toEqual([UNREACHABLE])
    await camera.takeOf('unreachable', stage)
    expect(pages(MISSED_CALLS, 'firing')).toHaveLength(1)
  })

  it('a reachable Asterisk resolves the alert', async () => {
    note(Date.now(), 'the PBX takes connections again')
    await stage.pbx.accept()
    await paged(UNREACHABLE, 'resolved')
    const heard = await held(MISSED_CALLS, ({ inhibitedBy }) => inhibitedBy.length === 0)
    expect(heard?.inhibitedBy).toEqual([])
  })

  it('an exporter that is down pages, and inhibits its other alerts', async () => {
    note(Date.now(), 'the exporter is killed')
    await stage.exporter.end('SIGKILL')
    await paged(EXPORTER_DOWN, 'firing')
    const kept = await held(MISSED_CALLS, ({ inhibitedBy }) => inhibitedBy.length > 0)
    note(Date.now(), `${MISSED_CALLS} is kept back by ${kept?.inhibitedBy.join(', ')}`)
    expect(kept?.inhibitedBy).toEqual([EXPORTER_DOWN])
  })

  it('a started exporter resolves every alert', async () => {
    note(Date.now(), 'the exporter is started again')
    stage.exporter.start()
    await paged(EXPORTER_DOWN, 'resolved')
    await paged(MISSED_CALLS, 'resolved')
    for (const name of [MISSED_CALLS, UNREACHABLE, EXPORTER_DOWN]) {
      expect(pages(name, 'firing'), name).toHaveLength(1)
      expect(pages(name, 'resolved'), name).toHaveLength(1)
    }
    const named = new Set(
      stage.sink.received.filter(({ receiver }) => receiver === 'page').map((one) => one.labels['alertname']),
    )
    expect([...named].toSorted()).toEqual([EXPORTER_DOWN, MISSED_CALLS, UNREACHABLE])
    tally(
      'end-to-end alerts',
      `Prometheus ${tool.prometheusVersion} and Alertmanager ${tool.alertmanagerVersion}`,
      named.size,
    )
  })
})

/** The count of calls and the percentage of a description. */
function numbersIn(description: string): readonly number[] {
  return [...description.matchAll(/(?<![\w.:])\d+(?:\.\d+)?(?=%| calls)/g)].map(([text]) => Number(text))
}
