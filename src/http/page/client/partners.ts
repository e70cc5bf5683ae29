// The other parties of a call, for a list: who answered, or before that the endpoints it was offered to with their results.
//
// No I/O. The trunk of an unanswered inbound or internal call is left out, because the caller did not call the trunk.

import type { LegResult } from '../../../call/fact.ts'
import type { ListedCall } from './entries.ts'
import { DASH, type I18n } from './i18n.ts'

type Call = Pick<ListedCall, 'answered_by' | 'queue' | 'trunk' | 'direction' | 'answer_time'> &
  Partial<Pick<ListedCall, 'tried' | 'end_time'>>

/** Further endpoints are only counted; the call's details list them all. */
const MAX_NAMES = 6

/** For example `103, 105 no answer · 102 busy · sales`; each name once; a dash if there is none. */
export function partnersOf(call: Call, i18n: I18n): string {
  const { answered_by, queue, trunk, direction, answer_time, tried = [] } = call
  const isIncoming = direction === 'inbound' || direction === 'internal'
  const shownTrunk = answer_time === null && isIncoming ? null : trunk
  const names = new Set([...answered_by, queue, shownTrunk].filter((name) => name !== null && name !== ''))
  for (const { endpoint } of tried) {
    names.delete(endpoint)
  }
  const parts = [...(answer_time === null ? attempts(call, i18n) : []), ...names]
  return parts.length === 0 ? DASH : parts.join(' · ')
}

// Endpoints with the same result are grouped, in the order in which they were dialed.
function attempts({ tried = [], end_time }: Call, i18n: I18n): readonly string[] {
  const textOf = (result: LegResult | null, isLive: boolean): string => {
    if (result === null) {
      return isLive ? i18n.value('state', 'ringing') : i18n.value('result', 'unknown')
    }
    // A cancelled attempt needs no text: the column of the result shows that the caller gave up.
    return result === 'cancelled' ? '' : i18n.value('result', result)
  }
  const byResult = new Map<string, string[]>()
  for (const { endpoint, result } of tried.slice(0, MAX_NAMES)) {
    const text = textOf(result, end_time === null)
    const names = byResult.get(text)
    if (names === undefined) {
      byResult.set(text, [endpoint])
    } else {
      names.push(endpoint)
    }
  }
  const parts = [...byResult].map(([text, names]) => `${names.join(', ')} ${text}`.trim())
  return tried.length > MAX_NAMES ? [...parts, `+${i18n.number(tried.length - MAX_NAMES)}`] : parts
}
