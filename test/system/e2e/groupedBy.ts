// Groups values by a key, in the order in which the keys first come. Never drops one.
// Replaces Map.groupBy, which the language level of the build does not have.

/** The values of each key, in their order. */
export function groupedBy<T>(values: Iterable<T>, keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group === undefined) {
      groups.set(key, [value])
    } else {
      group.push(value)
    }
  }
  return groups
}
