// Whether others can read what is served, by address, credentials and TLS.

import { expect, test } from 'vitest'
import { exposureOf } from '../../../src/http/exposure.ts'

const USERS = new Map([['alice', 'a hash']])
const NOBODY = new Map<string, string>()
const TLS = { clientAuth: 'NoClientCert' } as const
const CERTIFICATES = { clientAuth: 'RequireAndVerifyClientCert' } as const

test.each([
  ['localhost', null, NOBODY, null, null],
  ['127.0.0.53', null, NOBODY, null, null],
  ['::1', 'token', NOBODY, null, null],
  ['0.0.0.0', null, NOBODY, null, 'can read all calls'],
  ['pbx.example.org', null, NOBODY, TLS, 'can read all calls'],
  ['0.0.0.0', null, NOBODY, CERTIFICATES, null],
  ['0.0.0.0', 'token', NOBODY, null, 'in clear text'],
  ['0.0.0.0', null, USERS, null, 'in clear text'],
  ['0.0.0.0', null, USERS, TLS, null],
  ['::', 'token', NOBODY, TLS, null],
])('%s, token %j, users %o, TLS %o: %j', (host, token, users, tls, problem) => {
  const exposure = exposureOf({ host, token, web: { users, tls } })
  expect(exposure?.problem ?? null).toEqual(problem === null ? null : expect.stringContaining(problem))
  expect(exposure?.remedy).not.toBe('')
})
