// Missed callers on a real Asterisk, up to the person who must know: missed on the trunk, they wait in the API, in /metrics, on the
// page and in an alert; spoken with, they are gone from all of these.
//
// Prometheus and Alertmanager run the shipped files with every span of time divided: they tell of a caller after half a minute in
// place of an hour, and opening hours last all day. The parts of the story follow each other, over one page that is never reloaded.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPage, type Seen, untilRows } from '../browser/browser.ts'
import { openBrowser } from '../browser/chromium.ts'
import { type HeldAlert, heldAlerts } from '../noc/alertmanagerApi.ts'
import { type DividedServers, startDividedServers } from '../noc/dividedServers.ts'
import { findTools } from '../noc/servers.ts'
import type { ReceivedAlert } from '../noc/webhook.ts'
import type { CallRow } from './callLogRows.ts'
import { TOLERANCE } from './cdr.ts'
import { Cel } from './cel.ts'
import { isComplaint } from './exporter.ts'
import { total } from './exposition.ts'
import { untilQuiet } from './lab/asterisk.ts'
import { Session } from './session.ts'
import { say } from './sessionTests.ts'

const DIVIDED_BY = 120
const ALERT = 'AsteriskCallbackLate'
/** Only a hang takes as long. */
const LATEST = { timeout: 90_000 }

const ANN = '0401234567'
const ANN_ABROAD = '00358401234567'
const BOB = '0450000001'
/** `desk` is called, `colleague` calls back. */
const [DESK, COLLEAGUE] = ['3001', '3002']
/** Prefixes of the dialplan: voicemail when nobody answers, little patience, and the digits of the outside line. */
const [VOICEMAIL, IMPATIENT, OUTSIDE] = ['45', '47', '48']

const RING_MS = 100

/** One entry of `/api/missed-callers`, as far as the test looks. */
interface Entry {
  readonly number: string
  readonly state: string
  readonly attempts: number
  readonly tries: number
  readonly called: string
  readonly closed_by: string | null
  readonly closed_by_phone: string | null
  readonly closed_by_call: number | null
  readonly waited: number | null
}

describe('missed callers on a real Asterisk', () => {
  let session: Session
  let servers: DividedServers
  let browser: Browser
  let seen: Seen

  beforeAll(async () => {
    session = await Session.open('callback')
    const [tools] = findTools().slice(-1)
    if (tools === undefined) {
      throw new Error('no Prometheus is here')
    }
    servers = await startDividedServers({ tools, divideBy: DIVIDED_BY, exporter: new URL(session.exporter.url).host })
    browser = await openBrowser()
    seen = await openPage(browser, `${session.exporter.url}/?place=missed`, { timezoneId: zoneWhereItIsNoon() })
    await seen.page.locator('.callers').getByText('Nobody waits to be called back.').waitFor()
    await seen.page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))
  })

  afterAll(async () => {
    await browser?.close()
    await servers?.stop()
    await session?.close()
  })

  const entryOf = async (number: string): Promise<Entry | undefined> => {
    const answer = await fetch(`${session.exporter.url}/api/missed-callers`)
    const { missed_callers: all } = (await answer.json()) as { readonly missed_callers: readonly Entry[] }
    const own = all.filter((entry) => entry.number === number)
    expect(own.length).toBeLessThan(2)
    return own[0]
  }
  const untilEntry = (number: string, wanted: Partial<Entry>) =>
    expect.poll(() => entryOf(number), LATEST).toMatchObject(wanted)
  const metric = async (name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> =>
    total(await session.exporter.samples(), name, labels)
  const waiting = () => metric('asterisk_missed_callers_waiting')
  const closed = (outcome: string) => metric('asterisk_missed_callers_total', { outcome })
  const oldestWait = () => metric('asterisk_missed_callers_oldest_wait_seconds')

  const callIn = (from: string, to: string) => session.phones.call({ from, to, trunk: 'trunk-b' })
  const callOut = (number: string) => session.phones.call({ from: COLLEAGUE, to: OUTSIDE + number })

  const heldAlert = async (): Promise<HeldAlert | undefined> =>
    (await heldAlerts(servers.alertmanager)).find(({ name }) => name === ALERT)
  const notified = (): readonly ReceivedAlert[] =>
    servers.sink.received.filter(({ labels }) => labels['alertname'] === ALERT)
  const untilResolved = async (): Promise<void> => {
    await expect.poll(() => notified().at(-1)?.status, LATEST).toBe('resolved')
    await expect.poll(heldAlert, LATEST).toBeUndefined()
  }
  const receivers = () => [...new Set(notified().map(({ receiver }) => receiver))]

  test('nobody waits at first', async () => {
    expect([await entryOf(ANN), await waiting(), await oldestWait()]).toEqual([undefined, 0, 0])
  })

  test('a caller on the trunk is missed, and waits in the API, in /metrics and on the page', async () => {
    await callIn(ANN, IMPATIENT + DESK).refused
    await untilEntry(ANN, { state: 'waiting', attempts: 1, tries: 0, called: IMPATIENT + DESK, waited: null })
    expect(await waiting()).toBe(1)
    const before = await oldestWait()
    await expect.poll(oldestWait, LATEST).toBeGreaterThan(before)

    const [row = ''] = await untilRows(seen.page, 'waiting', (rows) => rows.length === 1)
    expect(row).toMatch(new RegExp(`^\\d+:\\d\\d \\| ${ANN} .*\\| ${IMPATIENT}${DESK} \\| 1 \\| 0 \\| Call Calls$`))
    await untilRows(seen.page, 'waiting', ([later = '']) => waitShown(later) > waitShown(row))
    await seen.page.getByRole('heading', { name: 'Missed callers 1', exact: true }).waitFor()
  })

  test('the alert about it fires, and reaches the webhook of the shift', async () => {
    await expect.poll(notified, LATEST).not.toEqual([])
    const [alert] = notified()
    expect(receivers()).toEqual(['noc'])
    expect(alert?.status).toBe('firing')
    expect(alert?.labels).toMatchObject({ severity: 'warning', instance: new URL(session.exporter.url).host })
    expect(alert?.annotations['description']).toMatch(/ has waited for \d.*nobody has spoken with since: 1\.$/)
    await expect.poll(heldAlert, LATEST).toMatchObject({ inhibitedBy: [] })
  })

  test('a call back that they refuse closes nothing, and the alert resolves: somebody has tried', async () => {
    const refused = callOut(ANN).refused
    const ringing = await session.phones.rung(ANN)
    ringing.refuse('486 Busy Here')
    await refused
    await untilEntry(ANN, { state: 'waiting', attempts: 1, tries: 1, closed_by: null })
    await untilRows(seen.page, 'waiting', ([row = '']) => row.includes(`| ${IMPATIENT}${DESK} | 1 | 1 |`))
    expect([await waiting(), await closed('returned')]).toEqual([1, 0])
    await untilResolved()
  })

  test('voicemail closes nothing; missed again, they are told of again', async () => {
    const message = await callIn(ANN, VOICEMAIL + DESK).answered
    await message.hangUp()
    await untilEntry(ANN, { state: 'waiting', attempts: 2, tries: 1, called: VOICEMAIL + DESK })
    await untilRows(seen.page, 'waiting', ([row = '']) => row.includes(`| ${VOICEMAIL}${DESK} | 2 | 1 |`))
    expect([await waiting(), await closed('returned')]).toEqual([1, 0])
    await expect.poll(() => notified().at(-1)?.status, LATEST).toBe('firing')
    await expect.poll(heldAlert, LATEST).toBeDefined()
  })

  test('a phone calls back over the trunk, in another notation, and they leave every list', async () => {
    const call = callOut(ANN_ABROAD)
    await session.phones.picksUp(ANN_ABROAD, RING_MS)
    const talk = await call.answered
    // While they still talk.
    await untilRows(seen.page, 'waiting', (rows) => rows.length === 0)
    await seen.page.locator('.callers').getByText('Nobody waits to be called back.').waitFor()
    const [row] = await untilRows(seen.page, 'closed', (rows) => rows.length === 1)
    expect(row).toMatch(new RegExp(`^\\d\\d:\\d\\d:\\d\\d \\| ${ANN} .*\\| called back \\| ${COLLEAGUE} \\| .+ \\| 2$`))
    await untilEntry(ANN, { state: 'returned', attempts: 2, tries: 1, closed_by_phone: COLLEAGUE })
    expect([await waiting(), await oldestWait(), await closed('returned')]).toEqual([0, 0, 1])
    expect(await metric('asterisk_missed_caller_wait_seconds_count', { outcome: 'returned' })).toBe(1)
    await talk.hangUp()
    await untilQuiet()
  })

  test('the log says by which call and after how long, as Asterisk does', async () => {
    const entry = await entryOf(ANN)
    const [first, , second, back, ...more] = session.callLog.calls()
    expect(more).toEqual([])
    expect(back).toMatchObject({ direction: 'outbound', id: entry?.closed_by_call, channel_id: entry?.closed_by })
    expect([first, second].map(outcomeOf)).toEqual(['no_answer 1', 'voicemail 1'])
    expect([first?.returned_by, second?.returned_by]).toEqual([back?.id, back?.id])
    expect([back?.returned_by, back?.returned_after]).toEqual([null, null])
    expect(first?.returned_after).toBe(entry?.waited)

    await expect.poll(() => [first, second, back].map(endInCel), LATEST).not.toContain(null)
    const answer = new Cel().meeting(back?.channel_id ?? '')?.from ?? Number.NaN
    const differences = [first, second].map((row) => (row?.returned_after ?? 0) - (answer - (endInCel(row) ?? 0)))
    say(`called back after ${entry?.waited} s; differences from Asterisk's CEL ${differences.map(ms).join(' and ')}`)
    for (const difference of differences) {
      expect(Math.abs(difference)).toBeLessThan(TOLERANCE)
    }
  })

  test('the alert resolves, in Alertmanager and at the webhook', async () => {
    await untilResolved()
    expect(receivers()).toEqual(['noc'])
  })

  test('one who calls again and is answered is closed by that, and was not called back', async () => {
    await callIn(BOB, IMPATIENT + DESK).refused
    await untilRows(seen.page, 'waiting', ([row = '']) => row.includes(`| ${BOB} `))
    const call = callIn(BOB, DESK)
    await session.phones.picksUp(DESK, RING_MS)
    const talk = await call.answered
    await untilRows(seen.page, 'waiting', (rows) => rows.length === 0)
    await untilRows(seen.page, 'closed', ([row = '']) => row.includes(`| called again | ${DESK} |`))
    await untilEntry(BOB, { state: 'called_again', attempts: 1, tries: 0, closed_by_phone: DESK })
    await talk.hangUp()
    await untilQuiet()
    expect([await waiting(), await closed('returned'), await closed('called_again')]).toEqual([0, 1, 1])
    const lastTwo = () => session.callLog.calls().slice(-2)
    await expect.poll(() => lastTwo().map(outcomeOf), LATEST).toEqual(['no_answer 1', 'answered 0'])
    const [missed, again] = lastTwo()
    expect([missed?.returned_by, missed?.returned_after]).toEqual([null, null])
    expect((await entryOf(BOB))?.closed_by_call).toBe(again?.id)
  })

  test('the page was never reloaded, and neither it nor the program complained', async () => {
    expect(await seen.page.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
    expect(seen.complaints).toEqual([])
    expect(await session.exporter.stop()).toBe(0)
    expect(session.exporter.lines.filter(isComplaint)).toEqual([])
  })
})

/** Seconds of the waiting time that begins a row, as in `1:05 | …` or `1:00:05 | …`. */
function waitShown(row: string): number {
  const [time = ''] = row.split(' | ')
  return time.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0)
}

function outcomeOf(row: CallRow | undefined): string {
  return `${row?.disposition} ${row?.missed}`
}

/** Epoch seconds. */
function endInCel(row: CallRow | undefined): number | null {
  return new Cel().endOf(row?.channel_id ?? '')
}

function ms(seconds: number): string {
  return `${(seconds * 1_000).toFixed(0)} ms`
}

/** The page shows who was closed today; where it is noon, today does not end while the test runs. */
function zoneWhereItIsNoon(): string {
  const past = new Date().getUTCHours() - 12
  return `Etc/GMT${past < 0 ? '-' : '+'}${Math.abs(past)}`
}
