// Remembers, beside the call log, under which name the program listens to which run of Asterisk.
//
// A listener that dies without a word can leave its name behind in Asterisk, which then looks like another's for ever.
// The note says that the name is ours: it is made when we listen and taken away when we stop in order, so it is only
// found after a crash. One program at a time has the database, so nobody else of ours can hold it.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

export interface HeldName {
  /** When the Asterisk started in which a former run died holding this name (epoch ms); null when it did not. */
  readonly since: number | null
  /** Null: the name is given up. */
  note(since: number | null): void
}

const NOTE = z.object({ app: z.string(), since: z.number() })

/** A note that cannot be read or written is as good as none: then the name is asked for like any other's. */
export function heldNameBeside(databasePath: string, app: string): HeldName {
  const path = `${databasePath}-held`
  return {
    since: readNote(path, app),
    note(since) {
      try {
        if (since === null) rmSync(path, { force: true })
        else writeFileSync(path, JSON.stringify({ app, since }))
      } catch {
        // The disk fails; the call log says so.
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
