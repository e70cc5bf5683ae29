// What missed callers cost, in one process: two pipelines take the same frames in turns, one with missed callers, one without.
//
//   node missedCallersRun.ts trace|real|lean CALLS FOLDER     (the recorded load, or the simulated mix with calls back in such traffic)
//
// A warm-up comes first, as long as the load for the mix: most code is compiled after some hundred thousand events.
//
// Both sides class dialed numbers, as the program does where it knows the country. Turns and their order: turns.ts. The rows of a turn are
// written in one transaction on either side, because a further one costs as much as several calls, and which side has more of them would be
// chance.
//
// Sends `{ratio, withoutUs}`: the median of the ratios of the turns, which one collection of garbage or another program does
// not move, and the processor time of a call, of all threads, without.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { destinationOf } from '../../src/numbers/destination.ts'
import { median, ratios } from './figures.ts'
import { callBackLoad, type Load, recordedLoad } from './frames.ts'
import {
  COUNTRY,
  type MakeMissedCallers,
  missedCallers,
  noMissedCallers,
  openPipeline,
  type Runner,
} from './pipelineParts.ts'
import { takeInTurns } from './turns.ts'

/** Longer than a turn: its end has the rows written. */
const FLUSH_MS = 60_000
const TRAFFICS = ['real', 'lean'] as const

const [mix = '', count = '', folder = ''] = process.argv.slice(2)
const [warmUp, load] = loadsOf(mix, Number(count))
const withThem = await openSide('with', missedCallers)
const without = await openSide('without', noMissedCallers)
const sides = { withIt: withThem, without }
await takeInTurns(warmUp, sides)
const turns = await takeInTurns(load, sides)
const withoutUs = turns.reduce((sum, { floor }) => sum + floor, 0) / load.calls
process.send?.({ ratio: median(ratios(turns)), withoutUs }, () => process.exit())

function loadsOf(name: string, calls: number): readonly [Load, Load] {
  const traffic = TRAFFICS.find((known) => known === name)
  return traffic === undefined
    ? [recordedLoad(1), recordedLoad(Math.max(1, Math.round(calls / 1_500)), 1)]
    : [callBackLoad(traffic, calls, 1), callBackLoad(traffic, calls, 2)]
}

async function openSide(name: string, make: MakeMissedCallers): Promise<Runner> {
  const own = join(folder, name)
  mkdirSync(own)
  const numbers = { destinationOf: destinationOf(COUNTRY) }
  return await openPipeline(own, { makeMissedCallers: make, numbers, flushMs: FLUSH_MS })
}
