// The instructions that a process executes, as `perf stat` counts them: unlike its time, they do not depend on what else runs.
//
// Many virtual machines do not count them. What is not counted is NaN.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

const COUNT = ['stat', '-x', ',', '-e', 'instructions:u'] as const
/** `perf` does not say when it has attached itself. */
const ATTACHES_MS = 300

/** Whether `perf` is here and the processor counts. */
export function countsInstructions(): boolean {
  return !Number.isNaN(parseCount(spawnSync('perf', [...COUNT, 'true'], { encoding: 'utf8' }).stderr ?? ''))
}

/** Counts the instructions of all threads of a process from now on; the returned function ends that and resolves with their number. */
export async function countInstructions(pid: number): Promise<() => Promise<number>> {
  const perf = spawn('perf', [...COUNT, '-p', String(pid)], { stdio: ['ignore', 'ignore', 'pipe'] })
  let output = ''
  perf.stderr.on('data', (chunk) => (output += chunk))
  await sleep(ATTACHES_MS)
  return async () => {
    await ended(perf)
    return parseCount(output)
  }
}

async function ended(perf: ChildProcess): Promise<void> {
  const closed = once(perf, 'close')
  perf.kill('SIGINT')
  await closed
}

/** The number in the output of `perf stat -x ,`; NaN without one. */
export function parseCount(output: string): number {
  return Number(/^(\d+),.*instructions/m.exec(output)?.[1] ?? Number.NaN)
}
