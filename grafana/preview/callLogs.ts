// The API of the first office's exporter at each state of the day, for the call log board.
//
// The office is simulated once; at each state, the call log is copied and the current values are kept. The API is the exporter's
// own.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express, { type Express } from 'express'
import { pino } from 'pino'
import { apiSources } from '../../src/app/apiSources.ts'
import { openCallLog } from '../../src/calllog/callLog.ts'
import { backUp } from '../../src/calllog/file/backup.ts'
import { openCallQueries } from '../../src/calllog/reader/client.ts'
import type { ApiDependencies } from '../../src/http/api/dependencies.ts'
import { apiRouter } from '../../src/http/api/router.ts'
import { openFirstOffice } from './day.ts'
import { OUT_OF_REACH, STATE_NAMES, STATES } from './states.ts'

export interface CallLogs {
  /** The exporter at that time (epoch seconds); undefined if it does not respond, or if there is no state at that time. */
  readonly at: (seconds: number) => Express | undefined
  readonly stop: () => Promise<void>
}

/** Resolves at the end of the day. */
export async function openCallLogs(): Promise<CallLogs> {
  const log = pino({ level: 'silent' })
  const folder = await mkdtemp(join(tmpdir(), 'asterisk-ari-exporter-calls-'))
  const path = join(folder, 'calls.db')
  let played = 0
  const { callLog } = await openCallLog(
    { path, retentionDays: 0 },
    { log, onWrite: () => {}, onWriteError: () => {}, clock: { now: () => played, toPbx: (at) => at } },
  )
  const office = openFirstOffice((facts) => callLog.append(facts, []))
  const exporters = new Map<number, { readonly app: Express; readonly close: () => Promise<void> }>()
  for (const at of reachable()) {
    await office.scrapeAt(at * 1000)
    played = at * 1000
    await callLog.flush()
    const copy = join(folder, `${at}.db`)
    await backUp(path, copy)
    const queries = openCallQueries({ path: copy }, { log })
    const { tracker } = office.core
    const sources = apiSources({
      ...{ ...office.core, queries, callLog, pbxNow: () => played },
      config: { links: { sipTrace: null, recording: null }, ari: { questionsPerSecond: 0 } },
      ...{ live: () => tracker.live(), staffing: { agents: () => [], queues: () => [] } },
      trunkCapacities: { now: () => [] },
      control: null,
      ...{ listEndpoints: () => [], prometheus: { isRunning: () => null } },
    })
    const app = express().use('/api', apiRouter({ name: 'exporter', version: 'preview' }, frozen(sources, at * 1000)))
    exporters.set(at, { app, close: () => queries.close() })
  }
  await callLog.close()
  return {
    at: (seconds) => exporters.get(seconds)?.app,
    async stop() {
      for (const { close } of exporters.values()) {
        await close()
      }
      await rm(folder, { recursive: true })
    },
  }
}

function reachable(): readonly number[] {
  const names = STATE_NAMES.filter((name) => !OUT_OF_REACH.includes(name))
  return names.map((name) => STATES[name].at).toSorted((one, other) => one - other)
}

// The current values at that time, while the simulation continues.
function frozen(sources: ApiDependencies, now: number): ApiDependencies {
  const live = [...sources.live()]
  const rows = new Map(live.map(({ channelId }) => [channelId, sources.rowId(channelId)]))
  const [count, states] = [sources.liveCount(), sources.operatorStates()]
  return {
    ...sources,
    live: () => live,
    rowId: (channelId) => rows.get(channelId),
    liveCount: () => count,
    operatorStates: () => states,
    now: () => now,
  }
}
