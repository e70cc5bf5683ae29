// Opens pages in a browser, collects their warnings and errors, and looks at what they show.

import { mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { z } from 'zod'

/** How long something is waited for: a browser on a busy machine is slow. */
const PATIENCE_MS = 40_000

export interface Seen {
  readonly page: Page
  /** Everything that the page wrote to the console as a warning or an error, or threw. */
  readonly complaints: readonly string[]
}

/** A new browser context with a page at `url`, English and light by default. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Seen> {
  const context = await browser.newContext({ locale: 'en-GB', colorScheme: 'light', ...options })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(message.text())
    }
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(url)
  return { page, complaints }
}

/** Closes all pages of a test: each of them would follow the stage until the last test of the file. */
export async function closePages(browser: Browser): Promise<void> {
  // An answer that a test replaces may be on its way.
  const pages = browser.contexts().flatMap((context) => context.pages())
  await Promise.all(pages.map((page) => page.unrouteAll({ behavior: 'ignoreErrors' })))
  await Promise.all(browser.contexts().map((context) => context.close()))
}

/**
 * A part of the page that has a table, or tiles; `members` are the agents of all queues, `waiting` and `closed` are of the missed callers,
 * `operators` is in a fleet.
 */
export type Part = (typeof TABLES)[number] | keyof typeof TILES

const TABLES = ['live', 'sites', 'members', 'waiting', 'closed', 'calls', 'operators', 'endpoints'] as const
const TILES = { people: '.people .tile', trunks: '.trunks .trunk' } as const

function isTiles(part: Part): part is keyof typeof TILES {
  return part in TILES
}

/** Texts of the rows or tiles of a part of the page, columns separated by ` | `, without those that name a day. */
export async function rowsOf(page: Page, part: Part): Promise<readonly string[]> {
  return await page
    .locator(isTiles(part) ? TILES[part] : `.${part} tbody tr:not(.day)`)
    .evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? '').join(' | ')),
    )
}

/** Waits until the rows are as wanted. */
export async function untilRows(
  page: Page,
  part: Part,
  wanted: (rows: readonly string[]) => boolean,
): Promise<readonly string[]> {
  let rows: readonly string[] = []
  await expect
    .poll(
      async () => {
        rows = await rowsOf(page, part)
        return wanted(rows) ? 'as wanted' : rows
      },
      { timeout: PATIENCE_MS, interval: 50 },
    )
    .toBe('as wanted')
  return rows
}

/** Names the elements that reach beyond the right edge of their section, or of the page. */
export async function tooWide(page: Page): Promise<unknown> {
  return await page.evaluate(`[...document.querySelectorAll('body *')]
    .filter((each) => each.checkVisibility() && !each.closest('.visually-hidden, .skip, thead'))
    .filter((each) => each.getBoundingClientRect().right >
      (each.parentElement.closest('section') ?? document.documentElement).getBoundingClientRect().right + 1)
    .map((each) => each.tagName + '.' + each.className)`)
}

/**
 * What axe-core finds wrong for people with disabilities on the page as it is now: one text for each element, none if all is well. Its script runs in the
 * page by way of the developer tools, because the policy of the page allows no other.
 */
export async function barriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8'))
  const found: unknown = await page.evaluate(`axe.run(document).then(({ violations }) => violations.flatMap(
    ({ id, help, nodes }) => nodes.map((node) => id + ': ' + help + ': ' + node.html.slice(0, 200) + ' ' + (node.any[0]?.message ?? ''))))`)
  return z.array(z.string()).parse(found)
}

/** Where a picture is left for a person to look at. */
export function pictureFile(name: string): string {
  const folder = join(tmpdir(), 'asterisk-ari-exporter-looks')
  mkdirSync(folder, { recursive: true })
  return join(folder, `${name}.png`)
}
