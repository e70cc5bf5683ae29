// A log that cannot be written (point 2): calls are recorded, requests are answered, and the program stops on SIGTERM.

import { closeSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, type Launch, scrape, sumOf } from '../program/program.ts'
import { type Acted, type Attack, inWorld } from './attack.ts'
import { channelsFrom, created, destroyed, up } from './frames.ts'
import type { Stage, World } from './world.ts'

/** Of callers whose number is a book: more lines than may wait. */
const CALLS = 400
const LONG_NUMBER = '9'.repeat(5_000)
const TICK_MS = 10
const channel = channelsFrom(6_000_000)
const HEARD_WITHIN_MS = 20_000
const ENDS_WITHIN_MS = 10_000

const full: Attack = {
  point: 2,
  name: 'a full disk under the log',
  on: 'its own',
  async run(stage) {
    const disk = openSync('/dev/full', 'w')
    try {
      return await attacked(stage, disk)
    } finally {
      closeSync(disk)
    }
  },
}

const unread: Attack = {
  point: 2,
  name: 'a log into a pipe that nobody reads',
  on: 'its own',
  run: (stage) => attacked(stage, 'unread'),
}

const gone: Attack = {
  point: 2,
  name: 'a log into a pipe whose reader has gone',
  on: 'its own',
  run: (stage) => attacked(stage, 'gone'),
}

export const LOGS: readonly Attack[] = [full, unread, gone]

function attacked(stage: Stage, stdout: NonNullable<Launch['stdout']>) {
  return inWorld(stage, { callsPerSecond: 20, stdout, environment: { LOG_LEVEL: 'trace' } }, goesOnAndEnds)
}

/** Runs with this log until many calls were logged; then the program is ended. */
async function goesOnAndEnds(world: World): Promise<Acted> {
  const { pbx, subject } = world
  for (let made = 0; made < CALLS; made += 1) {
    const caller = channel('trunk-a', { caller: LONG_NUMBER })
    for (const frame of [created(caller), up(caller), destroyed(caller)]) {
      pbx.sendRaw(frame)
    }
    await sleep(TICK_MS)
  }
  const samples = await eventually(
    () => scrape(subject.port),
    (seen) => sumOf(seen, 'asterisk_calls_total') >= CALLS,
    HEARD_WITHIN_MS,
  )
  const begin = performance.now()
  const code = await world.end()
  const endedAfterMs = performance.now() - begin
  await world.start()
  return {
    tried: `${sumOf(samples, DROPPED)} lines dropped at level trace; SIGTERM ended it after ${(endedAfterMs / 1_000).toFixed(1)} s with ${code}`,
    held: code === 0 && endedAfterMs < ENDS_WITHIN_MS,
  }
}

const DROPPED = 'asterisk_exporter_log_lines_dropped_total'
