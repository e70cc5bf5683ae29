// Text of callers in the log.

import { expect, test } from 'vitest'
import { printable } from '../../src/log.ts'

test('escapes characters that control a terminal or the direction of text', () => {
  expect(printable('a\u001b[31m\nb\u202ec\u0000\u2028\ud800 ž📞')).toBe(
    'a\\u001b[31m\\u000ab\\u202ec\\u0000\\u2028\\ud800 ž📞',
  )
})
