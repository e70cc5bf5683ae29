// The page on a screen on the wall: it pages through its places, has nothing to click, calls for somebody, and Escape leads back.

import { expect, test } from 'vitest'
import { PATIENCE } from '../../unit/patience.ts'
import { barriers, pictureFile, tooWide, untilRows } from './browser.ts'
import { stagePerTest } from './stagePerTest.ts'

const theatre = stagePerTest()
const ANN = { number: '0401234567', name: 'Ann Example' }

test('pages through the places without anything to click, and Escape leads back to the desk', async () => {
  theatre.stage.pbx.place('queue-abandoned', { queue: 'sales', outside: ANN, patienceMs: Number.POSITIVE_INFINITY })
  const { page, complaints } = await theatre.open('?wall=5')
  await page.setViewportSize({ width: 1920, height: 1080 })
  const head = page.locator('.wall-head')
  await head.getByText('Now', { exact: true }).waitFor()
  await untilRows(page, 'live', ([row]) => row?.startsWith('in a queue') === true)
  expect(await page.locator('header:visible, footer:visible').count()).toBe(0)
  expect([await tooWide(page), await barriers(page)]).toEqual([[], []])
  await page.screenshot({ path: pictureFile('wall-now') })
  for (const place of ['Missed', 'Queues', 'People', 'Now']) {
    await head.getByText(place, { exact: true }).waitFor()
    if (place !== 'Now') {
      expect(new URL(page.url()).search).toBe(`?wall=5&place=${place.toLowerCase()}`)
      await page.screenshot({ path: pictureFile(`wall-${place.toLowerCase()}`) })
    }
    expect(await page.locator('main :is(a.call-back, .to-calls, .action, .tools):visible').count()).toBe(0)
    if (place === 'Queues') {
      // Taller than this screen: its next part comes before the next place.
      await page.setViewportSize({ width: 1920, height: 500 })
      await expect.poll(() => page.evaluate(`document.querySelector('main').scrollTop`), PATIENCE).toBeGreaterThan(0)
      await page.setViewportSize({ width: 1920, height: 1080 })
    }
  }
  expect(await page.evaluate('getComputedStyle(document.body).cursor')).toBe('none')
  await page.keyboard.press('Escape')
  await page.locator('header').waitFor()
  expect([new URL(page.url()).search.includes('wall'), await head.isVisible()]).toEqual([false, false])
  await page.locator('footer').getByRole('link', { name: 'Wall' }).click()
  await head.getByText('Now', { exact: true }).waitFor()
  expect(complaints).toEqual([])
})

test('flashes and beeps when a caller was missed, once a click has allowed the sound', async () => {
  const { page, complaints } = await theatre.open('?wall=600&sound')
  await page.evaluate(`globalThis.tones = 0
    const start = OscillatorNode.prototype.start
    OscillatorNode.prototype.start = function (at) { globalThis.tones += 1; start.call(this, at) }`)
  const allow = page.getByRole('button', { name: 'Click once to allow sound' })
  await allow.waitFor()
  await page.locator('body').click({ position: { x: 200, y: 300 } })
  await allow.waitFor({ state: 'hidden' })
  await page.getByText('No call right now').waitFor()
  expect(await page.locator('html').getAttribute('data-alarm')).toBeNull()
  const flashed = page.locator('html[data-alarm="on"]').waitFor()
  await theatre.stage.pbx.place('inbound-no-answer', { callee: '103', outside: ANN, dialTimeoutMs: 20 }).ended
  await flashed
  await expect.poll(() => page.evaluate('globalThis.tones'), PATIENCE).toBe(2)
  await expect.poll(() => page.title(), PATIENCE).toBe('(1) asterisk-ari-exporter')
  expect(await page.locator('link[rel=icon]').getAttribute('href')).toMatch(/^data:image\/svg\+xml,.*%3E1%3C/)
  await page.locator('html:not([data-alarm])').waitFor()
  expect(complaints).toEqual([])
})
