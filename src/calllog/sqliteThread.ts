// How a thread that uses SQLite is ended from outside.
//
// A thread that is terminated while it loads the native code of better-sqlite3 (13.2) aborts the whole process. So such a thread says
// when it has loaded it (file/loadSqlite.ts), and is terminated only after that.

import type { Worker } from 'node:worker_threads'

/** The first message of the thread. */
export interface LoadedMessage {
  readonly type: 'loaded'
}

/**
 * Returns how to terminate a thread that was started just now. The promise resolves when the thread has ended, by itself or because
 * it was terminated.
 */
export function terminationOf(thread: Worker): () => Promise<void> {
  let isRunning = true
  const safe = new Promise<void>((resolve) => {
    thread.on('message', (message: { readonly type?: unknown }) => {
      if (message.type === 'loaded') {
        resolve()
      }
    })
    thread.on('exit', () => {
      isRunning = false
      resolve()
    })
  })
  return async () => {
    await safe
    if (isRunning) {
      await thread.terminate()
    }
  }
}
