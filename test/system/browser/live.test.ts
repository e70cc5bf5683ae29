// The page updates by itself as calls start and end, and says what is not observed after it loses the exporter, or the exporter loses Asterisk.

import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { barriers, rowsOf, tooWide, untilRows } from './browser.ts'
import { stagePerTest } from './stagePerTest.ts'

const theatre = stagePerTest()
const FOREVER = Number.POSITIVE_INFINITY

/** Resolves when the line of the state says so. */
const untilState = (page: Page, text: string | RegExp) => page.locator('.state-line').getByText(text).waitFor()
const observed = (page: Page) => page.evaluate('document.documentElement.dataset.observed')
const tile = (page: Page, name: string) => page.locator(`.tile-${name}`)
const goTo = (page: Page, place: string) => page.locator('.places').getByRole('link', { name: place }).click()
/** The computed colours of what is green while all is well. */
const greens = (page: Page) =>
  page.evaluate(`['.live tr .state', '.state-line strong'].map(
    (each) => getComputedStyle(document.querySelector(each), '::before').backgroundColor)`)

test('a call appears, rings, is answered, runs and ends, without a reload', async () => {
  const { page, complaints } = await theatre.open()
  await page.getByText('No call right now').waitFor()
  await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))
  const call = theatre.stage.pbx.place('answered-caller-hangs-up', {
    caller: '101',
    callee: '102',
    ringMs: FOREVER,
    talkMs: FOREVER,
  })
  await untilRows(page, 'live', ([row]) => /^ringing \| \d+:\d\d \| 101 .* \| 102 \| – \| internal$/.test(row ?? ''))
  call.endPause()
  await untilRows(page, 'live', ([row]) => /^talking \| \d+:\d\d \| 101 .* \| 102 \| 102 \| internal$/.test(row ?? ''))
  await untilRows(page, 'live', ([row]) => /^talking \| (0:0[2-9]|0:[1-5]\d|[1-9])/.test(row ?? ''))
  await goTo(page, 'People')
  await untilRows(page, 'people', (rows) => rows.some((row) => /^102 \| talking \d:\d\d \| 101 /.test(row)))
  call.endPause()
  await call.ended
  await untilRows(page, 'live', (rows) => rows.length === 0)
  await untilRows(page, 'people', (rows) =>
    rows.some((row) => /^102 \| free .*\| Offered1Answered1Missed0Talk\d+:\d\d$/.test(row)),
  )
  await goTo(page, 'Calls')
  await untilRows(page, 'calls', ([row]) =>
    /\| internal \| 101 .* \| 102 \| 102 \| answered \| \d+:\d\d$/.test(row ?? ''),
  )
  await goTo(page, 'Now')
  await tile(page, 'calls')
    .filter({ hasText: /^Calls today 1 / })
    .waitFor()
  await tile(page, 'answered')
    .filter({ hasText: /^Answered 100%/ })
    .waitFor()
  await page.locator('footer').getByText('Calls ended 1, of them missed 0; in the log 1, not yet on disk 0').waitFor()
  expect(await page.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
  expect(complaints).toEqual([])
})

test('shows a lost connection, and after it each call once', async () => {
  const { page } = await theatre.open()
  await untilState(page, 'Connected to Asterisk 22')
  theatre.stage.pbx.place('answered-caller-hangs-up', {
    caller: '101',
    callee: '102',
    ringMs: 10,
    talkMs: FOREVER,
  })
  await untilRows(page, 'live', ([row]) => row?.startsWith('talking') === true)
  const green = await greens(page)
  theatre.stage.cut()
  await untilState(page, /^Connection lost/)
  await untilState(page, /^since \d/)
  await expect
    .poll(async () => [await observed(page), await page.title()])
    .toEqual(['server_lost', '(!) asterisk-ari-exporter'])
  await untilRows(page, 'live', ([row]) => row?.startsWith('not known') === true)
  expect(await greens(page)).not.toEqual(green)
  const box = await page.locator('.state-line').boundingBox()
  expect(box?.width).toBe(await page.evaluate('document.body.clientWidth'))
  const { ended } = theatre.stage.pbx.place('busy', { caller: '103', callee: '104', ringMs: 4 })
  theatre.stage.pbx.place('answered-caller-hangs-up', {
    caller: '105',
    callee: '106',
    ringMs: 10,
    talkMs: FOREVER,
  })
  await ended
  theatre.stage.mend()
  await untilState(page, 'Connected to Asterisk 22')
  await expect.poll(() => observed(page)).toBe('all')
  const rows = await untilRows(page, 'live', (all) => all.length === 2 && all.every((row) => row.startsWith('talking')))
  expect(rows).toMatchObject([expect.stringContaining('101'), expect.stringContaining('105')])
  await goTo(page, 'Calls')
  await untilRows(page, 'calls', (all) => all.length === 3 && all.filter((row) => row.includes('busy')).length === 1)
})

test('shows in every place whether Asterisk is connected; without it nothing is green and nothing runs on', async () => {
  const { page, complaints } = await theatre.open()
  await untilState(page, /^Connected to Asterisk 22\.\d+/)
  await untilState(page, /^since \d\d:\d\d:\d\d$/)
  theatre.stage.pbx.place('answered-caller-hangs-up', { caller: '101', callee: '102', ringMs: 10, talkMs: FOREVER })
  await untilRows(page, 'live', ([row]) => row?.startsWith('talking') === true)
  const green = await greens(page)
  await theatre.stage.pbx.refuse()
  await untilState(page, 'Not connected to Asterisk')
  await untilState(page, /^since .* · \S/)
  await expect
    .poll(async () => [await observed(page), await page.title()])
    .toEqual(['pbx_lost', '(!) asterisk-ari-exporter'])
  await untilRows(page, 'live', ([row]) => row?.startsWith('not known') === true)
  expect(await greens(page)).not.toEqual(green)
  expect([await tile(page, 'queued').locator('.value').innerText(), await page.locator('#live').innerText()]).toEqual([
    '–',
    'Live calls –',
  ])
  expect(await barriers(page)).toEqual([])
  await goTo(page, 'Missed')
  await untilState(page, 'Not connected to Asterisk')
  await theatre.stage.pbx.accept()
  await untilState(page, /^Connected to Asterisk 22/)
  await expect.poll(() => page.title()).toBe('asterisk-ari-exporter')
  expect(complaints).toEqual([])
})

test('each tile leads to what it counts', async () => {
  const { pbx } = theatre.stage
  const outside = { number: '0401234567', name: 'Ann Example' }
  await pbx.place('inbound-no-answer', { callee: '103', outside, dialTimeoutMs: 20 }).ended
  await pbx.place('answered-caller-hangs-up', { caller: '101', callee: '102', ringMs: 10, talkMs: 10 }).ended
  pbx.place('queue-abandoned', { queue: 'sales', patienceMs: FOREVER })
  const { page, complaints } = await theatre.open()
  await tile(page, 'calls')
    .filter({ hasText: /^Calls today 3 / })
    .waitFor()
  await tile(page, 'missed')
    .filter({ hasText: /^Missed today 1 ▲ 1 more than yesterday/ })
    .waitFor()
  await tile(page, 'callers')
    .filter({ hasText: /^To call back 1 the first for \d+:\d\d/ })
    .waitFor()
  await tile(page, 'queued')
    .filter({ hasText: /^Longest queue wait \d+:\d\d 1 waiting/ })
    .waitFor()
  expect(await page.locator('.to-call-back li').allInnerTexts()).toEqual([expect.stringContaining('0401234567')])
  expect(await page.locator('.in-queues li').allInnerTexts()).toEqual([expect.stringMatching(/sales\s+1 waiting/)])
  expect(await page.locator('.now-tile svg[role=img]').evaluateAll((all) => all.map((each) => each.ariaLabel))).toEqual(
    [
      expect.stringMatching(/^Highest at \d+:00: 3$/),
      expect.stringMatching(/^Highest at \d+:00: 50%$/),
      expect.stringMatching(/^Highest at \d+:00: 1$/),
    ],
  )
  const leadsTo = async (name: string) => {
    await tile(page, name).click()
    const { search } = new URL(page.url())
    await page.goBack()
    return [name, search]
  }
  expect(await leadsTo('callers')).toEqual(['callers', '?place=missed'])
  expect(await leadsTo('queued')).toEqual(['queued', '?place=queues'])
  expect(await leadsTo('people')).toEqual(['people', '?place=people'])
  expect(await leadsTo('calls')).toEqual(['calls', '?place=calls'])
  for (const name of ['answered', 'missed']) {
    await tile(page, name).click()
    await untilRows(
      page,
      'calls',
      (rows) => rows.length === 1 && rows[0]?.includes(name === 'missed' ? 'no answer' : 'answered') === true,
    )
    await page.goBack()
  }
  expect(complaints).toEqual([])
})

test('two hundred live calls: a hundred rows, callers in a queue first, and the number of the others; long names fit', async () => {
  const { pbx } = theatre.stage
  const outside = {
    number: '0401234567',
    name: 'The office of a customer whose name is as long as eighty characters may be, Ltd.',
  }
  for (let index = 0; index < 199; index += 1) {
    pbx.place('inbound', { callee: '103', trunk: 'trunk-a', outside, ringMs: FOREVER, dialTimeoutMs: FOREVER })
  }
  pbx.place('queue-abandoned', { queue: 'sales', outside, patienceMs: FOREVER })
  const { page, complaints } = await theatre.open()
  await page.getByRole('heading', { name: 'Live calls 200' }).waitFor()
  await untilRows(page, 'live', (rows) => rows.length === 100 && rows[0]?.startsWith('in a queue') === true)
  await page.locator('.live').getByText('and 100 more').waitFor()
  expect(await tooWide(page)).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await tooWide(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('keeps the focus on a live call while others begin and end', async () => {
  const { page } = await theatre.open()
  theatre.stage.pbx.place('answered-caller-hangs-up', {
    caller: '101',
    callee: '102',
    ringMs: 10,
    talkMs: FOREVER,
  })
  await untilRows(page, 'live', ([row]) => row?.startsWith('talking') === true)
  await page.locator('.live tbody button').focus()
  const other = theatre.stage.pbx.place('busy', { caller: '103', callee: '104', ringMs: FOREVER })
  await untilRows(page, 'live', ([, row]) => row?.startsWith('ringing') === true)
  other.endPause()
  await other.ended
  await untilRows(page, 'live', (rows) => rows.length === 1)
  expect(await page.locator('.live tbody tr:has(button:focus)').innerText()).toContain('101')
  expect(await rowsOf(page, 'live')).toHaveLength(1)
})

test('computes the period of the CSV link when it is clicked', async () => {
  const { page } = await theatre.open('?place=calls&period=hour')
  const link = page.locator('.calls a.csv')
  await expect.poll(() => link.getAttribute('href')).toContain('from=')
  const chosen = await link.getAttribute('href')
  await expect
    .poll(async () => {
      await link.dispatchEvent('pointerdown')
      return await link.getAttribute('href')
    })
    .not.toBe(chosen)
})
