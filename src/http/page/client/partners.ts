// Whom a call is with, as a list says it: who answered; while nobody has, whom it was offered to and their last words.
//
// Pure. The trunk by which a call came in is not whom the caller wanted: it is named only beside who answered, or where the
// call goes out by it.

import type { LegResult } from '../../../call/fact.ts'
import type { CallEntry } from '../../../query/schema.ts'
import { NOTHING, type Words } from './words.ts'

type Call = Pick<CallEntry, 'answered_by' | 'queue' | 'trunk' | 'direction' | 'answer_time'> &
  Partial<Pick<CallEntry, 'tried' | 'end_time'>>

/** More names are counted only; the story has them all. */
const MOST_NAMES = 6

/** `103, 105 no answer · 102 busy · sales`; each name once, a dash for nobody. */
export function partnersOf(call: Call, words: Words): string {
  const { answered_by, queue, trunk, direction, answer_time, tried = [] } = call
  const isIncoming = direction === 'inbound' || direction === 'internal'
  const line = answer_time === null && isIncoming ? null : trunk
  const names = new Set([...answered_by, queue, line].filter((name) => name !== null && name !== ''))
  for (const { endpoint } of tried) names.delete(endpoint)
  const parts = [...(answer_time === null ? attempts(call, words) : []), ...names]
  return parts.length === 0 ? NOTHING : parts.join(' · ')
}

// Those with the same last word together, in the order in which they were tried.
function attempts({ tried = [], end_time }: Call, words: Words): readonly string[] {
  const wordOf = (result: LegResult | null, lives: boolean): string => {
    if (result === null) return lives ? words.value('state', 'ringing') : words.value('result', 'unknown')
    // What the caller did is the result of the call, and stands beside.
    return result === 'cancelled' ? '' : words.value('result', result)
  }
  const byResult = new Map<string, string[]>()
  for (const { endpoint, result } of tried.slice(0, MOST_NAMES)) {
    const word = wordOf(result, end_time === null)
    const names = byResult.get(word)
    if (names === undefined) byResult.set(word, [endpoint])
    else names.push(endpoint)
  }
  const parts = [...byResult].map(([word, names]) => `${names.join(', ')} ${word}`.trim())
  return tried.length > MOST_NAMES ? [...parts, `+${words.number(tried.length - MOST_NAMES)}`] : parts
}
