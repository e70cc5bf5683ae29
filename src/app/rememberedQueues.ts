// A file beside the call log that says which queues exist and who their members are.
//
// Without it, nobody could know after a restart, before anybody calls, that a queue is unstaffed.

import { z } from 'zod'
import type { RememberedQueue } from '../staffing/knownQueues.ts'
import { openRememberedFile, type RememberedFile } from './rememberedFile.ts'

export type RememberedQueues = RememberedFile<readonly RememberedQueue[]>

const FILE = z.array(z.object({ queue: z.string(), members: z.array(z.string()).nullable() }))

export function openRememberedQueues(databasePath: string): RememberedQueues {
  return openRememberedFile(`${databasePath}-queues`, FILE)
}
