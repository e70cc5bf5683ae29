// Which recording rules an expression depends on, in the order in which they must be evaluated.
//
// Pure. Finds names in the text of expressions; a name inside a quoted label value does not count.

import type { RecordingRule } from './shippedRules.ts'

const NAME = /[a-zA-Z_:][\w:]*/g
const QUOTED = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g

/** Every metric, record, function and label that an expression names. */
export function namesIn(expr: string): ReadonlySet<string> {
  return new Set(expr.replaceAll(QUOTED, '""').match(NAME) ?? [])
}

/** The rules that these expressions need, in levels: each level depends only on earlier ones. */
export function neededRecords(
  exprs: readonly string[],
  rules: readonly RecordingRule[],
): readonly (readonly RecordingRule[])[] {
  const named = new Set(exprs.flatMap((expr) => [...namesIn(expr)]))
  const level = rules.filter(({ record }) => named.has(record))
  if (level.length === 0) {
    return []
  }
  const below = neededRecords(
    level.map(({ expr }) => expr),
    rules,
  )
  const already = new Set(below.flat())
  return [...below, level.filter((rule) => !already.has(rule))]
}
