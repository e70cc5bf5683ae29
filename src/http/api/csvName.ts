// The name of a CSV file, which says what it holds: `calls-missed-2026-11-23_2026-11-30.csv`. No I/O.

import { localDay } from '../../query/localInstant.ts'
import type { CallFilter, MissedCallerFilter } from '../../query/query.ts'

type Filter = Pick<CallFilter, 'from' | 'to' | 'missed' | 'direction' | 'queue' | 'operator' | 'trunk'> &
  Pick<MissedCallerFilter, 'state'>

/** Other values are left out: the name is part of a header, and a file on any system. */
const PLAIN = /^[\w.-]{1,32}$/

/** `list`: what the file has. Days are those of the time zone; a period without an end goes on until `now` (epoch ms). */
export function csvName(
  list: string,
  filter: Filter,
  { tz, now }: { readonly tz?: string; readonly now: number },
): string {
  const { missed, direction = [], state = [], queue, operator, trunk } = filter
  const what = [missed === true ? 'missed' : '', ...direction, ...state, queue ?? '', operator ?? '', trunk ?? '']
  return `${[list, ...what.filter((each) => PLAIN.test(each)), ...daysOf(filter, now, tz)].join('-')}.csv`
}

function daysOf({ from, to }: Filter, now: number, tz?: string): readonly string[] {
  if (from === undefined && to === undefined) {
    return []
  }
  // The period ends before `to`: a day ends at midnight, which belongs to the next one.
  const last = localDay(to === undefined ? Math.max(now, from ?? now) : to - 1, tz)
  if (from === undefined) {
    return ['until', last]
  }
  const first = localDay(from, tz)
  return [first === last ? first : `${first}_${last}`]
}
