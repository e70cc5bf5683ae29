// A dashboard's questions with each choice that its reader has: a window of 5m, 30m, 1h or 6h, say, makes four of one.
//
// Only variables with one value at a time from a closed list; what may be several is asked as `All`.

import type { BoardVariable } from '../../unit/grafana/board.ts'
import { committedBoards, type DashboardQuery } from '../../unit/grafana/queries.ts'

const BOARDS = new Map(committedBoards().map((board) => [board.uid, board.templating.list]))

/** The question in each of its variants; itself when there is nothing to choose. */
export function choicesOf<Query extends Pick<DashboardQuery, 'dashboard' | 'expr'>>(query: Query): readonly Query[] {
  let variants: readonly Query[] = [query]
  for (const variable of BOARDS.get(query.dashboard) ?? []) {
    const place = new RegExp(`\\$(?:\\{${variable.name}(?::\\w+)?\\}|${variable.name}\\b)`, 'g')
    if (!place.test(query.expr)) {
      continue
    }
    const options = optionsOf(variable)
    if (options.length === 0) {
      continue
    }
    variants = variants.flatMap((one) =>
      options.map((value) => ({ ...one, expr: one.expr.replace(place, () => value) })),
    )
  }
  return variants
}

/** The values of `a,b` or of `text : value,text : value`; none for anything else. */
function optionsOf({ type, multi, query }: BoardVariable): readonly string[] {
  if (type !== 'custom' || multi === true || typeof query !== 'string') {
    return []
  }
  return query.split(',').map((option) => (option.split(' : ').at(-1) ?? '').trim())
}
