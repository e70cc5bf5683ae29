// Exemplars, as a real Prometheus takes them: it asks for OpenMetrics by itself, and what it keeps opens the call's row.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogueEntries } from '../../../src/metrics/catalogue/catalogue.ts'
import type { TraceFrame } from '../../../src/pbx-sim/replay.ts'
import type { CallDetail } from '../../../src/query/schema.ts'
import { type Stage, startStage } from '../browser/pageUnderTest.ts'
import { eventually } from '../program/program.ts'
import { findTools, missingHalf, type Prometheus, startPrometheus } from './servers.ts'

const TOOLS = findTools()
const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-exemplars-'))
const CALLS = 3

const TRACE = new URL('../../traces/voice-quality-loss.ndjson', import.meta.url)

let stage: Stage

beforeAll(async () => {
  const missing = missingHalf(TOOLS)
  if (missing !== null) {
    process.stdout.write(`${missing}\n`)
  }
  stage = await startStage()
  // A recorded call over a bad line, because the simulated PBX measures no voice; its phones reported no round trip.
  const frames = readFileSync(TRACE, 'utf8')
    .replaceAll(';rtt=0.000000', ';rtt=0.042000')
    .trim()
    .split('\n')
    .map((line): TraceFrame => JSON.parse(line))
  await stage.pbx.replayTrace(frames)
})
afterAll(async () => {
  await stage?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe.each(TOOLS.map((tools) => [tools.prometheusVersion, tools] as const))('Prometheus %s', (version, tools) => {
  let prometheus: Prometheus
  const startedAt = Date.now() / 1000

  beforeAll(async () => {
    const configPath = join(folder, `${version}.yml`)
    writeFileSync(
      configPath,
      `global: {scrape_interval: 250ms}
scrape_configs:
  - job_name: asterisk
    static_configs: [{targets: ['${new URL(stage.url).host}']}]
`,
    )
    prometheus = await startPrometheus({ tools, configPath })
    await eventually(
      () => prometheus.query('up'),
      ([up]) => up?.value[1] === '1',
    )
    for (let call = 0; call < CALLS; call += 1) {
      await stage.pbx.place('answered-caller-hangs-up', {
        caller: '101',
        callee: '102',
        ringMs: 20,
        talkMs: 100 + 50 * call,
      }).ended
    }
  })
  afterAll(() => prometheus?.stop())

  const kept = (name: string) =>
    prometheus.exemplars(`${name}_bucket`, { start: startedAt - 60, end: Date.now() / 1000 + 60 })

  test('keeps exemplars of each histogram that has them, and of no other', async () => {
    const histograms = catalogueEntries().flatMap(([, entry]) => (entry.type === 'histogram' ? [entry] : []))
    const having = histograms.filter(({ exemplars }) => exemplars === true)
    expect(having).toHaveLength(6)
    for (const { name } of having) {
      await eventually(
        () => kept(name),
        (series) => series.length > 0,
      )
    }
    for (const { name, exemplars } of histograms) {
      expect([name, (await kept(name)).length > 0]).toEqual([name, exemplars === true])
    }
  })

  test('each names a call whose row is there, with that value', async () => {
    const series = await eventually(
      () => kept('asterisk_call_duration_seconds'),
      (found) => found.flatMap(({ exemplars }) => exemplars).length > 0,
    )
    const exemplars = series.flatMap((one) => one.exemplars)
    for (const { labels, value, timestamp } of exemplars) {
      expect(Object.keys(labels)).toEqual(['call_id'])
      const id = encodeURIComponent(labels['call_id'] ?? '')
      const story = (await (await fetch(`${stage.url}api/calls/${id}`)).json()) as CallDetail
      expect(story.channel_id).toBe(labels['call_id'])
      expect(story.duration).toBeCloseTo(Number(value), 3)
      expect(Math.abs(Date.parse(story.end_time ?? '') / 1000 - timestamp)).toBeLessThan(0.01)
    }
    const [last] = exemplars.map(({ timestamp }) => timestamp).sort((one, other) => other - one)
    expect(last).toBeGreaterThan(startedAt - 1)
    process.stdout.write(
      `Prometheus ${version}: ${exemplars.length} exemplars of call durations, each opens its call\n`,
    )
  })

  test('refuses nothing, and spells bounds as OpenMetrics does', async () => {
    const text = await (await fetch(`${prometheus.url}/metrics`)).text()
    const refused = [...text.matchAll(/^prometheus_target_scrapes_(\w+)_total (\d+)$/gm)].filter(
      ([, , count]) => count !== '0',
    )
    expect(refused.map(([line]) => line)).toEqual([])
    expect(prometheus.output()).not.toMatch(/err(or)?=|level=(WARN|ERROR|warn|error)/)
    expect(await prometheus.labelValues('le', ['asterisk_call_duration_seconds_bucket'])).toContain('20.0')
    const [scraped] = await prometheus.query('scrape_samples_scraped')
    expect(Number(scraped?.value[1])).toBeGreaterThan(700)
    const [total] = await prometheus.query('sum(asterisk_calls_total)')
    expect(Number(total?.value[1])).toBeGreaterThanOrEqual(CALLS)
  })
})
