// Starts Debian's Chromium without a window and without its own background traffic.

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

/** Rejects with the command that installs Chromium if it is missing. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error('The browser tests need Chromium: apt-get install chromium')
  }
  return await chromium.launch({ executablePath: CHROMIUM, args: QUIET })
}
