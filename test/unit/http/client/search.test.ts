// The search box and the filters in words: what a text means, what is suggested for it, which chips there are.

import { describe, expect, test } from 'vitest'
import { filtersOf, NO_FILTERS } from '../../../../src/http/page/client/filters.ts'
import { chipsOf } from '../../../../src/http/page/client/filterWords.ts'
import { createI18n } from '../../../../src/http/page/client/i18n.ts'
import { type Known, meaningOf, suggestionsOf } from '../../../../src/http/page/client/searchSuggestions.ts'
import { searchText } from '../../../../src/query/searchText.ts'

const i18n = createI18n(['en'])

const KNOWN: Known = {
  operator: new Map([
    ['101', 'Anna Berg'],
    ['110', ''],
    ['1010', ''],
    ['anna', ''],
  ]),
  queue: new Map([['support', '']]),
  trunk: new Map([['trunk-a', '']]),
  line: new Map([['Support line', '']]),
  site: new Map([['Turku', '']]),
}

const texts = (typed: string) => suggestionsOf(typed, KNOWN, i18n).map(({ text }) => text)

test.each([
  '9170',
  '101',
  '10-1',
  ' 12 ',
  '050 771 9170',
  '+358 50 771 9170',
  '(050) 7719170',
  '+358',
  '+35',
  'Ann',
  'a1',
  '1+1',
  '*97',
  '*******567',
  '*21#',
  '-',
  '+',
  '12345678',
])('the page and the server mean the same by %j', (text) => {
  const found = searchText(text)
  const meaning = meaningOf(text)
  const isFeature = /[*#]/.test(text)
  const wanted =
    found.kind === 'name'
      ? /^\+\d/.test(found.text)
        ? 'part'
        : 'name'
      : found.endpoint === null && !isFeature
        ? 'number'
        : 'ending'
  expect([text, meaning]).toEqual([text, wanted])
})

describe('suggestions', () => {
  test('begin with what the text means; names that begin with it come first', () => {
    expect(texts('10')).toEqual(['Number ends with 10', 'Phone 101 (Anna Berg)', 'Phone 1010', 'Phone 110'])
    expect(texts('050 771 9170')).toEqual(['Number 050 771 9170, however it is written'])
    expect(texts('+358')).toEqual(['Number contains +358'])
    expect(texts('SUP')).toEqual(['Name contains SUP', 'Queue support', 'Line Support line'])
    expect(texts('trunk')).toEqual(['Name contains trunk', 'Trunk trunk-a'])
    expect(texts('turk')).toEqual(['Name contains turk', 'Site Turku'])
    expect(texts('  ')).toEqual([])
  })

  test('find a phone by the name of who uses it, and become its filter in the place of the text', () => {
    const [text, anna, berg] = suggestionsOf('anna', KNOWN, i18n)
    expect([text?.change, anna?.change, berg?.change]).toEqual([
      { text: 'anna' },
      { text: '', operator: '101' },
      { text: '', operator: 'anna' },
    ])
  })

  test('are few, however many names there are', () => {
    const many = new Map(Array.from({ length: 3_000 }, (_, index) => [`1${index}`, ''] as const))
    expect(suggestionsOf('1', { ...KNOWN, operator: many, queue: many, line: many }, i18n)).toHaveLength(9)
  })
})

test('every filter of the address is a chip that removes it', () => {
  const filters = filtersOf(
    '?site=Turku&text=9170&direction=inbound,internal&disposition=busy&operator=101&answered_by=102&queue=sales&trunk=t&line=l' +
      '&destination=mobile&country=EE&min_duration=90&max_duration=x&missed=true&period=week',
  )
  const chips = chipsOf(filters, i18n)
  expect(chips.map(({ text }) => text)).toEqual([
    'Site Turku',
    'Number ends with 9170',
    'Direction: inbound, internal',
    'Result: busy',
    'Phone 101',
    'Answered by 102',
    'Queue sales',
    'Trunk t',
    'Line l',
    'Destination: mobile',
    'Country: EE',
    'Talk of 1 min 30 sec or more',
    'Talk of x or less',
    'Missed',
  ])
  expect(Object.assign({}, filters, ...chips.map(({ change }) => change))).toEqual({ ...NO_FILTERS, period: 'week' })
})
