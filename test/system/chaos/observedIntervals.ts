// When the program was connected to the PBX, read from its log and from the notes of the faults.
//
// The program logs when it compared its live calls with the PBX and when it lost the connection. A fault that cuts the
// connection notes the instant too, because the program learns of it later.

import { DISCONNECT_REASONS } from '../../../src/ari/disconnect.ts'
import type { Run } from './programUnderTest.ts'

/** A connected interval; epoch ms. Between `certainTo` and `to` an event may have reached the disk or not. */
export interface ObservedInterval {
  readonly from: number
  readonly certainTo: number
  readonly to: number
}

/** A scrape that began at `at` showed that all events up to `upTo` were on disk; epoch ms. */
export interface Proof {
  readonly at: number
  readonly upTo: number
}

/** What limits the intervals that the program logged; epoch ms, ascending. */
export interface Limits {
  /** The instants of faults after which no event could arrive. */
  readonly disconnectedAt: readonly number[]
  readonly proofs: readonly Proof[]
}

/** The intervals of all runs of the program, in order. */
export function observedIntervals(runs: readonly Run[], limits: Limits): readonly ObservedInterval[] {
  return runs.flatMap((run) => intervalsOfRun(run)).map((interval) => limit(interval, limits))
}

/** The interval up to `to`, certain up to the last proof in it: what is seen after it says nothing about what was lost at its end. */
export function provenInterval(
  { from, to }: Pick<ObservedInterval, 'from' | 'to'>,
  proofs: readonly Proof[],
): ObservedInterval {
  const last = proofs.findLast(({ at, upTo }) => upTo >= from && Math.max(at, upTo) < to)
  return { from, certainTo: last?.upTo ?? from, to }
}

interface Line {
  readonly time: string
  readonly msg: string
  readonly reason?: string
}

function intervalsOfRun({ output, end }: Run): readonly Pick<ObservedInterval, 'from' | 'to'>[] {
  const found: Pick<ObservedInterval, 'from' | 'to'>[] = []
  let from: number | null = null
  const close = (to: number): void => {
    if (from !== null) {
      found.push({ from, to })
    }
    from = null
  }
  for (const line of linesOf(output())) {
    if (line.msg === 'live calls compared with the PBX') {
      from = Date.parse(line.time)
    } else if (line.msg === 'stopping' || isLoss(line)) {
      close(Date.parse(line.time))
    }
  }
  close(end?.at ?? Date.now())
  return found
}

function isLoss({ reason }: Line): boolean {
  return DISCONNECT_REASONS.some((known) => known === reason)
}

function linesOf(output: string): readonly Line[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line))
}

function limit(
  { from, to }: Pick<ObservedInterval, 'from' | 'to'>,
  { disconnectedAt, proofs }: Limits,
): ObservedInterval {
  const cutAt = disconnectedAt.find((at) => at >= from && at < to)
  return provenInterval({ from, to: cutAt ?? to }, proofs)
}

/** Their length together. */
export function secondsOf(observed: readonly ObservedInterval[]): number {
  return Math.round(observed.reduce((sum, interval) => sum + interval.to - interval.from, 0) / 1000)
}
