// What could not be written before the program had to end: a file beside the database, which the next start reads.
//
// One line of JSON for each batch, after a head that says which state of the database it follows. Batches are absolute,
// so that one that did reach the disk does no harm; they never go into a database that they do not follow. Never deleted
// before the database has them all.

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
import { nameBeside } from '../file/quarantine.ts'
import { errorText } from '../file/writeError.ts'
import { batchWriter } from './batch.ts'
import type { Batch, SpillRead } from './protocol.ts'

const FORMAT = 'asterisk-ari-exporter spill 1'

interface Head {
  readonly format: typeof FORMAT
  /** Number of the newest batch that the database had. */
  readonly after: number
}

/** Where the spill file of a database is. */
export function spillFileOf(database: string): string {
  return `${database}-spill`
}

/** Writes as many batches as the disk takes. Returns how many ended calls are in them; throws when nothing can be written. */
export function writeSpill(file: string, { after, batches }: { after: number; batches: readonly Batch[] }): number {
  const descriptor = openSync(file, 'w', 0o600)
  let calls = 0
  let size = 0
  const put = (line: Head | Batch): void => {
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
    // Half a line is none.
    ftruncateSync(descriptor, size)
  } finally {
    closeSync(descriptor)
  }
  return calls
}

/** Puts what was spilled into the database that it follows, or out of the way. Null: there was none. Throws SQLite's errors. */
export function readSpill(db: Database): SpillRead | null {
  const file = spillFileOf(db.name)
  if (!existsSync(file)) {
    return null
  }
  const [head, ...batches] = linesOf(file)
  const number = db.prepare<[], number>("SELECT value FROM counters WHERE name = 'batch'").pluck().get() ?? 0
  const last = batches.at(-1)?.number ?? 0
  if (head === undefined || number < head.after || number > Math.max(last, head.after)) {
    return putAside(file, 'it does not follow the call log that is there')
  }
  try {
    const write = batchWriter(db)
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
    return putAside(file, errorText(error))
  }
}

function putAside(file: string, problem: string): SpillRead {
  const target = nameBeside(file, 'unread')
  renameSync(file, target)
  return { file: target, calls: 0, problem }
}

function linesOf(file: string): [Head?, ...Batch[]] {
  const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n')
  const head = parsed<Head>(first)
  if (head?.format !== FORMAT) {
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
  return [head, ...batches]
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
