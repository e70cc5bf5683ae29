// The sums survive a restart, to the last figure, and a log from another version harms nobody.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogueEntries } from '../../src/metrics/catalogue.ts'
import type { Total } from '../../src/metrics/totals.ts'
import { anyFact } from './facts.ts'
import {
  callChanged,
  callEnded,
  callRecord,
  callStarted,
  legEnded,
  legRecord,
  legStarted,
  openCall,
  queueLeft,
  queueVisit,
  samplesOf,
  sumOf,
  testMetrics,
} from './records.ts'

const KEPT = new Set(
  catalogueEntries().flatMap(([, entry]) => (entry.type !== 'gauge' && entry.kept ? [entry.name] : [])),
)

async function keptSamples(metrics: ReturnType<typeof testMetrics>): Promise<Record<string, number>> {
  const samples = [...(await samplesOf(metrics))]
  return Object.fromEntries(
    samples.filter(([series]) => KEPT.has(series.replace(/\{.*$/s, '').replace(/_(bucket|sum|count)$/, ''))),
  )
}

/** As the call log does it: one sum for each name and labels. */
function stored(totals: readonly Total[]): Total[] {
  const sums = new Map<string, Total>()
  for (const total of totals) {
    const key = JSON.stringify([total.name, Object.entries(total.labels).sort()])
    sums.set(key, { ...total, value: (sums.get(key)?.value ?? 0) + total.value })
  }
  return [...sums.values()]
}

test('property: what was observed and then restored is exposed alike', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyFact, { maxLength: 60 }),
      fc.integer({ min: 1, max: 8 }),
      async (facts, labelLimit) => {
        const before = testMetrics({}, { labelLimit })
        const totals = stored(facts.flatMap(before.observe))
        const after = testMetrics({}, { labelLimit })
        expect(after.restore(totals, [])).toEqual({ restored: totals.length, ignored: 0 })
        expect(await keptSamples(after)).toEqual(await keptSamples(before))
      },
    ),
    { numRuns: 60 },
  )
})

test('property: going on after a restart is as if there had been none', async () => {
  const facts = fc.array(anyFact, { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(facts, facts, async (first, second) => {
      const steady = testMetrics()
      for (const fact of [...first, ...second]) steady.observe(fact)
      const before = testMetrics()
      const after = testMetrics()
      after.restore(stored(first.flatMap(before.observe)), [])
      for (const fact of second) after.observe(fact)
      const [a, b] = [await keptSamples(after), await keptSamples(steady)]
      expect(Object.keys(a)).toEqual(expect.arrayContaining(Object.keys(b)))
      for (const [series, value] of Object.entries(b)) expect(a[series], series).toBeCloseTo(value, 6)
    }),
    { numRuns: 40 },
  )
})

test('started calls come back as the ended ones and those that are still open', async () => {
  const before = testMetrics()
  const totals = [
    ...before.observe(callEnded(callRecord({ direction: 'inbound' }))),
    ...before.observe(callEnded(callRecord({ direction: 'inbound', disposition: 'merged' }))),
    ...before.observe(callEnded(callRecord({ direction: 'outbound' }))),
  ]
  const after = testMetrics()
  after.restore(stored(totals), [
    { channelId: 'open-1', direction: 'inbound' },
    { channelId: 'open-2', direction: 'internal' },
  ])
  after.observe(callChanged(openCall('open-1', 'inbound', true)))
  after.observe(callEnded(callRecord({ channelId: 'open-1', direction: 'inbound' })))
  after.observe(callStarted(openCall('new', 'internal', true)))
  const samples = await samplesOf(after)
  expect(samples.get('asterisk_calls_started_total{direction="inbound"}')).toBe(3)
  expect(samples.get('asterisk_calls_started_total{direction="outbound"}')).toBe(1)
  expect(samples.get('asterisk_calls_started_total{direction="internal"}')).toBe(2)
  // Open now: open-2 and new.
  expect(sumOf(samples, 'asterisk_calls_started_total')).toBe(sumOf(samples, 'asterisk_calls_total') + 2)
})

test('parties that were only seen keep their series and their place under the cap', async () => {
  const before = testMetrics({}, { labelLimit: 1 })
  const totals = [
    ...before.observe(legStarted(legRecord({ endpoint: 'carrier-a', endpointRole: 'trunk' }))),
    ...before.observe(legStarted(legRecord({ endpoint: 'carrier-b', endpointRole: 'trunk' }))),
  ]
  expect(totals.map(({ value }) => value)).toEqual([0, 0])
  const after = testMetrics({}, { labelLimit: 1 })
  after.restore(totals, [])
  after.observe(legEnded(legRecord({ endpoint: 'carrier-b', endpointRole: 'trunk', direction: 'outbound' })))
  after.observe(legEnded(legRecord({ endpoint: 'carrier-a', endpointRole: 'trunk', direction: 'outbound' })))
  const samples = await samplesOf(after)
  const attempts = (trunk: string) =>
    samples.get(`asterisk_trunk_attempts_total{direction="outbound",result="answered",trunk="${trunk}"}`)
  expect([attempts('carrier-a'), attempts('other'), attempts('carrier-b')]).toEqual([1, 1, undefined])
})

test('sums that do not fit are left out and counted, the others are put back', async () => {
  const metrics = testMetrics()
  const labels = { direction: 'inbound', disposition: 'answered' }
  const report = metrics.restore(
    [
      { name: 'asterisk_calls_total', labels, value: 7 },
      { name: 'asterisk_of_another_version_total', labels: {}, value: 1 },
      { name: 'asterisk_calls_total', labels: { ...labels, disposition: 'gone' }, value: 1 },
      { name: 'asterisk_calls_total', labels: { direction: 'inbound' }, value: 1 },
      { name: 'asterisk_calls_total', labels: { ...labels, more: 'x' }, value: 1 },
      { name: 'asterisk_calls_total', labels, value: Number.NaN },
      { name: 'asterisk_calls_total', labels, value: -1 },
      { name: 'asterisk_call_duration_seconds_bucket', labels: { direction: 'inbound' }, value: 1 },
      { name: 'asterisk_call_duration_seconds_bucket', labels: { direction: 'inbound', le: 'x' }, value: 1 },
      { name: 'asterisk_call_duration_seconds', labels: { direction: 'inbound' }, value: 1 },
      { name: 'asterisk_up', labels: {}, value: 1 },
      { name: 'asterisk_exporter_events_total', labels: { type: 'Dial' }, value: 1 },
      { name: 'asterisk_calls_started_total', labels: { direction: 'inbound' }, value: 1 },
    ],
    [],
  )
  expect(report).toEqual({ restored: 1, ignored: 12 })
  const samples = await samplesOf(metrics)
  expect(sumOf(samples, 'asterisk_calls_total')).toBe(7)
  expect(sumOf(samples, 'asterisk_calls_started_total')).toBe(7)
  expect(sumOf(samples, 'asterisk_call_duration_seconds_bucket')).toBe(0)
})

test('buckets of another version: sum and count stay right, hits go to the next larger bucket', async () => {
  const metrics = testMetrics()
  const direction = 'inbound'
  metrics.restore(
    [
      { name: 'asterisk_call_duration_seconds_bucket', labels: { direction, le: '7' }, value: 2 },
      { name: 'asterisk_call_duration_seconds_bucket', labels: { direction, le: '99999' }, value: 3 },
      { name: 'asterisk_call_duration_seconds_bucket', labels: { direction, le: '+Inf' }, value: 1 },
      { name: 'asterisk_call_duration_seconds_sum', labels: { direction }, value: 100_000 },
      { name: 'asterisk_call_duration_seconds_count', labels: { direction }, value: 6 },
    ],
    [],
  )
  metrics.observe(callEnded(callRecord({ direction, durationMs: 4_000 })))
  const samples = await samplesOf(metrics)
  const bucket = (le: string) => samples.get(`asterisk_call_duration_seconds_bucket{direction="inbound",le="${le}"}`)
  expect([bucket('5'), bucket('10'), bucket('7200'), bucket('+Inf')]).toEqual([1, 3, 3, 7])
  expect(samples.get('asterisk_call_duration_seconds_sum{direction="inbound"}')).toBe(100_004)
  expect(samples.get('asterisk_call_duration_seconds_count{direction="inbound"}')).toBe(7)
})

test('the totals of one call are its own sums, the histogram’s bucket being the one hit', () => {
  const totals = testMetrics()
    .observe(queueLeft(queueVisit({ outcome: 'abandoned' })))
    .filter(({ value }) => value > 0)
  const labels = { queue: 'sales', outcome: 'abandoned' }
  expect(totals).toEqual([
    { name: 'asterisk_queue_calls_total', labels, value: 1 },
    { name: 'asterisk_queue_wait_seconds_bucket', labels: { ...labels, le: '15' }, value: 1 },
    { name: 'asterisk_queue_wait_seconds_sum', labels, value: 12 },
    { name: 'asterisk_queue_wait_seconds_count', labels, value: 1 },
  ])
})

test('calls so far go on after a restart', () => {
  const before = testMetrics()
  const facts = [
    callEnded(callRecord()),
    callEnded(callRecord({ disposition: 'busy', missed: true })),
    callEnded(callRecord({ disposition: 'merged' })),
  ]
  const totals = stored(facts.flatMap(before.observe))
  const after = testMetrics()
  after.restore(totals, [])
  expect(before.callsSoFar()).toEqual({ ended: 3, missed: 1 })
  expect(after.callsSoFar()).toEqual({ ended: 3, missed: 1 })
})
