// The list of calls and the story in words: days, totals, causes, the number of the other party.

import { describe, expect, test } from 'vitest'
import { rowsOfDays } from '../../../../src/http/page/client/callDays.ts'
import { MOST_COUNTED, totalText } from '../../../../src/http/page/client/callTotal.ts'
import { endText, loadCauses } from '../../../../src/http/page/client/causes.ts'
import { CAUSE_TEXTS } from '../../../../src/http/page/client/causeTexts.ts'
import { createI18n } from '../../../../src/http/page/client/i18n.ts'
import { earlierCallsQuery, otherNumberOf } from '../../../../src/http/page/client/otherParty.ts'
import * as counting from '../../../../src/query/counting.ts'
import { entry } from './entries.ts'

const en = createI18n(['en-GB'])
const ru = createI18n(['ru-RU'])

describe('days', () => {
  const NOW = new Date(2026, 10, 30, 0, 30)
  const at = (id: number, ...parts: [number, number, number, number]) => ({
    ...entry(id),
    start_time: new Date(...parts).toISOString(),
  })
  const textsOf = (locales: readonly string[]) =>
    rowsOfDays(
      [
        at(6, 2026, 10, 30, 0),
        at(5, 2026, 10, 29, 23),
        at(4, 2026, 10, 29, 1),
        at(3, 2026, 10, 23, 12),
        at(2, 2025, 10, 23, 12),
      ],
      NOW,
      createI18n(locales),
    ).map((row) => (row.kind === 'day' ? row.text : row.call.id))

  test('have a row each above their calls, by the clocks of the browser', () => {
    expect(textsOf(['en-GB'])).toEqual(['Today', 6, 'Yesterday', 5, 4, 'Mon 23 Nov', 3, 'Sun, 23 Nov 2025', 2])
  })

  test('are written as in the first language of the browser, with words of a language that is translated', () => {
    expect(textsOf(['de-DE', 'en'])).toEqual([
      'Today',
      6,
      'Yesterday',
      5,
      4,
      'Mo., 23. Nov.',
      3,
      'So., 23. Nov. 2025',
      2,
    ])
    expect(textsOf(['ru-RU'])).toContain('Вчера')
    expect([createI18n(['de-DE']).weekday(1), createI18n(['de-DE']).day('2026-11-23T12:00:00Z', false)]).toEqual([
      'Mo',
      'Mo., 23. Nov.',
    ])
  })

  test('of the last day of a month and of a changed clock are the ones before', () => {
    const first = new Date(2026, 2, 1, 12)
    const row = rowsOfDays([at(1, 2026, 1, 28, 12)], first, en)[0]
    expect(row).toMatchObject({ text: 'Yesterday' })
  })
})

test('the list tells how many calls of how many it shows', () => {
  expect(MOST_COUNTED).toBe(counting.MOST_COUNTED)
  expect([
    totalText(1, { count: 1, more: false }, en),
    totalText(12, null, en),
    totalText(50, { count: 1204, more: false }, en),
    totalText(50, { count: 10_000, more: true }, en),
    totalText(50, { count: 312, more: true }, en),
    totalText(50, { count: 49, more: false }, en),
  ]).toEqual([
    '1 call',
    '12 calls',
    '50 of 1,204 calls',
    '50 of more than 10,000 calls',
    '50 of 312 or more calls',
    '50 calls',
  ])
  expect([51, 62, 100].map((count) => totalText(50, { count, more: false }, ru))).toEqual([
    '50 из 51 звонка',
    '50 из 62 звонков',
    '50 из 100 звонков',
  ])
})

/** Of causes.h of Asterisk. */
const CAUSES = [
  ...[
    1, 2, 3, 5, 6, 7, 8, 14, 16, 17, 18, 19, 20, 21, 22, 23, 26, 27, 28, 29, 30, 31, 34, 38, 41, 42, 43, 44, 45, 50, 52,
  ],
  ...[54, 57, 58, 65, 66, 69, 81, 88, 95, 96, 97, 98, 99, 100, 101, 102, 103, 111, 127],
]

describe('causes', () => {
  test.each(CAUSES)('%i has words in each language', (cause) => {
    const [english = '', russian = ''] = CAUSE_TEXTS[cause] ?? []
    expect(english).toMatch(/^[a-z][a-z ,]+$/)
    expect(russian).toMatch(/^[а-яё][а-яё ,]+$/)
  })

  test('are in words, else in those of Asterisk, else the number; there is none for 0', async () => {
    const causes = await loadCauses(en)
    expect([causes.text(17, 'User busy'), causes.text(77, 'Odd'), causes.text(77, null), causes.text(0, null)]).toEqual(
      ['busy', 'Odd', '77', null],
    )
    expect((await loadCauses(ru)).text(1, null)).toBe('номер не существует')
  })

  test('of a normal end, who hung up is what counts', async () => {
    const causes = await loadCauses(en)
    const call = { cause: 16, cause_text: 'Normal Clearing', hangup_by: 'caller' } as const
    expect(endText(call, causes, en)).toBe('caller hung up')
    expect(endText({ ...call, hangup_by: null }, causes, en)).toBe('hung up')
    expect(endText({ ...call, cause: 127 }, causes, en)).toBe('ended by another network, which gave no reason')
  })
})

describe('the other party', () => {
  test('is who called, or who was called from here', () => {
    const call = { caller: '101', callee: '0501234567' }
    expect(otherNumberOf({ ...call, direction: 'outbound' })).toBe('0501234567')
    expect(otherNumberOf({ ...call, direction: 'inbound' })).toBe('101')
  })

  test.each([
    ['+358 50 771 9170', 'text=507719170&to=T&limit=5'],
    ['0507719170', 'text=507719170&to=T&limit=5'],
    ['101', 'number=101&to=T&limit=5'],
    ['*******170', undefined],
    ['', undefined],
    ['anonymous', undefined],
  ])('the earlier calls of %j are asked for by %s', (number, query) => {
    expect(earlierCallsQuery(number, 'T', 5)?.toString()).toBe(query)
  })
})
