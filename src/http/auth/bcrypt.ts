// The main thread's end of the thread that computes bcrypt: started at the first question, ended at the end.
//
// A thread that dies fails the question it was at; the next question starts a new one. The file that the thread runs is
// this one's neighbour, TypeScript in the sources and JavaScript in the built program.

import { Worker } from 'node:worker_threads'
import { moduleFile } from '../../process/moduleFile.ts'

/** What the thread is asked. */
export interface Question {
  readonly password: string
  readonly hash: string
}

/** Computes bcrypt elsewhere. */
export interface Bcrypt {
  /** True when the hash is that of the password. One question at a time. Rejects when the thread dies. */
  matches(question: Question): Promise<boolean>
  stop(): Promise<void>
}

/** Starts nothing yet. */
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
    // Only the server keeps the process alive.
    started.unref()
    return started
  }
  return {
    matches(question) {
      const asked = worker ?? start()
      worker = asked
      return new Promise((resolve, reject) => {
        settle = { resolve, reject }
        asked.postMessage(question)
      })
    },
    async stop() {
      await worker?.terminate()
    },
  }
}

// The environment contains secrets, and the thread needs none of it.
function spawn(): Worker {
  return new Worker(moduleFile('bcryptThread', import.meta.url), { name: 'bcrypt', env: {} })
}
