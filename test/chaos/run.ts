// Runs long chaos trials, one after the other or side by side, and prints what became of every call.
//
//   node test/chaos/run.ts [seed,seed,...] [faults] [calls]      default: 1,2,3 60 6000
//
// Ends with 1 when a call was lost, doubled, leaked or told wrongly, or a counter fell.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom } from '../../src/pbx-sim/random.ts'
import { freshFolder } from '../program/program.ts'
import { type Outcome, runChaos } from './chaos.ts'
import { FAULT_KINDS, type FaultKind } from './faults.ts'
import { isAsPromised, reportOf } from './report.ts'

const [seeds = '1,2,3', faults = '60', calls = '6000'] = process.argv.slice(2)

const outcomes = await Promise.all(seeds.split(',').map((seed) => trial(Number(seed))))
process.exit(outcomes.every(isAsPromised) ? 0 : 1)

async function trial(seed: number): Promise<Outcome> {
  const outcome = await runChaos({
    seed,
    callsPerSecond: 20,
    longestTalkMs: 12_000,
    faults: drawFaults(seed, Number(faults)),
    calls: Number(calls),
    longestRestMs: 9_000,
    say: (line) => say(`${new Date().toISOString().slice(11, 23)} seed ${seed}: ${line}`),
  })
  const log = join(freshFolder(), 'output.ndjson')
  writeFileSync(log, outcome.output)
  say(`--- seed ${seed}\n${reportOf(outcome)}\n  output: ${log}`)
  return outcome
}

// Every kind in turn, each round in an order of its own.
function drawFaults(seed: number, count: number): readonly FaultKind[] {
  const random = createRandom(seed).fork(3)
  const drawn: FaultKind[] = []
  while (drawn.length < count) drawn.push(...shuffled(random.next))
  return drawn.slice(0, count)
}

function shuffled(next: () => number): readonly FaultKind[] {
  return FAULT_KINDS.map((kind) => ({ kind, place: next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ kind }) => kind)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
