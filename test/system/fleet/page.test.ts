// The page of a fleet in a real browser: twenty sites, one whose PBX is down, and one whose exporter is lost.
//
// Pictures are left in a temporary folder, for a person to look at.

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { CallRecord } from '../../../src/call/fact.ts'
import type { MissedCaller } from '../../../src/callback/missedCaller.ts'
import type { FleetCallPage } from '../../../src/query/fleetSchema.ts'
import { barriers, closePages, openPage, pictureFile, tooWide, untilRows } from '../browser/browser.ts'
import { openBrowser } from '../browser/chromium.ts'
import { missedCallerItem, missedCallerRow } from './central.ts'
import { CUSTOMER, type FleetStage, SITES, sqlInstant, startFleetStage } from './twentySites.ts'

const DOWN = 'site-04'
const DOWN_BECAUSE = 'cannot reach Asterisk: connection refused'
const LOST = 'site-13'

let browser: Browser
let stage: FleetStage

beforeAll(async () => {
  browser = await openBrowser()
  stage = await startFleetStage()
  stage.exporter(DOWN).harness.setStatus({ inSync: false, problem: DOWN_BECAUSE, since: Date.now() - 7_260_000 })
  await stage.exporter(LOST).stop()
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await browser?.close()
  await stage?.stop()
})

/** A call begins at a site; it ends with the test at the latest. */
function begin(site: string, id: string, changes: Partial<CallRecord>): { end(): void } {
  const { harness } = stage.exporter(site)
  const end = (): void => {
    if (harness.live.has(id)) {
      harness.publish('CallEnded', id, { disposition: 'answered' })
    }
  }
  harness.publish('CallStarted', id, { startedAt: Date.now(), direction: 'inbound', callerName: '', ...changes })
  onTestFinished(end)
  return { end }
}

const open = (path = '', options: BrowserContextOptions = {}) => openPage(browser, stage.url + path, options)
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).waitFor()
const untilState = (page: Page, text: string) => page.locator('.state-line').getByText(text).waitFor()
const eighteen = (page: Page) => untilState(page, 'Sites connected: 18 of 20')
const goTo = (page: Page, place: string) =>
  page.locator('.places').getByRole('link', { name: place, exact: true }).click()
const observed = (page: Page) => page.evaluate('document.documentElement.dataset.observed')

describe('the state of the sites', () => {
  test('is in the head, the title and the table; nothing says that all is well', async () => {
    const { page, complaints } = await open()
    await eighteen(page)
    await untilState(page, `Exporter not reachable: ${LOST}. Not connected to Asterisk: ${DOWN}.`)
    await expect
      .poll(async () => [await observed(page), await page.title()])
      .toEqual(['part', '(!) asterisk-ari-exporter'])
    const rows = await untilRows(page, 'sites', (all) => all.length === 10 && all.every((row) => row.includes(' ago ')))
    expect(rows[0]).toMatch(
      new RegExp(
        `^${LOST} \\| not reachable nothing listens at this address \\| \\d.* \\| – \\| \\d+ mins? ago \\| 22\\.10\\.1$`,
      ),
    )
    expect(rows[1]).toMatch(new RegExp(`^${DOWN} \\| PBX down ${DOWN_BECAUSE} \\| 2 hrs \\d+ min.* \\| – \\| `))
    expect(rows[2]).toMatch(/^site-01 \| connected \| \d.* \| 0 \| \d+ mins? ago \| 22\.10\.1$/)
    await page.locator('.sites').getByRole('button', { name: 'Show all 20' }).click()
    await untilRows(
      page,
      'sites',
      (all) => all.length === 20 && all.filter((row) => row.includes('| connected')).length === 18,
    )
    expect(complaints).toEqual([])
  })

  test('changes by itself: a PBX goes down and comes back', async () => {
    const { page } = await open()
    await eighteen(page)
    const { harness } = stage.exporter('site-09')
    harness.setStatus({ inSync: false, problem: 'the password is wrong' })
    await untilState(page, 'Sites connected: 17 of 20')
    await untilRows(page, 'sites', (rows) =>
      rows.some((row) => row.startsWith('site-09 | PBX down the password is wrong')),
    )
    harness.setStatus({ inSync: true, problem: null })
    await eighteen(page)
  })

  test('is not known while the page has no connection to the fleet', async () => {
    const { page } = await open()
    await eighteen(page)
    begin('site-01', '1.1', { caller: '0401234567', callee: '5550101', state: 'talking' })
    await untilRows(page, 'live', (rows) => rows.length === 1)
    stage.cut()
    onTestFinished(stage.mend)
    await untilState(page, 'Connection lost')
    await expect.poll(() => observed(page)).toBe('server_lost')
    await untilRows(
      page,
      'sites',
      (rows) => rows.length === 10 && rows.every((row) => row.includes('| not known | – | –')),
    )
    await untilRows(page, 'live', ([row]) => row?.startsWith('not known') === true)
    expect(await page.locator('[data-state="connected"]').count()).toBe(0)
    stage.mend()
    await eighteen(page)
    await untilRows(page, 'live', ([row]) => row?.startsWith('talking') === true)
  })

  test('lists that only one exporter has are neither there nor asked for', async () => {
    const asked: string[] = []
    const { page, complaints } = await open('?site=site-01')
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.reload()
    await eighteen(page)
    const places = await page.locator('.places a').allInnerTexts()
    expect(places.map((name) => name.trim())).toEqual(['Now', 'Calls', 'Missed', 'People'])
    await goTo(page, 'Calls')
    await untilRows(page, 'calls', (rows) => rows.length === 2)
    await goTo(page, 'Missed')
    await untilRows(page, 'waiting', (rows) => rows.length === 1)
    await goTo(page, 'People')
    await untilRows(page, 'operators', (rows) => rows.length === 2)
    expect(asked.filter((path) => /^\/api\/(agents|queues|trunks|endpoints)/.test(path))).toEqual([])
    expect(complaints).toEqual([])
  })
})

describe('live calls', () => {
  test('of all sites or of one, also with one channel id at two; a site that is lost takes its own with it', async () => {
    const { page } = await open()
    await eighteen(page)
    await page.getByText('No call right now at the sites that are connected.').waitFor()
    const eight = stage.exporter('site-08')
    const call = { caller: '0401234567', callee: '5550101' }
    const [ringing, talking] = [
      begin('site-07', '1700000000.1', { ...call, state: 'ringing' }),
      begin('site-08', '1700000000.1', { ...call, state: 'talking' }),
    ]
    await untilRows(page, 'live', (rows) => rows.length === 2)
    await untilRows(page, 'sites', (rows) => rows.some((row) => /^site-08 \| connected \| \d.* \| 1 \| /.test(row)))
    await page.locator('.sites').getByLabel('Site', { exact: true }).selectOption('site-08')
    const [row] = await untilRows(page, 'live', (rows) => rows.length === 1)
    expect(row).toMatch(/^talking \| \d+:\d\d \| site-08 \| 0401234567 .*\| 5550101 \| .* \| inbound$/)
    // The central call log has it only when it ended.
    expect(await page.locator('.live tbody button').count()).toBe(0)
    await eight.stop()
    await page.getByText('Not known: the site is not connected.').waitFor()
    await heading(page, 'Live calls –')
    await untilState(page, 'Sites connected: 17 of 20')
    await page.locator('.sites').getByLabel('Site', { exact: true }).selectOption('')
    await untilRows(page, 'live', (rows) => rows.length === 1 && rows[0]?.includes('| site-07 |') === true)
    await eight.start()
    await untilRows(page, 'live', (rows) => rows.length === 2)
    talking.end()
    await untilRows(page, 'live', (rows) => rows.length === 1)
    ringing.end()
    await untilRows(page, 'live', (rows) => rows.length === 0)
    await eighteen(page)
  })
})

describe('calls', () => {
  test('are found by number across sites, in whatever notation', async () => {
    const { page, complaints } = await open('?place=calls')
    await untilRows(page, 'calls', (rows) => rows.length === 40)
    await page.getByLabel('Search number or name').fill('040 555 0199')
    const found = await untilRows(page, 'calls', (rows) => rows.length === 2)
    expect(found[0]).toMatch(
      new RegExp(`\\| ${CUSTOMER.first} \\| inbound \\| ${CUSTOMER.number} Ann Example \\| 5550101 \\| 101 .*answered`),
    )
    expect(found[1]).toMatch(new RegExp(`\\| ${CUSTOMER.second} \\| inbound \\| \\+358405550199 Ann Example \\|`))
    expect(complaints).toEqual([])
  })

  test('open with their story; the address names them, and opens them again', async () => {
    const { page, complaints } = await open('?site=site-17&text=Ann')
    await untilRows(page, 'calls', (rows) => rows.length === 1)
    await page.locator('.calls tbody button').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('heading', { name: /^Call \+358405550199/ }).waitFor()
    const answer = await fetch(`${stage.url}api/calls?site=site-17&text=Ann`)
    const { calls }: FleetCallPage = JSON.parse(await answer.text())
    const query = new URL(page.url()).searchParams
    expect([query.get('call'), query.get('site')]).toEqual([calls[0]?.id, 'site-17'])
    for (const check of ['before', 'after a reload'] as const) {
      await dialog
        .locator('.facts')
        .filter({ hasText: /Site\s*site-17/ })
        .waitFor()
      await dialog
        .locator('.legs li')
        .filter({ hasText: /101 answered/ })
        .waitFor()
      if (check === 'before') {
        await page.reload()
      }
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await expect.poll(() => new URL(page.url()).search).toBe('?place=calls&site=site-17&text=Ann')
    expect(complaints).toEqual([])
  })
})

describe('one site', () => {
  const ofFive = (rows: readonly string[]) => rows.length > 0 && rows.every((row) => row.includes('site-05'))

  async function untilFive(page: Page): Promise<void> {
    await goTo(page, 'Missed')
    await untilRows(page, 'waiting', (rows) => rows.length === 1 && ofFive(rows))
    await goTo(page, 'People')
    await untilRows(page, 'operators', (rows) => rows.length === 2 && ofFive(rows))
    await goTo(page, 'Calls')
    await untilRows(page, 'calls', (rows) => rows.length === 2 && ofFive(rows))
    await page
      .locator('.period-figures')
      .filter({ hasText: /Calls\s*2\s*Answered\s*50%\s*Missed\s*1/ })
      .waitFor()
  }

  test('is chosen for the whole page, its downloads and its address', async () => {
    const { page, complaints } = await open()
    const select = page.locator('.sites').getByLabel('Site', { exact: true })
    expect(await select.locator('option').allInnerTexts()).toEqual(['all', ...SITES])
    await select.selectOption('site-05')
    await untilFive(page)
    expect(new URL(page.url()).search).toBe('?place=calls&site=site-05')
    const links = await page.locator('a.csv').evaluateAll((all) => all.map((link) => String(link.getAttribute('href'))))
    expect(links).toHaveLength(3)
    for (const link of links) {
      const lines = (await (await fetch(new URL(link, stage.url))).text()).trim().split('\n').slice(1)
      expect([link, lines.every((line) => line.includes('site-05'))]).toEqual([link, true])
    }
    await page.reload()
    await untilFive(page)
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByLabel('Missed only').check()
    await untilRows(page, 'calls', (rows) => rows.length === 1 && ofFive(rows))
    await page.getByRole('button', { name: 'Remove the filter: Missed' }).click()
    await untilFive(page)
    await goTo(page, 'Now')
    expect(await select.inputValue()).toBe('site-05')
    await select.selectOption('')
    expect(new URL(page.url()).search).toBe('')
    await goTo(page, 'Calls')
    await untilRows(page, 'calls', (rows) => rows.length === 40)
    expect(complaints).toEqual([])
  })

  test('is chosen by its name in the table, by keyboard, and all are again', async () => {
    const { page } = await open()
    const name = page.getByRole('button', { name: LOST, exact: true })
    await name.focus()
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
    await page.keyboard.press('Enter')
    await expect.poll(() => new URL(page.url()).search).toBe(`?site=${LOST}`)
    expect([await name.getAttribute('aria-pressed'), await page.locator(':focus').innerText()]).toEqual(['true', LOST])
    const chip = page.getByRole('button', { name: `Remove the filter: Site ${LOST}`, exact: true })
    for (const place of ['Calls', 'Missed', 'People', 'Now']) {
      await goTo(page, place)
      expect([place, await chip.innerText()]).toEqual([place, expect.stringContaining(`Site ${LOST}`)])
    }
    await chip.press('Enter')
    await expect.poll(() => new URL(page.url()).search).toBe('')
    expect([await chip.isVisible(), await page.locator(':focus').getAttribute('id')]).toEqual([false, 'place'])
    await name.press('Enter')
    await chip.waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => new URL(page.url()).search).toBe('')
    expect(await name.getAttribute('aria-pressed')).toBe('false')
  })
})

test('missed callers of all sites: one leaves as soon as the site tells it, and stays away', async () => {
  const { page, complaints } = await open('?place=missed')
  await heading(page, 'Missed callers 20')
  const [row] = await untilRows(page, 'waiting', (rows) => rows.length === 10)
  expect(row).toMatch(/^\d+:\d\d \| site-20 \| 0450000020 \| 5550102 \| 1 \| 0 \| Call Calls$/)
  const site = stage.exporter('site-20')
  const firstMissAt = Date.now() - 50_000
  const closed = Date.now()
  const caller: MissedCaller = {
    ...{ id: 1, key: '+358450000020', number: '0450000020', name: '', state: 'returned', firstMissAt },
    ...{ lastMissAt: firstMissAt, attempts: 1, tries: 0, untriedSince: null, queue: null, called: '5550102' },
    ...{ closedAt: closed, closedBy: '1700000000.9', closedByPhone: '103' },
  }
  site.harness.feed.publish({ type: 'MissedCallerClosed', at: closed, caller, displaced: false })
  await heading(page, 'Missed callers 19')
  await untilRows(page, 'closed', ([first]) => /\| site-20 \| 0450000020 \| called back \| 103 \|/.test(first ?? ''))
  // Until the exporter has sent it, the central call log still says that the caller waits; what it says of another shows that it was asked.
  const again = sqlInstant(firstMissAt)
  await stage.ship('site-19', [
    missedCallerItem(
      2002,
      missedCallerRow(1, {
        ...{ number: '0450000019', number_key: '+358450000019', called: '5550102', attempts: 2 },
        ...{ first_miss_time: again, last_miss_time: again, untried_since: again },
      }),
    ),
  ])
  await page.locator('.waiting').getByRole('button', { name: 'Show all 19' }).click()
  const rows = await untilRows(page, 'waiting', (all) => all.some((each) => /site-19 .*\| 2 \| 0 \|/.test(each)))
  expect(rows.filter((each) => each.includes('site-20'))).toEqual([])
  await heading(page, 'Missed callers 19')
  await stage.ship('site-20', [
    missedCallerItem(
      2002,
      missedCallerRow(1, {
        ...{ number: caller.number, number_key: caller.key, called: caller.called, state: 'returned', waited: 50 },
        ...{ first_miss_time: sqlInstant(firstMissAt), last_miss_time: sqlInstant(firstMissAt), untried_since: null },
        ...{ closed_time: sqlInstant(closed), closed_by: caller.closedBy, closed_by_phone: '103' },
      }),
    ),
  ])
  await page.reload()
  await heading(page, 'Missed callers 19')
  await untilRows(page, 'closed', (rows) => rows.length === 1 && rows[0]?.includes('site-20') === true)
  expect(complaints).toEqual([])
})

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const LAPTOP = { viewport: { width: 1280, height: 800 } }
const WALL = { viewport: { width: 1920, height: 1080 } }

test.each<[string, BrowserContextOptions]>([
  ['phone-light-en', { ...PHONE, colorScheme: 'light', locale: 'en-GB' }],
  ['phone-dark-ru', { ...PHONE, colorScheme: 'dark', locale: 'ru-RU' }],
  ['laptop-light-en', { ...LAPTOP, colorScheme: 'light', locale: 'en-GB' }],
  ['laptop-dark-ru', { ...LAPTOP, colorScheme: 'dark', locale: 'ru-RU' }],
  ['wall-light-ru', { ...WALL, colorScheme: 'light', locale: 'ru-RU' }],
])('%s: everything fits the width, in one language', async (name, options) => {
  const { page, complaints } = await open('', options)
  begin('site-02', '1.5', { caller: '0401234567', callerName: 'The office of a customer', callee: '5550101' })
  await untilRows(page, 'live', (rows) => rows.length === 1)
  await untilRows(
    page,
    'sites',
    (rows) => rows.filter((row) => /not reachable|PBX down|недоступна|не на связи/.test(row)).length === 2,
  )
  expect([await tooWide(page), await barriers(page)]).toEqual([[], []])
  await page.screenshot({ path: pictureFile(`fleet-${name}`), fullPage: true })
  if (options.locale === 'ru-RU') {
    const text = await page.locator('body').innerText()
    expect(text).not.toMatch(/\b(Sites?|connected|reachable|Live|known|ago|Calls|State|Version|PBX|all)\b/)
  }
  expect(complaints).toEqual([])
})
