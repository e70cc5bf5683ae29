// The spill file: batches that could not be written before the program stopped, kept beside the database for the next start.
//
// One line of JSON per batch, after a header with the number of the batch that they follow. Batches hold absolute values, so one
// that did reach the database does no harm. They are never written to a database that they do not follow. The file is deleted only
// when the database has all of them.

import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import type { Database } from 'better-sqlite3'
import { unusedName } from '../file/quarantine.ts'
import { errorText } from '../file/writeError.ts'
import { batchWriter } from './batch.ts'
import type { SinkEvents } from './outbox.ts'
import type { Batch, SpillRead } from './protocol.ts'

const FORMAT = 'asterisk-ari-exporter spill 1'

interface Header {
  readonly format: typeof FORMAT
  /** Number of the newest batch in the database. */
  readonly after: number
}

/** Where the spill file of a database is. */
export function spillFileOf(database: string): string {
  return `${database}-spill`
}

/** Writes as many batches as the disk takes. Returns how many ended calls they contain; throws if nothing can be written. */
export function writeSpill(file: string, { after, batches }: { after: number; batches: readonly Batch[] }): number {
  const descriptor = openSync(file, 'w', 0o600)
  let calls = 0
  let size = 0
  const put = (line: Header | Batch): void => {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    for (let from = 0; from < bytes.length; ) {
      from += writeSync(descriptor, bytes, from)
    }
    fsyncSync(descriptor)
    size += bytes.length
  }
  try {
    put({ format: FORMAT, after })
    for (const batch of batches) {
      put(batch)
      calls += endedIn(batch)
    }
  } catch (error) {
    if (calls === 0) {
      unlinkSync(file)
      throw error
    }
    // Removes an incomplete line.
    ftruncateSync(descriptor, size)
  } finally {
    closeSync(descriptor)
  }
  return calls
}

/**
 * Writes the spill file to the database that it follows, and what ended to the outbox, or renames the file. Null: there is none. Throws
 * SQLite's errors.
 */
export function readSpill(db: Database, sinks: readonly SinkEvents[]): SpillRead | null {
  const file = spillFileOf(db.name)
  if (!existsSync(file)) {
    return null
  }
  const [header, ...batches] = linesOf(file)
  const number = db.prepare<[], number>("SELECT value FROM counters WHERE name = 'batch'").pluck().get() ?? 0
  const last = batches.at(-1)?.number ?? 0
  if (header === undefined || number < header.after || number > Math.max(last, header.after)) {
    return renameUnread(file, 'it does not belong to this state of the call log')
  }
  try {
    const write = batchWriter(db, sinks)
    let calls = 0
    for (const batch of batches) {
      if (batch.number === 0 || batch.number > number) {
        write(batch)
        calls += endedIn(batch)
      }
    }
    unlinkSync(file)
    return { file, calls, problem: null }
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      throw error
    }
    return renameUnread(file, errorText(error))
  }
}

function renameUnread(file: string, problem: string): SpillRead {
  const target = unusedName(file, 'unread')
  renameSync(file, target)
  return { file: target, calls: 0, problem }
}

function linesOf(file: string): [Header?, ...Batch[]] {
  const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n')
  const header = parsed<Header>(first)
  if (header?.format !== FORMAT) {
    return []
  }
  const batches: Batch[] = []
  for (const line of rest) {
    const batch = parsed<Batch>(line)
    if (batch === undefined) {
      break
    }
    batches.push(batch)
  }
  return [header, ...batches]
}

function parsed<T>(line: string): T | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function endedIn({ calls }: Batch): number {
  return calls.filter(({ ended }) => ended).length
}
