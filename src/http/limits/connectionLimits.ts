// How many connections may be open, so that descriptors stay for what matters more: Asterisk, the call log, the log.
//
// Source: /proc/self/limits on Linux; elsewhere the usual bound holds.

import { readFileSync } from 'node:fs'

const MOST_CONNECTIONS = 512
const LEAST_CONNECTIONS = 16
/** For the call log and its threads, a few sessions with Asterisk, files that are read, and Node itself. */
const RESERVE = 128

/** `limit`: descriptors that the process may have; null when that is not known. */
export function mostConnections(limit: number | null = openFilesLimit()): number {
  if (limit === null) return MOST_CONNECTIONS
  return Math.max(LEAST_CONNECTIONS, Math.min(MOST_CONNECTIONS, limit - RESERVE))
}

function openFilesLimit(): number | null {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return soft === undefined ? null : Number(soft)
  } catch {
    return null
  }
}
