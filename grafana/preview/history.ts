// A real Prometheus with the simulated day and its evaluated recording rules and alerts.
//
// Created once, which takes minutes, and kept in the temporary folder under a hash of its sources.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeText } from '../../test/system/noc/backfill.ts'
import { openHistory } from '../../test/system/noc/makeHistory.ts'
import { findTools, type Prometheus, type Tools } from '../../test/system/noc/servers.ts'
import { EVALUATIONS, scrapedDay } from './day.ts'

const MADE_OF: readonly string[] = [
  'day.ts',
  'fleetSites.ts',
  'states.ts',
  '../../prometheus/rules/recording.yml',
  '../../prometheus/rules/alerts.yml',
  '../../test/system/noc/fleetOfOffice.ts',
  '../../test/system/noc/inProcessExporter.ts',
  '../../test/system/noc/office.ts',
]

/** Starts the newest installed Prometheus. Rejects if there is none, or with its error. */
export async function openDay(say: (what: string) => void): Promise<Prometheus> {
  const tools = findTools().at(-1)
  if (tools === undefined) {
    throw new Error('no Prometheus')
  }
  const folder = folderOf(tools)
  // An interrupted run leaves an incomplete day.
  if (!existsSync(join(folder, 'done'))) {
    rmSync(folder, { recursive: true, force: true })
  }
  const path = join(folder, 'scraped.txt')
  const scraped = async () => {
    say(`creating the day with Prometheus ${tools.prometheusVersion}: some minutes, once`)
    mkdirSync(folder, { recursive: true })
    await writeText(path, scrapedDay())
    return path
  }
  const prometheus = await openHistory({ tools, folder, scraped, evaluations: EVALUATIONS })
  rmSync(path, { force: true })
  return prometheus
}

function folderOf({ prometheusVersion }: Tools): string {
  const hash = createHash('sha256')
  for (const path of MADE_OF) {
    hash.update(readFileSync(new URL(path, import.meta.url)))
  }
  const name = `asterisk-ari-exporter-boards-${prometheusVersion}-${hash.digest('hex').slice(0, 12)}`
  return join(tmpdir(), name)
}
