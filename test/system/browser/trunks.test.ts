// The place of trunks: each is up or down, how full, how many calls out were answered, its last fault, and the lines that its busiest hour needs;
// and the names in TRUNK_CHANNELS that are no trunks.

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Trunks } from '../../../src/query/trunkSchema.ts'
import { PATIENCE } from '../../unit/patience.ts'
import { barriers, closePages, openPage, rowsOf, tooWide, untilRows } from './browser.ts'
import { openBrowser } from './chromium.ts'
import { type Stage, startStage } from './pageUnderTest.ts'

const TRUNKS = '?place=trunks'

let browser: Browser
let stage: Stage

beforeAll(async () => {
  browser = await openBrowser()
  stage = await startStage({ settings: { TRUNK_CHANNELS: 'trunk-a=30,trunk-x=2' } })
  await stage.pbx.place('outbound', { caller: '101', trunk: 'trunk-a', ringMs: 20, talkMs: 900 }).ended
  stage.pbx.place('outbound', { caller: '102', trunk: 'trunk-a', ringMs: 20, talkMs: Number.POSITIVE_INFINITY })
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await stage?.stop()
  await browser?.close()
})

test('tells what each trunk does, the lines that it needs, the formula, and a name that nothing has; its calls are a step away', async () => {
  const { page, complaints } = await openPage(browser, stage.url + TRUNKS)
  const used = page.getByRole('article', { name: 'trunk-a' })
  await used.getByText('up', { exact: true }).waitFor()
  await used.getByText('Channels in use: 1 of 30').waitFor()
  expect(await used.locator('dl').innerText()).toMatch(/Calls out today\s+1\s+Answered\s+1\s+ASR\s+100%/)
  await used.getByText('No fault today.').waitFor()
  await used.getByText(/^Busiest hour: .+:00, calls: 2, erlangs: 0, lines needed: 1$/).waitFor()
  const unseen = page.getByRole('article', { name: 'trunk-x' })
  await unseen.getByText('No call in the last 30 days.').waitFor()
  await unseen.getByText('not known', { exact: true }).waitFor()
  const section = page.locator('.trunks')
  await section.getByText('TRUNK_CHANNELS names trunk-x, of which there is neither an endpoint nor a call').waitFor()
  await section.getByText('at most 1% of the calls find all busy, by Erlang B').waitFor()
  expect(await section.locator('[data-lines="few"]').count()).toBe(0)
  expect(await barriers(page)).toEqual([])
  await used.getByRole('link', { name: 'Calls on trunk-a' }).focus()
  await page.keyboard.press('Enter')
  await untilRows(page, 'calls', (rows) => rows.length === 2)
  expect(complaints).toEqual([])
})

test('a trunk that is down comes first, with the fault in words; one that is full or needs more lines is marked; long names fit', async () => {
  const long = 't'.repeat(80)
  const { page } = await openPage(browser, 'about:blank', { viewport: { width: 390, height: 844 } })
  await page.route('**/api/trunks', async (route) => {
    const answer: Trunks = await (await route.fetch()).json()
    const [trunk] = answer.trunks
    const hour = { start: answer.to, seizures: 90, erlangs: 12.5, lines_needed: 20 }
    const fault = { time: answer.to, result: 'congestion', cause: 34 }
    const full = { ...trunk, trunk: 'full', channels: 10, calls_now: 10, busiest_hour: hour }
    const today = { attempts: 4, answered: 1, answered_share: 0.25, last_fault: fault }
    await route.fulfill({
      json: { ...answer, trunks: [full, { ...trunk, trunk: long, endpoint_state: 'offline', today }] },
    })
  })
  await page.goto(stage.url + TRUNKS)
  const first = page.locator('.trunk').first()
  await first.getByText('down', { exact: true }).waitFor()
  await first.getByText(/^Last fault \d\d:\d\d:\d\d: network refused – all lines are taken \(34\)$/).waitFor()
  await page.getByRole('heading', { name: 'Trunks 1 offline' }).waitFor()
  await page.locator('.trunk').last().locator('.share-bar[data-level="late"]').waitFor()
  expect(await page.locator('.hour[data-lines="few"]').count()).toBe(1)
  expect(await tooWide(page)).toEqual([])
  await page.route('**/api/trunks', (route) => route.fulfill({ json: { ...EMPTY, trunks: [] } }))
  await page.reload()
  await page.getByText('No trunk is known.').waitFor()
  expect(await rowsOf(page, 'trunks')).toEqual([])
})

const EMPTY: Omit<Trunks, 'trunks'> = {
  ...{
    from: new Date(0).toISOString(),
    to: new Date(0).toISOString(),
    today_from: new Date(0).toISOString(),
    blocked: 0.01,
  },
}

// The last one: the PBX of the stage is gone afterwards.
test('of a lost server, and of a lost Asterisk, no trunk is up', async () => {
  const { page } = await openPage(browser, stage.url + TRUNKS)
  const states = () => page.locator('.trunk').evaluateAll((all) => all.map((each) => each.getAttribute('data-state')))
  await expect.poll(states, PATIENCE).toContain('online')
  stage.cut()
  await expect.poll(states, PATIENCE).not.toContain('online')
  stage.mend()
  await expect.poll(states, PATIENCE).toContain('online')
  await stage.pbx.refuse()
  await expect.poll(states, PATIENCE).not.toContain('online')
})
