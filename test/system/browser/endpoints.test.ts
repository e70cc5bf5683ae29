// The section of endpoints: roles with reasons, doubtful ones first, what to set when one is wrong, ten thousand phones, registrations.

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { EndpointEntry, EndpointList } from '../../../src/query/endpointSchema.ts'
import { closePages, openPage, rowsOf, untilRows } from './browser.ts'
import { openBrowser } from './chromium.ts'
import { type Stage, startStage } from './pageUnderTest.ts'

const TRUNKS = '?place=trunks'

let browser: Browser
let stage: Stage

beforeAll(async () => {
  browser = await openBrowser()
  stage = await startStage()
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await browser?.close()
  await stage?.stop()
})

/** The page with these endpoints in place of those of the simulated PBX, which does not run res_prometheus. */
async function openWith(endpoints: readonly EndpointEntry[]): Promise<{ page: Page; complaints: readonly string[] }> {
  const seen = await openPage(browser, 'about:blank')
  await seen.page.route('**/api/endpoints', async (route) => {
    const answer: EndpointList = await (await route.fetch()).json()
    await route.fulfill({ json: { ...answer, endpoints } })
  })
  await seen.page.routeWebSocket(/\/api\/live/, (socket) => {
    const server = socket.connectToServer()
    server.onMessage((message) =>
      socket.send(String(message).replace('"res_prometheus":true', '"res_prometheus":false')),
    )
  })
  await seen.page.goto(stage.url + TRUNKS)
  return seen
}

const PHONE: EndpointEntry = {
  ...{ endpoint: '101', technology: 'PJSIP', state: 'online', role: 'phone', decided_by: 'configuration' },
  ...{ certainty: 'sure', reasons: ['registers', 'mailbox'] },
}
const TRUNK: EndpointEntry = { ...PHONE, endpoint: '74951234567', role: 'trunk', reasons: ['logs_in', 'fixed_contact'] }
const DOOR: EndpointEntry = {
  ...{ ...PHONE, endpoint: 'door', state: 'offline', certainty: 'doubtful' },
  reasons: ['phone_context', 'fixed_contact'],
}
const OLD: EndpointEntry = { ...PHONE, technology: 'SIP', decided_by: 'name', certainty: 'doubtful', reasons: [] }

test('lists the trunks of the PBX with the reasons, counts its phones, and tells that registrations can be known', async () => {
  const { page, complaints } = await openPage(browser, stage.url + TRUNKS)
  const rows = await untilRows(page, 'endpoints', (all) => all.length > 0 && all.every((row) => / trunk /.test(row)))
  expect(rows[0]).toMatch(/^trunk-a \| trunk .*\| online \| the PBX .+ \| it is a phone$/)
  await page
    .getByRole('heading', { name: /^Trunks and phones: roles trunks: \d+, phones: \d\d, doubtful: 0/ })
    .waitFor()
  await page.getByText('Asterisk runs res_prometheus: Prometheus can scrape whether trunks are registered').waitFor()
  expect(complaints).toEqual([])
})

test('doubtful ones are marked and first; the buttons put TRUNKS together, by keyboard too', async () => {
  const { page, complaints } = await openWith([PHONE, TRUNK, DOOR, OLD])
  const rows = await untilRows(page, 'endpoints', (all) => all.length === 3)
  expect(rows).toEqual([
    '101 SIP | phone doubtful | online | only its name: its configuration is not known, or not yet | it is a trunk',
    'door | phone doubtful | offline | For a trunk: it is called at a fixed address. For a phone: its calls enter the dialplan where those of phones do. | it is a trunk',
    '74951234567 | trunk | online | the PBX logs in there and asks for no password; it is called at a fixed address | it is a phone',
  ])
  expect(await page.locator('.endpoints .doubtful:visible').count()).toBe(2)
  await page.getByRole('button', { name: 'it is a trunk: door' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText("TRUNKS='74951234567,door'").waitFor()
  await page.getByRole('button', { name: 'it is a phone: 74951234567' }).click()
  await page.getByText("TRUNKS='door'").waitFor()
  expect(await page.getByRole('button', { name: 'it is a trunk: door', pressed: true }).count()).toBe(1)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'it is a trunk: door' }).click()
  await page.locator('.correction').waitFor({ state: 'hidden' })
  await page.getByLabel('Show', { exact: true }).selectOption({ label: 'all' })
  await untilRows(page, 'endpoints', (all) => all.length === 4)
  expect(complaints).toEqual([])
})

test('ten thousand phones and no trunk: some rows at first, more on request, any of them by its name', async () => {
  const phones = Array.from({ length: 10_000 }, (_, index) => ({ ...PHONE, endpoint: String(20_000 + index) }))
  const { page } = await openWith([...phones, DOOR])
  await page.getByText('Whether trunks are registered is not known: Asterisk does not run res_prometheus.').waitFor()
  await page.getByText('No endpoint is a trunk, so every call counts as internal.').waitFor()
  expect(await rowsOf(page, 'endpoints')).toHaveLength(1)
  await page.getByRole('heading', { name: 'trunks: 0, phones: 10,001, doubtful: 1, offline: 1' }).waitFor()
  await page.getByLabel('Find a name among all').fill('29999')
  expect((await untilRows(page, 'endpoints', (all) => all.length === 1))[0]).toMatch(/^29999 \| phone/)
  await page.getByLabel('Find a name among all').fill('')
  await page.getByLabel('Show', { exact: true }).selectOption({ label: 'phones' })
  await untilRows(page, 'endpoints', (all) => all.length === 10)
  await page.getByText('10 of 10,001 shown').waitFor()
  await page.getByRole('button', { name: 'Show 100 more' }).click()
  await untilRows(page, 'endpoints', (all) => all.length === 110)
  await page.getByLabel('Find a name among all').fill('nobody')
  await page.getByText('No endpoint matches.').waitFor()
  expect(await rowsOf(page, 'endpoints')).toEqual([])
})

test('with TRUNKS, that decides, and the page says so', async () => {
  const fixed = await startStage({ settings: { TRUNKS: 'trunk-*' } })
  try {
    const { page } = await openPage(browser, fixed.url + TRUNKS)
    await untilRows(page, 'endpoints', (all) => all[0]?.includes('| TRUNKS says so |') === true)
    await page.getByText('TRUNKS decides: what matches it is a trunk').waitFor()
    expect(await page.locator('.endpoints td button:visible').count()).toBe(0)
  } finally {
    await fixed.stop()
  }
})

// The last one: the PBX of the stage is gone afterwards.
test('a lost Asterisk leaves roles, but says nothing of online or offline', async () => {
  const { page } = await openPage(browser, stage.url + TRUNKS)
  await untilRows(page, 'endpoints', (all) => all[0]?.includes('| online |') === true)
  await stage.pbx.refuse()
  await untilRows(page, 'endpoints', (all) => /^trunk-a \| trunk .*\| – \|/.test(all[0] ?? ''))
})
