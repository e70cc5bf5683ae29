// Runs bcrypt in a worker thread, which starts with the first check and runs until `stop`.
//
// If the thread ends early, the current check rejects and the next check starts a new thread. The thread runs
// bcryptThread.ts, or bcryptThread.js in the built program.

import { Worker } from 'node:worker_threads'
import { moduleFile } from '../../process/moduleFile.ts'

/** A message to the thread: does the password match the hash? */
export interface PasswordCheck {
  readonly password: string
  readonly hash: string
}

/** Compares passwords with bcrypt hashes. */
export interface Bcrypt {
  /** Whether the hash belongs to the password. One check at a time. Rejects if the thread ends. */
  matches(check: PasswordCheck): Promise<boolean>
  stop(): Promise<void>
}

/** Does not start the thread yet. */
export function createBcrypt(): Bcrypt {
  let worker: Worker | null = null
  let settle: { resolve(matches: boolean): void; reject(error: Error): void } | null = null
  const start = (): Worker => {
    const started = spawn()
    let reason = new Error('the thread that checks passwords ended')
    started.on('message', (matches: boolean) => settle?.resolve(matches))
    started.on('error', (error: unknown) => {
      if (error instanceof Error) {
        reason = error
      }
    })
    started.on('exit', () => {
      worker = null
      settle?.reject(reason)
    })
    // The thread must not keep the process running.
    started.unref()
    return started
  }
  return {
    matches(check) {
      const current = worker ?? start()
      worker = current
      return new Promise((resolve, reject) => {
        settle = { resolve, reject }
        current.postMessage(check)
      })
    },
    async stop() {
      await worker?.terminate()
    },
  }
}

// No environment: it contains secrets, and the thread does not need it.
function spawn(): Worker {
  return new Worker(moduleFile('bcryptThread', import.meta.url), { name: 'bcrypt', env: {} })
}
