// Copies the call log while the program writes to it, with SQLite's own backup: the copy is complete and consistent.
//
// Only reads the database; never overwrites a file. The copy gets its final name after it is complete and checked.

import { existsSync, renameSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { locate } from './locate.ts'
import { inspectSchema, MIGRATIONS } from './migrations.ts'
import { CallLogOpenError, openError } from './openError.ts'
import { asOpenError, errorText } from './writeError.ts'

/** What is in the copy. */
export interface Backup {
  readonly calls: number
  readonly pages: number
}

// All pages in one step: a write of another program between two steps restarts the copy.
const ALL_PAGES = 0x7fffffff

/** Copies the database at `path` into a new file. Rejects with a `CallLogOpenError`. */
export async function backUp(path: string, target: string): Promise<Backup> {
  if (existsSync(target)) {
    throw new CallLogOpenError('other', `${JSON.stringify(target)} exists already: give the name of a new file`)
  }
  const source = openSource(path)
  const partial = `${target}.partial`
  try {
    const { totalPages } = await source.backup(partial, { progress: () => ALL_PAGES })
    const calls = checked(partial)
    renameSync(partial, target)
    return { calls, pages: totalPages }
  } catch (error) {
    throw new CallLogOpenError('other', `no copy was made into ${JSON.stringify(target)}: ${errorText(error)}`)
  } finally {
    source.close()
    for (const suffix of ['', '-wal', '-shm', '-journal']) {
      rmSync(`${partial}${suffix}`, { force: true })
    }
  }
}

function openSource(path: string): Database.Database {
  try {
    const file = locate(path)
    if (!existsSync(file)) {
      const problem = 'there is no call log; set DB_PATH to the file that the exporter writes'
      throw new CallLogOpenError('other', `DB_PATH ${JSON.stringify(path)}: ${problem}`)
    }
    const source = new Database(file, { readonly: true, fileMustExist: true })
    if (inspectSchema(source, MIGRATIONS) === 'known') {
      return source
    }
    source.close()
  } catch (error) {
    throw asOpenError(error, path)
  }
  throw openError('foreign_database', path)
}

function checked(copy: string): number {
  const db = new Database(copy)
  try {
    // The copy is a single file, without a write-ahead log beside it.
    db.pragma('journal_mode = DELETE')
    const result = db.pragma('quick_check(1)', { simple: true })
    if (result !== 'ok') {
      throw new Error(`the copy is damaged, and so is the call log: ${result}`)
    }
    return db.prepare<[], number>("SELECT value FROM counters WHERE name = 'ended'").pluck().get() ?? 0
  } finally {
    db.close()
  }
}
