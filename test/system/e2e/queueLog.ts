// Asterisk's own account of its queues: the file queue_log, in which every stay begins with ENTERQUEUE and ends once.
//
// It counts whole seconds, cut off. A caller who is refused at the door (joinempty) is not in it.

import { existsSync, readFileSync } from 'node:fs'
import { RECORDS } from './lab/place.ts'

/** One stay of a caller; `wait` in whole seconds. */
export interface QueueStay {
  readonly queue: string
  readonly channel: string
  readonly outcome: string
  readonly wait: number
}

// Where each ending says how long the caller had waited.
const ENDINGS: Readonly<Record<string, { readonly outcome: string; readonly wait: number }>> = {
  CONNECT: { outcome: 'answered', wait: 5 },
  ABANDON: { outcome: 'abandoned', wait: 7 },
  EXITWITHTIMEOUT: { outcome: 'timeout', wait: 7 },
  EXITEMPTY: { outcome: 'leaveempty', wait: 7 },
  EXITWITHKEY: { outcome: 'exited', wait: 8 },
}

/** Every stay that has ended, in order. */
export function queueStays(): QueueStay[] {
  if (!existsSync(RECORDS.queueLog)) {
    return []
  }
  const lines = readFileSync(RECORDS.queueLog, 'utf8').split('\n')
  return lines.flatMap((line) => {
    const cells = line.split('|')
    const ending = ENDINGS[cells[4] ?? '']
    if (ending === undefined) {
      return []
    }
    const wait = Number(cells[ending.wait] ?? 0)
    return [{ queue: cells[2] ?? '', channel: cells[1] ?? '', outcome: ending.outcome, wait }]
  })
}
