// Hostile caller IDs stay text, and the content security policy blocks scripts; numbers stay masked; a password protects the page.

import { hashSync } from 'bcryptjs'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { closePages, openPage, untilRows } from './browser.ts'
import { openBrowser } from './chromium.ts'
import { type Stage, type StageOptions, startStage } from './pageUnderTest.ts'

let browser: Browser
const stages: Stage[] = []

beforeAll(async () => {
  browser = await openBrowser()
})
afterEach(async () => {
  await closePages(browser)
  for (const stage of stages.splice(0)) {
    await stage.stop()
  }
})
afterAll(() => browser?.close())

async function onStage(options: StageOptions = {}): Promise<Stage> {
  const stage = await startStage(options)
  stages.push(stage)
  return stage
}

const NAME = `<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>`
const NUMBER = `"><svg/onload=globalThis.hacked=1>`
const CALLED = `javascript:globalThis.hacked=1//\u202e'<b>`

/** An event of a call from a trunk, with hostile text in every field that a caller can choose. */
function frame(type: string, more: object = {}): string {
  const now = new Date().toISOString().replace('Z', '+0000')
  const channel = {
    id: 'hostile.1',
    name: 'PJSIP/trunk-a-0000beef',
    state: 'Ring',
    protocol_id: 'x',
    caller: { name: NAME, number: NUMBER },
    connected: { name: NAME, number: NUMBER },
    accountcode: NAME,
    dialplan: { context: NAME, exten: CALLED, priority: 1, app_name: '', app_data: '' },
    creationtime: now,
    language: 'en',
  }
  return JSON.stringify({
    type,
    timestamp: now,
    channel,
    asterisk_id: 'a',
    application: 'asterisk-ari-exporter',
    ...more,
  })
}

test('shows a hostile caller ID as text everywhere', async () => {
  const stage = await onStage()
  const { page, complaints } = await openPage(browser, stage.url)
  await page.getByText('No call right now').waitFor()
  stage.pbx.sendRaw(frame('ChannelCreated'))
  const [live] = await untilRows(page, 'live', (rows) => rows.length === 1)
  for (const text of [NAME, NUMBER, CALLED]) {
    expect(live).toContain(text)
  }
  await page.locator('.places').getByRole('link', { name: 'Calls' }).click()
  const [listed] = await untilRows(page, 'calls', (rows) => rows.length === 1)
  for (const text of [NAME, NUMBER, CALLED]) {
    expect(listed).toContain(text)
  }
  await page.locator('.calls tbody button').click()
  const story = page.getByRole('dialog')
  await story.locator('.facts').waitFor()
  for (const text of [NAME, NUMBER, CALLED]) {
    expect(await story.getByRole('heading', { level: 2 }).textContent()).toContain(text)
  }
  stage.pbx.sendRaw(frame('ChannelDestroyed', { cause: 0, cause_txt: NAME }))
  await page.keyboard.press('Escape')
  await page.getByLabel('Search number or name').fill(NUMBER)
  await untilRows(page, 'calls', (rows) => rows.length === 1)
  expect(await page.locator('body img, body script, body b, body svg[onload]').count()).toBe(0)
  expect(await page.evaluate('globalThis.hacked')).toBeUndefined()
  // No number is so long that the page is pushed aside.
  expect(
    await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
  ).toBeLessThanOrEqual(0)
  expect(complaints).toEqual([])
})

test('the content security policy blocks inline scripts and markup from text', async () => {
  const stage = await onStage()
  const { page, complaints } = await openPage(browser, stage.url)
  await page.getByText('No call right now').waitFor()
  const outcome = await page.evaluate(`(() => {
    const script = document.createElement('script')
    try { script.textContent = 'globalThis.hacked = 1' } catch {}
    document.body.append(script)
    try { document.body.innerHTML = '<i>markup</i>'; return 'markup' } catch (error) { return error.name }
  })()`)
  expect(outcome).toBe('TypeError')
  expect(await page.evaluate('globalThis.hacked')).toBeUndefined()
  await expect.poll(() => complaints.length).toBeGreaterThan(0)
})

test('shows no full number and no name with MASK_NUMBERS', async () => {
  const stage = await onStage({ maskNumbers: true })
  const { page } = await openPage(browser, stage.url)
  const call = stage.pbx.place('inbound', {
    callee: '103',
    trunk: 'trunk-a',
    ringMs: 200,
    talkMs: Number.POSITIVE_INFINITY,
  })
  const [live] = await untilRows(page, 'live', ([row]) => row?.startsWith('talking') === true)
  expect(live).toMatch(/\| \*{7}\d{3} \| \*{4}103 \|/)
  call.endPause()
  await call.ended
  await page.locator('.places').getByRole('link', { name: 'Calls' }).click()
  const [listed] = await untilRows(page, 'calls', ([row]) => row?.includes('answered') === true)
  expect(listed).toMatch(/\| \*{7}\d{3} \| \*{4}103 \|/)
  await page.locator('.calls tbody button').click()
  await page.getByRole('dialog').locator('.facts').waitFor()
  expect(await page.locator('body').innerText()).not.toMatch(/\b04\d{8}\b|5550103/)
})

test('links a story to its SIP traces and its recording, in a new tab that learns nothing of the page', async () => {
  const settings = { SIP_TRACE_URL: 'https://homer.test/{call_id}', RECORDING_URL: 'https://rec.test/{file}' }
  const stage = await onStage({ settings })
  const { page, complaints } = await openPage(browser, `${stage.url}?place=calls`)
  await stage.pbx.place('inbound', { callee: '103', trunk: 'trunk-a', ringMs: 50, talkMs: 100 }).ended
  await untilRows(page, 'calls', ([row]) => row?.includes('answered') === true)
  await page.locator('.calls tbody button').click()
  const story = page.getByRole('dialog')
  await story.locator('.legs a').waitFor()
  const found = await story
    .locator('a:not(.tel)')
    .evaluateAll((all) => all.map((a) => [a.target, a.rel, a.href, a.textContent]))
  const outward = ['_blank', 'noopener noreferrer']
  expect(found).toEqual([
    [
      ...outward,
      expect.stringMatching(/^https:\/\/homer\.test\/1-\d+-\d+%40127/),
      expect.stringMatching(/^1-\d+-\d+@127/),
    ],
    [
      ...outward,
      expect.stringMatching(/^https:\/\/rec\.test\/in-5550103-/),
      expect.stringMatching(/^in-5550103-.*wav$/),
    ],
    [
      ...outward,
      expect.stringMatching(/^https:\/\/homer\.test\/[0-9a-f-]{36}$/),
      expect.stringMatching(/^[0-9a-f-]{36}$/),
    ],
  ])
  expect(complaints).toEqual([])
})

test('works with its password, live connection included, and not without it', async () => {
  const users = new Map([['alice', hashSync('correct horse', 4)]])
  const stage = await onStage({ web: { tls: null, headers: new Map(), users } })
  const { page, complaints } = await openPage(browser, stage.url, {
    httpCredentials: { username: 'alice', password: 'correct horse' },
  })
  await page.getByText('Connected to Asterisk 22').waitFor()
  const devTools = await page.context().newCDPSession(page)
  const { data, errors } = await devTools.send('Page.getAppManifest')
  expect([errors, JSON.parse(data ?? '{}')]).toMatchObject([[], { display: 'standalone', start_url: './' }])
  expect(complaints).toEqual([])
  await expect(openPage(browser, stage.url)).rejects.toThrow('ERR_INVALID_AUTH_CREDENTIALS')
})
