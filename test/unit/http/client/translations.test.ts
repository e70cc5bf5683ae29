// The catalogue of words: complete in every language, nothing in it that is not used, nothing used that is not in it.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DIRECTIONS } from '../../../../src/call/event.ts'
import { CALL_STATES, DISPOSITIONS, LEG_RESULTS, SIDES } from '../../../../src/call/fact.ts'
import { DISPOSITION_NAMES } from '../../../../src/http/page/client/dispositions.ts'
import { LANGUAGES, TRANSLATIONS } from '../../../../src/http/page/client/translations.ts'

const CLIENT = new URL('../../../../src/http/page/client/', import.meta.url)
const SOURCE = readdirSync(CLIENT)
  .filter((name) => name.endsWith('.ts') && name !== 'translations.ts')
  .map((name) => readFileSync(new URL(name, CLIENT), 'utf8'))
  .join('\n')

const ENTRIES: readonly (readonly [string, readonly string[]])[] = Object.entries(TRANSLATIONS)

/** Families whose keys are put together out of a value. */
const BUILT = [
  'direction',
  'state',
  'result',
  'side',
  'cause',
  'period',
  'theme',
  'connection',
  'phase',
  'live.count',
  'calls.count',
]

const places = (text: string): readonly string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort()

describe.each(ENTRIES)('%s', (key, texts) => {
  test('is said in every language, with the same places to be filled', () => {
    expect(texts).toHaveLength(LANGUAGES.length)
    for (const text of texts) {
      expect(text.trim()).toBe(text)
      expect(text).not.toBe('')
      expect(places(text)).toEqual(places(texts[0] ?? ''))
    }
  })

  test('is used', () => {
    const family = key.slice(0, key.lastIndexOf('.'))
    expect([key, BUILT.includes(family) || SOURCE.includes(`'${key}'`)]).toEqual([key, true])
  })
})

test('the Russian is Russian', () => {
  const same = ENTRIES.filter(([, [english, russian]]) => english === russian).map(([key]) => key)
  expect(same).toEqual(['calls.csv', 'call.mos', 'link.openapi'])
})

test.each([
  ['direction', DIRECTIONS],
  ['state', [...CALL_STATES, 'idle', 'ringing', 'talking', 'offline']],
  ['result', [...DISPOSITIONS, ...LEG_RESULTS]],
  ['side', SIDES],
] as const)('there is a word for every %s of the API', (field, values) => {
  for (const value of values) {
    expect(Object.keys(TRANSLATIONS)).toContain(`${field}.${value}`)
  }
})

test('every disposition can be looked for', () => {
  expect([...DISPOSITION_NAMES].sort()).toEqual([...DISPOSITIONS].sort())
})

test('no text in the client but from the catalogue', () => {
  expect(SOURCE).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/)
  expect(SOURCE).not.toMatch(/[а-яё]/i)
})
