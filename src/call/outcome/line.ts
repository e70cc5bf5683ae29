// Finds the line of a number that was called from outside.

import type { LineOf } from '../event.ts'
import { globToRegExp } from './direction.ts'

/** Lines by number or glob; no two of them fit the same number. */
export function linesByNumber(lines: readonly { readonly pattern: string; readonly name: string }[]): LineOf {
  const exact = new Map(lines.map(({ pattern, name }) => [pattern, name]))
  const globs = lines.flatMap(({ pattern, name }) =>
    /[*?]/.test(pattern) ? [{ fits: globToRegExp(pattern), name }] : [],
  )
  return (called) => exact.get(called) ?? globs.find(({ fits }) => fits.test(called))?.name ?? null
}
