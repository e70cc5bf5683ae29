// A server whose API reads a real call log and a fixed list of active calls.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import type { CallRecord } from '../../../src/call/fact.ts'
import { openCallQueries } from '../../../src/calllog/reader/client.ts'
import type { ApiDependencies } from '../../../src/http/api/dependencies.ts'
import type { HttpOptions } from '../../../src/http/server.ts'
import type { CallQueries } from '../../../src/query/query.ts'
import { type Known, writeKnown } from '../calllog/manyCalls.ts'
import { sampleCall, T0 } from '../calllog/samples.ts'
import { emptyApi, serve } from './testServer.ts'

export interface ApiServer {
  readonly url: string
  readonly queries: CallQueries
}

export interface ApiServerOptions {
  readonly known?: readonly Known[]
  readonly live?: readonly CallRecord[]
  readonly queries?: (real: CallQueries) => CallQueries
  readonly options?: Partial<HttpOptions>
}

/** An active call with the row id 17. */
export const LIVE = sampleCall({ channelId: 'live-1', state: 'talking', answeredAt: T0 + 3000, answeredBy: ['102'] })

const NONE: readonly Known[] = []
const files = new Map<readonly Known[], Buffer>()

/** Writes the calls to a database at the first use of the list, and copies that file afterwards. */
function copyOfLog(path: string, known: readonly Known[]): void {
  const file = files.get(known)
  if (file !== undefined) {
    writeFileSync(path, file)
    return
  }
  writeKnown(path, known)
  files.set(known, readFileSync(path))
}

/** Starts a server that runs until the test ends. */
export async function serveApi({
  known = NONE,
  live = [LIVE],
  queries,
  options,
}: ApiServerOptions = {}): Promise<ApiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'api-'))
  const path = join(folder, 'calls.db')
  copyOfLog(path, known)
  const real = openCallQueries({ path }, { log: pino({ level: 'silent' }) })
  const wrapped = queries === undefined ? real : queries(real)
  const api: ApiDependencies = emptyApi({
    queries: wrapped,
    live: () => live,
    liveCount: () => live.length,
    rowId: (channelId) => (channelId === 'live-1' ? 17 : undefined),
    operatorStates: () =>
      new Map([
        ['102', 'talking'],
        ['777', 'offline'],
      ]),
    now: () => T0 + 60_000,
  })
  const server = await serve({ api }, options)
  onTestFinished(async () => {
    await server.stop()
    await real.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { url: server.url, queries: wrapped }
}
