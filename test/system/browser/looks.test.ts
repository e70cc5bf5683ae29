// How the page looks and is handled: two languages, light and dark, phone and wall, by keyboard, without a script.
//
// Pictures of all that are left in a temporary folder, for a person to look at.

import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closePages, openPage, pictureFile, tooWide, untilRows } from './browser.ts'
import { openBrowser } from './chromium.ts'
import { type Stage, startStage } from './pageUnderTest.ts'

let browser: Browser
let stage: Stage

beforeAll(async () => {
  browser = await openBrowser()
  stage = await startStage({ settings: { TRUNK_CHANNELS: 'trunk-a=1,trunk-b=30,trunk-x=2' } })
  const { place } = stage.pbx
  const [ann, bob] = [
    { number: '0401234567', name: 'Ann Example' },
    { number: '+358450000001', name: 'The office of a customer with a long name' },
  ]
  await place('inbound-no-answer', { callee: '103', outside: ann, dialTimeoutMs: 50 }).ended
  await place('queue-abandoned', { queue: 'sales', outside: bob, patienceMs: 50 }).ended
  await place('outbound', { caller: '101', trunk: 'trunk-a', outside: ann, ringMs: 20, talkMs: 20 }).ended
  await place('busy', { caller: '101', callee: '102', ringMs: 4 }).ended
  await place('no-answer', { caller: '103', callee: '104', dialTimeoutMs: 50 }).ended
  await place('queue-answered', { queue: 'sales', answerer: '105', ringMs: 200, talkMs: 600, patienceMs: 400 }).ended
  await place('outbound', { caller: '106', trunk: 'trunk-b', ringMs: 100, talkMs: 300 }).ended
  await place('hunt', { caller: '107', callee: '108', third: '109', ringMs: 200, dialTimeoutMs: 500, talkMs: 900 })
    .ended
  place('answered-caller-hangs-up', { caller: '110', callee: '111', ringMs: 10, talkMs: 600_000 })
  place('inbound', { callee: '112', trunk: 'trunk-a', ringMs: 600_000, dialTimeoutMs: 600_000 })
  place('hold', { caller: '113', callee: '114', ringMs: 10, talkMs: 600_000 })
  place('agent-pauses', { queue: 'sales', talkMs: 600_000 })
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await browser?.close()
  await stage?.stop()
})

const PHONE = { width: 360, height: 740 }
const WALL = { width: 1920, height: 1080 }

const VIEWS: readonly (readonly [string, BrowserContextOptions])[] = [
  ['phone-light-en', { viewport: PHONE, hasTouch: true, isMobile: true, colorScheme: 'light', locale: 'en-GB' }],
  ['phone-dark-ru', { viewport: PHONE, hasTouch: true, isMobile: true, colorScheme: 'dark', locale: 'ru-RU' }],
  ['desk-light-ru', { viewport: { width: 1366, height: 768 }, colorScheme: 'light', locale: 'ru-RU' }],
  ['laptop-light-ru', { viewport: { width: 1440, height: 900 }, colorScheme: 'light', locale: 'ru-RU' }],
  // The narrowest screen on which the list of calls is beside the live calls.
  ['narrow-wall-ru', { viewport: { width: 1810, height: 1000 }, colorScheme: 'light', locale: 'ru-RU' }],
  ['wall-light-en', { viewport: WALL, colorScheme: 'light', locale: 'en-GB' }],
  ['wall-dark-ru', { viewport: WALL, colorScheme: 'dark', locale: 'ru-RU' }],
]

test.each(VIEWS)('%s: everything fits the width, without warnings or errors', async (name, options) => {
  const { page, complaints } = await openPage(browser, stage.url, options)
  await untilRows(page, 'live', (rows) => rows.length === 3)
  await untilRows(page, 'calls', (rows) => rows.length === 12)
  await untilRows(page, 'operators', (rows) => rows.length > 5)
  await untilRows(page, 'members', (rows) => rows.length === 3 && rows.some((row) => /paused|на паузе/.test(row)))
  await untilRows(page, 'waiting', (rows) => rows.length === 1)
  await untilRows(page, 'closed', (rows) => rows.length === 1)
  await untilRows(page, 'endpoints', (rows) => rows.length >= 2)
  expect(await tooWide(page)).toEqual([])
  await page.screenshot({ path: pictureFile(name), fullPage: true })
  await page.locator('.calls tbody button').nth(4).click()
  await page.locator('dialog .legs li').first().waitFor()
  expect(await tooWide(page)).toEqual([])
  await page.screenshot({ path: pictureFile(`${name}-story`) })
  const dark = options.colorScheme === 'dark'
  const ground = String(await page.evaluate('getComputedStyle(document.body).backgroundColor'))
  expect(Number(/\d+/.exec(ground)?.[0]) < 128).toBe(dark)
  expect(complaints).toEqual([])
})

describe('language', () => {
  test.each([
    ['ru-RU', 'ru', 'Текущие звонки', 'Кто в очередях', 'Кому перезвонить', 'Последние звонки', 'Операторы'],
    ['en-US', 'en', 'Live calls', 'Agents', 'Missed callers', 'Last calls', 'Operators'],
    ['de-DE', 'en', 'Live calls', 'Agents', 'Missed callers', 'Last calls', 'Operators'],
  ])('a browser in %s reads %s', async (locale, lang, ...headings) => {
    const { page } = await openPage(browser, stage.url, { locale })
    for (const name of headings) {
      await page.getByRole('heading', { name: new RegExp(`^${name}`) }).waitFor()
    }
    expect(await page.locator('html').getAttribute('lang')).toBe(lang)
  })

  test('has no English text left in Russian', async () => {
    const { page } = await openPage(browser, stage.url, { locale: 'ru-RU' })
    await untilRows(page, 'calls', (rows) => rows.some((row) => row.includes('занято')))
    const text = await page.locator('body').innerText()
    expect(text).not.toMatch(
      /\b(talking|ringing|free|paused|Agents|internal|inbound|answered|busy|Live|Missed|called|Operators|since|started)\b/,
    )
  })
})

test('cycles the colours from the system’s to light and dark, and remembers them', async () => {
  const { page } = await openPage(browser, stage.url, { colorScheme: 'dark' })
  const ground = async () => String(await page.evaluate('getComputedStyle(document.body).backgroundColor'))
  const button = page.getByRole('button', { name: /^Colours/ })
  const dark = await ground()
  await button.click()
  expect(await button.innerText()).toBe('Colours: light')
  expect(await ground()).not.toBe(dark)
  await page.reload()
  expect(await button.innerText()).toBe('Colours: light')
  await button.click()
  expect(await ground()).toBe(dark)
})

test('works by keyboard: the skip link, the form and the dialog; each control has a name and a visible focus', async () => {
  const { page } = await openPage(browser, stage.url)
  await untilRows(page, 'calls', (rows) => rows.length === 12)
  await page.keyboard.press('Tab')
  expect(await page.locator(':focus').innerText()).toBe('Skip to the calls')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await page.locator(':focus').innerText()).toBe('CSV')
  await page.keyboard.press('Tab')
  expect(await page.locator(':focus').getAttribute('name')).toBe('text')
  expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
  const nameless =
    await page.evaluate(`[...document.querySelectorAll('button, input, select, a, dialog, table, section')]
    .filter((each) => !(each.getAttribute('aria-label') || each.getAttribute('aria-labelledby') || each.labels?.length || each.textContent.trim()))
    .map((each) => each.outerHTML)`)
  expect(nameless).toEqual([])
  for (const landmark of ['banner', 'main', 'search', 'navigation', 'contentinfo'] as const) {
    expect([landmark, await page.getByRole(landmark).count()]).toEqual([landmark, 1])
  }
  await page.locator('.calls tbody button').first().focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Tab')
  expect(await page.locator('dialog :focus').count()).toBeLessThanOrEqual(1)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
})

test('a screen reader announces little by itself: no clock and no row is in a live region', async () => {
  const { page } = await openPage(browser, stage.url)
  await untilRows(page, 'live', (rows) => rows.length === 3)
  expect(await page.locator('[role=status] .clock, [aria-live] .clock, [role=status] tr, [aria-live] tr').count()).toBe(
    0,
  )
  expect(await page.locator('[role=alert]:visible').count()).toBe(0)
})

test('links lead to the pages that they name', async () => {
  const { page } = await openPage(browser, stage.url)
  const addresses = await page
    .locator('footer a')
    .evaluateAll((links) => links.map((link) => String(link.getAttribute('href'))))
  expect(addresses).toEqual(['metrics', '-/healthy', '-/ready', 'api/openapi.json'])
  for (const address of addresses) {
    expect([address, (await fetch(stage.url + address)).status]).toEqual([address, 200])
  }
})

test('says in both languages what to do without JavaScript', async () => {
  const { page } = await openPage(browser, stage.url, { javaScriptEnabled: false })
  const text = await page.locator('body').innerText()
  expect(text).toContain('needs JavaScript')
  expect(text).toContain('нужен JavaScript')
  expect(await page.getByRole('link').count()).toBe(4)
})
