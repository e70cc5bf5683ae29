// The parts of the page that need no browser: texts, filters, pages of calls, phases, and the live state.

import { describe, expect, test } from 'vitest'
import { addressOf, callOf, PLACES, textOf } from '../../../../src/http/page/client/address.ts'
import { NO_PAGES, withFresh, withOlder } from '../../../../src/http/page/client/callPages.ts'
import { phasesOfCall, phasesOfLeg } from '../../../../src/http/page/client/callPhases.ts'
import { apiQueryOf, boundsOf, filtersOf, NO_FILTERS } from '../../../../src/http/page/client/filters.ts'
import { createI18n, localeOf } from '../../../../src/http/page/client/i18n.ts'
import { createLiveState } from '../../../../src/http/page/client/liveState.ts'
import { feedHarness, parsed } from '../feedHarness.ts'
import { callPage, entry } from './entries.ts'

describe('texts', () => {
  test.each([
    [['ru-RU', 'en'], 'ru', 'ru-RU'],
    [['de', 'en-GB', 'ru'], 'en', 'en-GB'],
    [['de', 'fr'], 'en', 'en'],
    [[], 'en', 'en'],
  ])('for %j the page is in %s', (wanted, language, locale) => {
    expect(localeOf(wanted)).toEqual({ language, locale })
  })

  test('counts with the plural forms of the language', () => {
    const [en, ru] = [createI18n(['en']), createI18n(['ru'])]
    expect([1, 2].map((count) => en.counted('live.count', count))).toEqual(['1 live call', '2 live calls'])
    expect([1, 3, 5, 21].map((count) => ru.counted('live.count', count))).toEqual([
      '1 текущий звонок',
      '3 текущих звонка',
      '5 текущих звонков',
      '21 текущий звонок',
    ])
  })

  test('writes durations, clocks and ratios', () => {
    const i18n = createI18n(['en'])
    expect([0, 9, 59, 60, 3_599, 3_600, 90_061].map(i18n.clock)).toEqual([
      '0:00',
      '0:09',
      '0:59',
      '1:00',
      '59:59',
      '1:00:00',
      '25:01:01',
    ])
    expect([4.25, 12, 60, 90, 3_660, 90_000, null].map(i18n.span)).toEqual([
      '4.3 sec',
      '12 sec',
      '1 min',
      '1 min 30 sec',
      '1 hr 1 min',
      '1 day 1 hr',
      '–',
    ])
    expect([i18n.share(0.934), i18n.share(null), i18n.milliseconds(0.0042)]).toEqual(['93.4%', '–', '4.2 ms'])
    expect(createI18n(['ru']).milliseconds(0.0042)).toBe('4,2 мс')
  })

  test.each(['en-US', 'en-GB', 'de-DE', 'ru-RU'])(
    'writes a date with the year and the month as a word: %s',
    (locale) => {
      const time = createI18n([locale]).time(new Date(2026, 3, 5, 7, 8, 26).toISOString())
      expect(time).toMatch(/2026/)
      expect(time).toMatch(/Apr|апр/)
      expect(time).toMatch(/07:08:26/)
    },
  )

  test('shows a value that it does not know as it is', () => {
    expect(createI18n(['en']).value('state', 'new_state')).toBe('new_state')
  })
})

describe('filters', () => {
  const NOW = new Date(2026, 10, 23, 14, 30)

  test('are the same after a round trip through the address', () => {
    const filters = {
      site: 'Turku & co',
      text: '+358 40&x=1',
      direction: 'inbound',
      disposition: 'busy',
      operator: '101',
      answered_by: '102',
      queue: 'sales',
      trunk: 'trunk-a',
      line: 'Sales & more',
      destination: 'international',
      country: 'EE',
      min_duration: '60',
      max_duration: '600',
      missed: true,
      order: 'longest',
      period: 'custom',
      from: '2026-11-01T00:00',
      to: '2026-11-02T00:00',
    } as const
    for (const place of PLACES) {
      for (const call of [null, '7', 'pbx-1763.7&x=ü+']) {
        for (const wall of [null, { seconds: 15, hasSound: false }, { seconds: 20, hasSound: true }]) {
          const address = { place, wall, filters, call }
          expect(addressOf(textOf(address))).toEqual(address)
        }
      }
    }
    const plain = { place: 'now', wall: null, filters: NO_FILTERS, call: null } as const
    expect(textOf(plain)).toBe('?')
    expect(addressOf('')).toEqual(plain)
    // Addresses of older versions have no place.
    expect(addressOf('?text=102').place).toBe('calls')
    expect(addressOf('?call=7&period=week').place).toBe('now')
    expect(filtersOf('?period=never&missed=1&order=best&call=x')).toEqual(NO_FILTERS)
    expect(callOf('#call=1763.7')).toBe('1763.7')
    expect(callOf('#call=a%2Fb%25')).toBe('a/b%')
    for (const none of ['', '#', '#last', '?call=', '?call=active', `#call=${'7'.repeat(151)}`]) {
      expect([none, callOf(none)]).toEqual([none, null])
    }
  })

  test('the API query contains only filters that are set', () => {
    const none = { ...NO_FILTERS, period: 'all' } as const
    expect([...apiQueryOf(none, NOW)]).toEqual([])
    expect(Object.fromEntries(apiQueryOf({ ...none, text: ' 102 ', missed: true, queue: ' ' }, NOW))).toEqual({
      text: '102',
      missed: 'true',
    })
  })

  test.each([
    ['all', undefined, undefined],
    ['hour', new Date(2026, 10, 23, 13, 30), undefined],
    ['today', new Date(2026, 10, 23), undefined],
    ['yesterday', new Date(2026, 10, 22), new Date(2026, 10, 23)],
    ['week', new Date(2026, 10, 17), undefined],
    ['month', new Date(2026, 9, 25), undefined],
  ] as const)('the bounds of %s are in the time zone of the browser', (period, from, to) => {
    const bounds = boundsOf({ period, from: '', to: '' }, NOW)
    expect([bounds.from, bounds.to]).toEqual([from?.toISOString(), to?.toISOString()])
  })

  test('an invalid date leaves the bound open', () => {
    expect(boundsOf({ period: 'custom', from: 'x', to: '' }, NOW)).toEqual({})
  })
})

describe('pages', () => {
  const ids = (calls: readonly { id: unknown }[]) => calls.map(({ id }) => id)

  test('an older page is appended without duplicates', () => {
    const pages = withOlder(withOlder(NO_PAGES, callPage([9, 8, 7], 'c7')), callPage([7, 6], null))
    expect([ids(pages.calls), pages.next]).toEqual([[9, 8, 7, 6], null])
  })

  test('a fresh first page puts new calls in front and keeps the older ones and their cursor', () => {
    const pages = withFresh({ calls: callPage([9, 8, 7, 6], 'c6').calls, next: 'c6' }, callPage([11, 10, 9], 'c9'))
    expect([ids(pages.calls), pages.next]).toEqual([[11, 10, 9, 8, 7, 6], 'c6'])
  })

  test('a call that is missing within the range of the fresh page is removed', () => {
    const pages = withFresh({ calls: callPage([9, 8, 7], 'c7').calls, next: 'c7' }, callPage([10, 9, 7], 'x'))
    expect(ids(pages.calls)).toEqual([10, 9, 7])
  })

  test('a fresh page replaces all calls if it does not overlap them or is the last; an empty one changes nothing', () => {
    const loaded = { calls: callPage([3, 2], 'c2').calls, next: 'c2' }
    expect(ids(withFresh(loaded, callPage([9, 8], 'c8')).calls)).toEqual([9, 8])
    expect(withFresh(loaded, callPage([], 'x'))).toBe(loaded)
    expect(ids(withFresh(loaded, callPage([3], null)).calls)).toEqual([3])
  })
})

describe('phases', () => {
  const T = '2026-11-23T07:00:00.000Z'
  const plus = (seconds: number) => new Date(Date.parse(T) + seconds * 1000).toISOString()
  const spans = (phases: readonly { kind: string; from: number; to: number }[]) =>
    phases.map(({ kind, from, to }) => `${kind} ${(from - Date.parse(T)) / 1000}-${(to - Date.parse(T)) / 1000}`)

  test('of a leg', () => {
    const leg = { start_time: T, ringing_time: plus(1), answer_time: plus(5), end_time: plus(9) }
    expect(spans(phasesOfLeg(leg, 0))).toEqual(['waiting 0-1', 'ringing 1-5', 'talking 5-9'])
    expect(spans(phasesOfLeg({ ...leg, ringing_time: null, answer_time: null }, 0))).toEqual(['waiting 0-9'])
    expect(spans(phasesOfLeg({ ...leg, answer_time: null, end_time: null }, Date.parse(plus(7))))).toEqual([
      'waiting 0-1',
      'ringing 1-7',
    ])
  })

  test('of a call', () => {
    const call = { ...entry(1), start_time: T, answer_time: plus(4), end_time: plus(10), duration: 5 }
    expect(spans(phasesOfCall(call, 0))).toEqual(['waiting 0-4', 'talking 4-9'])
    expect(spans(phasesOfCall({ ...call, answer_time: null }, 0))).toEqual(['waiting 0-10'])
    expect(spans(phasesOfCall({ ...call, end_time: null, duration: 0 }, Date.parse(plus(6))))).toEqual([
      'waiting 0-4',
      'talking 4-6',
    ])
  })
})

describe('live state', () => {
  test('follows the feed, and resumes from its position after a lost connection', () => {
    const harness = feedHarness({ kept: 8 })
    const state = createLiveState()
    expect(state.position()).toBe('')
    for (const message of parsed(harness.feed.initialMessages(null).texts)) {
      expect(state.apply(message)).toBe('applied')
    }
    const stop = harness.feed.subscribe((text) => state.apply(JSON.parse(text)))
    harness.publish('CallStarted', 'a')
    harness.publish('CallStarted', 'b')
    stop()
    expect(state.position()).toBe('?since=2&epoch=run-1')
    harness.publish('CallEnded', 'a', { disposition: 'busy' })
    harness.setStatus({ inSync: false })
    harness.feed.checkConnection()
    for (const message of parsed(harness.feed.initialMessages({ epoch: 'run-1', seq: 2 }).texts)) {
      expect(state.apply(message)).toBe('applied')
    }
    expect([...state.calls.keys()]).toEqual(['b'])
    expect(state.pbx()?.in_sync).toBe(false)
    expect(state.counters()).toMatchObject({ calls_ended: 12_345 })
  })

  test('ignores a duplicate, reports a gap and a resumption of another run, and replaces everything by a snapshot', () => {
    const harness = feedHarness()
    const texts: string[] = []
    harness.feed.subscribe((text) => texts.push(text))
    harness.publish('CallStarted', 'a')
    harness.publish('CallEnded', 'a', { disposition: 'busy' })
    harness.publish('CallStarted', 'b')
    const [first, second, third] = parsed(texts)
    const state = createLiveState()
    const [empty] = parsed(feedHarness().feed.initialMessages(null).texts)
    if (!first || !second || !third || !empty) {
      throw new Error('messages are missing')
    }
    state.apply(empty)
    expect([state.apply(first), state.apply(first), state.apply(third)]).toEqual(['applied', 'duplicate', 'gap'])
    expect([...state.calls.keys()]).toEqual(['a'])
    expect(state.apply({ type: 'resumed', epoch: 'run-2', seq: 1 })).toBe('gap')
    state.requestSnapshot()
    expect(state.position()).toBe('')
    for (const message of parsed(harness.feed.initialMessages(null).texts)) {
      state.apply(message)
    }
    expect([...state.calls.keys()]).toEqual(['b'])
  })
})
