// A series with a value: the type with which counters survive a restart.
//
// The metrics produce amounts; the call log adds them up and stores the sums. Neither imports the other; both use this type.

/** To the call log: an amount to add, negative only if it moves to another series. From the call log: the sum so far. */
export interface Total {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}
