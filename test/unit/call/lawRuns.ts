// How often each law is tried: LAW_RUNS, or few enough for the ordinary tests. It is printed, so that a long run shows that it was one.

import { afterAll } from 'vitest'

/** The number of runs of each law of this file. */
export function lawRuns(ordinary: number): number {
  const runs = Number(process.env['LAW_RUNS'] ?? ordinary)
  afterAll(() => {
    process.stdout.write(`${runs} runs of each law\n`)
  })
  return runs
}
