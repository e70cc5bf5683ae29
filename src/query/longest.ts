// What is said of a list, the longest calls first, that has too many calls to sort.

export function tooManyToSort(most: number): string {
  return `order: the longest can be found among ${most.toLocaleString('en')} calls at most, and there are more; give \`from\` and \`to\` of a shorter period, or a narrower filter`
}
