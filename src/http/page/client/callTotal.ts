// How many calls the list shows, and of how many. No I/O.

import type { Total } from '../../../query/schema.ts'
import type { I18n } from './i18n.ts'

/** The server counts so far. */
export const MOST_COUNTED = 10_000

/** "12 calls", "50 of 1,204 calls", "50 of more than 10,000 calls"; without a total, only how many are shown. */
export function totalText(shown: number, total: Total | null, i18n: Pick<I18n, 't' | 'counted' | 'number'>): string {
  if (total === null || (total.count <= shown && !total.more)) {
    return i18n.counted('calls.count', shown)
  }
  const fill = { shown: i18n.number(shown), count: i18n.number(total.count) }
  if (total.count >= MOST_COUNTED && total.more) {
    return i18n.t('calls.ofMore', fill)
  }
  // A search that ended before the end of the log.
  return total.more ? i18n.t('calls.ofMany', fill) : i18n.counted('calls.of', total.count, fill)
}
