// Dividing the shipped files: times change, and nothing else does.
//
// Needs no server. What is read are the files of prometheus/ as they are.

import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { dividedAlertmanager, dividedExpr, dividedPrometheus, dividedRules } from './compressedTime.ts'
import { durationMs, durationText } from './durations.ts'
import { shippedRules } from './shippedRules.ts'

describe('durations', () => {
  it.each([
    ['15s', 15_000],
    ['1h30m', 5_400_000],
    ['1w', 604_800_000],
    ['250ms', 250],
    ['0', 0],
  ])('%s', (text, ms) => expect(durationMs(text)).toBe(ms))
  it('refuses text that is not a duration', () => expect(() => durationMs('soon')).toThrow())
  it('writes a duration as it reads it', () => {
    for (const ms of [250, 1_000, 5_400_000]) {
      expect(durationMs(durationText(ms))).toBe(ms)
    }
  })
})

describe('an expression', () => {
  it.each([
    ['increase(x_total[30m])', 'increase(x_total[15s])'],
    ['x offset 1w', 'x offset 5040s'],
    ['max_over_time(x[1h:5m])', 'max_over_time(x[30s:2500ms])'],
    ['instance:x:increase30m{a="30m"} > 30', 'instance:x:increase30m{a="30m"} > 30'],
    ['rate(x[1m]) > 0.5', 'rate(x[2s]) > 0.5'],
    ["x{le='5m'} >= 4", "x{le='5m'} >= 4"],
    ['max by (a) (x_wait_seconds{q="7"}) > 3600', 'max by (a) (x_wait_seconds{q="7"}) > 30'],
    ['increase(x_wait_seconds_count[30m]) > 240', 'increase(x_wait_seconds_count[15s]) > 240'],
  ])('%s', (expr, divided) => expect(dividedExpr(expr, 120)).toBe(divided))
})

describe('the shipped files', () => {
  it.each(['recording.yml', 'alerts.yml'] as const)('%s keeps every rule, with its labels and annotations', (name) => {
    const divided: ReturnType<typeof shippedRules> = parse(dividedRules(`rules/${name}`, 120))
    const outline = (file: typeof divided) =>
      file.groups.map((group) =>
        group.rules.map((rule) => {
          const { expr, ...rest } = rule
          return [rest.labels ?? {}, 'alert' in rest ? [rest.alert, rest.annotations] : rest.record]
        }),
      )
    expect(outline(divided)).toEqual(outline(shippedRules(name)))
    const ranges = divided.groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => expr.match(/\[[^\]:]+/g) ?? []))
    expect(ranges.length).toBeGreaterThan(0)
    // The longest range is four weeks.
    for (const range of ranges) {
      expect(durationMs(range.slice(1))).toBeLessThanOrEqual((28 * 24 * 3_600_000) / 120)
    }
  })
  it('prometheus.yml leads to the servers of the test alone', () => {
    const servers = { exporter: '127.0.0.1:1', alertmanager: '127.0.0.1:2' }
    expect(dividedPrometheus(['/r.yml'], servers)).not.toMatch(/:9745|:9090|:9093/)
  })
  it('alertmanager.yml keeps its routes and inhibitions', () => {
    const divided = parse(dividedAlertmanager(120, 'http://127.0.0.1:3'))
    expect(JSON.stringify(divided)).not.toContain('notices')
    expect(divided.inhibit_rules.length).toBeGreaterThan(3)
    expect(divided.route.routes.length).toBeGreaterThan(3)
    expect(durationMs(divided.route.group_wait)).toBe(250)
  })
})
