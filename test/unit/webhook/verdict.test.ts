// What each answer means, as the table of the documentation has it.

import { expect, test } from 'vitest'
import { verdictOn } from '../../../src/webhook/verdict.ts'

test.each([
  ['delivered', [200, 201, 202, 204, 299]],
  ['wait', [408, 425, 429, 503]],
  ['failed', [500, 501, 502, 504, 520]],
  ['refused', [301, 302, 307, 308, 400, 401, 403, 404, 405, 409, 410, 413, 422, 426, 451]],
] as const)('%s: %j', (kind, statuses) => {
  for (const status of statuses) {
    expect([status, verdictOn({ status, retryAfter: null }, 0).kind]).toEqual([status, kind])
  }
})

test('without an answer: the receiver is not there, or it did not handle this event', () => {
  const kindOf = (reason: 'unreachable' | 'tls' | 'timeout' | 'other') =>
    verdictOn({ status: null, reason, detail: 'x' }, 0).kind
  expect([kindOf('unreachable'), kindOf('tls'), kindOf('timeout'), kindOf('other')]).toEqual([
    ...['wait', 'wait'],
    ...['failed', 'failed'],
  ])
})
