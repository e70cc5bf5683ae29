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
/** Stands for the result of those who did not answer, whose words depend on how many they are. */
const NO_ANSWER = Symbol('did not answer')

/** For example `103, 105 did not answer · 102 busy · sales`; each name once; a dash if there is none. */
export function partnersOf(call: Call, i18n: I18n): string {
  const { answered_by, queue, trunk, answer_time, tried = [] } = call
  const isIncoming = isIncomingCall(call)
  const shownTrunk = answer_time === null && isIncoming ? null : trunk
  const names = new Set([...answered_by, queue, shownTrunk].filter((name) => name !== null && name !== ''))
  for (const { endpoint } of tried) {
    names.delete(endpoint)
  }
  const parts = [...(answer_time === null ? attempts(call, i18n) : []), ...names]
  return parts.length === 0 ? DASH : parts.join(' · ')
}

function isIncomingCall({ direction }: Pick<Call, 'direction'>): boolean {
  return direction === 'inbound' || direction === 'internal'
}

// Endpoints with the same result are grouped, in the order in which they were dialed.
function attempts({ tried = [], end_time, direction }: Call, i18n: I18n): readonly string[] {
  const isIncoming = isIncomingCall({ direction })
  const textOf = (result: LegResult | null, isLive: boolean): string | symbol => {
    if (result === null) {
      return isLive ? i18n.value('state', 'ringing') : i18n.value('result', 'unknown')
    }
    // Who was rung until the caller gave up did not answer; the column of the result shows that the caller gave up. A trunk is not asked to.
    if (isIncoming && (result === 'no_answer' || result === 'cancelled')) {
      return NO_ANSWER
    }
    return result === 'cancelled' ? '' : i18n.value('result', result)
  }
  const byResult = new Map<string | symbol, string[]>()
  for (const { endpoint, result } of tried.slice(0, MAX_NAMES)) {
    const text = textOf(result, end_time === null)
    const names = byResult.get(text)
    if (names === undefined) {
      byResult.set(text, [endpoint])
    } else {
      names.push(endpoint)
    }
  }
  const parts = [...byResult].map(([text, names]) =>
    text === NO_ANSWER
      ? i18n.counted('partners.silent', names.length, { names: names.join(', ') })
      : `${names.join(', ')} ${String(text)}`.trim(),
  )
  return tried.length > MAX_NAMES ? [...parts, `+${i18n.number(tried.length - MAX_NAMES)}`] : parts
}
