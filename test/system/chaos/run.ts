// Runs long chaos trials, one after the other or side by side, and prints what became of every call.
//
//   node test/system/chaos/run.ts [seed,seed,...] [faults] [calls]      default: 1,2,3 60 6000
//
// Exits with 1 when a call was lost, doubled, leaked or recorded wrongly, or a counter fell.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freshFolder } from '../program/program.ts'
import { type Outcome, runChaos } from './chaos.ts'
import { drawFaults } from './faultSchedule.ts'
import { FAULT_KINDS } from './faults.ts'
import { isAsPromised, reportOf } from './report.ts'

const [seeds = '1,2,3', faults = '60', calls = '6000'] = process.argv.slice(2)

const outcomes = await Promise.all(seeds.split(',').map((seed) => trial(Number(seed))))
process.exit(outcomes.every(isAsPromised) ? 0 : 1)

async function trial(seed: number): Promise<Outcome> {
  const outcome = await runChaos({
    seed,
    callsPerSecond: 20,
    longestTalkMs: 12_000,
    faults: drawFaults(FAULT_KINDS, seed, Number(faults)),
    calls: Number(calls),
    longestRestMs: 9_000,
    say: (line) => say(`${new Date().toISOString().slice(11, 23)} seed ${seed}: ${line}`),
  })
  const log = join(freshFolder(), 'output.ndjson')
  writeFileSync(log, outcome.output)
  say(`--- seed ${seed}\n${reportOf(outcome)}\n  output: ${log}`)
  return outcome
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
