// The value of a series by its name and labels: how counters survive a restart.
//
// The metrics make amounts, the call log adds them up and stores the sums. Neither imports the other; both use this type.

/** To the call log: an amount to add, below 0 only where it is moved to another series. From it: the sum so far. */
export interface Total {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}
