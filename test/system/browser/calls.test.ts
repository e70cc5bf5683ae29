// The list of calls: search, filters, the address, paging; and one call's story.

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ActiveCall, CallPage } from '../../../src/query/schema.ts'
import { barriers, closePages, openPage, rowsOf, tooWide, untilRows } from './browser.ts'
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

/** The place, with a query of filters. */
const calls = (query = ''): string => `${stage.url}?place=calls${query}`
const note = (page: Page) => page.locator('.calls .title p')
const searchOf = (page: Page): string => new URL(page.url()).search
const boxOf = (page: Page) => page.getByRole('combobox', { name: 'Search number or name' })
const options = (page: Page) => page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option').allInnerTexts()

describe('searching', () => {
  test('finds calls by number and keeps the filter in the address and over a reload; its chip removes it', async () => {
    const { page, complaints } = await openPage(browser, calls())
    const box = boxOf(page)
    await box.fill('5550102')
    const found = await untilRows(page, 'calls', (rows) => rows.length === 1)
    expect(found[0]).toMatch(
      /^\d\d:\d\d:\d\d \| inbound \| 04\d+ .* \| 5550102 \| 105 · sales · trunk-. \| answered \| 0:00$/,
    )
    await expect.poll(() => searchOf(page)).toBe('?place=calls&text=5550102')
    await page.reload()
    await untilRows(page, 'calls', (rows) => rows.length === 1)
    expect(await box.inputValue()).toBe('5550102')
    await page.getByRole('button', { name: 'Remove the filter: Number 5550102' }).click()
    await untilRows(page, 'calls', (rows) => rows.length === 50)
    await expect.poll(() => searchOf(page)).toBe('?place=calls')
    expect(await page.locator('.search :focus').inputValue()).toBe('')
    expect(complaints).toEqual([])
  })

  test('by the keyboard alone: "/" from any place, a suggestion by arrows and Enter, Escape leaves', async () => {
    const { page, complaints } = await openPage(browser, stage.url)
    await page.locator('.now-place').waitFor()
    await page.keyboard.press('/')
    const box = boxOf(page)
    await box.and(page.locator(':focus')).waitFor()
    await expect.poll(() => searchOf(page)).toBe('?place=calls')
    await page.keyboard.type('10')
    await expect
      .poll(() => options(page))
      .toEqual(['Number ends with 10', ...['101', '102', '103', '104'].map((each) => `Phone ${each}`)])
    expect(await box.getAttribute('aria-expanded')).toBe('true')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    const active = page.locator('.search').getByRole('option', { selected: true })
    expect(await active.innerText()).toBe('Phone 103')
    expect(await box.getAttribute('aria-activedescendant')).toBe(await active.getAttribute('id'))
    await page.keyboard.press('Enter')
    await untilRows(page, 'calls', (rows) => rows.length === 1)
    await expect.poll(() => searchOf(page)).toBe('?place=calls&operator=103')
    expect(await box.inputValue()).toBe('')
    await page.getByRole('button', { name: 'Remove the filter: Phone 103' }).waitFor()
    await page.keyboard.type('sal')
    await page.getByRole('option', { name: 'Queue sales' }).waitFor()
    expect(await barriers(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect.poll(() => options(page)).toEqual([])
    expect(await box.inputValue()).toBe('sal')
    await page.keyboard.press('Escape')
    await page.locator('.search :focus').waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  test('a suggestion is taken by the mouse; a name of 80 characters is whole in its tooltip, and nothing is wider than the page', async () => {
    const { page, complaints } = await openPage(browser, calls(), { viewport: { width: 390, height: 844 } })
    await boxOf(page).fill('SALES')
    await page.getByRole('option', { name: 'Queue sales' }).click()
    await untilRows(page, 'calls', (rows) => rows.length === 1)
    await expect.poll(() => searchOf(page)).toBe('?place=calls&queue=sales')
    const long = `Q${'ueue of a long name '.repeat(4)}`.slice(0, 80).trim()
    await page.goto(calls(`&queue=${encodeURIComponent(long)}&line=${'x'.repeat(80)}`))
    const chip = page.getByRole('button', { name: `Remove the filter: Queue ${long}` })
    expect(await chip.getAttribute('title')).toBe(`Queue ${long}`)
    expect(await tooWide(page)).toEqual([])
    await page.getByRole('button', { name: 'Clear all' }).click()
    await expect.poll(() => searchOf(page)).toBe('?place=calls')
    expect(complaints).toEqual([])
  })

  test.each<[string, string, number | 'some']>([
    ['direction', '?direction=inbound', 'some'],
    ['disposition', '?disposition=busy', 1],
    ['talk', '?min_duration=1', 0],
    ['missed', '?missed=true&disposition=busy', 1],
    ['period', '?place=calls&period=yesterday', 0],
    ['nothing', '?text=99999999', 0],
  ])('by %s', async (_what, search, wanted) => {
    const { page, complaints } = await openPage(browser, stage.url + search)
    if (wanted === 0) {
      await note(page)
        .filter({ hasText: /^No call/ })
        .waitFor()
    } else {
      await untilRows(page, 'calls', (rows) =>
        wanted === 'some' ? rows.length > 0 && rows.length < 5 : rows.length === wanted,
      )
    }
    expect(complaints).toEqual([])
  })

  test('an empty list names the period and offers longer ones', async () => {
    const { page } = await openPage(browser, calls('&period=yesterday&disposition=busy'))
    await note(page).filter({ hasText: 'No call matches. Period: yesterday.' }).waitFor()
    const longer = page.getByRole('group', { name: 'Show more' }).getByRole('button')
    expect(await longer.allInnerTexts()).toEqual(['last 7 days', 'all times'])
    await longer.first().click()
    await untilRows(page, 'calls', (rows) => rows.length === 1)
    expect(searchOf(page)).toBe('?place=calls&disposition=busy&period=week')
    expect(await longer.count()).toBe(0)
    await page.goto(calls('&period=yesterday'))
    await note(page).filter({ hasText: 'No calls. Period: yesterday.' }).waitFor()
  })

  test('controls of the filters narrow the list', async () => {
    const { page, complaints } = await openPage(browser, calls())
    await untilRows(page, 'calls', (rows) => rows.length === 50)
    const filters = page.locator('.filters')
    expect(await filters.isHidden()).toBe(true)
    await page.getByRole('button', { name: 'Filters' }).click()
    expect(await barriers(page)).toEqual([])
    const narrow = async (label: string, value: string, rows: number | null) => {
      const control = filters.getByLabel(label, { exact: true })
      const isChoice = (await control.getAttribute('type')) === null
      await (isChoice ? control.selectOption(value) : control.fill(value))
      await (rows === null
        ? note(page).filter({ hasText: 'No call matches.' }).waitFor()
        : untilRows(page, 'calls', (all) => all.length === rows))
      await (isChoice ? control.selectOption('') : control.fill(''))
      await untilRows(page, 'calls', (all) => all.length === 50)
    }
    await narrow('Result', 'busy', 1)
    await narrow('Answered by', '105', 1)
    await narrow('Trunk', 'nowhere', null)
    await narrow('Country', 'ee', null)
    await narrow('Talk at least, s', '3600', null)
    await filters.getByLabel('Missed only').check()
    await untilRows(page, 'calls', (rows) => rows.length > 0 && rows.some((row) => row.includes('busy')))
    await expect.poll(() => searchOf(page)).toBe('?place=calls&missed=true')
    await page.keyboard.press('Escape')
    expect(await filters.isHidden()).toBe(true)
    expect(await page.locator('.panel-button:focus').innerText()).toBe('Filters')
    await page.getByRole('button', { name: 'Remove the filter: Missed' }).click()
    await untilRows(page, 'calls', (rows) => rows.length === 50)
    const period = page.locator('.period')
    await period.getByLabel('Period').selectOption('custom')
    await period.getByLabel('From', { exact: true }).fill('2001-01-01T00:00')
    await period.getByLabel('To', { exact: true }).fill('2001-01-02T00:00')
    await note(page).filter({ hasText: 'No calls.' }).waitFor()
    await expect
      .poll(() => searchOf(page))
      .toBe('?place=calls&period=custom&from=2001-01-01T00%3A00&to=2001-01-02T00%3A00')
    await period.getByLabel('To', { exact: true }).fill('2000-01-02T00:00')
    await page.locator('.calls').getByText('The server refused the request').waitFor()
    await period.getByLabel('Period').selectOption('hour')
    await untilRows(page, 'calls', (rows) => rows.length === 50)
    // The server's refusal above is in the browser's console, and nothing else.
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([])
  })

  test('Load more continues after the last row, without a gap or a duplicate', async () => {
    const { page } = await openPage(browser, calls())
    const first = await untilRows(page, 'calls', (rows) => rows.length === 50)
    await note(page)
      .filter({ hasText: /^50 of 7\d calls$/ })
      .waitFor()
    expect(await page.locator('.calls .day').allInnerTexts()).toEqual(['Today'])
    await page.getByRole('button', { name: 'Load more' }).click()
    const all = await untilRows(page, 'calls', (rows) => rows.length > 50)
    expect(all.slice(0, 50)).toEqual(first)
    expect(all.filter((row) => row.includes('no such number'))).toHaveLength(70)
    await page.getByRole('button', { name: 'Load more' }).waitFor({ state: 'hidden' })
    const { ended } = stage.pbx.place('busy', { caller: '112', callee: '113', ringMs: 4 })
    await ended
    await untilRows(page, 'calls', (rows) => rows.length === all.length + 1 && rows[0]?.includes('112') === true)
    await note(page)
      .filter({ hasText: `${all.length + 1} calls` })
      .waitFor()
    expect(await note(page).getAttribute('aria-live')).toBe('off')
  })

  test('a message about a failed request is replaced once a later request succeeds', async () => {
    const { page } = await openPage(browser, calls())
    await note(page)
      .filter({ hasText: /^\d+ of \d+ calls$/ })
      .waitFor()
    await page.route('**/api/calls?*', (route) => route.abort())
    await stage.pbx.place('busy', { caller: '104', callee: '106', ringMs: 4 }).ended
    await page.locator('.calls').getByText('The server does not answer').waitFor()
    await page.unroute('**/api/calls?*')
    await stage.pbx.place('busy', { caller: '104', callee: '106', ringMs: 4 }).ended
    await note(page)
      .filter({ hasText: /^\d+ of \d+ calls$/ })
      .waitFor()
  })

  test('exports the same calls as CSV, in the time of the browser, under a name that says what it holds', async () => {
    const { page } = await openPage(browser, calls('&disposition=busy&text=102'), { timezoneId: 'Asia/Kathmandu' })
    await untilRows(page, 'calls', (rows) => rows.length === 1)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV: Calls' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^calls-\d{4}-\d\d-\d\d\.csv$/)
    const lines: string[] = []
    for await (const chunk of await download.createReadStream()) {
      lines.push(...String(chunk).trim().split('\n'))
    }
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/busy.*T\d\d:\d\d:\d\d\+05:45,/)
  })
})

test('the headers sort: the oldest first, or the longest talk', async () => {
  const { page, complaints } = await openPage(browser, calls())
  const newest = await untilRows(page, 'calls', (rows) => rows.length === 50)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await untilRows(page, 'calls', (rows) => rows.length === 50 && rows[0] !== newest[0])
  expect(searchOf(page)).toBe('?place=calls&order=oldest')
  expect(await page.getByRole('columnheader', { name: 'Start' }).getAttribute('aria-sort')).toBe('ascending')
  await page.getByRole('button', { name: 'Talk', exact: true }).press('Enter')
  const longest = await untilRows(page, 'calls', (rows) => /^\d+ \w+ \d{4}/.test(rows[0] ?? ''))
  expect(longest[0]).toMatch(/answered \| 0:0\d$/)
  expect(await page.locator('.calls .day').count()).toBe(0)
  const csv = await page.getByRole('link', { name: 'CSV: Calls' }).getAttribute('href')
  expect(csv).toContain('order=longest')
  await page.getByRole('button', { name: 'Talk', exact: true }).click()
  await untilRows(page, 'calls', (rows) => rows[0] === newest[0])
  expect(searchOf(page)).toBe('?place=calls')
  expect(complaints).toEqual([])
})

test('views: ready-made ones, and own ones that are saved, opened, renamed and deleted, by mouse and keyboard', async () => {
  const { page, complaints } = await openPage(browser, calls('&disposition=busy&period=week'))
  const button = page.getByRole('button', { name: 'Views' })
  const views = page.getByRole('group', { name: 'Views' })
  const long = 'n'.repeat(80)
  await button.press('Enter')
  await views.getByLabel('Name for this view').fill('Busy ones')
  await page.keyboard.press('Enter')
  await views.getByText('Saved: Busy ones').waitFor()
  const own = views.getByRole('button', { name: 'Busy ones', exact: true })
  expect(await own.getAttribute('aria-pressed')).toBe('true')
  await views.getByRole('button', { name: 'Missed today' }).click()
  await expect.poll(() => searchOf(page)).toBe('?place=calls&missed=true')
  expect(await views.isHidden()).toBe(true)
  await page.reload()
  await button.click()
  expect(await views.getByRole('button', { name: 'Missed today' }).getAttribute('aria-pressed')).toBe('true')
  await own.press('Enter')
  await expect.poll(() => searchOf(page)).toBe('?place=calls&disposition=busy&period=week')
  await button.press('Enter')
  await views.getByRole('button', { name: 'Rename Busy ones' }).click()
  const field = views.getByLabel('New name of Busy ones')
  await field.press('Escape')
  await own.and(page.locator(':focus')).waitFor()
  await views.getByRole('button', { name: 'Rename Busy ones' }).click()
  await field.fill(long)
  await field.press('Enter')
  await views.getByRole('button', { name: long, exact: true }).and(page.locator(':focus')).waitFor()
  await page.setViewportSize({ width: 390, height: 844 })
  // The charts follow the width a frame later.
  await expect.poll(() => tooWide(page)).toEqual([])
  expect(await barriers(page)).toEqual([])
  await views.getByRole('button', { name: `Delete ${long}` }).click()
  await views.getByText('save them here under a name').waitFor()
  expect(await page.evaluate(`localStorage.getItem('views')`)).toBe('[]')
  await page.keyboard.press('Escape')
  await button.and(page.locator(':focus')).waitFor()
  expect(complaints).toEqual([])
})

test.each(['en-GB', 'ru-RU'])('on a phone a call has two lines, and eight are above the bar: %s', async (locale) => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale }
  const { page } = await openPage(browser, calls(), phone)
  await untilRows(page, 'calls', (rows) => rows.length === 50)
  const bar = (await page.locator('.places').boundingBox())?.y ?? 0
  const above = async () => {
    const ends = await page
      .locator('.calls tbody tr:not(.day)')
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().bottom))
    return ends.filter((end) => end <= bar).length
  }
  await expect.poll(above).toBeGreaterThanOrEqual(8)
  expect(await tooWide(page)).toEqual([])
  await page.locator('.calls tbody tr').nth(30).scrollIntoViewIfNeeded()
  // The row of the day stays at the top.
  expect(await page.locator('.calls .day th').evaluate((cell) => Math.round(cell.getBoundingClientRect().top))).toBe(0)
})

describe('one call’s story', () => {
  test('shows the attempts, their times and the cause; the URL names the call; Escape and Back close it', async () => {
    const { page, complaints } = await openPage(browser, `${stage.url}?operator=108`)
    await untilRows(page, 'calls', (rows) => rows.length === 1)
    const open = page.locator('.calls tbody .open')
    await open.focus()
    await page.keyboard.press('Enter')
    const story = page.getByRole('dialog')
    await story.getByRole('heading', { name: /^Call 107 .* → / }).waitFor()
    expect(await story.innerText()).toMatch(/internal · answered/)
    const facts = await story.locator('.facts').innerText()
    expect(facts).toMatch(/Cause\s+(caller|called party) hung up/)
    expect(facts).toMatch(/Q\.850 cause\s+16/)
    const legs = await story.locator('.legs li').allInnerTexts()
    expect(legs.length).toBeGreaterThanOrEqual(2)
    expect(legs.some((leg) => /no answer/.test(leg))).toBe(true)
    expect(legs.some((leg) => /answered/.test(leg))).toBe(true)
    const bars = story.getByRole('img')
    expect(await bars.count()).toBe(legs.length + 1)
    expect(await story.locator('rect.ringing').count()).toBeGreaterThan(0)
    expect(await story.locator('rect.talking').count()).toBeGreaterThan(0)
    await expect.poll(() => new URL(page.url()).search).toMatch(/^\?place=calls&operator=108&call=\d+$/)
    const address = page.url()
    await page.keyboard.press('Escape')
    await story.waitFor({ state: 'hidden' })
    await page.locator('.calls tbody .open:focus').waitFor()
    await expect.poll(() => new URL(page.url()).search).toBe('?place=calls&operator=108')
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
    await expect.poll(() => new URL(page.url()).search).toBe('?place=calls&operator=108')

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

  test('leads to the calls beside it in the list, by buttons and arrow keys, and one step back closes it', async () => {
    const { page, complaints } = await openPage(browser, calls('&text=102'))
    const rows = page.locator('.calls tbody .open')
    await expect.poll(() => rows.count()).toBeGreaterThan(1)
    await page.goto(calls())
    await rows.nth(1).click()
    const story = page.getByRole('dialog')
    const open = () => new URL(page.url()).searchParams.get('call')
    const second = open()
    await story.locator('.outcome').waitFor()
    await page.keyboard.press('ArrowLeft')
    await expect.poll(open).not.toBe(second)
    const first = open()
    await story.getByRole('button', { name: 'Newer call' }).and(page.locator('[aria-disabled=true]')).waitFor()
    await page.keyboard.press('ArrowLeft')
    expect(open()).toBe(first)
    await story.getByRole('button', { name: 'Older call' }).click()
    await expect.poll(open).toBe(second)
    await page.keyboard.press('ArrowRight')
    await expect.poll(open).not.toBe(second)
    await page.goBack()
    await story.waitFor({ state: 'hidden' })
    expect(complaints).toEqual([])
  })

  test('has the earlier calls of the number, asked for once, a link to dial it, and who hung up', async () => {
    const { page, complaints } = await openPage(browser, 'about:blank')
    const asked: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('&limit=5')) {
        asked.push(new URL(request.url()).search)
      }
    })
    await page.goto(calls('&disposition=invalid_number'))
    const rows = page.locator('.calls tbody .open')
    await rows.first().click()
    const story = page.getByRole('dialog')
    await story.getByRole('heading', { name: 'Earlier calls of 110' }).waitFor()
    expect(asked).toEqual([expect.stringMatching(/^\?number=110&to=.*&limit=5$/)])
    expect(await barriers(page)).toEqual([])
    const links = story.locator('.earlier a')
    expect(await links.count()).toBe(5)
    expect(await story.getByRole('link', { name: 'Dial 110' }).getAttribute('href')).toBe('tel:110')
    expect(await story.getByRole('button', { name: /Call back/ }).count()).toBe(0)
    const before = page.url()
    await links.first().click()
    await expect.poll(() => page.url()).not.toBe(before)
    await story.getByRole('heading', { name: 'Earlier calls of 110' }).waitFor()
    expect(complaints).toEqual([])
  })

  test('a link to it is copied, or selected where the browser does not let the page write to the clipboard', async () => {
    const { page } = await openPage(browser, calls('&operator=108'), {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await page.locator('.calls tbody .open').click()
    const story = page.getByRole('dialog')
    const copy = story.getByRole('button', { name: 'Copy the link to this call' })
    await copy.press('Enter')
    await story.getByText('The link is copied.').waitFor()
    const link = `${stage.url}?place=calls&call=${new URL(page.url()).searchParams.get('call')}`
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(link)
    await page.evaluate('Object.defineProperty(navigator, "clipboard", { value: undefined })')
    await copy.click()
    await story.getByText('Copy it with Ctrl+C.').waitFor()
    expect(await page.evaluate('getSelection().toString() || document.activeElement.value')).toBe(link)
    await page.goto(link)
    await story.getByRole('heading', { name: /^Call 107/ }).waitFor()
  })
})
