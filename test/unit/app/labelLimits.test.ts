// A limit of label values that is reached is one line in the log, which names the label and the setting.

import { expect, test } from 'vitest'
import { labelLimits } from '../../../src/app/labelLimits.ts'
import type { Logger } from '../../../src/log.ts'

test.each([
  ['operator', 'LABEL_LIMIT_PHONES', 1_000],
  ['endpoint', 'LABEL_LIMIT_PHONES', 1_000],
  ['queue', 'LABEL_LIMIT', 100],
  ['country', 'LABEL_LIMIT', 100],
] as const)('the label %s has the limit %s', (label, setting, limit) => {
  const lines: unknown[] = []
  const ignore = () => undefined
  const log: Logger = {
    ...{ debug: ignore, info: ignore, error: ignore, fatal: ignore },
    warn: (fields, message) => void lines.push([fields, message]),
  }
  const { limitReached, ...limits } = labelLimits({ labelLimit: 100, phoneLabelLimit: 1_000 }, log)
  expect(limits).toEqual({ labelLimit: 100, phoneLabelLimit: 1_000 })
  limitReached(label)
  expect(lines).toEqual([
    [
      { label, limit },
      `the label ${label} has as many values as ${setting} allows: further names are counted as other; raise ${setting} if there are that many`,
    ],
  ])
})
