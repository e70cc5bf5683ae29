// Descriptors are kept for Asterisk and the call log, and their end is named.

import { expect, test } from 'vitest'
import { openError } from '../../../src/calllog/file/openError.ts'
import { maxConnectionsFor } from '../../../src/http/limits/connectionLimits.ts'
import { httpListenError, serverErrorText } from '../../../src/http/listenError.ts'

test.each([
  [null, 512],
  [1_048_576, 512],
  [512, 384],
  [256, 128],
  [64, 16],
])('of %s descriptors at most %d are for HTTP', (limit, most) => {
  expect(maxConnectionsFor(limit)).toBe(most)
})

test('the limit of this process is known', () => {
  expect(maxConnectionsFor()).toBeGreaterThanOrEqual(16)
})

test('when there are none left, that is said with what to do', () => {
  const error = Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' })
  expect(serverErrorText(error)).toContain('LimitNOFILE')
  expect(httpListenError({ host: '127.0.0.1', port: 9745 }, error).message).toContain('LimitNOFILE')
  expect(openError('no_descriptors', 'calls.db').message).toContain('LimitNOFILE')
  expect(serverErrorText(new Error('other'))).toBe('HTTP server error')
})
