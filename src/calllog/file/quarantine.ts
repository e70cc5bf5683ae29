// Puts a damaged database out of the way, so that a new one can be begun: renamed, dated, never deleted.
//
// To be called under the lock and with the database closed. The write-ahead log goes with it under the name that SQLite
// looks for, so that the sqlite3 shell can recover all there is.

import { existsSync, renameSync } from 'node:fs'
import { now } from '../../time/clock.ts'
import type { Quarantined } from '../writer/protocol.ts'

// The database last: should this be cut short, the next start finds it damaged again.
const SUFFIXES = ['-wal', '-shm', ''] as const

/** A name beside the file, `<file>.<word>-<UTC time>`, that no file has: a rename overwrites, and two in one second must not. */
export function nameBeside(file: string, word: string): string {
  const name = `${file}.${word}-${new Date(now()).toISOString().slice(0, 19).replaceAll(':', '-')}Z`
  let free = name
  for (let again = 2; existsSync(free); again += 1) {
    free = `${name}-${again}`
  }
  return free
}

/** Renames the files to `<file>.corrupt-<UTC time>`; throws the file system's error when that cannot be done. */
export function quarantine(file: string, damage: string): Quarantined {
  const target = nameBeside(file, 'corrupt')
  for (const suffix of SUFFIXES) {
    if (existsSync(`${file}${suffix}`)) {
      renameSync(`${file}${suffix}`, `${target}${suffix}`)
    }
  }
  return { file: target, damage }
}
