// Calling back and hanging up from the page, with CONTROL: by mouse, by keyboard, in Russian; and nothing of it without.

import { hashSync } from 'bcryptjs'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { PATIENCE } from '../../unit/patience.ts'
import { closePages, openPage, pictureFile, tooWide, untilRows } from './browser.ts'
import { openBrowser } from './chromium.ts'
import { type Stage, startStage } from './pageUnderTest.ts'

const LOGIN = { username: 'anna', password: 'a password' }
const files = () => `basic_auth_users:\n  ${LOGIN.username}: ${hashSync(LOGIN.password, 4)}\n`
const NUMBER = '0405550199'
const TALKS_ON = { ringMs: 20, talkMs: 3_600_000 }

let browser: Browser
let stage: Stage

beforeAll(async () => {
  browser = await openBrowser()
})
afterEach(async () => {
  await closePages(browser)
  await stage?.stop()
})
afterAll(() => browser?.close())

async function controlled(
  settings: Readonly<Record<string, string>> = {},
  { place = 'now', ...options }: BrowserContextOptions & { readonly place?: string } = { locale: 'en-GB' },
) {
  stage = await startStage({
    ...{ files, settings: { CONTROL: 'true', COUNTRY: 'FI', WEB_CONFIG_FILE: 'web.yml', ...settings } },
  })
  return await openPage(browser, `${stage.url}?place=${place}`, { ...options, httpCredentials: LOGIN })
}

test('a missed caller is called back: the phone rings first, and the browser remembers it', async () => {
  const { page, complaints } = await controlled({}, { place: 'missed' })
  await stage.pbx.place('inbound-no-answer', { callee: '103', outside: { number: NUMBER }, dialTimeoutMs: 20 }).ended
  await page.getByRole('button', { name: `Call back ${NUMBER}` }).click()
  const dialog = page.getByRole('dialog', { name: `Call back ${NUMBER}` })
  await dialog.getByLabel('Your phone').selectOption('104')
  expect(stage.pbx.liveChannels()).toEqual([])
  await dialog.getByRole('button', { name: 'Call', exact: true }).click()
  await page.getByText('Phone 104 rings.').waitFor({ state: 'attached' })
  await vi.waitFor(() => expect(stage.pbx.liveChannels().map(({ name }) => name)[0]).toMatch(/^PJSIP\/104-/), PATIENCE)
  expect(await dialog.isVisible()).toBe(false)
  await page.reload()
  await page.getByRole('button', { name: `Call back ${NUMBER}` }).click()
  await vi.waitFor(async () => expect(await page.getByLabel('Your phone').inputValue()).toBe('104'), PATIENCE)
  expect(complaints).toEqual([])
})

test('the story of a call has the button too', async () => {
  const { page } = await controlled()
  await stage.pbx.place('inbound-no-answer', { callee: '103', outside: { number: NUMBER }, dialTimeoutMs: 20 }).ended
  await page.goto(`${stage.url}?place=calls`)
  await page.locator('.calls tbody .open').press('Enter')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Call back ${NUMBER}` })
    .click()
  const question = page.getByRole('dialog', { name: `Call back ${NUMBER}` })
  await question.getByLabel('Your phone').selectOption('104')
  await question.getByRole('button', { name: 'Call', exact: true }).click()
  await vi.waitFor(() => expect(stage.pbx.liveChannels().map(({ name }) => name)[0]).toMatch(/^PJSIP\/104-/), PATIENCE)
})

test('by keyboard: Enter asks, Escape does nothing, Enter calls', async () => {
  const { page } = await controlled({}, { place: 'missed' })
  await stage.pbx.place('inbound-no-answer', { callee: '103', outside: { number: NUMBER }, dialTimeoutMs: 20 }).ended
  const button = page.getByRole('button', { name: `Call back ${NUMBER}` })
  await button.focus()
  await page.keyboard.press('Enter')
  await vi.waitFor(async () => expect(await page.getByLabel('Your phone').inputValue()).toBe('101'), PATIENCE)
  await page.keyboard.press('Escape')
  expect(stage.pbx.liveChannels()).toEqual([])
  expect(await page.locator(':focus').getAttribute('aria-label')).toBe(`Call back ${NUMBER}`)
  await page.keyboard.press('Enter')
  const call = page.getByRole('dialog').getByRole('button', { name: 'Call', exact: true })
  await vi.waitFor(async () => expect(await call.isEnabled()).toBe(true), PATIENCE)
  // Asked again before the browser has told the page that the dialog was closed.
  await page.evaluate(
    `document.querySelector('dialog.question').close(); document.querySelector('.waiting .call-back:not([hidden])').click()`,
  )
  await vi.waitFor(async () => expect(await call.isEnabled()).toBe(true), PATIENCE)
  await page.getByLabel('Your phone').focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await vi.waitFor(() => expect(stage.pbx.liveChannels()).not.toEqual([]), PATIENCE)
})

test('a live call is hung up after a question', async () => {
  const { page } = await controlled()
  stage.pbx.place('answered-caller-hangs-up', { caller: '105', callee: '106', ...TALKS_ON })
  await page.getByRole('button', { name: 'Hang up the call of 105 to 106' }).click()
  const dialog = page.getByRole('dialog', { name: 'Hang up' })
  await dialog.getByText('The call of 105 to 106 ends at once, for both.').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(stage.pbx.liveChannels()).toHaveLength(2)
  await page.getByRole('button', { name: 'Hang up the call of 105 to 106' }).click()
  await dialog.getByRole('button', { name: 'Hang up' }).click()
  await vi.waitFor(() => expect(stage.pbx.liveChannels()).toEqual([]), PATIENCE)
  await page.getByText('No call right now.').waitFor()
})

test('what is refused is told in the dialog, which stays open', async () => {
  const { page } = await controlled({ CONTROL_ALLOW: 'internal' }, { place: 'missed' })
  await stage.pbx.place('inbound-no-answer', { callee: '103', outside: { number: NUMBER }, dialTimeoutMs: 20 }).ended
  await page.getByRole('button', { name: `Call back ${NUMBER}` }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Call', exact: true }).click()
  await page
    .getByRole('alert')
    .getByText(/CONTROL_ALLOW/)
    .waitFor()
  expect(stage.pbx.liveChannels()).toEqual([])
})

test('in Russian', async () => {
  const { page } = await controlled({}, { locale: 'ru-RU' })
  stage.pbx.place('answered-caller-hangs-up', { caller: '105', callee: '106', ...TALKS_ON })
  await page.getByRole('button', { name: 'Завершить звонок: 105 → 106' }).click()
  await page.getByRole('dialog', { name: 'Завершить' }).getByRole('button', { name: 'Завершить' }).click()
  await vi.waitFor(() => expect(stage.pbx.liveChannels()).toEqual([]), PATIENCE)
})

test.each([
  ['phone', { width: 360, height: 740 }, 'light', 'en-GB'],
  ['laptop', { width: 1280, height: 800 }, 'dark', 'ru-RU'],
  // The narrowest screen on which the list of calls is beside the live calls.
  ['narrow-wall', { width: 1810, height: 1000 }, 'light', 'ru-RU'],
  ['wall', { width: 1920, height: 1080 }, 'dark', 'ru-RU'],
] as const)(
  'on a %s the buttons fit beside the longest of what a call shows',
  async (screen, viewport, colorScheme, locale) => {
    const { page, complaints } = await controlled({}, { viewport, colorScheme, locale })
    const name = 'The office of a customer with a long name'
    const [missed, outside] = [
      { number: '00358405550198', name },
      { number: '003584055501991', name },
    ]
    await stage.pbx.place('inbound-no-answer', { callee: '103', outside: missed, dialTimeoutMs: 20 }).ended
    stage.pbx.place('queue-answered', { queue: 'support', answerer: '103', outside, ...TALKS_ON })
    stage.pbx.place('outbound', { caller: '101', trunk: 'trunk-a', outside, ...TALKS_ON })
    await untilRows(page, 'live', (rows) => rows.filter((row) => /talking|разговор/.test(row)).length === 2)
    for (const width of screen === 'laptop' ? [740, 820, 1040, viewport.width] : [viewport.width]) {
      await page.setViewportSize({ ...viewport, width })
      await expect.poll(async () => [width, await tooWide(page)]).toEqual([width, []])
    }
    await page.screenshot({ path: pictureFile(`control-${screen}`), fullPage: true })
    await page.goto(`${stage.url}?place=missed`)
    await untilRows(page, 'waiting', (rows) => rows.length === 1)
    expect(await tooWide(page)).toEqual([])
    await page.screenshot({ path: pictureFile(`control-missed-${screen}`), fullPage: true })
    expect(complaints).toEqual([])
  },
)

test('without CONTROL there is no such button, and a masked number cannot be called back', async () => {
  const masked = await controlled({ MASK_NUMBERS: 'true' }, { place: 'missed' })
  await stage.pbx.place('inbound-no-answer', { callee: '103', outside: { number: NUMBER }, dialTimeoutMs: 20 }).ended
  // A card of another place, which is hidden, has the number too.
  await masked.page.locator('section.callers').getByText('*******199').first().waitFor()
  expect(await masked.page.getByRole('button', { name: /Call back/ }).count()).toBe(0)
  await closePages(browser)
  await stage.stop()
  stage = await startStage()
  const { page } = await openPage(browser, stage.url)
  await stage.pbx.place('inbound-no-answer', { callee: '103', outside: { number: NUMBER }, dialTimeoutMs: 20 }).ended
  stage.pbx.place('answered-caller-hangs-up', { caller: '105', callee: '106', ...TALKS_ON })
  await untilRows(page, 'live', (rows) => rows.length === 1)
  expect(await page.getByRole('button', { name: /Call back|Hang up/ }).count()).toBe(0)
  await page.goto(`${stage.url}?place=missed`)
  await untilRows(page, 'waiting', (rows) => rows.length === 1)
  expect(await page.getByRole('button', { name: /Call back|Hang up/ }).count()).toBe(0)
})
