// The wall, as far as it needs no browser: which place follows, when it calls for somebody; and the icon of the tab.

import { expect, test } from 'vitest'
import { createAlarm } from '../../../../src/http/page/client/alarm.ts'
import type { AnyMessage, LiveCall } from '../../../../src/http/page/client/entries.ts'
import { badgeOf, iconSvg } from '../../../../src/http/page/client/iconBadge.ts'
import { nextPart, nextPlace } from '../../../../src/http/page/client/wallPages.ts'
import { missedCaller } from './entries.ts'

function waiting(id: string, second: number): LiveCall {
  return {
    ...{ id: null, channel_id: id, caller: '101', caller_name: '', callee: '102', direction: 'inbound' },
    ...{ state: 'queued', start_time: new Date(second * 1000).toISOString(), answer_time: null, queue: 'sales' },
    ...{ queue_time: null, answered_by: [], trunk: null, transfers: 0, voice: null },
  }
}

test('one place follows the other, and the first one the last', () => {
  const pages = ['now', 'missed', 'people'] as const
  expect([
    nextPlace(pages, 'now'),
    nextPlace(pages, 'people'),
    nextPlace(pages, 'trunks'),
    nextPlace([], 'now'),
  ]).toEqual(['missed', 'now', 'now', 'now'])
})

test('a place that is taller than the screen goes on with the first row that was not wholly seen, below the heading', () => {
  const rows = Array.from({ length: 10 }, (_, index) => ({ top: 50 + index * 100, bottom: 140 + index * 100 }))
  const at = (top: number) => nextPart(rows, { top, height: 500, total: 1040, covered: 50 })
  expect([at(0), at(400), at(540), at(539.5)]).toEqual([400, 800, null, null])
})

test('what is taller than the screen itself is shown by screens, and an empty place has one part', () => {
  const part = { top: 0, height: 500, total: 1200, covered: 50 }
  expect([
    nextPart([{ top: 50, bottom: 1200 }], part),
    nextPart([{ top: 50, bottom: 1200 }], { ...part, top: 450 }),
    nextPart([], part),
    nextPart([], { ...part, total: 500 }),
  ]).toEqual([450, 900, 450, null])
})

test('calls once for each caller who waits too long, not for those who did when it began', () => {
  const alarm = createAlarm(60)
  const [old, next] = [waiting('a', 0), waiting('b', 100)]
  expect(alarm.look([old], 90_000)).toBe(false)
  expect(alarm.look([old, next], 159_000)).toBe(false)
  expect(alarm.look([old, next], 160_000)).toBe(true)
  expect(alarm.look([old, next], 161_000)).toBe(false)
  expect(alarm.look([{ ...next, state: 'talking' }], 162_000)).toBe(false)
})

test('calls for a caller who was missed, not for another call of the same', () => {
  const alarm = createAlarm(60)
  const report = (change: 'opened' | 'changed' | 'closed'): AnyMessage => ({
    ...{ type: 'missed_caller', seq: 1, change, caller: missedCaller(1) },
  })
  expect([alarm.apply(report('opened')), alarm.apply(report('changed')), alarm.apply(report('closed'))]).toEqual([
    true,
    false,
    false,
  ])
})

test('the icon has the number of those who wait, or says that not all is observed', () => {
  expect([badgeOf(0, false), badgeOf(null, false), badgeOf(7, false), badgeOf(100, false), badgeOf(7, true)]).toEqual([
    '',
    '',
    '7',
    '99+',
    '!',
  ])
  expect([iconSvg('').includes('<text'), iconSvg('7').includes('>7</text>')]).toEqual([false, true])
})
