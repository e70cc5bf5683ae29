// Whom a call is with, as a list says it: who answered; while nobody has, whom it was offered to and their last words.
//
// Pure. The trunk by which a call came in is not whom the caller wanted: it is named only beside who answered, or where the
// call goes out by it.

import type { LegResult } from '../../../call/fact.ts'
import type { CallEntry } from '../../../query/schema.ts'
import { DASH, type I18n } from './i18n.ts'

type Call = Pick<CallEntry, 'answered_by' | 'queue' | 'trunk' | 'direction' | 'answer_time'> &
  Partial<Pick<CallEntry, 'tried' | 'end_time'>>

/** More names are counted only; the story has them all. */
const MAX_NAMES = 6

/** `103, 105 no answer · 102 busy · sales`; each name once, a dash for nobody. */
export function partnersOf(call: Call, i18n: I18n): string {
  const { answered_by, queue, trunk, direction, answer_time, tried = [] } = call
  const isIncoming = direction === 'inbound' || direction === 'internal'
  const line = answer_time === null && isIncoming ? null : trunk
  const names = new Set([...answered_by, queue, line].filter((name) => name !== null && name !== ''))
  for (const { endpoint } of tried) {
    names.delete(endpoint)
  }
  const parts = [...(answer_time === null ? attempts(call, i18n) : []), ...names]
  return parts.length === 0 ? DASH : parts.join(' · ')
}

// Those with the same last word together, in the order in which they were tried.
function attempts({ tried = [], end_time }: Call, i18n: I18n): readonly string[] {
  const wordOf = (result: LegResult | null, isLive: boolean): string => {
    if (result === null) {
      return isLive ? i18n.value('state', 'ringing') : i18n.value('result', 'unknown')
    }
    // What the caller did is the result of the call, and stands beside.
    return result === 'cancelled' ? '' : i18n.value('result', result)
  }
  const byResult = new Map<string, string[]>()
  for (const { endpoint, result } of tried.slice(0, MAX_NAMES)) {
    const word = wordOf(result, end_time === null)
    const names = byResult.get(word)
    if (names === undefined) {
      byResult.set(word, [endpoint])
    } else {
      names.push(endpoint)
    }
  }
  const parts = [...byResult].map(([word, names]) => `${names.join(', ')} ${word}`.trim())
  return tried.length > MAX_NAMES ? [...parts, `+${i18n.number(tried.length - MAX_NAMES)}`] : parts
}
