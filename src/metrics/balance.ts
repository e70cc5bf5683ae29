// Computes what the stored series lack for started = ended + active: nothing, unless the call log is from an older version or lost
// rows.
//
// A version that did not store started calls left a log without them; a log that such a version continued lacks some. A call whose
// open row is gone (deleted, or refused by the tables) cannot end any more: it is counted as ended `unknown`. Never lowers a series.

import { DIRECTIONS, type Direction } from '../call/event.ts'
import type { Observation } from './observe.ts'

/** By direction: calls that the stored sums count as started, as ended, and calls with an open row. */
export interface CallCounts {
  readonly started: (direction: Direction) => number
  readonly ended: (direction: Direction) => number
  readonly open: (direction: Direction) => number
}

/** The steps that bring the sums into balance. */
export function missingSteps({ started, ended, open }: CallCounts): readonly Observation[] {
  // Positive: so many started calls are missing; negative: so many ended ones. Calls that changed direction cancel each other out.
  const gaps = DIRECTIONS.map((direction) => ({
    direction,
    gap: ended(direction) + open(direction) - started(direction),
  }))
  const sum = gaps.reduce((total, { gap }) => total + gap, 0)
  let left = Math.abs(sum)
  return gaps.flatMap(({ direction, gap }) => {
    const value = Math.min(left, Math.max(0, gap * Math.sign(sum)))
    left -= value
    return value === 0 ? [] : [step(direction, value, sum > 0)]
  })
}

function step(direction: Direction, value: number, isStart: boolean): Observation {
  return isStart
    ? { metric: 'callsStarted', labels: { direction }, value }
    : { metric: 'calls', labels: { direction, disposition: 'unknown' }, value }
}
