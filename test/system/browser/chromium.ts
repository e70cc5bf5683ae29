// Debian's Chromium without a screen, quiet about everything that is not a page's.

import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Rejects with what to do when there is no Chromium. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error('The browser tests need Chromium: apt-get install chromium')
  }
  return await chromium.launch({ executablePath: CHROMIUM, args: QUIET })
}
