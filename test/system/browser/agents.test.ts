// The place of queues: who is free, rings, talks and with whom, is in wrap-up, paused or not known; who waits; the figures of the period.

import { expect, test } from 'vitest'
import type { ScenarioName } from '../../../src/pbx-sim/scenarios/catalogue.ts'
import type { PlacedCall } from '../../../src/pbx-sim/simulator.ts'
import type { Agents } from '../../../src/query/agentSchema.ts'
import type { QueueNow, Queues } from '../../../src/query/queueSchema.ts'
import { PATIENCE } from '../../unit/patience.ts'
import { barriers, openPage, rowsOf, tooWide, untilRows } from './browser.ts'
import { startStage } from './pageUnderTest.ts'
import { stagePerTest } from './stagePerTest.ts'

const ANN = { number: '0401234567', name: 'Ann Example' }
const FOREVER = Number.POSITIVE_INFINITY
const QUEUES = '?place=queues'

const NO_CALLS: Omit<QueueNow, 'queue'> = {
  ...{ waiting: 0, longest_wait_seconds: null, agents: null, offered: 0, answered: 0, abandoned: 0, exited: 0 },
  ...{ average_wait_seconds: null, service_level: null },
}

const theatre = stagePerTest()

/** A call that rings, then lasts, until its pauses are ended. */
function callQueue(queue: 'sales' | 'support', answerer: string): PlacedCall {
  const options = { queue, answerer, outside: ANN, trunk: 'trunk-a', ringMs: FOREVER, talkMs: FOREVER }
  return theatre.stage.pbx.place('queue-answered', options)
}

/** Asterisk tells most about a queue while a channel lives, whoever it belongs to. */
function talkElsewhere(): void {
  const options = { caller: '110', callee: '111', ringMs: 10, talkMs: FOREVER }
  theatre.stage.pbx.place('answered-caller-hangs-up', options)
}

/** Somebody pauses or logs off by phone until the pause is ended. */
function leave(scenario: ScenarioName): PlacedCall {
  return theatre.stage.pbx.place(scenario, { queue: 'sales', talkMs: FOREVER })
}

test('a queue appears with the first call: who rings, talks with the caller, is in wrap-up, without a reload', async () => {
  const { page, complaints } = await theatre.open(QUEUES)
  await page.getByText('No queue was seen yet. Queues appear here as soon as somebody calls one.').waitFor()
  await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))
  talkElsewhere()
  const call = callQueue('support', '103')
  await untilRows(page, 'members', (rows) =>
    rows.every((row) => /^10[23] \| ringing \| \d+:\d\d \| 0401234567 Ann Example \| (–|\d)/.test(row)),
  )
  await page.getByRole('article', { name: 'support' }).getByText('2 ringing', { exact: true }).waitFor()
  call.endPause()
  await untilRows(page, 'members', ([free, talks]) =>
    [free?.startsWith('102 | free'), talks?.startsWith('103 | talking')].every(Boolean),
  )
  await page.getByRole('heading', { name: 'Queues 0 waiting · 1 free of 2' }).waitFor()
  const button = page.getByRole('button', { name: 'Details of the call of 103, 0401234567' })
  await button.click()
  const story = page.getByRole('dialog')
  await story.getByRole('heading', { name: /^Call 0401234567/ }).waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.members button:focus').waitFor()
  call.endPause()
  await call.ended
  await untilRows(page, 'members', ([, row]) => /^103 \| wrap-up \| 0:\d\d \| +– \| \d+(\.\d)?%$/.test(row ?? ''))
  await page.locator('h2#queues:focus').waitFor()
  await page.getByText(/^Busy: the share of the time since \d\d:\d\d, pauses left out/).waitFor()
  expect(await page.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
  expect(complaints).toEqual([])
})

test('who pauses says why and since when; who logs off is gone until the next log-in; all is unknown without Asterisk', async () => {
  talkElsewhere()
  await theatre.stage.pbx.place('queue-abandoned', { queue: 'sales', patienceMs: 50 }).ended
  const { page, complaints } = await theatre.open(QUEUES)
  await untilRows(page, 'members', (rows) => rows.length === 3 && rows.every((row) => row.includes('| free |')))
  const pause = leave('agent-pauses')
  const reason = /^10[456] \| paused \| \d+:\d\d \| +(lunch|break|meeting|paperwork) \|/
  await untilRows(page, 'members', (rows) => rows.filter((row) => reason.test(row)).length === 1)
  const summary = page.getByRole('article', { name: 'sales' }).getByText('2 free · 1 paused', { exact: true })
  await summary.click()
  await page.locator('.members').waitFor({ state: 'hidden' })
  await page.keyboard.press('Enter')
  await page.locator('.members').waitFor()
  pause.endPause()
  await pause.ended
  await untilRows(page, 'members', (rows) => rows.every((row) => row.includes('| free |')))
  const absence = leave('agent-logs-off')
  await untilRows(page, 'members', (rows) => rows.length === 2)
  absence.endPause()
  await absence.ended
  await untilRows(page, 'members', (rows) => rows.length === 3)
  await theatre.stage.pbx.refuse()
  await untilRows(page, 'members', (rows) => rows.every((row) => /^10[456] \| not known \| – \|/.test(row)))
  await page.getByRole('heading', { name: 'Queues – waiting', exact: true }).waitFor()
  await page.getByRole('article', { name: 'sales' }).getByText('Who is waiting is not known.').waitFor()
  expect(await page.locator('.agent-dot:not([data-state="unknown"])').count()).toBe(0)
  expect(complaints).toEqual([])
})

test('says what to do when Asterisk is not asked; numbers and names are masked', async () => {
  const [silent, masked] = await Promise.all([
    startStage({ settings: { ARI_QUESTIONS_PER_SECOND: '0' } }),
    startStage({ maskNumbers: true }),
  ])
  try {
    await silent.pbx.place('queue-abandoned', { queue: 'sales', patienceMs: 50 }).ended
    const off = await openPage(theatre.browser, silent.url + QUEUES)
    await off.page.getByText('ARI_QUESTIONS_PER_SECOND is 0. Set it to 5').waitFor()
    expect(await rowsOf(off.page, 'members')).toEqual([])

    masked.pbx.place('queue-answered', { queue: 'sales', answerer: '105', outside: ANN, ringMs: 20, talkMs: FOREVER })
    const { page } = await openPage(theatre.browser, masked.url + QUEUES)
    await untilRows(page, 'members', (rows) => /^105 \| talking \| 0:\d\d \| \*{7}567 +\|/.test(rows[1] ?? ''))
    expect(await page.locator('body').innerText()).not.toMatch(/401234567|Ann Example/)
  } finally {
    await Promise.all([silent.stop(), masked.stop()])
  }
})

test('tells a queue of which nothing is known apart from one without agents', async () => {
  const { page } = await theatre.open(QUEUES)
  const nobody = { free: 0, ringing: 0, talking: 0, wrapup: 0, paused: 0, offline: 0 }
  await page.route('**/api/agents', async (route) => {
    const answer: Agents = await (await route.fetch()).json()
    const queues = [
      { queue: 'new', agents: null, seen: null },
      { queue: 'night', agents: nobody, seen: answer.at },
    ]
    await route.fulfill({ json: { ...answer, queues } })
  })
  await page.reload()
  await page.getByRole('article', { name: 'new' }).getByText('Not known yet who is logged in.').waitFor()
  await page.getByRole('article', { name: 'night' }).getByText('Nobody is logged in.').waitFor()
})

test('says when the agents cannot be requested, and requests them again at the next change', async () => {
  const { page } = await theatre.open(QUEUES)
  await page.getByText('No queue was seen yet.').waitFor()
  await page.route('**/api/agents', (route) => route.abort())
  await page.reload()
  await page.locator('.agents').getByText('The server does not answer').waitFor()
  await page.unroute('**/api/agents')
  const call = callQueue('sales', '105')
  await untilRows(page, 'members', (rows) => rows.length === 3)
  await page.locator('.agents [role=alert]').waitFor({ state: 'hidden' })
  call.endPause()
})

test('who waits has a clock and a bar that grows to the service level; the call opens by keyboard; what became of it counts', async () => {
  await theatre.stage.pbx.place('queue-abandoned', { queue: 'sales', patienceMs: 50 }).ended
  const { page, complaints } = await theatre.open()
  // The bar need not be watched for twenty seconds.
  await page.route('**/api/queues?*', async (route) => {
    const answer: Queues = await (await route.fetch()).json()
    await route.fulfill({ json: { ...answer, within_seconds: 4 } })
  })
  await page.goto(new URL(QUEUES, theatre.stage.url).href)
  const card = page.getByRole('article', { name: 'sales' })
  await card.getByText('Nobody is waiting.').waitFor()
  const figures = () => card.locator('dl').innerText()
  await expect.poll(figures, PATIENCE).toMatch(/Offered\s+1\s+Answered\s+0\s+Left\s+1\s/)
  const call = theatre.stage.pbx.place('queue-abandoned', { queue: 'sales', outside: ANN, patienceMs: FOREVER })
  await card.getByText('1 waiting').waitFor()
  await card.locator('.waiting-callers .clock', { hasText: /^0:0\d$/ }).waitFor()
  await card.locator('.waiting-callers .share-bar[data-level="soon"]').waitFor()
  await card.locator('.waiting-callers .share-bar[data-level="late"]').waitFor()
  expect(await barriers(page)).toEqual([])
  await page.locator('.queue[data-level="late"]').waitFor()
  await card.getByRole('button', { name: /^Details of the call from 0401234567/ }).focus()
  await page.keyboard.press('Enter')
  await page
    .getByRole('dialog')
    .getByRole('heading', { name: /^Call 0401234567/ })
    .waitFor()
  await page.keyboard.press('Escape')
  call.endPause()
  await call.ended
  await card.getByText('Nobody is waiting.').waitFor()
  await expect.poll(figures, PATIENCE).toMatch(/Offered\s+2\s+Answered\s+0\s+Left\s+2\s/)
  await page.getByLabel('Period', { exact: true }).selectOption('yesterday')
  await expect.poll(figures, PATIENCE).toMatch(/Offered\s+[–0]\s/)
  await card.getByRole('link', { name: 'Calls of sales' }).click()
  expect(new URL(page.url()).search).toBe('?place=calls&queue=sales&period=yesterday')
  expect(complaints).toEqual([])
})

test('two hundred queues are drawn and ordered by their waits, and found by name; a name of 80 characters fits', async () => {
  const long = 'q'.repeat(80)
  const { page } = await theatre.open()
  await page.route('**/api/queues?*', async (route) => {
    const answer: Queues = await (await route.fetch()).json()
    const names = [long, ...Array.from({ length: 199 }, (_, index) => `queue-${index}`)]
    const queues = names.map((queue) => ({ ...NO_CALLS, queue }))
    await route.fulfill({ json: { ...answer, queues } })
  })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(new URL(QUEUES, theatre.stage.url).href)
  await expect.poll(() => page.locator('.queue').count(), PATIENCE).toBe(200)
  expect(await tooWide(page)).toEqual([])
  await page.getByLabel('Find a queue').fill('queue-19')
  await expect.poll(() => page.locator('.queue').count(), PATIENCE).toBe(10)
  const call = theatre.stage.pbx.place('queue-abandoned', { queue: 'sales', outside: ANN, patienceMs: FOREVER })
  await page.getByLabel('Find a queue').fill('')
  await page.locator('.queues').locator('xpath=../..').getByLabel('Order').selectOption('longest wait first')
  await page.locator('.queue').first().getByText('1 waiting').waitFor()
  call.endPause()
})
