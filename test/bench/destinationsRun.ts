// What it costs to know what kind of number was dialed, in one process: two pipelines take the same frames in turns, one with
// destinations, one without.
//
//   node destinationsRun.ts CALLS FOLDER     (of the simulated mix in lean traffic)
//
// A warm-up of the same length comes first. Sends `{ratio, withoutUs}`: the median of the ratios of the turns, and the processor time
// of a call without, of all threads.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { destinationOf } from '../../src/numbers/destination.ts'
import { median, ratios } from './figures.ts'
import { callBackLoad } from './frames.ts'
import { noMissedCallers, openPipeline } from './pipelineParts.ts'
import { takeInTurns } from './turns.ts'

const NOBODY = { makeMissedCallers: noMissedCallers }

const [count = '', folder = ''] = process.argv.slice(2)
const [warmUp, load] = [callBackLoad('lean', Number(count), 1), callBackLoad('lean', Number(count), 2)]
const sides = {
  withIt: await openPipeline(inFolder('with'), { ...NOBODY, numbers: { destinationOf: destinationOf('FI') } }),
  without: await openPipeline(inFolder('without'), NOBODY),
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
