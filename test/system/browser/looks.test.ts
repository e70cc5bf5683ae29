// How the page looks and is handled in each of its places: two languages, light and dark, phone and wall, by keyboard, without a script.
//
// Pictures of all that are left in a temporary folder, for a person to look at.

import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { PLACES, type PlaceName } from '../../../src/http/page/client/address.ts'
import { barriers, closePages, openPage, type Part, pictureFile, tooWide, untilRows } from './browser.ts'
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

const PHONE = { width: 390, height: 844 }
const SMALL = { width: 360, height: 740 }
const LAPTOP = { width: 1280, height: 800 }
const WALL = { width: 1920, height: 1080 }
/** Between the widths of the views: the narrowest with tables, a tablet, and the narrowest with one line of head. */
const BETWEEN = [740, 820, 1040]
const TOUCH = { hasTouch: true, isMobile: true }

const VIEWS: readonly (readonly [string, BrowserContextOptions])[] = [
  ['phone-light-en', { viewport: PHONE, ...TOUCH, colorScheme: 'light', locale: 'en-GB' }],
  ['phone-dark-ru', { viewport: SMALL, ...TOUCH, colorScheme: 'dark', locale: 'ru-RU' }],
  ['laptop-light-ru', { viewport: LAPTOP, colorScheme: 'light', locale: 'ru-RU' }],
  ['laptop-dark-en', { viewport: LAPTOP, colorScheme: 'dark', locale: 'en-GB' }],
  // The narrowest screen on which the list of calls is beside the charts.
  ['narrow-wall-ru', { viewport: { width: 1810, height: 1000 }, colorScheme: 'light', locale: 'ru-RU' }],
  ['wall-dark-ru', { viewport: WALL, colorScheme: 'dark', locale: 'ru-RU' }],
]

const ENGLISH =
  /\b(talking|ringing|free|paused|Agents|internal|inbound|answered|busy|Live|Missed|called|Operators|since|started|Wall|more|today)\b/

/** Of each place, a part that has rows on this stage. */
const PARTS: Readonly<Record<PlaceName, Part>> = {
  now: 'live',
  calls: 'calls',
  missed: 'waiting',
  queues: 'members',
  people: 'people',
  trunks: 'trunks',
}

test.each(VIEWS)(
  '%s: every place fits the width, in one language, without a barrier, a warning or an error',
  async (name, options) => {
    const { page, complaints } = await openPage(browser, stage.url, options)
    for (const place of PLACES) {
      await page.locator('.places a').nth(PLACES.indexOf(place)).click()
      await untilRows(page, PARTS[place], (rows) => rows.length > 0)
      expect([place, await tooWide(page), await barriers(page)]).toEqual([place, [], []])
      await page.screenshot({ path: pictureFile(`${name}-${place}`) })
      if (name === 'laptop-light-ru') {
        for (const width of BETWEEN) {
          await page.setViewportSize({ ...LAPTOP, width })
          // The charts follow the width a frame later.
          await expect.poll(async () => [place, width, await tooWide(page)]).toEqual([place, width, []])
        }
        await page.setViewportSize(LAPTOP)
        expect(await page.locator('.head h1').evaluate((title) => title.scrollWidth - title.clientWidth)).toBe(0)
      }
      if (options.locale === 'ru-RU') {
        expect(await page.locator('body').innerText()).not.toMatch(ENGLISH)
      }
    }
    const labels = await page
      .locator('.places a span')
      .evaluateAll((all) => all.map((each) => each.clientWidth >= each.scrollWidth))
    expect(labels).toEqual(PLACES.map(() => true))
    const isDark = options.colorScheme === 'dark'
    const ground = String(await page.evaluate('getComputedStyle(document.body).backgroundColor'))
    expect(Number(/\d+/.exec(ground)?.[0]) < 128).toBe(isDark)
    expect(complaints).toEqual([])
  },
)

test('on paper there is no bar, nothing to click, and nothing dark', async () => {
  const { page } = await openPage(browser, `${stage.url}?place=calls`, { colorScheme: 'dark' })
  await untilRows(page, 'calls', (rows) => rows.length > 0)
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('.places:visible, .filters:visible, .theme:visible').count()).toBe(0)
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
})

describe('language', () => {
  test.each([
    ['ru-RU', 'ru', 'Сейчас', 'Текущие звонки', 'Кому перезвонить'],
    ['en-US', 'en', 'Now', 'Live calls', 'To call back'],
    ['de-DE', 'en', 'Now', 'Live calls', 'To call back'],
  ])('a browser in %s reads %s', async (locale, lang, now, ...headings) => {
    const { page } = await openPage(browser, stage.url, { locale })
    for (const name of headings) {
      await page.getByRole('heading', { name: new RegExp(`^${name}`) }).waitFor()
    }
    await page.getByRole('link', { name: now, exact: true }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe(lang)
  })
})

test('cycles the colours from the system’s to light and dark, and remembers them', async () => {
  const { page } = await openPage(browser, stage.url, { colorScheme: 'dark' })
  const ground = async () => String(await page.evaluate('getComputedStyle(document.body).backgroundColor'))
  const button = page.getByRole('button', { name: /^Colours/ })
  const dark = await ground()
  await button.click()
  expect(await button.getAttribute('aria-label')).toBe('Colours: light')
  expect(await ground()).not.toBe(dark)
  await page.reload()
  expect(await button.getAttribute('aria-label')).toBe('Colours: light')
  await button.click()
  expect(await ground()).toBe(dark)
})

test('works by keyboard: from the skip link through the places into a list and its dialog, with a visible focus', async () => {
  const { page } = await openPage(browser, stage.url)
  await untilRows(page, 'live', (rows) => rows.length === 3)
  const focused = () => page.locator(':focus')
  await page.keyboard.press('Tab')
  expect(await focused().innerText()).toBe('Skip to the content')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await focused().getAttribute('class')).toBe('now-tile tile-calls')
  expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
  await page.keyboard.press('Shift+Tab')
  expect(await focused().getAttribute('aria-label')).toBe('Colours: as the system')
  await page.locator('.places a').first().focus()
  await page.keyboard.press('Tab')
  expect(await focused().innerText()).toBe('Calls')
  await page.keyboard.press('Enter')
  await untilRows(page, 'calls', (rows) => rows.length > 0)
  for (const landmark of ['banner', 'main', 'contentinfo'] as const) {
    expect([landmark, await page.getByRole(landmark).count()]).toEqual([landmark, 1])
  }
  await page.locator('.calls tbody button').first().focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
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
  expect(await page.locator('[role=status] .details').innerText()).toMatch(/^since/)
})

test('links lead to the pages that they name', async () => {
  const { page } = await openPage(browser, stage.url)
  const addresses = await page
    .locator('footer a:not(.to-wall)')
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
