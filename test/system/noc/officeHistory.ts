// The office's history in a real Prometheus, for the tests of one run.
//
// Each version of Prometheus gets a history of its own, made once for a run of the tests, into the folder of that run.

import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { type Evaluation, writeText } from './backfill.ts'
import { openHistory } from './makeHistory.ts'
import { LAST_WEEK, scrapes, TODAY } from './scrapes.ts'
import type { Prometheus, Tools } from './servers.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** What the tests of one run share; `vitest.config.ts` names the set-up that makes and removes it. */
    readonly nocFolder: string
  }
}

/** Seconds from one evaluation of the rules to the next; a week ago it need not be finer than a look-back. */
export const EVALUATIONS: readonly [Evaluation, Evaluation] = [
  { ...TODAY, step: 60 },
  { ...LAST_WEEK, step: 240 },
]

/** A Prometheus of that age over the whole history. Rejects with what promtool or Prometheus said. */
export async function openOfficeHistory(tools: Tools): Promise<Prometheus> {
  const folder = join(inject('nocFolder'), tools.prometheusVersion)
  return openHistory({ tools, folder, scraped: scrapedText, evaluations: EVALUATIONS })
}

/** The scrapes as a file in OpenMetrics, made once for all servers. Returns its path. */
export async function scrapedText(): Promise<string> {
  const path = join(inject('nocFolder'), 'scraped.txt')
  if (!existsSync(path)) {
    await writeText(`${path}.part`, ended(scrapes()))
    renameSync(`${path}.part`, path)
  }
  return path
}

async function* ended(text: AsyncIterable<string>): AsyncGenerator<string> {
  yield* text
  yield '# EOF\n'
}
