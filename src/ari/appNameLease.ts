// A file beside the call log that says which ARI application name this program uses, and in which run of Asterisk.
//
// A listener that is killed, and any listener of Asterisk 16, can leave its registration behind, where it looks like another listener's.
// The file says that the name is ours. It is written while the program listens, and removed at a stop if Asterisk then forgets the name.
// Only one program can open the database, so no second exporter uses the file.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

export interface AppNameLease {
  /** Start time (epoch ms) of the Asterisk in which an earlier run used the name and may have left it behind; null if none did. */
  readonly since: number | null
  /** Writes the file, or removes it for null. */
  note(since: number | null): void
}

const NOTE = z.object({ app: z.string(), since: z.number() })

/** If the file cannot be read or written, the lease behaves as if there were none. */
export function openAppNameLease(databasePath: string, app: string): AppNameLease {
  const path = `${databasePath}-held`
  return {
    since: readNote(path, app),
    note(since) {
      try {
        if (since === null) {
          rmSync(path, { force: true })
        } else {
          writeFileSync(path, JSON.stringify({ app, since }))
        }
      } catch {
        // A failing disk: the call log reports it.
      }
    },
  }
}

function readNote(path: string, app: string): number | null {
  try {
    const note = NOTE.parse(JSON.parse(readFileSync(path, 'utf8')))
    return note.app === app ? note.since : null
  } catch {
    return null
  }
}
