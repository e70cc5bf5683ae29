// `npm run page-picture`: takes the picture of the page for README, with the calls of the demo.
//
// The calls are those of a fixed seed; when they are seen depends on the machine, so that two pictures are alike, not equal.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { z } from 'zod'
import { openPage, rowsOf } from './browser.ts'
import { openBrowser } from './chromium.ts'
import { startStage } from './pageUnderTest.ts'

const PICTURE = join(import.meta.dirname, '../../../src/http/page/pictures/page.png')
const PACKAGE = join(import.meta.dirname, '../../../package.json')
const SIZE = { width: 1280, height: 1800 }
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
  await page.screenshot({ path: PICTURE })
  process.stdout.write(`${PICTURE}\n`)
} finally {
  await browser.close()
  await stage.stop()
}

/** Until each list has something to show, also of callers who were called back. */
async function untilWorthAPicture(page: Page): Promise<void> {
  for (let waited = 0; waited < GIVE_UP_AFTER_MS; waited += LOOK_EVERY_MS) {
    const [live, members, waiting, closed, calls] = await Promise.all(
      (['live', 'members', 'waiting', 'closed', 'calls'] as const).map((part) => rowsOf(page, part)),
    )
    const isStaffed = ['talking', 'paused', 'free'].every((state) =>
      members?.some((row) => row.includes(`| ${state} |`)),
    )
    const isFull = [live, waiting, closed].every((rows = []) => rows.length >= 3) && (calls?.length ?? 0) >= 20
    if (isFull && isStaffed && closed?.some((row) => row.includes('called back'))) {
      return
    }
    await page.waitForTimeout(LOOK_EVERY_MS)
  }
  throw new Error('the page did not fill')
}
