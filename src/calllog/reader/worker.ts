// The reader thread: answers queries one after the other, from a read-only connection.
//
// Started by workerQueue.ts. Must answer every query, whatever happens, and never from a file that is no longer at the path. Closes the
// connection soon after the last query, so that the writer thread can close or replace the file.

import { statSync } from 'node:fs'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { csvRow, missedCallerRow } from '../../query/callCsv.ts'
import { localInstants } from '../../query/localInstant.ts'
import { RefusedRequest } from '../../query/refusedRequest.ts'
import { loadSqlite } from '../file/loadSqlite.ts'
import { inspectSchema, MIGRATIONS, schemaVersion } from '../file/migrations.ts'
import { errorText } from '../file/writeError.ts'
import { callDetailReader } from './callDetail.ts'
import { changesReader } from './changes.ts'
import { missedCallersReader } from './missedCallerPage.ts'
import { pageReader } from './page.ts'
import { operatorsReader } from './phoneStats.ts'
import type { Query, QueryMessage, QueryResult, ReaderSettings } from './protocol.ts'
import { queueFiguresReader } from './queueFigures.ts'
import { statsReader } from './stats.ts'
import { seriesReader } from './statsSeries.ts'
import { trunkFiguresReader } from './trunkFigures.ts'
import { trunkHoursReader } from './trunkHours.ts'

// A recovery by the writer takes less time.
const BUSY_TIMEOUT_MS = 500
const IDLE_MS = 1000

// Calls on trunks, read with their rows and legs to find the busiest hours: 0.8 s.
const TRUNK_CALL_LIMIT = 100_000

interface OpenReader {
  readonly identity: string
  run(query: Query): QueryResult
  close(): void
}

function serve(port: MessagePort, settings: ReaderSettings): void {
  let open: OpenReader | undefined
  let idle: NodeJS.Timeout | undefined
  const close = (): void => {
    open?.close()
    open = undefined
  }
  const attempt = (query: Query): QueryResult => {
    if (open !== undefined && open.identity !== identityOf(settings.path)) {
      close()
    }
    open ??= openReader(settings)
    return open.run(query)
  }
  port.on('message', ({ number, query }: QueryMessage) => {
    clearTimeout(idle)
    port.postMessage({ number, result: withOneRetry(() => attempt(query), close) })
    idle = setTimeout(close, IDLE_MS)
  })
}

// The first attempt can fail because the open file was replaced, migrated or renamed.
function withOneRetry(attempt: () => QueryResult, close: () => void): QueryResult {
  try {
    return attempt()
  } catch (error) {
    if (error instanceof RefusedRequest) {
      return { type: 'refused', detail: error.message }
    }
    close()
  }
  try {
    return attempt()
  } catch (error) {
    close()
    return { type: 'failed', detail: errorText(error) }
  }
}

function openReader({ path, scanLimit }: ReaderSettings): OpenReader {
  const identity = identityOf(path)
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
  try {
    if (inspectSchema(db, MIGRATIONS) !== 'known' || schemaVersion(db) !== MIGRATIONS.length) {
      throw new Error('the file is not a call log of this version')
    }
    const [page, detail] = [pageReader(db, scanLimit), callDetailReader(db)]
    const changes = changesReader(db, scanLimit)
    const missedCallers = missedCallersReader(db, scanLimit)
    const [operators, stats] = [operatorsReader(db), statsReader(db)]
    const series = seriesReader(db)
    const busiestHours = trunkHoursReader(db, TRUNK_CALL_LIMIT)
    const [queueFigures, trunkFigures] = [queueFiguresReader(db), trunkFiguresReader(db)]
    return {
      identity,
      close: () => db.close(),
      run(query) {
        switch (query.type) {
          case 'page': {
            return { type: 'page', page: page(query.request) }
          }
          case 'changes': {
            return { type: 'changes', page: changes(query.request) }
          }
          case 'csv': {
            const { calls, next } = page(query.request)
            const written = localInstants(query.request.tz)
            return { type: 'csv', page: { text: calls.map((call) => csvRow(call, written)).join(''), next } }
          }
          case 'detail': {
            return { type: 'detail', detail: detail(query.call) }
          }
          case 'operators': {
            return { type: 'operators', operators: operators(query.period) }
          }
          case 'stats': {
            return { type: 'stats', stats: stats(query.period) }
          }
          case 'series': {
            return { type: 'series', series: series(query.request) }
          }
          case 'busiestHours': {
            return { type: 'busiestHours', hours: busiestHours(query.period) }
          }
          case 'queueFigures': {
            return { type: 'queueFigures', queues: queueFigures(query.period) }
          }
          case 'trunkFigures': {
            return { type: 'trunkFigures', trunks: trunkFigures(query.period) }
          }
          case 'missedCallers': {
            return { type: 'missedCallers', page: missedCallers(query.request) }
          }
          case 'missedCallersCsv': {
            const { missed_callers: callers, next } = missedCallers(query.request)
            const written = localInstants(query.request.tz)
            const text = callers.map((caller) => missedCallerRow(caller, written)).join('')
            return { type: 'missedCallersCsv', page: { text, next } }
          }
        }
      },
    }
  } catch (error) {
    db.close()
    throw error
  }
}

function identityOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? 'none' : `${found.dev}:${found.ino}`
}

if (parentPort !== null) {
  loadSqlite(parentPort)
  serve(parentPort, workerData)
}
