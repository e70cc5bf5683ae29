// Pictures of what a person would see during the story: the exporter's page, Prometheus' alerts, Alertmanager's.
//
// Only when NOC_SHOTS names a folder; otherwise nothing is opened and nothing is taken.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openBrowser } from '../browser/chromium.ts'
import type { Stage } from './fullStack.ts'

export interface Camera {
  /** One picture of each page, `<prefix><scene>-<page>.png`. */
  readonly takeOf: (scene: string, stage: Stage) => Promise<void>
  readonly close: () => Promise<void>
}

const VIEW = { width: 1_280, height: 900 }
const SETTLE_MS = 500

/** Rejects as `openBrowser` does, when pictures are wanted. */
export async function openCamera(prefix: string, folder = process.env['NOC_SHOTS']): Promise<Camera> {
  if (folder === undefined) {
    return { takeOf: async () => undefined, close: async () => undefined }
  }
  mkdirSync(folder, { recursive: true })
  const browser = await openBrowser()
  const context = await browser.newContext({ locale: 'en-GB', viewport: VIEW })
  return {
    async takeOf(scene, { exporter, prometheus, alertmanager }) {
      const pages: Readonly<Record<string, readonly string[]>> = {
        exporter: [`http://127.0.0.1:${exporter.port}/`],
        // Debian ships the page of old, and with Prometheus 3 none at all.
        prometheus: [`${prometheus.url}/alerts`, `${prometheus.url}/classic/alerts`],
        alertmanager: [`${alertmanager.url}/#/alerts`],
      }
      for (const [name, urls] of Object.entries(pages)) {
        const page = await context.newPage()
        for (const url of urls) {
          if ((await page.goto(url))?.ok()) {
            break
          }
        }
        await page.waitForTimeout(SETTLE_MS)
        await page.screenshot({ path: join(folder, `${prefix}${scene}-${name}.png`), fullPage: true })
        await page.close()
      }
    },
    close: () => browser.close(),
  }
}
