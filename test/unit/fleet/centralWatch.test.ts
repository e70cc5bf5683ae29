// What is told of the central call log: once when something begins, once when it is over.

import { expect, onTestFinished, test } from 'vitest'
import type { CentralCheck } from '../../../src/central/check.ts'
import { watchCentral } from '../../../src/fleet/centralWatch.ts'
import type { Logger } from '../../../src/log.ts'

function logInto(lines: string[]): Logger {
  const say = (level: string) => (_: unknown, text?: string) => void lines.push(`${level} ${text}`)
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error'), fatal: say('fatal') }
}

const AN_HOUR = 3_600_000

test('a missing partition of tomorrow is said once, with what to do, and again when there is one', async () => {
  const lines: string[] = []
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
    keepPartitions: async () => {},
    log: logInto(lines),
    ...{ everyMs: 1, keepEveryMs: AN_HOUR },
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

test('no check waits while partitions are kept, and what is missing then is said only if it is missing afterwards', async () => {
  const lines: string[] = []
  let checks = 0
  const kept = Promise.withResolvers<void>()
  const watch = watchCentral({
    check: async () => ({ partitionDaysAhead: checks++ === 0 ? 7 : 0 }),
    keepPartitions: () => kept.promise,
    log: logInto(lines),
    ...{ everyMs: 1, keepEveryMs: AN_HOUR },
  })
  onTestFinished(watch.stop)
  await expect.poll(() => checks).toBeGreaterThan(3)
  expect([watch.status(), watch.partitionDaysAhead()]).toEqual([{ inSync: true, problem: null }, 0])
  expect(lines).toEqual([])
  kept.resolve()
  await expect.poll(() => lines).toEqual([expect.stringContaining('has no partition for tomorrow')])
})

test('partitions are kept once the log answers, again by the next check after a failure, which is said once, and then after a while', async () => {
  const lines: string[] = []
  const answers = [false, true]
  const failures = ['not the owner', 'not the owner', null, null, 'not the owner', null]
  let kept = 0
  let checks = 0
  const watch = watchCentral({
    async check() {
      checks += 1
      if (answers.shift() === false) {
        expect(kept).toBe(0)
        throw new Error('cannot be reached')
      }
      return { partitionDaysAhead: 7 }
    },
    async keepPartitions() {
      const failure = failures[kept++] ?? null
      if (failure !== null) {
        throw new Error(failure)
      }
    },
    log: logInto(lines),
    ...{ everyMs: 1, keepEveryMs: 5 },
  })
  onTestFinished(watch.stop)
  await expect.poll(() => kept).toBeGreaterThan(6)
  const notKept = 'warn the partitions of the central call log are not kept: not the owner'
  expect(lines).toEqual(['error cannot be reached', 'info the central call log answers', notKept, notKept])
  expect(checks).toBeGreaterThan(kept)
  expect(watch.status().inSync).toBe(true)
})

test('partitions that were kept are not kept again by the next checks', async () => {
  let kept = 0
  let checks = 0
  const watch = watchCentral({
    async check() {
      checks += 1
      return { partitionDaysAhead: 7 }
    },
    async keepPartitions() {
      kept += 1
    },
    log: logInto([]),
    ...{ everyMs: 1, keepEveryMs: AN_HOUR },
  })
  onTestFinished(watch.stop)
  await expect.poll(() => checks).toBeGreaterThan(5)
  expect(kept).toBe(1)
})
