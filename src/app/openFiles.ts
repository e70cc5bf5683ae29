// Whether this process can open nothing more: a fault of the machine's settings that shows as many others.
//
// Knows no setting of ours. Sources: open(2), getaddrinfo(3) and SQLite, which tell it as a file or name that is not there.

import { closeSync, openSync } from 'node:fs'

/** What is wrong and what to do, for the end of a sentence. */
export const FILES_USED_UP =
  'all file descriptors of this process are in use (EMFILE): raise its limit (LimitNOFILE in a systemd unit, `ulimit -n` in a shell), and look who holds connections to HTTP_PORT'

/** Whether what failed with this code failed because no descriptor was left. Asks the system where the code does not tell. */
export function areFilesUsedUp(code: string): boolean {
  return USED_UP.includes(code) || (UNTOLD.includes(code) && !canOpen())
}

const USED_UP: readonly string[] = ['EMFILE', 'ENFILE']
const UNTOLD: readonly string[] = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_SYSTEM', 'SQLITE_CANTOPEN']

function canOpen(): boolean {
  try {
    closeSync(openSync('/dev/null', 'r'))
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && USED_UP.includes(String(error.code)))
  }
}
