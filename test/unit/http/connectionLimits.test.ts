// The connection limit reserves file descriptors for Asterisk and the call log; running out of them is reported.

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
])('with a limit of %s descriptors, at most %d connections are for HTTP', (limit, most) => {
  expect(maxConnectionsFor(limit)).toBe(most)
})

test('reads the limit of this process', () => {
  expect(maxConnectionsFor()).toBeGreaterThanOrEqual(16)
})

test('without free descriptors, every message names the setting to change', () => {
  const error = Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' })
  expect(serverErrorText(error)).toContain('LimitNOFILE')
  expect(httpListenError({ host: '127.0.0.1', port: 9745 }, error).message).toContain('LimitNOFILE')
  expect(openError('no_descriptors', 'calls.db').message).toContain('LimitNOFILE')
  expect(serverErrorText(new Error('other'))).toBe('HTTP server error')
})
