// The order of names in answers: by code units, so that it is the same in every locale.

/** Compares two names, for `sort`. */
export function inOrder(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}
