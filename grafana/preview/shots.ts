// Pictures of the page with Chromium, one for each board, width and state.
//
// Prints errors of the page; rejects if a board does not finish loading.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { smallPng } from './smallPng.ts'
import { STATES, type StateName } from './states.ts'

export interface Shot {
  /** The uid of a board. */
  readonly board: string
  readonly state: StateName
  readonly width: number
  readonly isLight: boolean
  /** As on a wall: without variables, and as high as the screen. */
  readonly isKiosk: boolean
  /** Opens folded rows. */
  readonly isUnfolded: boolean
}

/** A height in pixels that no board exceeds: tables do not draw what is outside of the window. */
const LONGEST = 6_000

/** Height of a screen by its width. */
const HEIGHTS: Readonly<Record<number, number>> = { 1920: 1080, 1366: 768 }

/** Takes a picture; resolves with its path. */
export async function take(
  browser: Browser,
  shot: Shot,
  {
    page: address,
    folder,
    say,
  }: { readonly page: string; readonly folder: string; readonly say: (what: string) => void },
): Promise<string> {
  const name = nameOf(shot)
  const { width, isKiosk } = shot
  const screen = HEIGHTS[width] ?? 1080
  const page = await browser.newPage({ viewport: { width, height: isKiosk ? screen : LONGEST } })
  page.on('pageerror', (error) => say(`${name}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') {
      say(`${name}: ${message.text().slice(0, 500)}`)
    }
  })
  await page.goto(`${address}/?${searchOf(shot)}`)
  await page.waitForSelector('body[data-ready]', { timeout: 60_000 })
  const path = join(folder, `${name}.png`)
  const long = (await page.locator('#root').boundingBox())?.height ?? 0
  const height = isKiosk ? screen : Math.max(screen, Math.ceil(long))
  await writeFile(path, await smallPng(await page.screenshot({ clip: { x: 0, y: 0, width, height } })))
  await page.close()
  return path
}

function nameOf({ board, state, width, isLight, isUnfolded }: Shot): string {
  const extra = [...(isLight ? ['light'] : []), ...(isUnfolded ? ['unfolded'] : [])]
  return [board.replace(/^asterisk-/, ''), state, width, ...extra].join('-')
}

function searchOf({ board, state, isLight, isKiosk, isUnfolded }: Shot): URLSearchParams {
  const search = new URLSearchParams({ board, at: String(STATES[state].at) })
  if (isLight) {
    search.set('theme', 'light')
  }
  if (isKiosk) {
    search.set('kiosk', '')
  }
  if (isUnfolded) {
    search.set('unfold', '')
  }
  return search
}
