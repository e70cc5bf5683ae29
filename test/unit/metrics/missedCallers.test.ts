// The metrics of missed callers: what closed them is counted, who waits is read at each scrape.

import { expect, test } from 'vitest'
import { CLOSED, minute, missedCaller } from '../callback/office.ts'
import { queueLeft, queueWait, samplesOf, sumOf, T0, testMetrics } from './records.ts'

test('a closed missed caller is counted by its outcome, with how long it waited', async () => {
  const metrics = testMetrics()
  const caller = missedCaller(1, { ...CLOSED, closedAt: minute(20) })
  const totals = metrics.observe({ type: 'MissedCallerClosed', at: minute(20), caller, displaced: false })
  const samples = await samplesOf(metrics)
  expect(samples.get('asterisk_missed_callers_total{outcome="returned"}')).toBe(1)
  expect(sumOf(samples, 'asterisk_missed_callers_total')).toBe(1)
  expect(samples.get('asterisk_missed_caller_wait_seconds_sum{outcome="returned"}')).toBe(1200)
  expect(samples.get('asterisk_missed_caller_wait_seconds_bucket{le="900",outcome="returned"}')).toBe(0)
  expect(samples.get('asterisk_missed_caller_wait_seconds_bucket{le="1800",outcome="returned"}')).toBe(1)
  expect(totals.map(({ name }) => name)).toContain('asterisk_missed_callers_total')

  const next = testMetrics()
  next.restore(totals, [])
  expect(await samplesOf(next)).toEqual(samples)
})

test('a change of one who waits is no count, a missed call without a number is one', async () => {
  const metrics = testMetrics()
  const caller = missedCaller(1)
  expect(metrics.observe({ type: 'MissedCallerOpened', at: T0, caller, missedCall: 'c' })).toEqual([])
  expect(metrics.observe({ type: 'MissedCallerChanged', at: T0, caller, missedCall: null })).toEqual([])
  metrics.observe({ type: 'UnknownCallerMissed', at: T0, missedCall: 'c' })
  const samples = await samplesOf(metrics)
  expect(samples.get('asterisk_missed_calls_without_number_total')).toBe(1)
  expect(sumOf(samples, 'asterisk_missed_callers_total')).toBe(0)
})

test('who had to expire early is counted apart, in this process', async () => {
  const metrics = testMetrics()
  const caller = missedCaller(1, { state: 'expired', closedAt: minute(3) })
  const totals = metrics.observe({ type: 'MissedCallerClosed', at: minute(3), caller, displaced: true })
  const samples = await samplesOf(metrics)
  expect(samples.get('asterisk_exporter_missed_callers_displaced_total')).toBe(1)
  expect(samples.get('asterisk_missed_callers_total{outcome="expired"}')).toBe(1)
  expect(totals.map(({ name }) => name)).not.toContain('asterisk_exporter_missed_callers_displaced_total')
})

test('those who wait, and the oldest of them, by queue; a queue that occurred stays, at 0', async () => {
  const now = { waiting: [missedCaller(1), missedCaller(2, { queue: 'sales', firstMissAt: minute(-2) })] }
  const metrics = testMetrics({ missedCallers: () => now.waiting }, { now: () => minute(10) })
  metrics.observe(queueLeft(queueWait({ queue: 'support' })))
  metrics.observe(queueLeft(queueWait({ queue: 'sales' })))
  const samples = await samplesOf(metrics)
  const gauge = (queue: string) => [
    samples.get(`asterisk_missed_callers_waiting{queue="${queue}"}`),
    samples.get(`asterisk_missed_callers_oldest_wait_seconds{queue="${queue}"}`),
  ]
  expect([gauge(''), gauge('sales'), gauge('support')]).toEqual([
    [1, 600],
    [1, 720],
    [0, 0],
  ])
  now.waiting = []
  const quiet = await samplesOf(metrics)
  expect(sumOf(quiet, 'asterisk_missed_callers_waiting')).toBe(0)
  expect(quiet.get('asterisk_missed_callers_oldest_wait_seconds{queue="sales"}')).toBe(0)
})

test('those whom nobody has tried since their last miss, apart', async () => {
  const tried = missedCaller(1, { firstMissAt: minute(-60), tries: 1, untriedSince: null })
  const triedAndMissed = missedCaller(2, { firstMissAt: minute(-50), tries: 1, untriedSince: minute(4) })
  const untried = missedCaller(3, { firstMissAt: minute(2), queue: 'sales' })
  const waiting = [tried, triedAndMissed, untried, { ...tried, queue: 'support' }]
  const samples = await samplesOf(testMetrics({ missedCallers: () => waiting }, { now: () => minute(10) }))
  const waits = ['', 'sales', 'support'].map((queue) => [
    samples.get(`asterisk_missed_callers_oldest_wait_seconds{queue="${queue}"}`),
    samples.get(`asterisk_missed_callers_oldest_untried_wait_seconds{queue="${queue}"}`),
  ])
  expect(waits).toEqual([
    [4_200, 360],
    [480, 480],
    [4_200, 0],
  ])
})

test('queues beyond the limit are other, and a clock behind that of the PBX gives no negative wait', async () => {
  const waiting = ['a', 'b', 'c'].map((queue, index) => missedCaller(index, { queue, firstMissAt: minute(index) }))
  const metrics = testMetrics({ missedCallers: () => waiting }, { labelLimit: 1, now: () => minute(1) })
  const samples = await samplesOf(metrics)
  expect(samples.get('asterisk_missed_callers_waiting{queue="other"}')).toBe(2)
  expect(samples.get('asterisk_missed_callers_oldest_wait_seconds{queue="other"}')).toBe(0)
})
