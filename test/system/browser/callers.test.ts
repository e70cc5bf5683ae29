// Missed callers: somebody outside is missed, waits on the page, and leaves the list as soon as somebody has spoken with them.

import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { ScenarioName } from '../../../src/pbx-sim/scenarios/catalogue.ts'
import type { MissedCallerPage } from '../../../src/query/schema.ts'
import { barriers, openPage, rowsOf, untilRows } from './browser.ts'
import { startStage } from './pageUnderTest.ts'
import { stagePerTest } from './stagePerTest.ts'

const ANN = { number: '0401234567', name: 'Ann Example' }
const BOB = { number: '0450000001', name: 'Bob' }

const MISSED = '?place=missed'

const theatre = stagePerTest()

async function play(scenario: ScenarioName, outside: typeof ANN, caller = '101'): Promise<void> {
  const times = { ringMs: 40, talkMs: 200, dialTimeoutMs: 60, patienceMs: 60 }
  await theatre.stage.pbx.place(scenario, {
    caller,
    callee: '103',
    trunk: 'trunk-a',
    queue: 'sales',
    outside,
    ...times,
  }).ended
}

/** The heading with the number of those who wait. */
async function untilCount(page: Page, count: string): Promise<void> {
  await page.getByRole('heading', { name: `Missed callers ${count}`, exact: true }).waitFor()
}

test('a missed caller appears, waits, is tried, is called back in another notation, and leaves, without a reload', async () => {
  const { page, complaints } = await theatre.open(MISSED)
  await page.locator('.callers').getByText('Nobody waits to be called back.').waitFor()
  await page.getByText('Nobody was called back today.').waitFor()
  await untilCount(page, '0')
  await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))

  await play('inbound-no-answer', ANN)
  await untilRows(page, 'waiting', ([row]) =>
    /^\d+:\d\d \| 0401234567 Ann Example \| 5550103 \| 1 \| 0 \| Call Calls$/.test(row ?? ''),
  )
  await untilCount(page, '1')
  await untilRows(page, 'waiting', ([row]) => /^(0:0[2-9]|0:[1-5]\d|[1-9])/.test(row ?? ''))

  await play('queue-abandoned', ANN)
  await untilRows(page, 'waiting', ([row]) => /\| sales · 5550102 \| 2 \| 0 \|/.test(row ?? ''))
  await play('outbound-busy', { ...ANN, number: '+358401234567' })
  await untilRows(page, 'waiting', ([row]) => /\| 2 \| 1 \|/.test(row ?? ''))

  await play('outbound', { ...ANN, number: '00358401234567' }, '107')
  await untilRows(page, 'waiting', (rows) => rows.length === 0)
  const [closed] = await untilRows(page, 'closed', (rows) => rows.length === 1)
  expect(closed).toMatch(/^\d\d:\d\d:\d\d \| 0401234567 Ann Example \| called back \| 107 \| .* secs? \| 2$/)
  await page.locator('.callers').getByText('Nobody waits to be called back.').waitFor()
  await untilCount(page, '0')

  expect(await page.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
  expect(complaints).toEqual([])
})

test('a caller who calls again and is answered leaves the list; by whom is shown, and the call opens', async () => {
  const { page, complaints } = await theatre.open(MISSED)
  await play('inbound-cancelled', BOB)
  await untilRows(page, 'waiting', (rows) => rows.length === 1)
  await play('inbound', BOB)
  await untilRows(page, 'waiting', (rows) => rows.length === 0)
  await untilRows(page, 'closed', ([row]) => /\| 0450000001 Bob \| called again \| 103 \|/.test(row ?? ''))
  await page.locator('.closed tbody button').click()
  const story = page.getByRole('dialog')
  await story.getByText('inbound · answered').waitFor()
  await story.getByRole('heading', { name: /^Call 0450000001/ }).waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.closed tbody button:focus').waitFor()
  expect(complaints).toEqual([])
})

test('is the same after a reload and for another page', async () => {
  await play('inbound-no-answer', ANN)
  await play('inbound-no-answer', BOB)
  await play('outbound', BOB)
  const { page } = await theatre.open(MISSED)
  const waiting = await untilRows(page, 'waiting', (rows) => rows.length === 1)
  expect(waiting[0]).toContain('0401234567')
  expect(await rowsOf(page, 'closed')).toEqual([expect.stringContaining('0450000001')])
  await page.reload()
  await untilRows(page, 'waiting', (rows) => rows.length === 1)
})

test('the longest wait comes first, or the newest', async () => {
  for (const outside of [ANN, BOB]) {
    await play('inbound-no-answer', outside)
  }
  const { page } = await theatre.open(MISSED)
  await untilRows(page, 'waiting', (rows) => rows.length === 2 && rows[0]?.includes(ANN.number) === true)
  await page.locator('.callers').getByLabel('Order').selectOption('newest first')
  await untilRows(page, 'waiting', (rows) => rows.length === 2 && rows[0]?.includes(BOB.number) === true)
  await page.locator('.callers').getByLabel('Order').selectOption('longest wait first')
  await untilRows(page, 'waiting', (rows) => rows.length === 2 && rows[0]?.includes(ANN.number) === true)
})

describe('a number', () => {
  test('is a link that dials it, and its calls are one click away, in whatever notation they were dialed', async () => {
    await play('inbound-no-answer', ANN)
    await play('outbound-busy', { ...ANN, number: '+358401234567' })
    await play('inbound-no-answer', BOB)
    const { page, complaints } = await theatre.open(MISSED)
    await untilRows(page, 'waiting', (rows) => rows.length === 2)
    expect(await page.getByRole('link', { name: 'Call 0401234567' }).getAttribute('href')).toBe('tel:0401234567')
    const calls = page.getByRole('button', { name: 'Calls from and to 0401234567' })
    await calls.focus()
    await page.keyboard.press('Enter')
    const rows = await untilRows(page, 'calls', (all) => all.length === 2)
    expect(rows[0]).toContain('outbound')
    expect(rows[1]).toContain('inbound')
    expect(await page.locator('h2:focus').innerText()).toBe('Calls')
    expect(new URL(page.url()).search).toBe('?place=calls&text=401234567&period=all')
    expect(complaints).toEqual([])
  })

  test('that is masked is shown, and not dialed', async () => {
    const masked = await startStage({ maskNumbers: true })
    try {
      const { page } = await openPage(theatre.browser, masked.url + MISSED)
      await masked.pbx.place('inbound-no-answer', { callee: '103', dialTimeoutMs: 60, outside: ANN }).ended
      const [row] = await untilRows(page, 'waiting', (rows) => rows.length === 1)
      expect(row).toMatch(/\| \*{7}567 +\| \*{4}103 \|/)
      expect(await page.locator('.waiting a[href]').count()).toBe(0)
      await masked.pbx.place('outbound', { ringMs: 20, talkMs: 20, outside: { ...ANN, number: '+358401234567' } }).ended
      await untilRows(page, 'closed', ([closed]) => /\| \*{7}567 +\| called back \|/.test(closed ?? ''))
      expect(await page.locator('body').innerText()).not.toMatch(/401234567|Ann Example/)
    } finally {
      await masked.stop()
    }
  })
})

test('a caller without a number is not listed', async () => {
  const { page } = await theatre.open(MISSED)
  await play('inbound-no-answer', { number: '', name: 'Anonymous' })
  await play('inbound-no-answer', ANN)
  const rows = await untilRows(page, 'waiting', (all) => all.length > 0)
  expect(rows).toEqual([expect.stringContaining(ANN.number)])
})

test('shows the first ten until all are asked for', async () => {
  const { page } = await theatre.open(MISSED)
  const numbers = Array.from({ length: 13 }, (_, index) => `04500000${10 + index}`)
  await Promise.all(numbers.map((number) => play('inbound-no-answer', { number, name: '' })))
  await untilCount(page, '13')
  await untilRows(page, 'waiting', (rows) => rows.length === 10)
  await page.getByRole('button', { name: 'Show all 13' }).click()
  await untilRows(page, 'waiting', (rows) => rows.length === 13)
  await page.getByRole('button', { name: 'Show fewer' }).click()
  await untilRows(page, 'waiting', (rows) => rows.length === 10)
})

test('catches up after a lost connection', async () => {
  const { page } = await theatre.open(MISSED)
  await play('inbound-no-answer', ANN)
  await untilRows(page, 'waiting', (rows) => rows.length === 1)
  theatre.stage.cut()
  await page.getByText('Connection lost').waitFor()
  await play('outbound', ANN)
  await play('inbound-no-answer', BOB)
  theatre.stage.mend()
  await untilRows(page, 'waiting', (rows) => rows.length === 1 && rows[0]?.includes(BOB.number) === true)
  await untilRows(page, 'closed', (rows) => rows.length === 1 && rows[0]?.includes(ANN.number) === true)
})

test('says when the list cannot be requested, and requests it again at the next change', async () => {
  const { page } = await theatre.open(MISSED)
  await untilCount(page, '0')
  await page.route('**/api/missed-callers?*', (route) => route.abort())
  await page.reload()
  await page.locator('.callers').getByText('The server does not answer').waitFor()
  expect(await page.locator('.callers').getByText('Nobody waits to be called back.').isVisible()).toBe(false)
  await page.unroute('**/api/missed-callers?*')
  await play('inbound-no-answer', ANN)
  await untilRows(page, 'waiting', (rows) => rows.length === 1)
  await page.locator('.callers [role=alert]').waitFor({ state: 'hidden' })
})

test('the focus stays on a caller while others come and go, and goes to the heading with the caller', async () => {
  const { page } = await theatre.open(MISSED)
  await play('inbound-no-answer', ANN)
  await play('inbound-no-answer', BOB)
  await untilRows(page, 'waiting', (rows) => rows.length === 2)
  await page.getByRole('link', { name: `Call ${BOB.number}` }).focus()
  await play('outbound', ANN)
  await untilRows(page, 'waiting', (rows) => rows.length === 1)
  await page.locator(`.waiting a:focus`).waitFor()
  await play('outbound', BOB)
  await untilRows(page, 'waiting', (rows) => rows.length === 0)
  expect(await page.locator('h2:focus').innerText()).toMatch(/^Missed callers/)
})

test('the call that was missed says after how long somebody called back, and opens that call', async () => {
  const { page, complaints } = await theatre.open(MISSED)
  await play('inbound-no-answer', ANN)
  await play('outbound', ANN, '107')
  await untilRows(page, 'closed', (rows) => rows.length === 1)
  await page.getByRole('link', { name: 'Calls', exact: true }).click()
  await untilRows(page, 'calls', (rows) => rows.length === 2)
  await page.locator('.calls tbody tr:not(.day)').nth(1).getByRole('button').click()
  const story = page.getByRole('dialog')
  await story.getByText('Called back after').waitFor()
  await story.getByRole('link', { name: /sec/ }).click()
  await story.getByRole('heading', { name: /^Call 107/ }).waitFor()
  expect(complaints).toEqual([])
})

test('those who wait, and those who were closed today, are downloaded as CSV', async () => {
  const { page } = await theatre.open(MISSED)
  await play('inbound-no-answer', ANN)
  await play('inbound-no-answer', BOB)
  await play('outbound', BOB)
  await untilRows(page, 'closed', (rows) => rows.length === 1)
  for (const [link, number] of [
    ['CSV: Missed callers', ANN.number],
    ['CSV: Closed today', BOB.number],
  ] as const) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: link }).click(),
    ])
    const text = await readFile(await download.path(), 'utf8')
    expect(text.trim().split('\n')).toEqual([expect.stringMatching(/^id,number,/), expect.stringContaining(number)])
  }
})

test('says how many wait besides those that it lists', async () => {
  await play('inbound-no-answer', ANN)
  const { page } = await theatre.open(MISSED)
  await untilCount(page, '1')
  await page.route('**/api/missed-callers?state=waiting*', async (route) => {
    const answer: MissedCallerPage = await (await route.fetch()).json()
    const callers = Array.from({ length: 500 }, (_, id) => ({ ...answer.missed_callers[0], id }))
    await route.fulfill({ json: { missed_callers: callers, waiting: 1_234, next: 'more' } })
  })
  await page.reload()
  await untilCount(page, '1,234')
  await page.getByText('734 more callers wait; the CSV has them all.').waitFor()
})

test('the title tells the longest wait; its colour changes after a quarter of an hour and after an hour, unless somebody tried', async () => {
  await play('inbound-no-answer', ANN)
  await play('inbound-no-answer', BOB)
  await play('outbound-busy', BOB)
  const { page } = await theatre.open()
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
  const ages: Readonly<Record<string, string>> = { [ANN.number]: minutesAgo(61), [BOB.number]: minutesAgo(90) }
  const tried = { ...ages, [BOB.number]: null }
  await page.route('**/api/missed-callers?state=waiting*', async (route) => {
    const answer: MissedCallerPage = await (await route.fetch()).json()
    const callers = answer.missed_callers.map((caller) => ({
      ...{ ...caller, first_miss_time: ages[caller.number], untried_since: tried[caller.number] },
    }))
    await route.fulfill({ json: { ...answer, missed_callers: callers } })
  })
  await page.goto(new URL(MISSED, theatre.stage.url).href)
  await page.getByText(/^longest wait 1:3\d:\d\d$/).waitFor()
  await page.locator('.waiting tr', { hasText: ANN.number }).and(page.locator('[data-wait="long"]')).waitFor()
  await page.locator('.waiting tr', { hasText: BOB.number }).and(page.locator('[data-wait="short"]')).waitFor()
  expect(await barriers(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await barriers(page)).toEqual([])
})

test('of several queues one can be chosen, by keyboard too; its CSV has the callers of it', async () => {
  const { page } = await theatre.open(MISSED)
  await play('queue-abandoned', ANN)
  await untilRows(page, 'waiting', (rows) => rows.length === 1)
  const choice = page.locator('.callers').getByLabel('Queue')
  expect(await choice.isVisible()).toBe(false)
  const patience = { patienceMs: 60, ringMs: 40 }
  await theatre.stage.pbx.place('queue-abandoned', { queue: 'support', outside: BOB, ...patience }).ended
  await untilRows(page, 'waiting', (rows) => rows.length === 2)
  await choice.focus()
  await page.keyboard.press('s')
  await untilRows(page, 'waiting', (rows) => rows.length === 1 && rows[0]?.includes(ANN.number) === true)
  await untilCount(page, '1')
  const address = await page.getByRole('link', { name: 'CSV: Missed callers' }).getAttribute('href')
  expect(address).toMatch(/queue=sales/)
  await choice.selectOption('all callers')
  await untilRows(page, 'waiting', (rows) => rows.length === 2)
})
