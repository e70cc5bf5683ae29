// npm run bench:page: how long each place of the page waits for its data, over a call log of one million and of five million calls.
//
//   npm run bench:page                    both: about ten minutes, 3 GB of temporary disk
//   npm run bench:page -- --calls N       another number of calls; --log FILE: a call log that is there, which is copied
//
// Chromium opens each place of a running exporter, five times for each period. Measured are the request for what the place is about, and the
// longest of all that it makes when it is opened, from the start of the request to its end.

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser } from 'playwright-core'
import { PLACES, type PlaceName } from '../../src/http/page/client/address.ts'
import { openPage } from '../system/browser/browser.ts'
import { openBrowser } from '../system/browser/chromium.ts'
import { startStage } from '../system/browser/pageUnderTest.ts'
import { median } from './figures.ts'
import { writeManyRows } from './manyRows.ts'

const REPEATS = 5
const PERIODS = ['today', 'week', 'month', 'all'] as const
/** What a place is about. */
const MAIN: Readonly<Record<PlaceName, string>> = {
  now: '/api/stats',
  calls: '/api/calls',
  missed: '/api/missed-callers',
  queues: '/api/queues',
  people: '/api/operators',
  trunks: '/api/trunks',
}
/** After so long without a request, a place has what it asks for when it is opened. */
const QUIET_MS = 1_500

const { values: flags } = parseArgs({
  options: { calls: { type: 'string', multiple: true, default: ['1000000', '5000000'] }, log: { type: 'string' } },
})

interface Asked {
  readonly path: string
  readonly ms: number
}

const browser = await openBrowser()
try {
  for (const calls of flags.log === undefined ? flags.calls : ['']) {
    await measure(Number(calls))
  }
} finally {
  await browser.close()
}

async function measure(calls: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-bench-'))
  const file = join(folder, 'calls.db')
  if (flags.log === undefined) {
    writeManyRows(file, calls, (sentence) => process.stderr.write(`${sentence}\n`))
  } else {
    copyFileSync(flags.log, file)
  }
  const stage = await startStage({
    settings: { DB_PATH: file },
    calls: { seed: 1, callsPerSecond: 1, callBacks: true, agentsPause: true, speed: 12 },
  })
  process.stdout.write(`\n${flags.log ?? `${calls} calls`}\n\n`)
  process.stdout.write(
    '| place | period | its data: median | longest | of all its requests, the longest |\n|---|---|---|---|---|\n',
  )
  for (const place of PLACES) {
    for (const period of PERIODS) {
      const runs: (readonly Asked[])[] = []
      for (let run = 0; run < REPEATS; run += 1) {
        runs.push(await askedBy(browser, `${stage.url}?place=${place}&period=${period}`))
      }
      const own = runs.map((asked) => asked.find(({ path }) => path === MAIN[place])?.ms ?? Number.NaN)
      const longest = runs.flat().toSorted((one, other) => other.ms - one.ms)[0]
      const cells = [place, period, ms(median(own)), ms(Math.max(...own)), `${longest?.path} ${ms(longest?.ms)}`]
      process.stdout.write(`| ${cells.join(' | ')} |\n`)
    }
  }
  await stage.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** The requests to the API of a page that is opened with this address, in the order in which they end. */
async function askedBy(browser: Browser, address: string): Promise<readonly Asked[]> {
  const { page } = await openPage(browser, 'about:blank')
  const asked: Asked[] = []
  let open = 0
  let changedAt = performance.now()
  page.on('request', () => {
    open += 1
    changedAt = performance.now()
  })
  const done = (): void => {
    open -= 1
    changedAt = performance.now()
  }
  page.on('requestfailed', done)
  page.on('requestfinished', (request) => {
    done()
    const { pathname, searchParams } = new URL(request.url())
    if (pathname.startsWith('/api/')) {
      const by = searchParams.get('by')
      asked.push({ path: by === null ? pathname : `${pathname}?by=${by}`, ms: request.timing().responseEnd })
    }
  })
  await page.goto(address)
  // What follows the first calls of the feed belongs to it no more.
  const end = performance.now() + 20_000
  while (performance.now() < end && (open > 0 || performance.now() - changedAt < QUIET_MS) && asked.length < 12) {
    await page.waitForTimeout(50)
  }
  await page.context().close()
  return asked
}

function ms(value = Number.NaN): string {
  return `${value.toFixed(0)} ms`
}
