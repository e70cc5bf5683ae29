// The catalogue follows the naming rules of Prometheus, and the exposed metrics are those of the catalogue.

import { expect, test } from 'vitest'
import { catalogueEntries } from '../../../src/metrics/catalogue/catalogue.ts'
import { samplesOf, testMetrics } from './records.ts'

const entries = catalogueEntries().map(([, entry]) => entry)

// Names of Asterisk's own res_prometheus; a histogram also uses _sum and _count.
const TAKEN =
  /^asterisk_(calls_(count|sum)|channels_.*|bridges_.*|endpoints_(count|state|channels_count)|core_.*|pjsip_outbound_registration_status)$/

test('each name is unique, has one of the exporter’s prefixes, and differs from Asterisk’s own metrics', () => {
  const written = entries.flatMap(({ name, type }) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  )
  expect(new Set(written).size).toBe(written.length)
  for (const name of written) {
    expect(name).toMatch(/^asterisk_[a-z0-9_]+$/)
    expect(name).not.toMatch(TAKEN)
  }
})

test.each(entries)('$name follows the naming rules', (entry) => {
  expect(entry.name.endsWith('_total')).toBe(entry.type === 'counter')
  expect(entry.name).not.toMatch(/_(ms|millis|milliseconds|minutes|percent|count|sum|bucket)(_|$)/)
  expect(entry.help).toMatch(/^[A-Z1].{15,}\.$/)
  for (const [label, values] of Object.entries(entry.labels)) {
    expect(label).toMatch(/^[a-z][a-z_]*$/)
    expect(label).not.toBe('le')
    if (typeof values !== 'string') {
      expect(new Set(values).size).toBe(values.length)
    }
  }
})

test('buckets are ascending', () => {
  for (const entry of entries) {
    if (entry.type !== 'histogram') {
      continue
    }
    expect(entry.buckets).toEqual([...new Set(entry.buckets)].sort((a, b) => a - b))
  }
})

test('the exposed metrics are those of the catalogue and of the runtime', async () => {
  const { body } = await testMetrics({}, { runtimeMetrics: true }).expose()
  const exposed = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`)
  const ours = exposed.filter((line) => line.startsWith('asterisk_'))
  expect(ours.sort()).toEqual(entries.map(({ name, type }) => `${name} ${type}`).sort())
  for (const line of exposed) {
    expect(line).toMatch(/^(asterisk|process|nodejs)_/)
  }
  expect(exposed).toContain('nodejs_eventloop_lag_p99_seconds gauge')
})

const NO_TOLL = {
  attempts: 0,
  answered: 0,
  active: 0,
  sequential: 0,
  talkMs: { international: 0, premium: 0, satellite: 0 },
}
const NOBODY = { free: 0, ringing: 0, talking: 0, wrapup: 0, paused: 0, offline: 0 }

test('each series has the labels of the catalogue', async () => {
  const metrics = testMetrics({
    liveCounts: () => [
      { key: { family: 'trunk', trunk: 'carrier', direction: 'inbound' }, count: 1, oldestAt: 0 },
      { key: { family: 'queue', queue: 'sales' }, count: 1, oldestAt: 0 },
      { key: { family: 'phone', endpoint: '101', activity: 'talking' }, count: 1, oldestAt: 0 },
    ],
    session: () => ({ inSync: true, asterisk: { version: '22.10.1', entityId: 'e', startedAt: 0 } }),
    trunkCapacities: [{ trunk: 'carrier', channels: 30 }],
    endpoints: () => [{ endpoint: '101', role: 'phone', state: 'online', roundTripMs: 4 }],
    voice: () => [],
    toll: { peaks: () => NO_TOLL, countries: () => [['GB', 0]], since: () => 0 },
    staffing: {
      queues: () => [{ queue: 'sales', agents: { ...NOBODY, free: 1 }, seenAt: 0 }],
      agents: () => [],
    },
  })
  metrics.observe({
    type: 'QueueLeft',
    at: 0,
    wait: { callId: 'c', queue: 'sales', enteredAt: 0, leftAt: 1, outcome: 'full' },
  })
  const series = [...(await samplesOf(metrics)).keys()]
  for (const entry of entries) {
    if (Object.values(entry.labels).includes('open') && entry.type !== 'gauge' && !('queue' in entry.labels)) {
      continue
    }
    const lines = series.filter((line) => line.replace(/(_bucket|_sum|_count)?(\{.*)?$/, '') === entry.name)
    expect(lines.length, entry.name).toBeGreaterThan(0)
    for (const line of lines) {
      const labels = [...line.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== 'le')
      expect(labels.sort()).toEqual(Object.keys(entry.labels).sort())
    }
  }
})
