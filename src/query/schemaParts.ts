// What the schemas of the answers have in common: counts, spans, instants, and types that nobody changes.

import { z } from 'zod'

/** The type with all arrays and objects read-only, recursively. */
export type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T

export const count = z.int().nonnegative()
export const seconds = z.number().nonnegative()
export const instant = z.iso.datetime()

/** Of a list: its `next`. */
export const NEXT = z
  .string()
  .nullable()
  .describe('The cursor of the next page; null on the last. A page may be short, even empty, and not be the last.')

/** A count for each name. */
export function countsOf<T extends string>(names: readonly T[]): Record<T, typeof count>
export function countsOf(names: readonly string[]): Record<string, typeof count> {
  return Object.fromEntries(names.map((name) => [name, count]))
}
