// A missed call says who did not answer: in the list, in its story, and in a search for them.

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { CallPage } from '../../../src/query/schema.ts'
import { closePages, openPage, untilRows } from './browser.ts'
import { openBrowser } from './chromium.ts'
import { type Stage, startStage } from './pageUnderTest.ts'

let browser: Browser
let stage: Stage

beforeAll(async () => {
  browser = await openBrowser()
  stage = await startStage()
  const { place } = stage.pbx
  await place('inbound-no-answer', { callee: '103', trunk: 'trunk-a', dialTimeoutMs: 50 }).ended
  await place('ring-group-nobody', { caller: '101', callee: '114', third: '115', dialTimeoutMs: 50 }).ended
  await place('queue-abandoned', { queue: 'sales', patienceMs: 50 }).ended
  await place('empty-dial', {}).ended
  await place('outbound-busy', { caller: '110', trunk: 'trunk-b', ringMs: 20 }).ended
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await browser?.close()
  await stage?.stop()
})

test('shows whom a call was offered to and the result of each, without its inbound trunk', async () => {
  const { page, complaints } = await openPage(browser, `${stage.url}?place=calls`)
  const rows = await untilRows(page, 'calls', (all) => all.length === 5 && !all.some((row) => row.includes('ringing')))
  const [outbound, off, queue, group, inbound] = rows
  expect(inbound).toMatch(/\| inbound \| .* \| 5550103 \| 103 did not answer \| no answer \| –$/)
  expect(group).toMatch(/\| internal \| 101 .* \| 600 \| 114, 115, \d+ did not answer \| no answer \| –$/)
  expect(queue).toMatch(/\| inbound \| .* \| 5550102 \| \d+, \d+, \d+ did not answer · sales \| left the queue \| –$/)
  expect(off).toMatch(/\| inbound \| .* \| 5550300 \| – \| unreachable \| –$/)
  expect(outbound).toMatch(/\| outbound \| 110 .* \| trunk-b busy \| busy \| –$/)
  expect(complaints).toEqual([])
})

test('the story of a call that could be offered to nobody does not say that nobody was wanted', async () => {
  const { page } = await openPage(browser, `${stage.url}?text=5550300`)
  await untilRows(page, 'calls', (rows) => rows.length === 1)
  await page.locator('.calls tbody .open').click()
  await page
    .getByRole('dialog')
    .getByText(/^No phone could be called for 5550300\.$/)
    .waitFor()
})

test('a search finds who did not answer, as do the API and the CSV', async () => {
  const { page } = await openPage(browser, `${stage.url}?place=calls`)
  await page.getByLabel('Search number or name').fill('115')
  await untilRows(page, 'calls', (rows) => rows.length === 1 && rows[0]?.includes('| 600 |') === true)
  const { calls }: CallPage = JSON.parse(await (await fetch(`${stage.url}api/calls?text=115`)).text())
  expect(calls).toHaveLength(1)
  expect(calls[0]?.tried).toContainEqual({ endpoint: '115', result: 'no_answer' })
  const csv = await (await fetch(`${stage.url}api/calls.csv?text=115`)).text()
  // Further columns may follow.
  expect(csv.trim()).toMatch(/,114:no_answer 115:no_answer \d+:no_answer,true,/)
})
