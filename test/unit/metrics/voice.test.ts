// Legs in trouble: counted by the trunk of the leg, and shown while something is known.

import { expect, test } from 'vitest'
import type { CallFact } from '../../../src/call/fact.ts'
import type { KnownVoice } from '../../../src/metrics/voiceGauge.ts'
import type { Total } from '../../../src/totals/total.ts'
import { callRecord, callStarted, samplesOf, T0, testMetrics } from './records.ts'

const COUNTER = 'asterisk_legs_in_trouble_total'

function inTrouble(trunk: string | null): CallFact {
  const trouble = { callId: 'c', channelId: 'c', endpoint: trunk ?? '101', problem: 'loss', side: 'rx', trunk } as const
  return { type: 'LegInTrouble', at: T0, trouble }
}

async function counted(metrics: ReturnType<typeof testMetrics>): Promise<Record<string, number>> {
  const samples = [...(await samplesOf(metrics))].filter(([series]) => series.startsWith(COUNTER))
  return Object.fromEntries(samples.map(([series, value]) => [series.slice(COUNTER.length), value]))
}

const NONE = {
  '{problem="one_way",trunk=""}': 0,
  '{problem="loss",trunk=""}': 0,
  '{problem="jitter",trunk=""}': 0,
}

test('phones have a series from the start, a trunk from its first call on', async () => {
  const metrics = testMetrics()
  expect(await counted(metrics)).toEqual(NONE)
  metrics.observe(callStarted(callRecord({ callerRole: 'trunk', callerEndpoint: 'trunk-a' })))
  expect(Object.keys(await counted(metrics))).toHaveLength(6)
})

test('a trunk beyond the limit is counted as other, a phone never', async () => {
  const metrics = testMetrics({}, { labelLimit: 1 })
  for (const trunk of ['trunk-a', 'trunk-b']) {
    metrics.observe(callStarted(callRecord({ channelId: trunk, callerRole: 'trunk', callerEndpoint: trunk })))
    metrics.observe(inTrouble(trunk))
  }
  metrics.observe(inTrouble(null))
  expect(await counted(metrics)).toMatchObject({
    '{problem="loss",trunk="trunk-a"}': 1,
    '{problem="loss",trunk="other"}': 1,
    '{problem="loss",trunk=""}': 1,
  })
})

test('the counts continue after a restart, and bring no other trunk', async () => {
  const before = testMetrics()
  const totals: Total[] = [...before.observe(inTrouble(null))]
  const after = testMetrics()
  after.restore(totals, [])
  expect(await counted(after)).toEqual({ ...NONE, '{problem="loss",trunk=""}': 1 })
  expect([...(await samplesOf(after)).keys()].filter((series) => series.includes('trunk="other"'))).toEqual([])
})

test('the gauge is absent while nothing is known', async () => {
  let legs: readonly KnownVoice[] | null = null
  const metrics = testMetrics({ voice: () => legs })
  const shown = async (): Promise<readonly (readonly [string, number])[]> =>
    [...(await samplesOf(metrics))].filter(([series]) => series.startsWith('asterisk_legs_live'))
  expect(await shown()).toEqual([])
  legs = [
    { role: 'caller', problem: null },
    { role: 'callee', problem: 'one_way' },
    { role: 'callee', problem: 'one_way' },
  ]
  const found = await shown()
  expect(found).toHaveLength(8)
  expect(found.filter(([, value]) => value > 0)).toEqual(
    expect.arrayContaining([
      ['asterisk_legs_live{problem="none",role="caller"}', 1],
      ['asterisk_legs_live{problem="one_way",role="callee"}', 2],
    ]),
  )
  legs = null
  expect(await shown()).toEqual([])
})
