// The sums survive a restart exactly, and a log from another version does no harm.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CallFact } from '../../../src/call/fact.ts'
import { catalogueEntries } from '../../../src/metrics/catalogue/catalogue.ts'
import type { OpenCall } from '../../../src/metrics/persistentMetrics.ts'
import type { Total } from '../../../src/totals/total.ts'
import { lawRuns } from '../call/lawRuns.ts'
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
  queueWait,
  samplesOf,
  sumOf,
  testMetrics,
} from './records.ts'

const KEPT = new Set(
  catalogueEntries().flatMap(([, entry]) => (entry.type !== 'gauge' && entry.persisted ? [entry.name] : [])),
)

async function keptSamples(metrics: ReturnType<typeof testMetrics>): Promise<Record<string, number>> {
  const samples = [...(await samplesOf(metrics))]
  return Object.fromEntries(
    samples.filter(([series]) => KEPT.has(series.replace(/\{.*$/s, '').replace(/_(bucket|sum|count)$/, ''))),
  )
}

/** Adds amounts as the call log does: one sum for each name and labels. */
function stored(totals: readonly Total[]): Total[] {
  const sums = new Map<string, Total>()
  for (const total of totals) {
    const key = JSON.stringify([total.name, Object.entries(total.labels).sort()])
    sums.set(key, { ...total, value: (sums.get(key)?.value ?? 0) + total.value })
  }
  return [...sums.values()]
}

/** The same with a separate id for each call, which starts before it ends; and the calls that are open then. */
function wellFormed(facts: readonly CallFact[], run = ''): { facts: readonly CallFact[]; open: readonly OpenCall[] } {
  const open: OpenCall[] = []
  const formed = facts.flatMap((fact, index): readonly CallFact[] => {
    if (!('call' in fact)) {
      return [fact]
    }
    const call = { ...fact.call, channelId: `call-${run}${index}` }
    if (fact.type === 'CallEnded') {
      return [callStarted(call), { ...fact, call }]
    }
    open.push(call)
    return [{ ...fact, call }]
  })
  return { facts: formed, open }
}

const RUNS = lawRuns(20)

test('property: restored metrics expose the same as observed ones', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyFact, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), async (any, labelLimit) => {
      const { facts, open } = wellFormed(any)
      const before = testMetrics({}, { labelLimit })
      const totals = stored(facts.flatMap(before.observe))
      const after = testMetrics({}, { labelLimit })
      expect(after.restore(totals, open)).toEqual({ restored: totals.length, ignored: 0, owed: [] })
      expect(await keptSamples(after)).toEqual(await keptSamples(before))
    }),
    { numRuns: RUNS },
  )
})

test('property: metrics that continue after a restart are identical to the last bit to those without one', async () => {
  const facts = fc.array(anyFact, { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(facts, facts, async (one, other) => {
      const [first, second] = [wellFormed(one, 'a'), wellFormed(other, 'b')]
      const steady = testMetrics()
      for (const fact of [...first.facts, ...second.facts]) {
        steady.observe(fact)
      }
      const before = testMetrics()
      const after = testMetrics()
      after.restore(stored(first.facts.flatMap(before.observe)), first.open)
      for (const fact of second.facts) {
        after.observe(fact)
      }
      expect(await keptSamples(after)).toEqual(await keptSamples(steady))
    }),
    { numRuns: RUNS },
  )
})

function startedBy(samples: ReadonlyMap<string, number>): readonly (number | undefined)[] {
  return ['inbound', 'outbound', 'internal'].map((direction) =>
    samples.get(`asterisk_calls_started_total{direction="${direction}"}`),
  )
}

test('a call that was exported in one direction stays in it, even if its row has another', async () => {
  const before = testMetrics()
  const totals = [...before.observe(callStarted(openCall('a', 'internal', false)))]
  expect(startedBy(await samplesOf(before))).toEqual([0, 0, 1])
  totals.push(...before.observe(callChanged(openCall('a', 'outbound', true))))
  const after = testMetrics()
  expect(after.restore(stored(totals), [openCall('a', 'outbound', true)]).owed).toEqual([])
  expect(startedBy(await samplesOf(after))).toEqual([0, 0, 1])
})

test('a call that was not exported is stored in its final direction, and always in exactly one', async () => {
  const before = testMetrics()
  const totals = [...before.observe(callStarted(openCall('a', 'internal', false)))]
  const killed = testMetrics()
  killed.restore(stored(totals), [openCall('a', 'internal', false)])
  expect(startedBy(await samplesOf(killed))).toEqual([0, 0, 1])
  totals.push(...before.observe(callChanged(openCall('a', 'outbound', true))))
  const after = testMetrics()
  after.restore(stored(totals), [openCall('a', 'outbound', true)])
  expect(startedBy(await samplesOf(after))).toEqual([0, 1, 0])
  expect(startedBy(await samplesOf(before))).toEqual([0, 1, 0])
})

test('sums of an older version get the started calls: the ended ones and those that are open', async () => {
  const before = testMetrics()
  const totals = [
    ...before.observe(callEnded(callRecord({ direction: 'inbound' }))),
    ...before.observe(callEnded(callRecord({ direction: 'inbound', disposition: 'merged' }))),
    ...before.observe(callEnded(callRecord({ direction: 'outbound' }))),
  ]
  const after = testMetrics()
  const open: OpenCall[] = [
    { channelId: 'open-1', direction: 'inbound' },
    { channelId: 'open-2', direction: 'internal' },
  ]
  const { owed } = after.restore(stored(totals), open)
  const again = testMetrics()
  expect(again.restore(stored([...totals, ...owed]), open).owed).toEqual([])
  expect(await keptSamples(again)).toEqual(await keptSamples(after))
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

test('a log that an older version continued gets the missing started calls; no direction decreases', async () => {
  const metrics = testMetrics()
  const started = (direction: string, value: number): Total => ({
    name: 'asterisk_calls_started_total',
    labels: { direction },
    value,
  })
  const ended = (direction: string, value: number): Total => ({
    name: 'asterisk_calls_total',
    labels: { direction, disposition: 'answered' },
    value,
  })
  const { owed } = metrics.restore([started('internal', 5), ended('internal', 2), ended('outbound', 9)], [])
  expect(owed).toEqual([started('outbound', 6)])
  expect(startedBy(await samplesOf(metrics))).toEqual([0, 6, 5])
})

test('a call whose open row is missing counts as ended with unknown disposition', async () => {
  const before = testMetrics()
  const totals = [
    ...before.observe(callStarted(openCall('kept', 'inbound', true))),
    ...before.observe(callStarted(openCall('gone', 'outbound', true))),
  ]
  const after = testMetrics()
  const { owed } = after.restore(stored(totals), [openCall('kept', 'inbound', true)])
  expect(owed).toEqual([
    { name: 'asterisk_calls_total', labels: { direction: 'outbound', disposition: 'unknown' }, value: 1 },
  ])
  expect(startedBy(await samplesOf(after))).toEqual([1, 1, 0])
  expect(after.callsSoFar().ended).toBe(1)
})

test('an invalid value adds nothing, neither in the metrics nor in the stored sums', async () => {
  const metrics = testMetrics()
  const totals = [-1, Number.NaN, Infinity].flatMap((durationMs, index) => {
    const call = callRecord({ channelId: `c.${index}`, durationMs, answerDelayMs: -5, ringMs: null, quality: null })
    return [...metrics.observe(callStarted(call)), ...metrics.observe(callEnded(call))]
  })
  const after = testMetrics()
  after.restore(stored(totals), [])
  expect(await keptSamples(after)).toEqual(await keptSamples(metrics))
  expect(sumOf(await samplesOf(after), 'asterisk_calls_total')).toBe(3)
  expect(sumOf(await samplesOf(after), 'asterisk_call_duration_seconds_count')).toBe(0)
})

test('exported parties keep their series when the limit is lowered; no new one is registered', async () => {
  const observeParty = (metrics: ReturnType<typeof testMetrics>, endpoint: string) =>
    metrics.observe(legEnded(legRecord({ endpoint, endpointRole: 'trunk', direction: 'outbound' })))
  const before = testMetrics()
  const totals = stored(['a', 'b', 'c'].flatMap((trunk) => [...observeParty(before, trunk)]))
  const after = testMetrics({}, { labelLimit: 1 })
  after.restore(totals, [])
  expect(await keptSamples(after)).toEqual(await keptSamples(before))
  observeParty(after, 'd')
  expect([...(await samplesOf(after)).keys()].filter((series) => series.includes('trunk="d"'))).toEqual([])
})

test('parties without counts keep their series and count towards the limit', async () => {
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

test('sums that do not fit the catalogue are left out and counted, the others are restored', async () => {
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
      { name: 'asterisk_calls_started_total', labels: { direction: 'inbound' }, value: 7 },
    ],
    [],
  )
  expect(report).toEqual({ restored: 2, ignored: 11, owed: [] })
  const samples = await samplesOf(metrics)
  expect(sumOf(samples, 'asterisk_calls_total')).toBe(7)
  expect(sumOf(samples, 'asterisk_calls_started_total')).toBe(7)
  expect(sumOf(samples, 'asterisk_call_duration_seconds_bucket')).toBe(0)
})

test('with buckets of another version, sum and count are right and counts go to the next larger bucket', async () => {
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

test('the amounts of one call are its values and one bucket of each histogram', () => {
  const totals = testMetrics()
    .observe(queueLeft(queueWait({ outcome: 'abandoned' })))
    .filter(({ value }) => value > 0)
  const labels = { queue: 'sales', outcome: 'abandoned' }
  expect(totals).toEqual([
    { name: 'asterisk_queue_calls_total', labels, value: 1 },
    { name: 'asterisk_queue_wait_seconds_bucket', labels: { ...labels, le: '15' }, value: 1 },
    { name: 'asterisk_queue_wait_seconds_sum', labels, value: 12 },
    { name: 'asterisk_queue_wait_seconds_count', labels, value: 1 },
  ])
})

test('callsSoFar continues after a restart', () => {
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
