// How many connections may be open, so that descriptors stay for what matters more: Asterisk, the call log, the log.
//
// Source: /proc/self/limits on Linux; elsewhere the usual bound holds.

import { readFileSync } from 'node:fs'

const MAX_CONNECTIONS = 512
const MIN_CONNECTIONS = 16
/** For the call log and its threads, a few sessions with Asterisk, files that are read, and Node itself. */
const RESERVED_DESCRIPTORS = 128

/** `limit`: descriptors that the process may have; null when that is not known. */
export function maxConnectionsFor(limit: number | null = openFilesLimit()): number {
  if (limit === null) {
    return MAX_CONNECTIONS
  }
  return Math.max(MIN_CONNECTIONS, Math.min(MAX_CONNECTIONS, limit - RESERVED_DESCRIPTORS))
}

function openFilesLimit(): number | null {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return soft === undefined ? null : Number(soft)
  } catch {
    return null
  }
}
