// Detects that the files of the open database were deleted or replaced. SQLite does not notice: it continues to write to the
// deleted file.
//
// Compares inode numbers and never opens the database: closing any descriptor of a file drops all locks that the process holds
// on that file, SQLite's included (POSIX).

import { statSync, unlinkSync } from 'node:fs'

// The write-ahead log contains the latest transactions; the lock file keeps a second program out.
const COMPANIONS = ['-wal', '-lock'] as const

/** The files of an open database. */
export interface FileIdentity {
  /** What happened to the files; undefined while they are unchanged. Makes four system calls. */
  check(): string | undefined
  /** Bytes in the write-ahead log. */
  walBytes(): number
  /** Deletes the write-ahead log that the closed database left at the path, if another database file is at that path now. */
  removeStaleWal(): void
}

/** Records which files are at the path. Call it while the database is open and after it was written to. */
export function fileIdentity(file: string): FileIdentity {
  const own = identity(file)
  const companions = COMPANIONS.map((suffix) => ({ path: `${file}${suffix}`, own: identity(`${file}${suffix}`) }))
  return {
    check() {
      const now = identity(file)
      if (now === undefined) {
        return 'the database file is missing'
      }
      if (now !== own) {
        return 'another file is at the path of the database'
      }
      if (statSync(file, { throwIfNoEntry: false })?.size === 0) {
        return 'the database file was emptied'
      }
      const changed = companions.find((one) => identity(one.path) !== one.own)
      return changed === undefined ? undefined : `${changed.path} is missing or another file`
    },
    walBytes: () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    // SQLite would apply the frames of this write-ahead log to the other database file.
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
