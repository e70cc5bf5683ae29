// A file beside the call log that says which queues exist and who their members are.
//
// Without it, nobody could know after a restart, before anybody calls, that a queue is unstaffed. It is written when members change. If
// it cannot be read or written, the next start begins without it.

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { RememberedQueue } from '../staffing/knownQueues.ts'

export interface RememberedQueues {
  /** What an earlier run wrote; null if none did. */
  readonly earlier: readonly RememberedQueue[] | null
  /** Writes them if they differ from what was written last. */
  write(queues: readonly RememberedQueue[]): void
}

const FILE = z.array(z.object({ queue: z.string(), members: z.array(z.string()).nullable() }))

export function openRememberedQueues(databasePath: string): RememberedQueues {
  const path = `${databasePath}-queues`
  const earlier = read(path)
  let written = JSON.stringify(earlier ?? [])
  return {
    earlier,
    write(queues) {
      const text = JSON.stringify(queues)
      if (text === written) {
        return
      }
      try {
        writeFileSync(`${path}.new`, text, { mode: 0o600 })
        renameSync(`${path}.new`, path)
        written = text
      } catch {
        // A failing disk: the call log reports it, and the next call tries again.
      }
    },
  }
}

function read(path: string): readonly RememberedQueue[] | null {
  try {
    return FILE.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}
