// Renames a damaged database, so that a new one can be created at its path; never deletes it.
//
// Call it while holding the lock and with the database closed. The write-ahead log is renamed along with the file, to the name
// that SQLite expects, so that the sqlite3 shell can recover both.

import { existsSync, renameSync } from 'node:fs'
import { now } from '../../time/clock.ts'
import type { Quarantined } from '../writer/protocol.ts'

// The database is renamed last: if the program ends in between, the next start finds the damaged file again.
const SUFFIXES = ['-wal', '-shm', ''] as const

/** An unused name, `<file>.<suffix>-<UTC time>`: a rename would overwrite the file of an earlier rename in the same second. */
export function unusedName(file: string, suffix: string): string {
  const name = `${file}.${suffix}-${new Date(now()).toISOString().slice(0, 19).replaceAll(':', '-')}Z`
  let free = name
  for (let again = 2; existsSync(free); again += 1) {
    free = `${name}-${again}`
  }
  return free
}

/** Renames the files to `<file>.corrupt-<UTC time>`; throws the file system's error if that fails. */
export function quarantine(file: string, damage: string): Quarantined {
  const target = unusedName(file, 'corrupt')
  for (const suffix of SUFFIXES) {
    if (existsSync(`${file}${suffix}`)) {
      renameSync(`${file}${suffix}`, `${target}${suffix}`)
    }
  }
  return { file: target, damage }
}
