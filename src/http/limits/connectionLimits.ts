// The maximum number of HTTP connections, so that file descriptors remain for Asterisk and the call log.
//
// Source: /proc/self/limits on Linux; other systems get the default.

import { readFileSync } from 'node:fs'

const MAX_CONNECTIONS = 512
const MIN_CONNECTIONS = 16
/** For the call log and its threads, the connections to Asterisk, files that are read, and Node itself. */
const RESERVED_DESCRIPTORS = 128

/** `limit`: descriptors that the process may open; null if unknown. */
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
