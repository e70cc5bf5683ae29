// Runs a script of this folder as a process of its own, with a folder that goes with it.

import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Context } from './context.ts'

/** What it sends: its words are followed by the folder. Rejects when it ends before. */
export async function figuresOf<T>(context: Context, script: string, words: readonly (string | number)[]): Promise<T> {
  const folder = mkdtempSync(join(context.folder, 'run-'))
  try {
    return await new Promise((resolve, reject) => {
      const child = fork(fileURLToPath(new URL(script, import.meta.url)), [...words.map(String), folder])
      child.once('message', (found) => {
        resolve(found as T)
      })
      child.once('exit', (code) => reject(new Error(`${script} ended with ${code} before it had figures`)))
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
