// A browser for the tests of a file, and for each of them a stage of its own.

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { closePages, openPage, type Seen } from './browser.ts'
import { openBrowser } from './chromium.ts'
import { type Stage, startStage } from './pageUnderTest.ts'

export interface Theatre {
  readonly browser: Browser
  /** That of the running test. */
  readonly stage: Stage
  /** The page of the stage, at this address below it. */
  open(path?: string): Promise<Seen>
}

/** Registers the hooks; what it returns can be used within tests. */
export function stagePerTest(): Theatre {
  let browser: Browser | undefined
  let stage: Stage | undefined
  beforeAll(async () => {
    browser = await openBrowser()
  })
  beforeEach(async () => {
    stage = await startStage()
  })
  afterEach(async () => {
    await closePages(within(browser))
    await stage?.stop()
  })
  afterAll(() => browser?.close())
  return {
    get browser() {
      return within(browser)
    },
    get stage() {
      return within(stage)
    },
    open: (path = '') => openPage(within(browser), new URL(path, within(stage).url).href),
  }
}

function within<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error('only within a test')
  }
  return value
}
