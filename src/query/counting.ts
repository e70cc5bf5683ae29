// How far the calls of a filter are counted.

/** So many calls at most; it is then not known how many more there are. */
export const MOST_COUNTED = 10_000
