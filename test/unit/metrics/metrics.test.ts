// All metrics together: zeros from the start, consistent sums, the exporter’s own metrics, valid text.

import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LiveCount } from '../../../src/call/views/liveCounts.ts'
import { anyFact } from './facts.ts'
import {
  busyMetrics,
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
  T0,
  testMetrics,
} from './records.ts'

test('all combinations of closed labels are at 0 from the start', async () => {
  const samples = await samplesOf(testMetrics())
  const seriesOf = (name: string) => [...samples.keys()].filter((series) => series.startsWith(`${name}{`))
  expect(seriesOf('asterisk_calls_total')).toHaveLength(4 * 14)
  expect(seriesOf('asterisk_missed_calls_total')).toHaveLength(2 * 8)
  expect(seriesOf('asterisk_call_hangups_total')).toHaveLength(4 * 9 * 3)
  expect(seriesOf('asterisk_call_ring_seconds_count')).toHaveLength(4 * 2)
  expect(seriesOf('asterisk_leg_mos_count')).toHaveLength(2 * 2)
  expect(seriesOf('asterisk_exporter_events_total')).toHaveLength(3)
  expect(samples.get('asterisk_exporter_malformed_frames_total{reason="no_type"}')).toBe(0)
  expect(samples.get('asterisk_exporter_disconnected_seconds_total')).toBe(0)
  expect(samples.get('asterisk_exporter_label_overflow_total{label="queue"}')).toBe(0)
  for (const [series, value] of samples) {
    if (/^asterisk_\w+(_total|_count|_sum)(\{|$)/.test(series)) {
      expect(value, series).toBe(0)
    }
  }
})

test('a trunk or a phone has all its series at 0 from its first occurrence', async () => {
  const metrics = testMetrics()
  metrics.observe(legStarted(legRecord({ endpoint: 'carrier', endpointRole: 'trunk' })))
  metrics.observe(callStarted(callRecord()))
  const samples = await samplesOf(metrics)
  const zeros = (start: string) => [...samples].filter(([series, value]) => series.startsWith(start) && value === 0)
  expect(zeros('asterisk_trunk_attempts_total{')).toHaveLength(2 * 14)
  expect(zeros('asterisk_operator_calls_total{')).toHaveLength(7)
  expect(samples.get('asterisk_operator_talk_seconds_total{operator="101"}')).toBe(0)
})

test('property: missed by reason, ended and durations agree with the records', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyFact, { maxLength: 80 }), async (facts) => {
      const metrics = testMetrics()
      for (const fact of facts) {
        metrics.observe(fact)
      }
      const ended = facts.flatMap((fact) => (fact.type === 'CallEnded' ? [fact.call] : []))
      const answered = ended.filter(({ disposition }) => disposition === 'answered')
      const samples = await samplesOf(metrics)
      expect(sumOf(samples, 'asterisk_calls_total')).toBe(ended.length)
      expect(sumOf(samples, 'asterisk_call_duration_seconds_count')).toBe(answered.length)
      expect(sumOf(samples, 'asterisk_call_duration_seconds_sum')).toBeCloseTo(
        answered.reduce((sum, { durationMs }) => sum + durationMs / 1000, 0),
        3,
      )
      expect(sumOf(samples, 'asterisk_call_hangups_total')).toBe(
        ended.filter(({ disposition }) => disposition !== 'merged').length,
      )
    }),
    { numRuns: 30 },
  )
})

test('at every scrape, started = ended + active, even while directions are open', async () => {
  const live = new Map<string, ReturnType<typeof openCall>>()
  const liveCounts = (): LiveCount[] =>
    [...live.values()].map(({ direction, state }) => ({
      key: { family: 'calls', direction, state },
      count: [...live.values()].filter((each) => each.direction === direction).length,
      oldestAt: T0,
    }))
  const metrics = testMetrics({ liveCounts })
  const balanced = async () => {
    const samples = await samplesOf(metrics)
    expect(sumOf(samples, 'asterisk_calls_active')).toBe(live.size)
    expect(sumOf(samples, 'asterisk_calls_started_total')).toBe(sumOf(samples, 'asterisk_calls_total') + live.size)
  }
  for (const id of ['a', 'b', 'c']) {
    live.set(id, openCall(id, 'internal', false))
    metrics.observe(callStarted(openCall(id, 'internal', false)))
    await balanced()
  }
  live.set('b', openCall('b', 'outbound', true))
  metrics.observe(callChanged(openCall('b', 'outbound', true)))
  await balanced()
  for (const id of ['a', 'b', 'c']) {
    live.delete(id)
    metrics.observe(callEnded(callRecord({ channelId: id })))
    await balanced()
  }
})

test('the exporter’s own metrics', async () => {
  const metrics = testMetrics()
  metrics.frame('Dial')
  metrics.frame('Dial')
  metrics.frame('SomethingNew')
  metrics.lag(3)
  metrics.lag(-50)
  metrics.malformed('not_json')
  metrics.malformed('a reason that nobody listed')
  metrics.disconnect('closed')
  metrics.disconnected(2.5)
  metrics.disconnected(-60)
  metrics.logWrite(0.02)
  metrics.logWriteError('busy')
  metrics.observe({ type: 'CallsReconciled', at: T0, kept: 3, adopted: 0, ended: 1 })
  for (let scrapes = 0; scrapes < 2; scrapes += 1) {
    const samples = await samplesOf(metrics)
    const own = (series: string) => samples.get(`asterisk_exporter_${series}`)
    expect(own('events_total{type="Dial"}')).toBe(2)
    expect(own('events_total{type="ChannelCreated"}')).toBe(0)
    expect(own('events_total{type="other"}')).toBe(1)
    expect(own('event_lag_seconds_count')).toBe(2)
    expect(own('event_lag_seconds_sum')).toBe(0.003)
    expect(own('malformed_frames_total{reason="not_json"}')).toBe(1)
    expect(own('malformed_frames_total{reason="other"}')).toBe(1)
    expect(own('session_disconnects_total{reason="closed"}')).toBe(1)
    expect(own('session_disconnects_total{reason="refused"}')).toBe(0)
    expect(own('disconnected_seconds_total')).toBe(2.5)
    expect(own('calllog_write_seconds_sum')).toBe(0.02)
    expect(own('calllog_write_errors_total{reason="busy"}')).toBe(1)
    expect(own('reconciled_calls_total{outcome="kept"}')).toBe(3)
    expect(own('build_info{node_version="24.0.0",revision="abcdef0",version="1.2.3"}')).toBe(1)
  }
})

test('names beyond the limit are `other`, and the overflow is counted', async () => {
  const metrics = testMetrics({}, { labelLimit: 2 })
  for (const endpoint of ['201', '202', '203', '204', '203']) {
    metrics.observe(legEnded(legRecord({ endpoint })))
  }
  const samples = await samplesOf(metrics)
  const answered = (operator: string) =>
    samples.get(`asterisk_operator_calls_total{operator="${operator}",result="answered"}`)
  expect([answered('201'), answered('202'), answered('203'), answered('other')]).toEqual([1, 1, undefined, 3])
  expect(samples.get('asterisk_exporter_label_overflow_total{label="operator"}')).toBe(2)
})

test('phones have a limit of their own, and the first overflow of each label is told once', async () => {
  const told: string[] = []
  const limitReached = (label: string) => void told.push(label)
  const metrics = testMetrics({}, { labelLimit: 1, phoneLabelLimit: 3, limitReached })
  for (const name of ['201', '202', '203']) {
    metrics.observe(legEnded(legRecord({ endpoint: name })))
    metrics.observe(queueLeft(queueWait({ queue: name })))
  }
  expect(told).toEqual(['queue'])
  metrics.observe(legEnded(legRecord({ endpoint: '204' })))
  metrics.observe(legEnded(legRecord({ endpoint: '205' })))
  expect(told).toEqual(['queue', 'operator'])
  const samples = await samplesOf(metrics)
  expect(samples.get('asterisk_operator_calls_total{operator="203",result="answered"}')).toBe(1)
  expect(samples.get('asterisk_operator_calls_total{operator="other",result="answered"}')).toBe(2)
  expect(samples.get('asterisk_exporter_label_overflow_total{label="queue"}')).toBe(2)
})

test('two instances share nothing', async () => {
  const [one, two] = [testMetrics(), testMetrics()]
  one.observe(callEnded(callRecord()))
  expect(sumOf(await samplesOf(one), 'asterisk_calls_total')).toBe(1)
  expect(sumOf(await samplesOf(two), 'asterisk_calls_total')).toBe(0)
})

const hasPromtool = spawnSync('promtool', ['--version']).status === 0

test.runIf(hasPromtool)('promtool finds nothing to complain about', async () => {
  const { body } = await busyMetrics().expose()
  const check = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' })
  expect(check.stdout + check.stderr).toBe('')
  expect(check.status).toBe(0)
})

test('each line of the text is valid', async () => {
  const { contentType, body } = await busyMetrics().expose()
  expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(body.endsWith('\n')).toBe(true)
  const types = new Map<string, string>()
  const seen = new Set<string>()
  for (const line of body.split('\n')) {
    const type = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line)
    if (type?.[1] !== undefined && type[2] !== undefined) {
      expect(types.has(type[1]), line).toBe(false)
      types.set(type[1], type[2])
    } else if (line !== '' && !line.startsWith('# HELP ')) {
      const sample = /^(\w+)(\{(?:\w+="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\S+)$/.exec(line)
      expect(sample, line).not.toBeNull()
      expect(seen.has(`${sample?.[1]}${sample?.[2]}`), line).toBe(false)
      seen.add(`${sample?.[1]}${sample?.[2]}`)
      const name = sample?.[1] ?? ''
      expect(types.has(name) || types.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram', line).toBe(true)
    }
  }
  for (const [name, type] of types) {
    expect(name.endsWith('_total'), name).toBe(type === 'counter')
  }
})

test('ten thousand names do not create ten thousand series', async () => {
  const metrics = testMetrics({}, { labelLimit: 50 })
  const before = (await samplesOf(metrics)).size
  for (let n = 0; n < 10_000; n += 1) {
    const name = `x${((n * 2_654_435_761) >>> 0).toString(36)}`
    metrics.observe(callEnded(callRecord({ channelId: name, callerRole: 'trunk', callerEndpoint: name, queue: name })))
    metrics.observe(legEnded(legRecord({ id: name, endpoint: name })))
    metrics.observe(queueLeft(queueWait({ queue: name })))
  }
  const samples = await samplesOf(metrics)
  for (const label of ['trunk', 'operator', 'queue']) {
    const values = new Set(
      [...samples.keys()].flatMap((series) => series.match(new RegExp(`\\b${label}="([^"]*)"`))?.[1] ?? []),
    )
    // Missed calls without a queue have an empty one.
    values.delete('')
    expect([label, values.size]).toEqual([label, 51])
    expect(values.has('other')).toBe(true)
  }
  expect(sumOf(samples, 'asterisk_exporter_label_overflow_total')).toBeGreaterThan(0)
  expect(sumOf(samples, 'asterisk_trunk_attempts_total')).toBe(10_000)
  expect(samples.size - before).toBeLessThan(51 * 119)
})
