// The address of a PostgreSQL database: what is refused, and what its parts are. How a wrong setting is told is in config.test.ts.

import { expect, test } from 'vitest'
import { readPostgresUrl } from '../../../src/settings/postgresUrl.ts'

const ADDRESS = 'the address of a PostgreSQL database without a password'

test.each([
  ['postgres://u:p@h/d', ADDRESS],
  ['postgres://u@h/d?password=p', ADDRESS],
  ['mysql://u@h/d', ADDRESS],
  ['postgres://h/d', ADDRESS],
  ['postgres://u@h', ADDRESS],
  ['postgres://u@h/d?user=', ADDRESS],
  ['postgres://u@h/d?host=', ADDRESS],
  ['postgres://u%zz@h/d', ADDRESS],
  ['postgres://u@h/50%', ADDRESS],
  ['postgres://u@h/d?sslmode=verify', 'sslmode one of disable, require, verify-ca, verify-full'],
  ['postgres://u@h/d?sslmode=verify-full&sslcrl=x', 'an address with no other parameters than user, host'],
  ['postgres://u@h/d?sslrootcert=/ca.pem', 'sslrootcert is of no use without TLS'],
])('%s is refused', (url, sentence) => {
  expect(readPostgresUrl(url)).toEqual({ wanted: expect.stringContaining(sentence) })
})

test.each([
  ['postgres://u@[::1]:5433/d', { user: 'u', host: '::1', port: 5433, database: 'd', sslMode: 'disable' }],
  ['postgresql://h/d?user=u', { user: 'u', host: 'h', port: 5432, database: 'd', sslMode: 'disable' }],
  ['postgres://u@localhost/d?host=/run/postgresql', { user: 'u', host: '/run/postgresql' }],
  ['postgres://u%40x@h/a%20b?sslmode=require', { user: 'u@x', database: 'a b', sslMode: 'require' }],
])('%s is right', (url, parts) => {
  expect(readPostgresUrl(url)).toMatchObject(parts)
})
