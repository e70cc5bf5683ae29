// A metric that was released as stable keeps its name, type and label names.

import { expect, test } from 'vitest'
import type { OwnMetric } from '../../src/metrics/catalogue/entry.ts'
import { brokenPromises, METRICS, releases, stableMetrics } from './releasedMetrics.ts'

const CALLS: OwnMetric = {
  type: 'gauge',
  name: 'asterisk_calls',
  stability: 'stable',
  help: '',
  labels: { state: 'open', direction: 'open' },
}

const RELEASED = [{ version: '1.0.0', metrics: ['asterisk_calls gauge {direction, state}'] }]

test('every stable metric of every release is there', () => {
  const [first] = releases()
  expect(first?.version).toBe('1.0.0-rc.1')
  expect(first?.metrics).toContain('asterisk_calls_total counter {direction, disposition}')
  expect(brokenPromises(releases(), stableMetrics(METRICS))).toEqual([])
})

test.each<[string, readonly OwnMetric[]]>([
  ['gone', []],
  ['renamed', [{ ...CALLS, name: 'asterisk_calls_now' }]],
  ['of another type', [{ ...CALLS, type: 'counter', persisted: false }]],
  ['without one of its labels', [{ ...CALLS, labels: { state: 'open' } }]],
  ['with one label more', [{ ...CALLS, labels: { ...CALLS.labels, queue: 'open' } }]],
  ['experimental', [{ ...CALLS, stability: 'experimental' }]],
])('a stable metric that is %s now is reported', (_, now) => {
  expect(brokenPromises(RELEASED, stableMetrics(now))).toEqual([
    'asterisk_calls gauge {direction, state}, stable since 1.0.0',
  ])
})

test('new metrics, other help texts and another order of labels are allowed', () => {
  const now: OwnMetric = { ...CALLS, help: 'Calls.', labels: { direction: 'open', state: 'open' } }
  expect(brokenPromises(RELEASED, stableMetrics([now, { ...CALLS, name: 'asterisk_more' }]))).toEqual([])
})
