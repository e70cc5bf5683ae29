// What every benchmark is given, and what it is.

import type { BenchmarkName, Figures } from './rows.ts'

export interface Context {
  /** About two minutes for all of them, with rougher figures. */
  readonly quick: boolean
  /** An empty folder that goes with the run. */
  readonly folder: string
  /** Prints progress. */
  readonly say: (sentence: string) => void
}

/** One that cannot run here rejects with this: said in its place, and no failure. */
export class LeftOut extends Error {}

export interface Benchmark {
  readonly name: BenchmarkName
  readonly run: (context: Context) => Promise<Figures>
}
