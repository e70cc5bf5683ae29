// What became of the attempts to call out on a trunk: the sums that a call log computes.

/** Results of an attempt that are a fault of the trunk or of the network behind it, not of who was called. */
export const TRUNK_FAULTS = ['unreachable', 'congestion', 'failed'] as const

export interface TrunkFault {
  /** When the attempt ended, epoch ms. */
  readonly at: number
  readonly result: (typeof TRUNK_FAULTS)[number]
  /** Q.850. */
  readonly cause: number | null
}

/** Of attempts that have ended, in calls that began in the period. */
export interface TrunkSums {
  readonly trunk: string
  readonly attempts: number
  readonly answered: number
  readonly lastFault: TrunkFault | null
}
