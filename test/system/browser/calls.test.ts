// The list of calls: search, filters, the address, paging; and one call's story.

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ActiveCall, CallPage } from '../../../src/query/schema.ts'
import { closePages, openPage, rowsOf, untilRows } from './browser.ts'
import { openBrowser } from './chromium.ts'
import { type Stage, startStage } from './pageUnderTest.ts'

let browser: Browser
let stage: Stage

beforeAll(async () => {
  browser = await openBrowser()
  stage = await startStage()
  const { place } = stage.pbx
  // 70 short ones, so that there is a second page, then some of each kind.
  await Promise.all(Array.from({ length: 70 }, () => place('invalid-number', { caller: '110', callee: '111' }).ended))
  await place('busy', { caller: '101', callee: '102', ringMs: 4 }).ended
  await place('inbound', { callee: '103', trunk: 'trunk-a', ringMs: 10, talkMs: 50 }).ended
  await place('queue-answered', { queue: 'sales', answerer: '105', ringMs: 20, talkMs: 200, patienceMs: 50 }).ended
  await place('hunt', { caller: '107', callee: '108', third: '109', ringMs: 50, dialTimeoutMs: 100, talkMs: 300 }).ended
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await browser?.close()
  await stage?.stop()
})

async function asked<T>(path: string): Promise<T> {
  return JSON.parse(await (await fetch(stage.url + path)).text())
}

describe('searching', () => {
  test('finds calls by number and keeps the filter in the URL and over a reload', async () => {
    const { page, complaints } = await openPage(browser, stage.url)
    await page.getByLabel('Search number or name').fill('5550102')
    const found = await untilRows(page, 'calls', (rows) => rows.length === 1)
    expect(found[0]).toMatch(/inbound \| 04\d+ .* \| 5550102 \| 105 · sales · trunk-. \| answered \| 0:00$/)
    await expect.poll(() => new URL(page.url()).search).toBe('?text=5550102')
    await page.reload()
    await untilRows(page, 'calls', (rows) => rows.length === 1)
    expect(await page.getByLabel('Search number or name').inputValue()).toBe('5550102')
    await page.getByRole('button', { name: 'Clear' }).click()
    await untilRows(page, 'calls', (rows) => rows.length === 50)
    await expect.poll(() => new URL(page.url()).search).toBe('')
    expect(complaints).toEqual([])
  })

  test.each<[string, string, number | 'some']>([
    ['direction', '?direction=inbound', 'some'],
    ['disposition', '?disposition=busy', 1],
    ['operator', '?operator=103', 1],
    ['queue', '?queue=sales', 1],
    ['missed', '?missed=true&disposition=busy', 1],
    ['period', '?period=yesterday', 0],
    ['nothing', '?text=99999999', 0],
  ])('by %s', async (_what, search, wanted) => {
    const { page, complaints } = await openPage(browser, stage.url + search)
    if (wanted === 0) {
      await page.getByText('No call matches.').waitFor()
    } else {
      await untilRows(page, 'calls', (rows) =>
        wanted === 'some' ? rows.length > 0 && rows.length < 5 : rows.length === wanted,
      )
    }
    expect(complaints).toEqual([])
  })

  test('every control of the form narrows the list', async () => {
    const { page, complaints } = await openPage(browser, stage.url)
    await untilRows(page, 'calls', (rows) => rows.length === 50)
    await page.getByLabel('Result', { exact: true }).selectOption('busy')
    await untilRows(page, 'calls', (rows) => rows.length === 1)
    await page.getByLabel('Direction', { exact: true }).selectOption('inbound')
    await page.getByText('No call matches.').waitFor()
    await page.getByLabel('Result', { exact: true }).selectOption('')
    await untilRows(page, 'calls', (rows) => rows.length > 0 && rows.every((row) => row.includes('inbound')))
    await page.getByLabel('Direction', { exact: true }).selectOption('')
    await page.locator('.filters').getByLabel('Queue', { exact: true }).fill('sales')
    await untilRows(page, 'calls', (rows) => rows.length === 1)
    await page.locator('.filters').getByLabel('Queue', { exact: true }).fill('')
    await page.locator('.filters').getByLabel('Operator', { exact: true }).fill('102')
    await untilRows(page, 'calls', (rows) => rows.length === 1)
    await page.locator('.filters').getByLabel('Operator', { exact: true }).fill('')
    await page.getByLabel('Missed only').check()
    await untilRows(page, 'calls', (rows) => rows.length > 0 && rows.some((row) => row.includes('busy')))
    await page.getByLabel('Missed only').uncheck()
    await page.locator('.filters').getByLabel('Period').selectOption('custom')
    await page.locator('.filters').getByLabel('From', { exact: true }).fill('2001-01-01T00:00')
    await page.locator('.filters').getByLabel('To', { exact: true }).fill('2001-01-02T00:00')
    await page.getByText('No call matches.').waitFor()
    await expect
      .poll(() => new URL(page.url()).search)
      .toBe('?period=custom&from=2001-01-01T00%3A00&to=2001-01-02T00%3A00')
    await page.locator('.filters').getByLabel('To', { exact: true }).fill('2000-01-02T00:00')
    await page.locator('.calls').getByText('The server refused the request').waitFor()
    await page.locator('.filters').getByLabel('Period').selectOption('hour')
    await untilRows(page, 'calls', (rows) => rows.length === 50)
    // The server's refusal above is in the browser's console, and nothing else.
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([])
  })

  test('Load more continues after the last row, without a gap or a duplicate', async () => {
    const { page } = await openPage(browser, stage.url)
    const first = await untilRows(page, 'calls', (rows) => rows.length === 50)
    await page.getByRole('button', { name: 'Load more' }).click()
    const all = await untilRows(page, 'calls', (rows) => rows.length > 50)
    expect(all.slice(0, 50)).toEqual(first)
    expect(all.filter((row) => row.includes('no such number'))).toHaveLength(70)
    await page.getByRole('button', { name: 'Load more' }).waitFor({ state: 'hidden' })
    const { ended } = stage.pbx.place('busy', { caller: '112', callee: '113', ringMs: 4 })
    await ended
    await untilRows(page, 'calls', (rows) => rows.length === all.length + 1 && rows[0]?.includes('112') === true)
    const note = page.getByText(`${all.length + 1} calls shown`)
    await note.waitFor()
    expect(await note.getAttribute('aria-live')).toBe('off')
  })

  test('a message about a failed request is replaced once a later request succeeds', async () => {
    const { page } = await openPage(browser, stage.url)
    await page.getByText(/^\d+ calls shown$/).waitFor()
    await page.route('**/api/calls?*', (route) => route.abort())
    await stage.pbx.place('busy', { caller: '104', callee: '106', ringMs: 4 }).ended
    await page.locator('.calls').getByText('The server does not answer').waitFor()
    await page.unroute('**/api/calls?*')
    await stage.pbx.place('busy', { caller: '104', callee: '106', ringMs: 4 }).ended
    await page.getByText(/^\d+ calls shown$/).waitFor()
  })

  test('exports the same calls as CSV', async () => {
    const { page } = await openPage(browser, `${stage.url}?disposition=busy&text=102`)
    await untilRows(page, 'calls', (rows) => rows.length === 1)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV: Last calls' }).click(),
    ])
    const lines: string[] = []
    for await (const chunk of await download.createReadStream()) {
      lines.push(...String(chunk).trim().split('\n'))
    }
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain('busy')
  })
})

describe('one call’s story', () => {
  test('shows the attempts, their times and the cause; the URL names the call; Escape and Back close it', async () => {
    const { page, complaints } = await openPage(browser, `${stage.url}?operator=108`)
    await untilRows(page, 'calls', (rows) => rows.length === 1)
    const open = page.locator('.calls tbody button')
    await open.focus()
    await page.keyboard.press('Enter')
    const story = page.getByRole('dialog')
    await story.getByRole('heading', { name: /^Call 107 .* → / }).waitFor()
    expect(await story.innerText()).toMatch(/internal · answered/)
    expect(await story.locator('.facts').innerText()).toMatch(/Cause\s+normal hang-up \(16\)/)
    const legs = await story.locator('.legs li').allInnerTexts()
    expect(legs.length).toBeGreaterThanOrEqual(2)
    expect(legs.some((leg) => /no answer/.test(leg))).toBe(true)
    expect(legs.some((leg) => /answered/.test(leg))).toBe(true)
    const bars = story.getByRole('img')
    expect(await bars.count()).toBe(legs.length + 1)
    expect(await story.locator('rect.ringing').count()).toBeGreaterThan(0)
    expect(await story.locator('rect.talking').count()).toBeGreaterThan(0)
    await expect.poll(() => new URL(page.url()).search).toMatch(/^\?operator=108&call=\d+$/)
    const address = page.url()
    await page.keyboard.press('Escape')
    await story.waitFor({ state: 'hidden' })
    await page.locator('.calls tbody button:focus').waitFor()
    await expect.poll(() => new URL(page.url()).search).toBe('?operator=108')
    await page.goBack()
    await story.waitFor()
    await page.goBack()
    await story.waitFor({ state: 'hidden' })
    await page.goto(address)
    await story.getByRole('heading', { name: /^Call 107/ }).waitFor()
    expect(complaints).toEqual([])
  })

  test.each(['?call=99999999', '#call=1763900000.99', '#call=..%2F..%2Fmetrics', '#call=%3Cimg%20src%3Dx%3E'])(
    'of a call that is not there it says so: %s',
    async (address) => {
      const { page } = await openPage(browser, `${stage.url}${address}`)
      await page.getByRole('dialog').getByText('There is no such call in the log.').waitFor()
      expect((await rowsOf(page, 'calls')).length).toBeGreaterThanOrEqual(0)
    },
  )

  test('opens from a link with the id of its channel, for a live and for an ended call', async () => {
    const { page, complaints } = await openPage(browser, `${stage.url}?operator=108`)
    const [ended] = (await asked<CallPage>('api/calls?operator=108')).calls
    // As somebody who follows a link on the open page does.
    const id = encodeURIComponent(ended?.channel_id ?? '')
    await page.evaluate(`location.hash = 'call=${id}'`)
    const story = page.getByRole('dialog')
    await story.getByRole('heading', { name: /^Call 107 .* → / }).waitFor()
    expect(await story.locator('.facts').innerText()).toContain(ended?.channel_id)
    await expect.poll(() => new URL(page.url()).hash).toBe('')
    await expect.poll(() => new URL(page.url()).searchParams.get('operator')).toBe('108')
    await page.keyboard.press('Escape')
    await story.waitFor({ state: 'hidden' })
    await expect.poll(() => new URL(page.url()).search).toBe('?operator=108')

    const call = stage.pbx.place('answered-caller-hangs-up', {
      caller: '116',
      callee: '117',
      ringMs: 20,
      talkMs: Number.POSITIVE_INFINITY,
    })
    let live: ActiveCall | undefined
    await expect
      .poll(async () => {
        const { calls } = await asked<{ calls: ActiveCall[] }>('api/calls/active')
        live = calls.find(({ caller, state }) => caller === '116' && state === 'talking')
        return live?.channel_id
      })
      .toBeDefined()
    const other = await openPage(browser, `${stage.url}#call=${encodeURIComponent(live?.channel_id ?? '')}`)
    const dialog = other.page.getByRole('dialog')
    await dialog.getByText('internal · talking').waitFor()
    call.endPause()
    await call.ended
    await dialog.getByText('internal · answered').waitFor()
    expect([...complaints, ...other.complaints]).toEqual([])
  })

  test('updates itself while the call is live', async () => {
    const { page, complaints } = await openPage(browser, stage.url)
    const call = stage.pbx.place('answered-caller-hangs-up', {
      caller: '114',
      callee: '115',
      ringMs: 20,
      talkMs: Number.POSITIVE_INFINITY,
    })
    await untilRows(page, 'live', ([row]) => row?.startsWith('talking') === true)
    await page.locator('.live tbody button').click()
    const story = page.getByRole('dialog')
    await story.getByText('internal · talking').waitFor()
    call.endPause()
    await call.ended
    await story.getByText('internal · answered').waitFor()
    expect(complaints).toEqual([])
  })
})
