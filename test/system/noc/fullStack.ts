// The whole chain on one machine: a simulated PBX, the program, and what watches it (dividedServers.ts).
//
// Each part listens on a port of its own on loopback; `stop` ends all of it and removes the folder.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Pbx, startPbx } from '../../../src/pbx-sim/pbx.ts'
import { createSubject, type Subject } from '../chaos/programUnderTest.ts'
import { eventually } from '../program/program.ts'
import { DIVIDED_SCRAPE_MS } from './compressedTime.ts'
import { type DividedServers, startDividedServers } from './dividedServers.ts'
import type { Tools } from './servers.ts'

export interface Stage extends DividedServers {
  readonly pbx: Pbx
  readonly exporter: Subject
}

const ARI = { user: 'noc-test', password: 'noc-test' }

/** What the alerts look back at: over less, increase() guesses too much, and no number in a message would be right. */
const WATCHED_MS = 30 * 60_000

/**
 * Resolves when Prometheus has watched the exporter in session for as long as half an hour is when it is divided by
 * `divideBy`.
 */
export async function setStage(tools: Tools, divideBy: number): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-story-'))
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (const one of undo.toReversed()) {
      await one()
    }
  }
  try {
    const pbx = await startPbx(ARI)
    undo.push(pbx.stop)
    const exporter = await createSubject({
      ARI_URL: pbx.url,
      ARI_USER: ARI.user,
      ARI_PASSWORD: ARI.password,
      DB_PATH: join(folder, 'calls.db'),
    })
    exporter.start()
    undo.push(() => exporter.end('SIGTERM'))
    const servers = await startDividedServers({ tools, divideBy, exporter: `127.0.0.1:${exporter.port}` })
    undo.push(servers.stop)
    const scrapes = Math.floor(WATCHED_MS / divideBy / DIVIDED_SCRAPE_MS) - 1
    const watched = () => servers.prometheus.query(`sum_over_time(asterisk_up[1h]) >= ${scrapes}`)
    await eventually(watched, (samples) => samples.length === 1, 60_000)
    return { ...servers, pbx, exporter, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
