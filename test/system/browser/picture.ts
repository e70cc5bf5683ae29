// `npm run page-picture`: takes the pictures of the page for README: the places Now, Missed and People, with the calls of the demo.
//
// The calls are those of a fixed seed; when they are seen depends on the machine, so that two pictures are alike, not equal.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { z } from 'zod'
import { openPage, rowsOf } from './browser.ts'
import { openBrowser } from './chromium.ts'
import { startStage } from './pageUnderTest.ts'

const PICTURES = join(import.meta.dirname, '../../../src/http/page/pictures')
const PACKAGE = join(import.meta.dirname, '../../../package.json')
const SIZE = { width: 1280, height: 720 }
/** What a place has when it has its data. */
const FULL = { now: '.live tbody tr', missed: '.callers tbody tr', people: '.people .tiles li' } as const
/** As `npm run demo`. */
const DEMO = { seed: 1, callsPerSecond: 1, callBacks: true, agentsPause: true, speed: 12 }

const LOOK_EVERY_MS = 250
const GIVE_UP_AFTER_MS = 300_000

const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(PACKAGE, 'utf8')))
const stage = await startStage({ calls: DEMO, version })
const browser = await openBrowser()
try {
  const { page } = await openPage(browser, stage.url, { viewport: SIZE })
  await untilWorthAPicture(page)
  for (const place of ['now', 'missed', 'people'] as const) {
    await page
      .locator(`nav.places a[href*="${place === 'now' ? '?' : `place=${place}`}"]`)
      .first()
      .click()
    await page.locator(`.${place}-place`).waitFor()
    await page.locator(FULL[place]).first().waitFor()
    await page.mouse.move(0, SIZE.height / 2)
    const file = join(PICTURES, `${place}.png`)
    await page.screenshot({ path: file })
    process.stdout.write(`${file}\n`)
  }
} finally {
  await browser.close()
  await stage.stop()
}

/** Until there are live calls, a caller in a queue, missed callers, and calls enough for the figures of today. */
async function untilWorthAPicture(page: Page): Promise<void> {
  for (let waited = 0; waited < GIVE_UP_AFTER_MS; waited += LOOK_EVERY_MS) {
    const live = await rowsOf(page, 'live')
    const callers = await page.locator('.to-call-back li').count()
    const calls = Number(await page.locator('.tile-calls .value').innerText())
    if (live.length >= 5 && live[0]?.startsWith('in a queue') === true && callers >= 3 && calls >= 60) {
      return
    }
    await page.waitForTimeout(LOOK_EVERY_MS)
  }
  throw new Error('the page did not fill')
}
