// The spans of time that a search of the central call log goes through: together they are the period, each instant once.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstSpan, nextSpan, type Span } from '../../../src/central/reader/windows.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 2, 4, 15)

/** All spans of a period; `mostDays`: none but the last is longer. */
function spansOf(within: Span, order: 'newest' | 'oldest', mostDays = Number.POSITIVE_INFINITY): readonly Span[] {
  const spans: Span[] = []
  let step = firstSpan(within, order, NOW)
  while (step.span !== null) {
    spans.push(step.span)
    expect(spans.length).toBeLessThan(5000)
    step = nextSpan(step, within, { order, now: NOW, mostDays })
  }
  return spans
}

const anyInstant = fc.integer({ min: -800 * 24, max: 30 * 24 }).map((hours) => NOW + hours * 3_600_000 + 1)

test('follow each other without a gap, from one end of the period to the other', () => {
  fc.assert(
    fc.property(
      fc.option(anyInstant, { nil: Number.NEGATIVE_INFINITY }),
      fc.option(anyInstant, { nil: Number.POSITIVE_INFINITY }),
      fc.constantFrom('newest' as const, 'oldest' as const),
      fc.constantFrom(0, 3, Number.POSITIVE_INFINITY),
      (from, to, order, mostDays) => {
        // From the oldest on, a search begins with the first day that has calls.
        fc.pre(from < to && (order === 'newest' || Number.isFinite(from)))
        fc.pre(Number.isFinite(from) || mostDays > 3)
        const spans = spansOf({ from, to }, order, mostDays)
        const inTime = order === 'newest' ? spans.toReversed() : spans
        expect(inTime[0]?.from).toBe(from)
        expect(inTime.at(-1)?.to).toBe(to)
        for (const [index, span] of inTime.slice(1).entries()) {
          expect(span.from).toBe(inTime[index]?.to)
        }
      },
    ),
  )
})

test('begin with the day of now, and double', () => {
  const days = spansOf({ from: NOW - 100 * DAY, to: Number.POSITIVE_INFINITY }, 'newest').map(({ from }) =>
    Math.ceil((NOW - from) / DAY),
  )
  expect(days).toEqual([1, 3, 7, 15, 31, 63, 100])
})

test('are few, however long ago the first call was', () => {
  expect(spansOf({ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }, 'newest').length).toBeLessThan(12)
  expect(spansOf({ from: NOW - 400 * DAY, to: Number.POSITIVE_INFINITY }, 'oldest').length).toBeLessThan(12)
})

test('are as short as the number of calls in them demands', () => {
  const spans = spansOf({ from: NOW - 10 * DAY, to: NOW }, 'newest', 2)
  expect(spans.every(({ from, to }) => to - from <= 2 * DAY)).toBe(true)
})

test('a period that ends before it begins has none', () => {
  expect(spansOf({ from: NOW, to: NOW }, 'newest')).toEqual([])
})
