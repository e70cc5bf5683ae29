// What every benchmark is given, and what it is.

import type { BenchmarkName, Figures } from './rows.ts'

export interface Context {
  /** Less than three minutes for all of them, with rougher figures. */
  readonly quick: boolean
  /** The checkout whose built program is measured. */
  readonly checkout: string
  /** Whether this machine counts the instructions of a process. */
  readonly countsInstructions: boolean
  /** An empty folder that goes with the run. */
  readonly folder: string
  /** Prints progress. */
  readonly say: (sentence: string) => void
}

/** One that cannot run here rejects with this: said in its place, and no failure. */
export class LeftOut extends Error {}

export interface Benchmark {
  readonly name: BenchmarkName
  /** Whether `--base` measures another checkout too: not where parts of the program or its files are made by this checkout. */
  readonly comparesWithBase: boolean
  readonly run: (context: Context) => Promise<Figures>
}
