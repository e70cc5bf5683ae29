// The OpenMetrics format: valid line by line, with the same counts as the text format, and exemplars of the latest values.

import { expect, test } from 'vitest'
import type { Metrics } from '../../../src/metrics/metrics.ts'
import type { Total } from '../../../src/totals/total.ts'
import { busyMetrics, callEnded, callRecord, goodVoice, legEnded, legRecord, T0, testMetrics } from './records.ts'

const SAMPLE =
  /^([a-z_][a-z0-9_]*)(?:\{((?:\w+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)(?: # \{call_id="([^"\\]+)"\} (\S+) (\S+))?$/

/** The suffixes of each type of family. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
}

interface Line {
  readonly series: string
  readonly value: number
  readonly exemplar: { readonly callId: string; readonly value: number; readonly at: number } | null
}

/** A strict parser; fails the test at the first invalid line. */
async function linesOf(metrics: Metrics): Promise<readonly Line[]> {
  const { body } = await metrics.expose('openmetrics')
  expect(body.endsWith('\n# EOF\n')).toBe(true)
  const lines: Line[] = []
  const families = new Set<string>()
  let family = { name: '', type: '' }
  for (const text of body.slice(0, -'# EOF\n'.length).trimEnd().split('\n')) {
    const declared = /^# (HELP|TYPE) ([a-z_][a-z0-9_]*) (.+)$/.exec(text)
    if (declared?.[1] === 'HELP') {
      family = { name: declared[2] ?? '', type: '' }
      expect([text, families.has(family.name)]).toEqual([text, false])
      families.add(family.name)
    } else if (declared?.[1] === 'TYPE') {
      expect(declared[2]).toBe(family.name)
      family = { name: family.name, type: declared[3] ?? '' }
      expect(family.name).not.toMatch(/_(total|created|bucket|count|sum)$/)
    } else {
      lines.push(lineOf(text, family))
    }
  }
  // No family may use the name of another.
  for (const name of families) {
    for (const suffix of ['_total', '_bucket', '_sum', '_count', '_created', '_info']) {
      expect(families.has(`${name}${suffix}`), name).toBe(false)
    }
  }
  expect(new Set(lines.map(({ series }) => series)).size).toBe(lines.length)
  return lines
}

function lineOf(text: string, family: { readonly name: string; readonly type: string }): Line {
  const [, name = '', labels = '', value = '', callId, exemplarValue, at] = SAMPLE.exec(text) ?? []
  expect(
    (SUFFIXES[family.type] ?? []).map((suffix) => family.name + suffix),
    text,
  ).toContain(name)
  expect(value, text).toMatch(/^(-?\d+(\.\d+)?(e[+-]\d+)?|NaN|[+-]Inf)$/)
  const parts = labels.match(/\w+="(?:[^"\\]|\\.)*"/g) ?? []
  const upTo = parts.find((part) => part.startsWith('le='))?.slice(4, -1)
  expect(upTo === undefined, text).toBe(!name.endsWith('_bucket'))
  expect(upTo ?? '+Inf', text).toMatch(/^(\d+\.\d+|\+Inf)$/)
  const exemplar = callId === undefined ? null : { callId, value: Number(exemplarValue), at: Number(at) }
  if (exemplar !== null) {
    expect(name).toMatch(/_bucket$/)
    expect(exemplar.value).toBeLessThanOrEqual(upTo === '+Inf' ? Infinity : Number(upTo))
  }
  return { series: `${name}{${parts.sort().join(',')}}`, value: Number(value), exemplar }
}

async function exemplarsOf(metrics: Metrics): Promise<Record<string, Line['exemplar']>> {
  const lines = await linesOf(metrics)
  return Object.fromEntries(lines.flatMap(({ series, exemplar }) => (exemplar === null ? [] : [[series, exemplar]])))
}

/** The exporter’s metrics in the text format; the runtime’s metrics change by themselves. */
async function ownText(metrics: Metrics): Promise<string> {
  const { body } = await metrics.expose()
  return body.slice(0, body.indexOf('# HELP process_'))
}

test('is valid and equals the text format, in any order of requests', async () => {
  const metrics = busyMetrics()
  const before = await ownText(metrics)
  const lines = await linesOf(metrics)
  expect((await metrics.expose('openmetrics')).contentType).toBe(
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
  )
  expect(await ownText(metrics)).toBe(before)
  expect(await linesOf(metrics)).toHaveLength(lines.length)
  const samples = before
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const end = line.lastIndexOf(' ')
      const [name = '', labels = ''] = line.slice(0, end).split(/\{(.*)\}$/s)
      const parts = labels.match(/\w+="(?:[^"\\]|\\.)*"/g) ?? []
      const bounded = parts.map((part) => part.replace(/^le="(\d+)"$/, 'le="$1.0"'))
      return [`${name}{${bounded.sort().join(',')}}`, Number(line.slice(end + 1))] as const
    })
  expect(samples.length).toBeGreaterThan(500)
  const ours = lines.filter(({ series }) => series.startsWith('asterisk_'))
  expect(new Map(ours.map(({ series, value }) => [series, value]))).toEqual(new Map(samples))
})

test('exemplars of duration, answer and voice quality have the call, the value and the event’s time', async () => {
  const metrics = testMetrics({}, { now: () => T0 + 90_000 })
  metrics.observe(callEnded(callRecord({ channelId: 'pbx-1700000000.1', direction: 'inbound' })))
  metrics.observe(
    legEnded(
      legRecord({
        callId: 'pbx-1700000000.1',
        quality: goodVoice({ roundTripMs: 5_000, tx: { packets: 9, mos: null, lossRatio: 1, jitterMs: 800 } }),
      }),
    ),
  )
  const of = (value: number) => ({ callId: 'pbx-1700000000.1', value, at: (T0 + 65_500) / 1000 })
  expect(await exemplarsOf(metrics)).toEqual({
    'asterisk_call_duration_seconds_bucket{direction="inbound",le="120.0"}': of(61.5),
    'asterisk_call_answer_seconds_bucket{direction="inbound",le="5.0"}': of(4),
    'asterisk_leg_mos_bucket{le="4.4",role="caller",side="rx"}': of(4.35),
    'asterisk_leg_mos_bucket{le="4.1",role="caller",side="tx"}': of(4.05),
    'asterisk_leg_packet_loss_ratio_bucket{le="0.005",role="caller",side="rx"}': of(0.002),
    'asterisk_leg_packet_loss_ratio_bucket{le="0.0",role="caller",side="tx"}': of(0),
    'asterisk_leg_jitter_seconds_bucket{le="0.005",role="caller",side="rx"}': of(0.004),
    'asterisk_leg_jitter_seconds_bucket{le="0.02",role="caller",side="tx"}': of(0.012),
    'asterisk_leg_round_trip_seconds_bucket{le="0.025",role="caller"}': of(0.02),
    'asterisk_leg_mos_bucket{le="4.4",role="callee",side="rx"}': of(4.35),
    'asterisk_leg_packet_loss_ratio_bucket{le="0.005",role="callee",side="rx"}': of(0.002),
    'asterisk_leg_packet_loss_ratio_bucket{le="+Inf",role="callee",side="tx"}': of(1),
    'asterisk_leg_jitter_seconds_bucket{le="0.005",role="callee",side="rx"}': of(0.004),
    'asterisk_leg_jitter_seconds_bucket{le="+Inf",role="callee",side="tx"}': of(0.8),
    'asterisk_leg_round_trip_seconds_bucket{le="+Inf",role="callee"}': of(5),
  })
  expect(await ownText(metrics)).not.toContain('pbx-1700000000.1')
})

const DURATION = 'asterisk_call_duration_seconds_bucket{direction="internal",le="120.0"}'

test('an exemplar of an event from the future gets the present time, so that later ones replace it', async () => {
  let now = T0 + 100_000
  const metrics = testMetrics({}, { now: () => now })
  metrics.observe(callEnded(callRecord({ channelId: 'c.1', endedAt: T0 + 86_400_000 })))
  expect((await exemplarsOf(metrics))[DURATION]).toMatchObject({ callId: 'c.1', at: now / 1000 })
  now += 1_000
  metrics.observe(callEnded(callRecord({ channelId: 'c.2', endedAt: now })))
  expect((await exemplarsOf(metrics))[DURATION]).toMatchObject({ callId: 'c.2', at: now / 1000 })
})

test('a bucket keeps one exemplar, the latest by the time of the event', async () => {
  const metrics = testMetrics({}, { now: () => T0 + 90_000 })
  for (const [id, endedAt, durationMs] of [
    ['c.1', 1_000, 61_000],
    ['c.3', 3_000, 63_000],
    ['c.2', 2_000, 62_000],
    ['c.4', 3_000, 64_000],
  ] as const) {
    metrics.observe(callEnded(callRecord({ channelId: id, endedAt: T0 + endedAt, durationMs, quality: null })))
  }
  const exemplars = await exemplarsOf(metrics)
  expect(exemplars[DURATION]).toEqual({ callId: 'c.4', value: 64, at: (T0 + 3_000) / 1000 })
  expect(Object.keys(exemplars).filter((series) => series.startsWith('asterisk_call_duration'))).toHaveLength(1)
})

test.each([
  ['too long', `pbx-1.${'7'.repeat(116)}`],
  ['a number', '+358401234567'],
  ['digits', '1700000000'],
  ['text that must be escaped', 'a"b\\c\nd'],
  ['text beyond ASCII', 'pbx-ü.1'],
  ['nothing', ''],
])('an id that is %s is counted and not exported', async (_what, channelId) => {
  const metrics = testMetrics()
  metrics.observe(callEnded(callRecord({ channelId })))
  expect(await exemplarsOf(metrics)).toEqual({})
  expect((await linesOf(metrics)).find(({ series }) => series === DURATION)?.value).toBe(1)
})

test('an id of the maximum length is exported', async () => {
  const metrics = testMetrics()
  const channelId = `pbx-1.${'7'.repeat(115)}`
  metrics.observe(callEnded(callRecord({ channelId })))
  expect(`call_id${channelId}`).toHaveLength(128)
  expect((await exemplarsOf(metrics))[DURATION]?.callId).toBe(channelId)
})

test('a restart restores the counts without exemplars; new exemplars are added to restored counts', async () => {
  const before = testMetrics()
  const totals: readonly Total[] = before.observe(callEnded(callRecord()))
  const after = testMetrics()
  after.restore(totals, [])
  expect(await exemplarsOf(after)).toEqual({})
  after.observe(callEnded(callRecord({ channelId: 'call-2' })))
  const line = (await linesOf(after)).find(({ series }) => series === DURATION)
  expect([line?.value, line?.exemplar?.callId]).toEqual([2, 'call-2'])
})
