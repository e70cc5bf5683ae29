// Whether this process has no file descriptor left: a fault of the machine's settings that shows as many other errors.
//
// Sources: open(2), getaddrinfo(3) and SQLite, which report it as a file or name that does not exist.

import { closeSync, openSync } from 'node:fs'

/** What is wrong and what to do, for the end of a sentence. */
export const FILES_USED_UP =
  'all file descriptors of this process are in use (EMFILE): raise its limit (LimitNOFILE in a systemd unit, `ulimit -n` in a shell), and look who holds connections to HTTP_PORT'

/** Whether what failed with this code failed because no descriptor was left. Tries to open a file where the code is ambiguous. */
export function areFilesUsedUp(code: string): boolean {
  return USED_UP.includes(code) || (AMBIGUOUS.includes(code) && !canOpen())
}

const USED_UP: readonly string[] = ['EMFILE', 'ENFILE']
const AMBIGUOUS: readonly string[] = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_SYSTEM', 'SQLITE_CANTOPEN']

function canOpen(): boolean {
  try {
    closeSync(openSync('/dev/null', 'r'))
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && USED_UP.includes(String(error.code)))
  }
}
