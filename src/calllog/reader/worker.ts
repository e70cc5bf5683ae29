// The reader's thread: answers questions about the log, one after the other, from a connection that cannot write.
//
// Started by callQueries.ts. Must answer every question, whatever happens, and never from a file that is not at the path
// any more. The connection is let go soon after the last question, so that it is not in the way when the writer's thread
// closes or replaces the file.

import { statSync } from 'node:fs'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { csvRow } from '../../query/callCsv.ts'
import { inspectSchema, MIGRATIONS, schemaVersion } from '../file/migrations.ts'
import { errorText } from '../file/writeError.ts'
import { callDetailReader } from './callDetail.ts'
import { pageReader } from './page.ts'
import { operatorsReader } from './phoneStats.ts'
import type { Answer, Asked, Question, ReaderSettings } from './protocol.ts'
import { statsReader } from './stats.ts'

// A recovery of the writer’s is over by then.
const BUSY_TIMEOUT_MS = 500
const IDLE_MS = 1000

interface OpenReader {
  readonly identity: string
  answer(question: Question): Answer
  close(): void
}

function serve(port: MessagePort, settings: ReaderSettings): void {
  let open: OpenReader | undefined
  let idle: NodeJS.Timeout | undefined
  const drop = (): void => {
    open?.close()
    open = undefined
  }
  const attempt = (question: Question): Answer => {
    if (open !== undefined && open.identity !== identityOf(settings.path)) {
      drop()
    }
    open ??= openReader(settings)
    return open.answer(question)
  }
  port.on('message', ({ number, question }: Asked) => {
    clearTimeout(idle)
    port.postMessage({ number, answer: twice(() => attempt(question), drop) })
    idle = setTimeout(drop, IDLE_MS)
  })
}

// What failed may have been the file as it was opened: replaced, migrated, set aside.
function twice(attempt: () => Answer, drop: () => void): Answer {
  try {
    return attempt()
  } catch {
    drop()
  }
  try {
    return attempt()
  } catch (error) {
    drop()
    return { type: 'failed', detail: errorText(error) }
  }
}

function openReader({ path, scanLimit }: ReaderSettings): OpenReader {
  const identity = identityOf(path)
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
  try {
    if (inspectSchema(db, MIGRATIONS) !== 'known' || schemaVersion(db) !== MIGRATIONS.length) {
      throw new Error('what is in its place is no call log of this version')
    }
    const [page, detail] = [pageReader(db, scanLimit), callDetailReader(db)]
    const [operators, stats] = [operatorsReader(db), statsReader(db)]
    return {
      identity,
      close: () => db.close(),
      answer(question) {
        switch (question.type) {
          case 'page': {
            return { type: 'page', page: page(question.request) }
          }
          case 'csv': {
            const { calls, next } = page(question.request)
            return { type: 'csv', page: { text: calls.map(csvRow).join(''), next } }
          }
          case 'detail': {
            return { type: 'detail', detail: detail(question.call) }
          }
          case 'operators': {
            return { type: 'operators', operators: operators(question.period) }
          }
          case 'stats': {
            return { type: 'stats', stats: stats(question.period) }
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
  serve(parentPort, workerData)
}
