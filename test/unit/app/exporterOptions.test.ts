// The settings and the web configuration file are read together; the problems of both are reported at once.

import { expect, test } from 'vitest'
import { readOptions } from '../../../src/app/exporterOptions.ts'
import { OPEN_WEB } from '../../../src/http/webconfig/webConfig.ts'

const GOOD = { ARI_USER: 'u', ARI_PASSWORD: 'p' }
const HASH = '$2b$04$abcdefghijklmnopqrstuuWgHDDnoYmWzUVrHjUSEXAMPLEHASHxy'

const files = (texts: Readonly<Record<string, string>>) => (path: string) => {
  const text = texts[path]
  if (text === undefined) {
    throw new Error('no such file')
  }
  return text
}

test('without WEB_CONFIG_FILE, HTTP is plain and asks for no password', () => {
  const result = readOptions(GOOD, files({}))
  expect(result.ok && result.options.web).toBe(OPEN_WEB)
})

test('WEB_CONFIG_FILE is read', () => {
  const read = files({ 'web.yml': `basic_auth_users:\n  alice: ${HASH}\n` })
  const result = readOptions({ ...GOOD, WEB_CONFIG_FILE: 'web.yml' }, read)
  expect(result.ok && [...result.options.web.users]).toEqual([['alice', HASH]])
})

test('the problems of the settings and of the file are reported together', () => {
  const environment = { ...GOOD, WEB_CONFIG_FILE: 'wrong.yml', HTTP_BEARER_TOKEN_FILE: 'none', HTTP_PORT: 'x' }
  const result = readOptions(environment, files({ 'wrong.yml': 'one: 1\ntwo: 2\n' }))
  expect(result.ok ? [] : result.problems).toEqual([
    expect.stringContaining('HTTP_PORT'),
    expect.stringContaining('HTTP_BEARER_TOKEN_FILE names a file that cannot be read'),
    expect.stringContaining('WEB_CONFIG_FILE "wrong.yml", one: unknown key'),
    expect.stringContaining('WEB_CONFIG_FILE "wrong.yml", two: unknown key'),
  ])
})

test('a file that cannot be read is a problem', () => {
  const result = readOptions({ ...GOOD, WEB_CONFIG_FILE: 'none.yml' }, files({}))
  expect(result.ok ? [] : result.problems).toEqual([
    'WEB_CONFIG_FILE "none.yml", cannot be read: check the path and who may read it',
  ])
})

test('CONTROL needs a password or a token', () => {
  const control = { ...GOOD, CONTROL: 'true' }
  const refused = readOptions(control, files({}))
  expect(refused.ok ? [] : refused.problems).toEqual([expect.stringContaining('CONTROL needs a password or token')])
  const read = files({
    'web.yml': `basic_auth_users:\n  alice: ${HASH}\n`,
    token: 'c2VjcmV0LXRva2VuLW9mLXRoZS10ZXN0cw==',
  })
  expect(readOptions({ ...control, WEB_CONFIG_FILE: 'web.yml' }, read).ok).toBe(true)
  expect(readOptions({ ...control, HTTP_BEARER_TOKEN_FILE: 'token' }, read).ok).toBe(true)
})

test('CONTROL_ALLOW takes kinds of numbers', () => {
  const problem = (allow: string) => {
    const result = readOptions({ ...GOOD, CONTROL_ALLOW: allow }, files({}))
    return result.ok ? result.options.control.allowed : result.problems
  }
  expect(problem('internal, mobile,mobile')).toEqual(['internal', 'mobile'])
  expect(problem('internal,cheap')).toEqual([expect.stringMatching(/CONTROL_ALLOW .* give .*premium/)])
})
