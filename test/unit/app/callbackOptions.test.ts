// The settings of missed callers, and the keys of numbers.

import { expect, test } from 'vitest'
import { secretKeys } from '../../../src/app/callbackOptions.ts'
import { readOptions } from '../../../src/app/exporterOptions.ts'
import { readReplayOptions } from '../../../src/cli/replayOptions.ts'

test.each([
  [{}, []],
  [{ COUNTRY: 'FI', CALLBACK_WINDOW: '90m' }, []],
  [{ COUNTRY: 'de', CALLBACK_WINDOW: '365d' }, []],
  [{ COUNTRY: 'XX' }, ['COUNTRY is "XX": give the two-letter code of a country (ISO 3166), such as FI']],
  [{ COUNTRY: 'Finland' }, ['COUNTRY is "Finland": give the two-letter code of a country (ISO 3166), such as FI']],
  [{ CALLBACK_WINDOW: '72' }, ['CALLBACK_WINDOW is "72": give a time from 1m to 365d, such as 90m, 72h or 3d']],
  [{ CALLBACK_WINDOW: '0h' }, ['CALLBACK_WINDOW is "0h": give a time from 1m to 365d, such as 90m, 72h or 3d']],
  [{ CALLBACK_WINDOW: '366d' }, ['CALLBACK_WINDOW is "366d": give a time from 1m to 365d, such as 90m, 72h or 3d']],
])('%j has the problems %j', (environment, problems) => {
  const replay = readReplayOptions(environment)
  expect(replay.ok ? [] : replay.problems).toEqual(problems)
  const result = readOptions({ ARI_USER: 'u', ARI_PASSWORD: 'p', ...environment }, () => '')
  expect(result.ok ? [] : result.problems).toEqual(problems)
})

test('the options have the country in capitals and the window in milliseconds', () => {
  const result = readOptions({ ARI_USER: 'u', ARI_PASSWORD: 'p', COUNTRY: 'fi', CALLBACK_WINDOW: '3d' }, () => '')
  expect(result.ok && result.options.callback).toEqual({ country: 'FI', windowMs: 259_200_000 })
})

test('a key is equal for all notations of a number, and for no other secret or number', () => {
  const key = secretKeys('FI', 'secret')
  expect(key('+358 40 123 4567')).toBe(key('0401234567'))
  expect(key('0401234567')).toMatch(/^[\w-]{22}$/)
  expect(key('0401234568')).not.toBe(key('0401234567'))
  expect(secretKeys('FI', 'other')('0401234567')).not.toBe(key('0401234567'))
  expect(key('anonymous')).toBeNull()
  expect(key('*******567')).toBeNull()
})
