// The section of trunks: the busiest hour with the lines that it needs, beside TRUNK_CHANNELS, and the names in it that are no trunks.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPage, untilRows } from './browser.ts'
import { openBrowser } from './chromium.ts'
import { type Stage, startStage } from './pageUnderTest.ts'

let browser: Browser
let stage: Stage

beforeAll(async () => {
  browser = await openBrowser()
  stage = await startStage({ settings: { TRUNK_CHANNELS: 'trunk-a=30,trunk-x=2' } })
  await stage.pbx.place('outbound', { caller: '101', trunk: 'trunk-a', ringMs: 20, talkMs: 900 }).ended
})

afterAll(async () => {
  await stage?.stop()
  await browser?.close()
})

test('tells the lines that each trunk needs, the formula, and a name that nothing has', async () => {
  const { page, complaints } = await openPage(browser, stage.url)
  const [used, unseen] = await untilRows(page, 'trunks', (rows) => rows.length === 2)
  expect(used).toMatch(/^trunk-a \| 30 \| .+:00:00.* \| 1 \| 0 \| 1$/)
  expect(unseen).toBe('trunk-x | 2 | – | – | – | –')
  const section = page.locator('.trunks')
  await section.getByText('TRUNK_CHANNELS names trunk-x, of which there is neither an endpoint nor a call').waitFor()
  await section.getByText('at most 1% of the calls find all busy, by Erlang B').waitFor()
  expect(await section.locator('tr[data-lines="few"]').count()).toBe(0)
  expect(complaints).toEqual([])
})
