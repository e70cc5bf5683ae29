// Loads the native code of better-sqlite3 in a thread that may be terminated from outside: sqliteThread.ts says why.

import type { MessagePort } from 'node:worker_threads'
import Database from 'better-sqlite3'
import type { LoadedMessage } from '../sqliteThread.ts'

/** The first thing that such a thread does. */
export function loadSqlite(port: MessagePort): void {
  // The native code is loaded with the first database.
  new Database(':memory:').close()
  const message: LoadedMessage = { type: 'loaded' }
  port.postMessage(message)
}
