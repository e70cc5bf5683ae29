// Whether the files that were opened are still the ones at their path: they can be deleted or replaced while SQLite goes
// on writing into what has no name any more, and never says so.
//
// Looks at names and never opens the database: a process that closes any descriptor of a file drops all the locks that
// it holds on it, SQLite's too (POSIX).

import { statSync, unlinkSync } from 'node:fs'

// The write-ahead log holds what was written last, the lock keeps a second program out.
const COMPANIONS = ['-wal', '-lock'] as const

/** The files of an open database. */
export interface Place {
  /** What has become of them; undefined while they are there. Costs three calls of the system. */
  check(): string | undefined
  /** Bytes in the write-ahead log. */
  walBytes(): number
  /** Takes away what the database, when it is closed, has left behind at a path that is another's now. */
  removeStaleWal(): void
}

/** Remembers which files are at the path; to be called while the database is open and was written to. */
export function fileIdentity(file: string): Place {
  const own = identity(file)
  const companions = COMPANIONS.map((suffix) => ({ path: `${file}${suffix}`, own: identity(`${file}${suffix}`) }))
  return {
    check() {
      const now = identity(file)
      if (now === undefined) {
        return 'the database file is gone'
      }
      if (now !== own) {
        return 'another file is in the place of the database'
      }
      if (statSync(file, { throwIfNoEntry: false })?.size === 0) {
        return 'the database file was emptied'
      }
      const gone = companions.find((one) => identity(one.path) !== one.own)
      return gone === undefined ? undefined : `${gone.path} is gone or another`
    },
    walBytes: () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    // The frames of a write-ahead log would be taken for those of the file that follows.
    removeStaleWal() {
      const [wal] = companions
      if (wal !== undefined && identity(file) !== own && identity(wal.path) === wal.own) {
        unlinkSync(wal.path)
      }
    },
  }
}

// A stat error counts as a missing file; reopening reports the cause.
function identity(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    return undefined
  }
}
