// A run: attacks one after the other on the program over a simulated PBX, then what became of every call and of the memory.
//
// The attacks for which the program is started anew come first, so that the others share one run until the end: a
// minute after them its memory is compared with that before them, when it had had as many calls and each kind of request.

import { setTimeout as sleep } from 'node:timers/promises'
import { untilWritten } from '../chaos/ownFaults.ts'
import { eventually, get } from '../program/program.ts'
import { residentMb } from '../program/residentMb.ts'
import { type Attack, type Outcome, wordsOf } from './attack.ts'
import { createWorld, type Judged, type Stage, type World, type WorldOptions } from './world.ts'

export interface AdversaryOptions {
  /** The program's file; unset: the sources. */
  readonly main?: string
  readonly attacks: readonly Attack[]
  readonly callsPerSecond: number
  /** Calls in the log beforehand. */
  readonly known: number
  /** How long the program only works before its memory is measured, and how long after the last attack on it. */
  readonly warmUpMs: number
  readonly restMs: number
  readonly say: (line: string) => void
}

export interface Row extends Outcome {
  readonly point: number
  readonly name: string
}

export interface Result {
  /** By point. */
  readonly rows: readonly Row[]
  readonly seconds: number
  /** Calls of the simulated PBX during all attacks. */
  readonly calls: number
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  /** Recorded otherwise than it was. */
  readonly wrong: readonly string[]
  /** Ends of the session with the PBX, besides those when the script ended the program. */
  readonly disconnects: number
  readonly broken: readonly string[]
  /** Resident, before the attacks and a while after the last. */
  readonly memoryMb: readonly [number, number]
}

const COMES_BACK_WITHIN_MS = 20_000
const MEMORY_SAMPLES = 10

/** Makes all the attacks. Rejects when the program cannot be started; ends whatever it started. */
export async function runAdversary(options: AdversaryOptions): Promise<Result> {
  const { main, attacks, callsPerSecond, known } = options
  const begin = performance.now()
  const worlds: World[] = []
  const open = async (wanted: WorldOptions): Promise<World> => {
    const world = await createWorld({ ...(main !== undefined && { main }), ...wanted })
    worlds.push(world)
    return world
  }
  try {
    const world = await open({ callsPerSecond, known })
    await world.start()
    await untilWritten(world.subject)
    const run = createRun({ world, open }, options.say)
    const on = (kind: Attack['on']) => attacks.filter((attack) => attack.on === kind)
    await run.make(on('restarts'))
    await work(world, options.warmUpMs)
    const before = await memoryOf(world)
    await run.make(on('the run'))
    const restedAt = performance.now() + options.restMs
    await run.make(on('its own'))
    await sleep(Math.max(0, restedAt - performance.now()))
    const after = await memoryOf(world)
    const judged = await world.judge()
    return {
      ...judged,
      rows: run.rows(judged, world),
      seconds: Math.round((performance.now() - begin) / 1_000),
      calls: judged.made,
      broken: [...judged.broken, ...world.complaints],
      memoryMb: [before, after],
    }
  } finally {
    await Promise.all(worlds.map((world) => world.close()))
  }
}

interface Made {
  readonly from: number
  readonly row: Row
}

function createRun(stage: Stage, say: (line: string) => void) {
  const made: Made[] = []
  return {
    async make(attacks: readonly Attack[]): Promise<void> {
      for (const attack of attacks) {
        const { point, name } = attack
        say(`${point} ${name}`)
        const from = Date.now()
        const outcome = await attack.run(stage).catch((error: unknown) => fallen(error))
        const isBack = await revived(stage.world)
        const row: Row = { point, name, ...outcome, ...(isBack ? {} : { verdict: 'fell' as const }) }
        say(`  ${row.verdict}: ${row.tried}${isBack ? '' : '; the program had to be started anew'}`)
        made.push({ from, row })
      }
    },
    /** What was lost is laid at the door of the attack under which, or after which, the call ended. */
    rows(judged: Judged, world: World): readonly Row[] {
      const endedAt = new Map(
        world.load.played.flatMap(({ truths }) => truths.map((truth) => [truth.channelId, truth.endedAt] as const)),
      )
      const at = [...judged.lost, ...judged.doubled].map((text) => endedAt.get(text.split(' ', 1).join('')) ?? 0)
      const rows = made.map(({ from, row }, index) => {
        const to = made[index + 1]?.from ?? Number.POSITIVE_INFINITY
        const lost = at.filter((one) => (index === 0 || one >= from) && one < to).length + (row.lost ?? 0)
        return { ...row, lost, ...(lost > 0 && { verdict: 'fell' as const }) }
      })
      return rows.sort((one, other) => one.point - other.point)
    },
  }
}

function fallen(error: unknown): Outcome {
  return {
    tried: wordsOf(error),
    metricsMs: 0,
    loopStopMs: null,
    eventLagMs: null,
    memoryMb: 0,
    share: 1,
    lost: null,
    verdict: 'fell',
  }
}

/** Whether the program is well; if not, it is started anew, as by a supervisor. */
async function revived(world: World): Promise<boolean> {
  const isReady = await eventually(world.subject.isReady, Boolean, COMES_BACK_WITHIN_MS).catch(() => false)
  if (isReady) {
    return true
  }
  await world.end()
  await world.start()
  return false
}

const QUESTIONS = [
  '/',
  '/api/calls',
  '/api/calls?text=nobody',
  '/api/calls.csv',
  '/api/calls/active',
  '/api/stats?from=1990-01-01',
  '/api/operators?from=1990-01-01',
]

/** What it does on any day, for so long. */
async function work({ target }: World, ms: number): Promise<void> {
  const until = performance.now() + ms
  while (performance.now() < until) {
    for (const path of QUESTIONS) {
      await get(target.port, path)
    }
    await sleep(500)
  }
}

async function memoryOf({ target }: World): Promise<number> {
  let sum = 0
  for (let taken = 0; taken < MEMORY_SAMPLES; taken += 1) {
    await get(target.port, '/metrics')
    sum += residentMb(target.pid() ?? 0)
    await sleep(500)
  }
  return Math.round(sum / MEMORY_SAMPLES)
}
