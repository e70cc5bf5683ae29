// SIGTERM while the log cannot be written (point 7), and what a disk that is full does meanwhile.
//
// Full without root: a limit on the size of files, under which no write makes one longer (`prlimit` of util-linux).

import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { untilWritten } from '../chaos/ownFaults.ts'
import { type Attack, whileWatched } from './attack.ts'
import { untilPending } from './callLog.ts'
import type { World } from './world.ts'

/** Ended calls that wait. */
const CALLS = 40
const FULL_FOR_MS = 1_500

const lockedStop: Attack = {
  point: 7,
  name: 'SIGTERM with a locked database',
  on: 'restarts',
  run: ({ world }) =>
    whileWatched(world, async () => {
      const other = new Database(world.db)
      other.exec('BEGIN IMMEDIATE')
      // Closed, it holds no lock any more.
      const [waiting, { code, seconds }] = await stoppedUnder(world).finally(() => other.close())
      await world.start()
      return {
        tried: `${waiting} ended calls waited; it ended after ${seconds} s with ${code}, and the next start has them`,
      }
    }),
}

const fullStop: Attack = {
  point: 7,
  name: 'SIGTERM on a full disk that gets room',
  on: 'restarts',
  run: ({ world }) =>
    whileWatched(world, async () => {
      const pid = fill(world)
      const { waiting, ending } = await endingWhenFull(world).finally(() => limit(pid, 'unlimited'))
      const { code, seconds } = await ending
      await world.start()
      return {
        tried: `${waiting} ended calls waited; room after ${FULL_FOR_MS / 1_000} s; ended after ${seconds} s with ${code}`,
      }
    }),
}

const fullDisk: Attack = {
  point: 7,
  name: 'a full disk',
  on: 'the run',
  run: ({ world }) =>
    whileWatched(world, async () => {
      const pid = fill(world)
      const waiting = await untilPending(world, CALLS).finally(() => limit(pid, 'unlimited'))
      await untilWritten(world.subject)
      return { tried: `until ${waiting} ended calls waited; written when there was room` }
    }),
}

export const STOPS: readonly Attack[] = [lockedStop, fullStop, fullDisk]

interface Stopped {
  readonly code: number | string
  readonly seconds: string
}

async function stoppedUnder(world: World): Promise<readonly [waiting: number, Stopped]> {
  return [await untilPending(world, CALLS), await stopped(world)]
}

async function stopped(world: World): Promise<Stopped> {
  const begin = performance.now()
  const code = await world.end()
  return { code, seconds: ((performance.now() - begin) / 1_000).toFixed(1) }
}

// Stopped while the disk is full; wrapped, so that awaiting this does not await the end.
async function endingWhenFull(world: World): Promise<{ readonly waiting: number; readonly ending: Promise<Stopped> }> {
  const waiting = await untilPending(world, CALLS)
  const ending = stopped(world)
  await sleep(FULL_FOR_MS)
  return { waiting, ending }
}

function fill({ subject }: World): number {
  const pid = subject.program()?.child.pid ?? 0
  limit(pid, '4096')
  return pid
}

function limit(pid: number, bytes: string): void {
  const { status, stderr, error } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`], {
    encoding: 'utf8',
  })
  if (status !== 0) {
    throw new Error(`prlimit: ${error?.message ?? stderr}`)
  }
}
