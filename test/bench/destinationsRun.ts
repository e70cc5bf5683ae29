// What it costs to know what kind of number was dialed, in one process: two pipelines take the same frames in turns, one with
// destinations, one without.
//
//   node destinationsRun.ts library|all CALLS FOLDER     (of the simulated mix in real traffic)
//
// `library`: without, every number is a national one, so that the difference is the library that classes numbers. `all`: without, nothing
// is known, so that columns and counters are part of the difference too.
//
// A warm-up of the same length comes first. The rows of a turn are written in one transaction on either side, as in missedCallersRun.ts. Sends `{ratio, withoutUs}`: the median of the ratios of the turns, and the processor time
// of a call without, of all threads.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { destinationOf } from '../../src/numbers/destination.ts'
import { median, ratios } from './figures.ts'
import { callBackLoad } from './frames.ts'
import { noMissedCallers, openPipeline } from './pipelineParts.ts'
import { takeInTurns } from './turns.ts'

/** Longer than a turn: its end has the rows written. */
const FLUSH_MS = 60_000

const NOBODY = { makeMissedCallers: noMissedCallers, flushMs: FLUSH_MS }
const NATIONAL = { class: 'national', country: '' } as const

const [part, count = '', folder = ''] = process.argv.slice(2)
const [warmUp, load] = [callBackLoad('real', Number(count), 1), callBackLoad('real', Number(count), 2)]
const sides = {
  withIt: await openPipeline(inFolder('with'), { ...NOBODY, numbers: { destinationOf: destinationOf('FI') } }),
  without: await openPipeline(inFolder('without'), {
    ...NOBODY,
    ...(part === 'library' && { numbers: { destinationOf: () => NATIONAL } }),
  }),
}
await takeInTurns(warmUp, sides)
const turns = await takeInTurns(load, sides)
const withoutUs = turns.reduce((sum, { floor }) => sum + floor, 0) / load.calls
process.send?.({ ratio: median(ratios(turns)), withoutUs }, () => process.exit())

function inFolder(name: string): string {
  const own = join(folder, name)
  mkdirSync(own)
  return own
}
