// What the stored series lack for started = ended + active: nothing, unless the log is from an older version or rows were lost.
//
// A log of a version that did not store started calls lacks all of them; one that such a version continued lacks some. A call
// whose open row is gone (deleted, or rejected by the tables) can never end: it is counted as ended `unknown`. No series is ever
// lowered. Pure.

import { DIRECTIONS, type Direction } from '../call/event.ts'
import type { Observation } from './observe.ts'

/** Calls that the stored sums count as started and as ended, and those that have an open row; each by its direction. */
export interface Books {
  readonly started: (direction: Direction) => number
  readonly ended: (direction: Direction) => number
  readonly open: (direction: Direction) => number
}

/** The steps that bring the sums into balance. */
export function missingSteps({ started, ended, open }: Books): readonly Observation[] {
  // Above 0: so many too few started; below: so many too few ended. Calls that changed direction cancel each other out.
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
