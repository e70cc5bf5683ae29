// The text of the setting LINES and what it becomes: `5550101=Sales,55502*=Support`.
//
// A number has one line whatever the order of the list, so that two patterns which fit the same number are an error.

import { z } from 'zod'

/** A number that is called from outside, or a glob (`*` any run, `?` one character), and the line that it belongs to. */
export interface Line {
  readonly pattern: string
  readonly name: string
}

/** The names are label values. */
const MOST_LINES = 100
const LONGEST_NAME = 64

const WANTED = 'numbers and names such as 5550101=Sales,55502*=Support'

/** Empty if not set. */
export const lines = z.string().transform((text, { addIssue }): readonly Line[] => {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  const found = items.map(lineOf)
  const problem = problemOf(items, found)
  if (problem !== null) {
    addIssue(problem)
  }
  return Object.freeze(found.filter((line) => line !== null))
})

function lineOf(item: string): Line | null {
  const equals = item.indexOf('=')
  const [pattern, name] = [item.slice(0, Math.max(0, equals)).trim(), item.slice(equals + 1).trim()]
  return pattern === '' || name === '' || /\s/.test(pattern) ? null : { pattern, name }
}

function problemOf(items: readonly string[], found: readonly (Line | null)[]): string | null {
  const wrong = items.find((_, index) => found[index] === null)
  if (wrong !== undefined) {
    return `${WANTED}; "${wrong}" is not a number and a name`
  }
  const known = found.filter((line) => line !== null)
  if (known.length > MOST_LINES) {
    return `at most ${MOST_LINES} of them; a glob such as 55502* covers many numbers`
  }
  const long = known.find(({ name }) => name.length > LONGEST_NAME)
  if (long !== undefined) {
    return `names of at most ${LONGEST_NAME} characters`
  }
  for (const [index, one] of known.entries()) {
    const other = known.slice(index + 1).find(({ pattern }) => overlap(one.pattern, pattern))
    if (other !== undefined) {
      return other.pattern === one.pattern
        ? `each number once; "${one.pattern}" is given twice`
        : `patterns of which one fits each number; "${one.pattern}" and "${other.pattern}" fit the same ones`
    }
  }
  return null
}

/** Whether a text exists that both globs fit. */
export function overlap(one: string, other: string): boolean {
  // fits[j]: what is left of `one` and what is left of `other` from j on fit a common text; from the end to the start.
  let fits: readonly boolean[] = Array.from({ length: other.length + 1 }, (_, j) => /^\**$/.test(other.slice(j)))
  for (let i = one.length - 1; i >= 0; i -= 1) {
    const below = fits
    const row: boolean[] = Array.from({ length: other.length + 1 }, () => false)
    row[other.length] = one[i] === '*' && below[other.length] === true
    for (let j = other.length - 1; j >= 0; j -= 1) {
      row[j] =
        one[i] === '*' || other[j] === '*'
          ? (one[i] === '*' && below[j] === true) ||
            (other[j] === '*' && row[j + 1] === true) ||
            (one[i] === '*' && row[j + 1] === true) ||
            (other[j] === '*' && below[j] === true)
          : (one[i] === '?' || other[j] === '?' || one[i] === other[j]) && below[j + 1] === true
    }
    fits = row
  }
  return fits[0] === true
}
