// The lock of the lab: a second run on the same folder must not end the Asterisk of the first.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockLab } from './lab/lock.ts'

const MODULE = join(import.meta.dirname, 'lab/lock.ts')
let folder: string
let lock: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asterisk-lab-lock-'))
  lock = join(folder, 'lab.lock')
})

afterEach(() => rmSync(folder, { recursive: true }))

test('who has it may take it again, and whoever gave it back does not have it', () => {
  const giveBack = lockLab(lock)
  lockLab(lock)()
  expect(() => lockLab(lock)).not.toThrow()
  giveBack()
  expect(() => lockLab(lock)).not.toThrow()
})

test('another process is refused while this one lives, and is told what to do; then it is free', async () => {
  const other = await processThatLocks()
  expect(() => lockLab(lock)).toThrow(
    new RegExp(`^Process ${other.pid} runs Asterisk in ${folder}: wait until it ends, or set ASTERISK_LAB to another`),
  )
  other.kill()
  await once(other, 'exit')
  expect(() => lockLab(lock)).not.toThrow()
})

test('a worker uses the lock of the run that started it', async () => {
  lockLab(lock)
  const worker = await processThatLocks()
  worker.kill()
  await once(worker, 'exit')
  expect(readFileSync(lock, 'utf8')).toContain(`"pid":${process.pid},`)
})

test('the lock of a process whose id another one has now, or an unreadable one, is taken over', () => {
  writeFileSync(lock, JSON.stringify({ pid: 1, startedAt: 'never' }))
  lockLab(lock)()
  writeFileSync(lock, 'no JSON')
  expect(() => lockLab(lock)).not.toThrow()
})

/** A process that has locked the lab; this one is its parent. */
async function processThatLocks() {
  const code = `
    const { lockLab } = await import(${JSON.stringify(MODULE)})
    lockLab(${JSON.stringify(lock)})
    process.stdout.write('locked')
    setInterval(() => undefined, 1000)
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => Promise.reject(new Error('refused')))])
  return child
}
