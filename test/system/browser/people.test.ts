// The place of people: one tile for each phone, whatever it does and whether or not it is in a queue.

import { expect, test } from 'vitest'
import type { Operators } from '../../../src/query/schema.ts'
import { PATIENCE } from '../../unit/patience.ts'
import { barriers, tooWide, untilRows } from './browser.ts'
import { stagePerTest } from './stagePerTest.ts'

const ANN = { number: '0401234567', name: 'Ann Example' }
const FOREVER = Number.POSITIVE_INFINITY
const PEOPLE = '?place=people'

const theatre = stagePerTest()

test('an agent and a phone in no queue are one tile each: free first, then who talks and with whom; a call and the calls open by keyboard', async () => {
  const { page, complaints } = await theatre.open(PEOPLE)
  const tile = (phone: string) => page.locator('.tile', { has: page.getByRole('link', { name: `Calls of ${phone}` }) })
  await tile('103').getByText('free', { exact: true }).waitFor()
  const times = { ringMs: 10, talkMs: FOREVER }
  theatre.stage.pbx.place('answered-caller-hangs-up', { caller: '110', callee: '111', ...times })
  theatre.stage.pbx.place('queue-answered', {
    queue: 'support',
    answerer: '103',
    outside: ANN,
    trunk: 'trunk-a',
    ...times,
  })
  await tile('103')
    .getByText(/^talking \d:\d\d$/)
    .waitFor()
  await tile('103').getByText('Ann Example').waitFor()
  await tile('103').getByText('support').waitFor()
  await tile('111').getByRole('button', { name: 'Details of the call of 111, 110' }).waitFor()
  await tile('110').getByRole('button', { name: 'Details of the call of 110, 111' }).waitFor()
  expect(await tile('103').count()).toBe(1)
  await expect.poll(() => tile('103').locator('dl').innerText(), PATIENCE).toMatch(/Offered\s+1\s/)
  const states = await page.locator('.tile').evaluateAll((all) => all.map((each) => each.getAttribute('data-state')))
  expect(states.lastIndexOf('free')).toBeLessThan(states.indexOf('talking'))
  await page.getByRole('heading', { name: /^People \d+ free · 3 talking/ }).waitFor()
  expect(await barriers(page)).toEqual([])

  await tile('103').getByRole('button').focus()
  await page.keyboard.press('Enter')
  await page
    .getByRole('dialog')
    .getByRole('heading', { name: /^Call 0401234567/ })
    .waitFor()
  await page.keyboard.press('Escape')
  await page.getByLabel('Period', { exact: true }).selectOption('last hour')
  // A click anywhere in the tile.
  await tile('103').click({ position: { x: 90, y: 50 } })
  await untilRows(page, 'calls', (rows) => rows.length === 1)
  expect(new URL(page.url()).search).toBe('?place=calls&operator=103&period=hour')
  await page.goBack()
  await tile('111').getByRole('link').focus()
  await page.keyboard.press('Enter')
  await untilRows(page, 'calls', (rows) => rows.length === 1)
  expect(complaints).toEqual([])
})

test('200 phones are searched and ordered; names of 80 characters fit; nothing stays free without the server or Asterisk', async () => {
  const long = 'p'.repeat(80)
  const { page } = await theatre.open()
  await page.route('**/api/operators?*', async (route) => {
    const answer: Operators = await (await route.fetch()).json()
    const [one] = answer.operators
    const more = Array.from({ length: 179 }, (_, index) => ({
      ...one,
      operator: `desk-${index}`,
      missed: index === 77 ? 9 : 0,
    }))
    await route.fulfill({ json: { ...answer, operators: [...answer.operators, ...more, { ...one, operator: long }] } })
  })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(new URL(PEOPLE, theatre.stage.url).href)
  await expect.poll(() => page.locator('.tile').count(), PATIENCE).toBe(200)
  expect(await tooWide(page)).toEqual([])
  const section = page.locator('section.people')
  await section.getByLabel('Order').selectOption('most missed first')
  await page.locator('.tile').first().getByText('desk-77').waitFor()
  await section.getByLabel('Phone, name or queue').fill('desk-17')
  await expect.poll(() => page.locator('.tile').count(), PATIENCE).toBe(10)
  await section.getByLabel('Phone, name or queue').fill('nobody')
  await page.getByText('Nobody matches.').waitFor()
  await section.getByLabel('Phone, name or queue').fill('')
  await expect.poll(() => page.locator('.tile').count(), PATIENCE).toBe(200)
  await page.unrouteAll({ behavior: 'wait' })
  const known = () => page.locator('.tile:not([data-state="unknown"])').count()
  theatre.stage.cut()
  await expect.poll(known, PATIENCE).toBe(0)
  theatre.stage.mend()
  await expect.poll(known, PATIENCE).toBeGreaterThan(0)
  await theatre.stage.pbx.refuse()
  await expect.poll(known, PATIENCE).toBe(0)
})

test('without a phone it says when there will be some', async () => {
  const { page } = await theatre.open()
  await page.route('**/api/operators?*', async (route) => {
    const answer: Operators = await (await route.fetch()).json()
    await route.fulfill({ json: { ...answer, operators: [] } })
  })
  await page.goto(new URL(PEOPLE, theatre.stage.url).href)
  await page.getByText('No phone is known yet.').waitFor()
  await page.unrouteAll({ behavior: 'wait' })
  await page.route('**/api/operators?*', (route) => route.abort())
  await page.reload()
  await page.locator('.people').getByText('The server does not answer').waitFor()
})
