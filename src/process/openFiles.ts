// Detects that this process has no file descriptor left, which shows as many different errors.
//
// Sources: open(2); getaddrinfo(3) and SQLite, which report a name or file that does not exist.

import { closeSync, openSync } from 'node:fs'

/** What is wrong and what to do, for the end of a sentence. */
export const FILES_USED_UP =
  'all file descriptors of this process are in use (EMFILE): raise its limit (LimitNOFILE in a systemd unit, `ulimit -n` in a shell), and check which clients hold connections to HTTP_PORT'

/** Whether an error with this code is due to a lack of descriptors. If the code is ambiguous, tries to open a file. */
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
