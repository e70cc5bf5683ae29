// One run at a time on one lab folder: a second one would end the first one's Asterisk and delete what it wrote.
//
// The lock is a file with the process id of a test run, or of another program that starts Asterisk. Workers of a test run use the lock of
// their parent. The lock of a process that is gone, or whose id another process has now, is taken over.

import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PLACE } from './place.ts'

const LOCK = join(PLACE.home, 'lab.lock')

interface Holder {
  readonly pid: number
  /** When the process started, as the kernel counts it; null if it is gone. */
  readonly startedAt: string | null
}

/** Takes the lock for this process unless it or its parent has it; throws if another process has it. Returns what gives it back. */
export function lockLab(lock = LOCK): () => void {
  const own = holderOf(process.pid)
  const mine = `${lock}.${process.pid}`
  mkdirSync(dirname(lock), { recursive: true })
  writeFileSync(mine, JSON.stringify(own))
  try {
    for (;;) {
      if (isLinked(mine, lock)) {
        return () => rmSync(lock, { force: true })
      }
      const holder = readHolder(lock)
      if (holder?.pid === process.pid || holder?.pid === process.ppid) {
        return () => undefined
      }
      if (holder !== null && isAlive(holder)) {
        throw new Error(
          `Process ${holder.pid} runs Asterisk in ${dirname(lock)}: wait until it ends, or set ASTERISK_LAB to another folder.`,
        )
      }
      rmSync(lock, { force: true })
    }
  } finally {
    rmSync(mine, { force: true })
  }
}

/** Called by vitest once, before all tests; what it returns, after them. */
export function setup(): () => void {
  return lockLab()
}

// Creating a link is one step, contents included: of two processes, one succeeds.
function isLinked(file: string, lock: string): boolean {
  try {
    linkSync(file, lock)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return false
    }
    throw error
  }
}

function readHolder(lock: string): Holder | null {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(lock, 'utf8')) as Partial<Holder>
    return typeof pid === 'number' ? { pid, startedAt: startedAt ?? null } : null
  } catch {
    return null
  }
}

function isAlive({ pid, startedAt }: Holder): boolean {
  return startedAt !== null && holderOf(pid).startedAt === startedAt
}

function holderOf(pid: number): Holder {
  try {
    // The name of the program, in parentheses, may contain spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
    return { pid, startedAt: fields?.[19] ?? null }
  } catch {
    return { pid, startedAt: null }
  }
}
