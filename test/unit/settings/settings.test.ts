// The list of settings is consistent in itself.

import { expect, test } from 'vitest'
import { SETTING_LIST, SETTINGS } from '../../../src/settings/settings.ts'

test('no two settings have the same name', () => {
  const names = SETTING_LIST.map(({ name }) => name)
  expect(names).toEqual([...new Set(names)])
})

test.each(SETTING_LIST.filter((setting) => setting.default !== undefined).map((setting) => [setting.name, setting]))(
  'the default of %s is one of its values',
  (_name, setting) => {
    expect(setting.shape.safeParse(setting.default).success).toBe(true)
  },
)

test.each([
  ['pbx.example.org', ['pbx.example.org']],
  ['PBX, b.example', ['pbx', 'b.example']],
  ['büro.example', ['xn--bro-hoa.example']],
  ['', []],
  [' , ', []],
  ['http://pbx', undefined],
  ['pbx:9745', undefined],
  ['pbx/path', undefined],
  ['user@pbx', undefined],
  ['a b', undefined],
  ['pbx, a b', undefined],
])('HTTP_ALLOWED_HOSTS=%s is read as %j', (text, names) => {
  expect(SETTINGS.http.allowedHosts.shape.safeParse(text).data).toEqual(names)
})

test.each([
  ['http://127.0.0.1:8088', true],
  ['https://pbx.example/asterisk', true],
  ['localhost:8088', false],
  ['ftp://pbx', false],
  ['http://user@pbx', false],
  ['http://user:password@pbx', false],
  ['', false],
])('ARI_URL=%s is accepted: %j', (text, isAccepted) => {
  expect(SETTINGS.ari.url.shape.safeParse(text).success).toBe(isAccepted)
})
