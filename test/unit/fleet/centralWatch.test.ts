// What is told of the central call log: once when something begins, once when it is over.

import { expect, test } from 'vitest'
import type { CentralCheck } from '../../../src/central/check.ts'
import { watchCentral } from '../../../src/fleet/centralWatch.ts'

test('a missing partition of tomorrow is said once, with what to do, and again when there is one', async () => {
  const lines: string[] = []
  const say = (level: string) => (_: unknown, text?: string) => void lines.push(`${level} ${text}`)
  const found: (CentralCheck | Error)[] = [
    ...[7, 1, 0, 0].map((partitionDaysAhead) => ({ partitionDaysAhead })),
    new Error('cannot be reached'),
    ...[0, 7, null].map((partitionDaysAhead) => ({ partitionDaysAhead })),
  ]
  const days: (number | null)[] = []
  const watch = watchCentral({
    async check() {
      await Promise.resolve()
      days.push(watch.partitionDaysAhead())
      const next = found.shift() ?? { partitionDaysAhead: null }
      if (next instanceof Error) {
        throw next
      }
      return next
    },
    log: { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error'), fatal: say('fatal') },
    everyMs: 1,
  })
  await expect.poll(() => found.length === 0 && days.length > 8).toBe(true)
  watch.stop()
  expect(days.slice(1, 9)).toEqual([7, 1, 0, 0, null, 0, 7, null])
  expect(lines).toEqual([
    expect.stringMatching(/^warn the central call log has no partition for tomorrow: .*fleet --init/),
    'error cannot be reached',
    'info the central call log answers',
    'info the central call log has a partition for tomorrow',
  ])
})
