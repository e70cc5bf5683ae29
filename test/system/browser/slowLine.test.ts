// The built page on a slow line: 800 ms for each answer and 20 kB a second, as Chromium emulates it.
//
// The order of what happens is checked; how long it took is printed, because it depends on the machine.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startPbx } from '../../../src/pbx-sim/pbx.ts'
import { eventually, freePort, freshFolder, get, startProgram } from '../program/program.ts'
import { openBrowser } from './chromium.ts'

const BUILT = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))
const LINE = { offline: false, latency: 800, downloadThroughput: 20_000, uploadThroughput: 20_000 }
const ARI = { user: 'slow-line', password: 'slow-line' }

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** The built program beside a simulated PBX with some calls; resolves with the address of the page. */
async function builtProgram(): Promise<string> {
  if (!existsSync(BUILT)) {
    throw new Error('The page on a slow line is that of the built program: npm run build')
  }
  const pbx = await startPbx({ ...ARI })
  onTestFinished(pbx.stop)
  const port = await freePort()
  const settings = { ARI_URL: pbx.url, ARI_USER: ARI.user, ARI_PASSWORD: ARI.password, HTTP_PORT: String(port) }
  const program = startProgram([], { ...settings, DB_PATH: join(freshFolder(), 'calls.db') }, { main: BUILT })
  onTestFinished(async () => {
    program.child.kill('SIGKILL')
    await program.ended
  })
  await eventually(
    () => get(port, '/-/ready'),
    ({ status }) => status === 200,
  )
  await pbx.place('busy', { caller: '101', callee: '102', ringMs: 4 }).ended
  return `http://127.0.0.1:${port}/`
}

interface Loaded {
  readonly painted: number
  readonly scripts: readonly Resource[]
  /** Of the charts. */
  readonly drawing: readonly Resource[]
  readonly styles: readonly Resource[]
}

interface Resource {
  readonly name: string
  readonly begins: number
  readonly ends: number
  readonly bytes: number
}

test('something is painted before style and script arrive; they come once, compressed, and are kept', async () => {
  const url = await builtProgram()
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const devTools = await context.newCDPSession(page)
  await devTools.send('Network.enable')
  await devTools.send('Network.emulateNetworkConditions', LINE)
  const visit = async () => {
    await page.goto(`${url}?place=calls`, { waitUntil: 'commit' })
    await page.locator('.calls tbody tr').first().waitFor({ timeout: 100_000 })
    const shown = await page.evaluate(() => performance.now())
    await page.locator('.charts canvas').waitFor({ timeout: 100_000 })
    const loaded = await page.evaluate((): Loaded => {
      const resources = performance
        .getEntriesByType('resource')
        .filter((entry) => entry instanceof PerformanceResourceTiming)
      const ending = (end: string): readonly Resource[] =>
        resources
          .filter(({ name }) => name.endsWith(end))
          .map(({ name, startTime, responseEnd, transferSize }) => ({
            name,
            begins: startTime,
            ends: responseEnd,
            bytes: transferSize,
          }))
      const painted = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.POSITIVE_INFINITY
      return {
        painted,
        scripts: ending('.js').filter(({ name }) => name.includes('/main-')),
        drawing: ending('.js').filter(({ name }) => !name.includes('/main-')),
        styles: ending('.css'),
      }
    })
    process.stdout.write(
      `slow line: painted after ${Math.round(loaded.painted)} ms, calls after ${Math.round(shown)} ms; ` +
        `${loaded.scripts[0]?.bytes} bytes of script, ${loaded.styles[0]?.bytes} of style\n`,
    )
    return loaded
  }

  const first = await visit()
  expect([first.scripts.length, first.styles.length]).toEqual([1, 1])
  for (const { name, begins, ends, bytes } of [...first.scripts, ...first.styles]) {
    expect(name).toMatch(/\/client\/(main|style)-\w{8}\.(js|css)$/)
    expect(first.painted).toBeLessThan(ends)
    expect(begins).toBeLessThan(first.painted + LINE.latency)
    expect(bytes).toBeLessThan(60_000)
  }
  expect(first.drawing.length).toBe(1)
  for (const { name, begins, bytes } of first.drawing) {
    expect(name).toMatch(/\/client\/barChart-\w{8}\.js$/)
    expect(begins).toBeGreaterThan(Math.max(first.painted, ...first.scripts.map(({ ends }) => ends)))
    expect(bytes).toBeLessThan(60_000)
  }
  expect(await page.locator('#loading').count()).toBe(0)

  const again = await visit()
  expect([...again.scripts, ...again.styles, ...again.drawing].map(({ bytes }) => bytes)).toEqual([0, 0, 0])
})
