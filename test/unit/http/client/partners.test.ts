// The other parties of a call in a list: who answered, or whom an unanswered call was offered to.

import { expect, test } from 'vitest'
import type { LegResult } from '../../../../src/call/fact.ts'
import { createI18n } from '../../../../src/http/page/client/i18n.ts'
import { partnersOf } from '../../../../src/http/page/client/partners.ts'
import { entry } from './entries.ts'

const i18n = createI18n(['en'])
const ANSWERED = { ...entry(1), answer_time: '2026-11-23T07:08:26.933Z', tried: [] }
const MISSED = { ...entry(1), direction: 'inbound', trunk: 'trunk-a', tried: [] } as const

function tried(...attempts: readonly (readonly [string, LegResult | null])[]) {
  return attempts.map(([endpoint, result]) => ({ endpoint, result }))
}

test('of an answered call: who answered, the queue, the trunk, each once', () => {
  const call = { ...ANSWERED, answered_by: ['trunk-a', '101'], queue: 'sales', trunk: 'trunk-a' }
  expect(partnersOf(call, i18n)).toBe('trunk-a · 101 · sales')
})

test('of a missed call: the endpoints grouped by their result, and the queue, but not the incoming trunk', () => {
  const call = { ...MISSED, queue: 'sales', tried: tried(['103', 'no_answer'], ['102', 'busy'], ['105', 'no_answer']) }
  expect(partnersOf(call, i18n)).toBe('103, 105 did not answer · 102 busy · sales')
  expect(partnersOf(call, createI18n(['ru']))).toBe('не ответили 103, 105 · 102 занято · sales')
})

test('of a missed call that no endpoint was offered: the queue, else a dash', () => {
  expect(partnersOf(MISSED, i18n)).toBe('–')
  expect(partnersOf({ ...MISSED, queue: 'sales' }, i18n)).toBe('sales')
})

test('of a call that the caller cancelled: who did not answer until then', () => {
  expect(partnersOf({ ...MISSED, tried: tried(['103', 'cancelled'], ['102', 'busy']) }, i18n)).toBe(
    '103 did not answer · 102 busy',
  )
  expect(partnersOf({ ...MISSED, tried: tried(['103', 'cancelled'], ['102', 'no_answer']) }, i18n)).toBe(
    '103, 102 did not answer',
  )
})

test('of an unanswered outbound call: the trunk with its result, once', () => {
  const call = { ...MISSED, direction: 'outbound', tried: tried(['trunk-a', 'congestion']) } as const
  expect(partnersOf(call, i18n)).toBe('trunk-a network refused')
  expect(partnersOf({ ...call, tried: tried(['trunk-a', 'cancelled']) }, i18n)).toBe('trunk-a')
  expect(partnersOf({ ...call, tried: tried(['trunk-a', 'no_answer']) }, i18n)).toBe('trunk-a no answer')
})

test('of a ringing call: the endpoint and that it rings', () => {
  expect(partnersOf({ ...MISSED, end_time: null, tried: tried(['103', null]) }, i18n)).toBe('103 ringing')
  expect(partnersOf({ ...MISSED, tried: tried(['103', null]) }, i18n)).toBe('103 not known')
})

test('more than six endpoints are only counted', () => {
  const all = Array.from({ length: 20 }, (_, index) => [`${101 + index}`, 'no_answer'] as const)
  expect(partnersOf({ ...MISSED, tried: tried(...all) }, i18n)).toBe(
    '101, 102, 103, 104, 105, 106 did not answer · +14',
  )
})
