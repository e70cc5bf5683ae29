// What the metrics count and what the rows say is the same, for the recordings and for many generated calls.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CallFact, CallRecord } from '../../src/call/fact.ts'
import { lawRuns } from '../unit/call/lawRuns.ts'
import { EXPECTED, eventsOf, fold } from '../unit/call/recording.ts'
import { samplesOf, testMetrics } from '../unit/metrics/records.ts'
import { anyMix, playMix } from '../unit/pbx-sim/playing.ts'

async function check(facts: readonly CallFact[]): Promise<void> {
  const metrics = testMetrics()
  for (const fact of facts) {
    metrics.observe(fact)
  }
  const exposed = [...(await samplesOf(metrics))]
  const rows = facts.flatMap((fact) => (fact.type === 'CallEnded' ? [fact.call] : []))
  const sum = (name: string, ...labels: readonly string[]) =>
    exposed
      .filter(
        ([series]) =>
          (series === name || series.startsWith(`${name}{`)) && labels.every((label) => series.includes(label)),
      )
      .reduce((total, [, value]) => total + value, 0)
  const count = (isSo: (call: CallRecord) => boolean) => rows.filter(isSo).length

  for (const { disposition } of rows) {
    expect(sum('asterisk_calls_total', `disposition="${disposition}"`)).toBe(
      count((call) => call.disposition === disposition),
    )
  }
  expect(sum('asterisk_calls_total')).toBe(rows.length)
  expect(sum('asterisk_calls_started_total')).toBe(rows.length)
  expect(sum('asterisk_calls_offered_total')).toBe(count((call) => call.offered))
  expect(sum('asterisk_missed_calls_total')).toBe(count((call) => call.missed))
  expect(sum('asterisk_call_duration_seconds_count')).toBe(count((call) => call.disposition === 'answered'))
  expect(sum('asterisk_call_duration_seconds_sum')).toBeCloseTo(
    rows.reduce((total, call) => total + call.durationMs, 0) / 1000,
    6,
  )

  const outbound = facts.filter((fact) => fact.type === 'LegEnded' && fact.leg.endpointRole === 'trunk').length
  const inbound = count((call) => call.callerRole === 'trunk' && !call.originated && call.disposition !== 'merged')
  expect(sum('asterisk_trunk_attempts_total', 'direction="outbound"')).toBe(outbound)
  expect(sum('asterisk_trunk_attempts_total', 'direction="inbound"')).toBe(inbound)
}

const RUNS = lawRuns(40)

describe('the metrics agree with the rows', () => {
  test.each(Object.keys(EXPECTED))('%s', async (name) => {
    await check(fold(eventsOf(name)).facts)
  })

  test('any mix of generated calls', async () => {
    const mixes = fc.asyncProperty(fc.nat(), anyMix(20), async (seed, mix) =>
      check(fold(playMix(seed, mix).events).facts),
    )
    await fc.assert(mixes, { numRuns: RUNS })
  })
})
