// What became of the calls that waited in each queue: the sums that a call log computes, and the figures that the API makes of them.
//
// A call belongs to the queue that its caller entered last, and to the period in which it began. Only calls that have ended count, and none
// that became part of another call or whose end was not observed.

import { roundedSeconds } from '../time/format.ts'
import type { Period } from './query.ts'

/** Asks for the figures of a period. */
export interface QueuePeriod extends Period {
  /** Seconds within which an answer counts for the service level. */
  readonly within: number
}

/** The sums of a queue. */
export interface QueueSums {
  readonly queue: string
  readonly offered: number
  readonly answered: number
  readonly abandoned: number
  /** Answered after at most `within` seconds in the queue. */
  readonly answered_within: number
  /** Seconds in the queue, of all that were offered. */
  readonly waited: number
}

/** Dispositions that count for no queue. */
export const NOT_OFFERED = ['merged', 'unknown'] as const

/** The figures of a queue; without its sums, those of a queue without calls. */
export function queueFigures(sums: Omit<QueueSums, 'queue'> = NONE) {
  const { offered, answered, abandoned, answered_within: within, waited } = sums
  return {
    offered,
    answered,
    abandoned,
    exited: offered - answered - abandoned,
    average_wait_seconds: offered === 0 ? null : roundedSeconds(waited / offered),
    service_level: offered === 0 ? null : within / offered,
  }
}

const NONE = { offered: 0, answered: 0, abandoned: 0, answered_within: 0, waited: 0 }
