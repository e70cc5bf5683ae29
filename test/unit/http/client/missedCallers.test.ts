// The parts of the view of missed callers that need no browser: its list, and what is done with a number.

import { describe, expect, test } from 'vitest'
import { createMissedCallerList } from '../../../../src/http/page/client/missedCallerList.ts'
import { searchTextOf, telUrl } from '../../../../src/http/page/client/phoneNumber.ts'
import { missedCaller, returnedCaller } from './entries.ts'

const AT_ONCE = { lagMs: 0, ticks: () => 0 }

const EPOCH = new Date(0).toISOString()

function shown(list: ReturnType<typeof createMissedCallerList>) {
  return {
    waiting: list.waiting('longest').map(({ id }) => id),
    closed: list.closedSince(EPOCH).map(({ id }) => id),
  }
}

describe('the list', () => {
  test('is in the order of the first missed call, whatever the order of the answer and of the reports', () => {
    const list = createMissedCallerList(AT_ONCE)
    list.begin()
    list.load([missedCaller(5), missedCaller(2), returnedCaller(1, 10), returnedCaller(3, 4)])
    list.apply(missedCaller(4))
    list.apply(missedCaller(2, { attempts: 2, last_miss_time: new Date(9_000).toISOString() }))
    expect(list.waiting('longest').map(({ id }) => id)).toEqual([2, 4, 5])
    expect(list.waiting('newest').map(({ id }) => id)).toEqual([5, 4, 2])
    expect(list.waiting('longest')[0]?.attempts).toBe(2)
    expect(shown(list).closed).toEqual([1, 3])
  })

  test('a caller who is closed moves from those who wait to the others', () => {
    const list = createMissedCallerList(AT_ONCE)
    list.apply(missedCaller(1))
    list.apply(missedCaller(2))
    list.apply(returnedCaller(1, 60))
    expect(shown(list)).toEqual({ waiting: [2], closed: [1] })
  })

  test('a report that arrives during a request is not undone by its answer', () => {
    const list = createMissedCallerList(AT_ONCE)
    list.begin()
    list.load([missedCaller(1), missedCaller(2)])
    list.begin()
    list.apply(returnedCaller(1, 60))
    list.apply(missedCaller(3))
    list.load([missedCaller(1), missedCaller(2)])
    expect(shown(list)).toEqual({ waiting: [2, 3], closed: [1] })
  })

  test('an answer replaces what the feed reported before the request', () => {
    const list = createMissedCallerList(AT_ONCE)
    list.apply(missedCaller(1))
    list.begin()
    list.load([missedCaller(2)])
    expect(shown(list)).toEqual({ waiting: [2], closed: [] })
  })

  test('those who were closed on an earlier day are forgotten; those who wait are not', () => {
    const list = createMissedCallerList(AT_ONCE)
    list.apply(missedCaller(1))
    list.apply(returnedCaller(2, 10))
    list.apply(returnedCaller(3, 100))
    expect(list.closedSince(new Date(50_000).toISOString()).map(({ id }) => id)).toEqual([3])
    expect(shown(list)).toEqual({ waiting: [1], closed: [3] })
  })
})

describe('a number', () => {
  test.each([
    ['0401234567', 'tel:0401234567'],
    ['+358 40 123-4567', 'tel:+358401234567'],
    ['(040) 123.4567', 'tel:0401234567'],
    ['112', 'tel:112'],
    ['*******567', undefined],
    ['anonymous', undefined],
    ['', undefined],
    ['12', undefined],
    ['+ ()', undefined],
    ['javascript:alert(1)', undefined],
    ['"><svg/onload=x>', undefined],
    ['0401234567;phone-context=evil', undefined],
    ['1'.repeat(40), undefined],
  ])('%j is called as %j', (number, address) => {
    expect(telUrl(number)).toBe(address)
  })

  test.each([
    ['0401234567', '401234567'],
    ['+358 40 123 4567', '401234567'],
    ['00358401234567', '401234567'],
    ['4012345', '4012345'],
    ['*******567', '*******567'],
  ])('the calls of %j are found by %j', (number, text) => {
    expect(searchTextOf(number)).toBe(text)
  })
})
