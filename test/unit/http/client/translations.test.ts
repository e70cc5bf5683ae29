// The translations: complete in every language, each one used, and no text of the page anywhere else.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DESTINATION_CLASSES, DIRECTIONS } from '../../../../src/call/event.ts'
import { CALL_STATES, DISPOSITIONS, LEG_RESULTS, SIDES } from '../../../../src/call/fact.ts'
import { MISSED_CALLER_OUTCOMES } from '../../../../src/callback/missedCaller.ts'
import { REASONS, reasonText } from '../../../../src/endpoint/judge.ts'
import {
  DESTINATION_NAMES,
  DIRECTION_NAMES,
  DISPOSITION_NAMES,
} from '../../../../src/http/page/client/filterChoices.ts'
import { SITE_STATES } from '../../../../src/http/page/client/siteList.ts'
import { LANGUAGES, TRANSLATIONS } from '../../../../src/http/page/client/translations.ts'
import { AGENT_STATES } from '../../../../src/staffing/agent.ts'

const CLIENT = new URL('../../../../src/http/page/client/', import.meta.url)
const SOURCE = readdirSync(CLIENT)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('Texts.ts') && name !== 'translations.ts')
  .map((name) => readFileSync(new URL(name, CLIENT), 'utf8'))
  .join('\n')

const ENTRIES: readonly (readonly [string, readonly string[]])[] = Object.entries(TRANSLATIONS)

/** Prefixes of keys that the page composes from a value. */
const COMPOSED = [
  'place',
  'tile',
  'tile.trend',
  'direction',
  'destination',
  'state',
  'count',
  'result',
  'side',
  'outcome',
  'problem',
  'role',
  'reason',
  'endpoints.view',
  'voice.loss',
  'voice.jitter',
  'hangup',
  'search',
  'search.found',
  'filter',
  'partners.silent',
  'period',
  'theme',
  'connection',
  'phase',
  'live.count',
  'calls.count',
  'calls.of',
  'callers.count',
  'charts.calls',
  'callers.more',
  'callers.order',
  'queues.order',
  'people.order',
  'trunk',
  'fleet',
  'sites',
]

const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/\{\w+\}/g)].map(([placeholder]) => placeholder).sort()

describe.each(ENTRIES)('%s', (key, texts) => {
  test('exists in every language with the same placeholders', () => {
    expect(texts).toHaveLength(LANGUAGES.length)
    for (const text of texts) {
      expect(text.trim()).toBe(text)
      expect(text).not.toBe('')
      expect(placeholders(text)).toEqual(placeholders(texts[0] ?? ''))
    }
  })

  test('is used', () => {
    const prefix = key.slice(0, key.lastIndexOf('.'))
    expect([key, COMPOSED.includes(prefix) || SOURCE.includes(`'${key}'`)]).toEqual([key, true])
  })
})

test('the Russian text differs from the English one', () => {
  const same = ENTRIES.filter(([, [english, russian]]) => english === russian).map(([key]) => key)
  expect(same).toEqual(['csv', 'call.mos', 'call.sip', 'link.openapi'])
})

test.each([
  ['direction', DIRECTIONS],
  ['state', [...CALL_STATES, ...AGENT_STATES, 'idle', 'online']],
  ['reason', REASONS],
  ['count', AGENT_STATES],
  ['result', [...DISPOSITIONS, ...LEG_RESULTS]],
  ['side', SIDES],
  ['hangup', SIDES],
  ['outcome', MISSED_CALLER_OUTCOMES],
] as const)('there is a text for every %s of the API', (field, values) => {
  for (const value of values) {
    expect(Object.keys(TRANSLATIONS)).toContain(`${field}.${value}`)
  }
})

test('the filter offers every disposition', () => {
  expect([...DISPOSITION_NAMES].sort()).toEqual([...DISPOSITIONS].sort())
})

test('the filter offers every direction and every class of destinations', () => {
  expect([...DIRECTION_NAMES].sort()).toEqual([...DIRECTIONS].sort())
  expect([...DESTINATION_NAMES].sort()).toEqual([...DESTINATION_CLASSES].sort())
})

test('the client contains no text of its own and writes no markup', () => {
  expect(SOURCE).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/)
  expect(SOURCE).not.toMatch(/[а-яё]/i)
})

test.each(SITE_STATES)('there is a text for the state %s of a site', (state) => {
  expect(Object.keys(TRANSLATIONS)).toContain(`sites.${state}`)
})

test.each(REASONS)('the page and the log give the reason %s in the same words', (reason) => {
  expect(TRANSLATIONS[`reason.${reason}`][0]).toBe(reasonText(reason))
})
