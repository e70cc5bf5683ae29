// The rules as they are shipped, on real promtool and Prometheus: read, tested, and executed over what the exporter exported.
//
// Whether each alert has a test in which it fires and one in which it does not is a matter of the text, tested elsewhere.
// The oldest promtool runs the tests of the rules as they are shipped, which takes minutes of CPU; a later one runs each file with only the
// rules that it needs.

import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { dashboardQueries } from '../../unit/grafana/queries.ts'
import { ruleTests } from '../../unit/prometheus/ruleTests.ts'
import { resolveQuery } from './dashboardTimeRange.ts'
import { choicesOf } from './dashboardVariables.ts'
import { tally } from './executionReport.ts'
import { writeWithNeededRules } from './neededRules.ts'
import { openOfficeHistory } from './officeHistory.ts'
import { TODAY } from './scrapes.ts'
import { findTools, type Prometheus } from './servers.ts'
import { alertingRules, recordingRules, shippedRules } from './shippedRules.ts'

const SHIPPED = join(import.meta.dirname, '../../../prometheus')
const RULES = join(SHIPPED, 'rules')
const TESTS = ruleTests()

const RECORDS = recordingRules(shippedRules('recording.yml'))
const ALERTS = alertingRules(shippedRules('alerts.yml'))

/** Records without a value over the office's history, each with the reason. The aim is an empty list. */
const EMPTY_RECORDS: ReadonlyMap<string, string> = new Map([
  ['instance:asterisk_toll_attempts_usual:sum2h', 'needs a week without a gap'],
  ['cluster:asterisk_exporters:sum', 'a single Prometheus has no site'],
  ['instance:asterisk_exporters:sum', 'a single Prometheus has no site'],
])

/** What went wrong in the office on that day, as an alert. */
const FIRED = [
  'AsteriskRestarted',
  'AsteriskMissedCallsMany',
  'AsteriskTrunkDown',
  'AsteriskCallbackLate',
  'AsteriskEmergencyCall',
  'AsteriskFraudManyAtOnce',
  'AsteriskFraudSequential',
]

const TOOLS = findTools()

const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-rules-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const AS_SHIPPED = TESTS.map(({ file }) => join(RULES, 'tests', file))
const WITH_NEEDED_RULES = TESTS.map((tests) => writeWithNeededRules(folder, tests))

/** All versions at once, from the first moment on: the tests reach over weeks of made-up time. Null: passed. */
const TESTED = new Map(
  TOOLS.map(({ promtool, prometheusVersion }, age) => {
    const paths = age === 0 ? AS_SHIPPED : WITH_NEEDED_RULES
    const run = promisify(execFile)(promtool, ['test', 'rules', ...paths], { maxBuffer: 1e8 })
    const failure = run.then(
      () => null,
      (error: unknown) => error,
    )
    return [prometheusVersion, failure]
  }),
)

describe.each(TOOLS)('Prometheus $prometheusVersion', (tools) => {
  const on = `Prometheus ${tools.prometheusVersion}`
  const promtool = (...words: readonly string[]): string =>
    execFileSync(tools.promtool, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

  test.each(['prometheus.yml', 'fleet.yml'])('accepts %s', (name) => {
    expect(promtool('check', 'config', join(SHIPPED, name))).toContain('SUCCESS')
  })

  test('accepts the rules without a warning', () => {
    const output = promtool('check', 'rules', '--lint=all', '--lint-fatal', ...ruleFiles())
    const counts = [...output.matchAll(/SUCCESS: (\d+) rules found/g)].map(([, count]) => Number(count))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(RECORDS.length + ALERTS.length)
  })

  test('parses each query of the dashboards', () => {
    const rules = dashboardQueries()
      .flatMap(choicesOf)
      .map((query, index) => ({ record: `question:${index}`, expr: resolveQuery(query) }))
    const path = join(folder, `questions-${tools.prometheusVersion}.yml`)
    writeFileSync(path, stringify({ groups: [{ name: 'questions', rules }] }))
    expect(promtool('check', 'rules', '--lint=none', path)).toContain(`SUCCESS: ${rules.length} rules found`)
    tally('dashboard expressions type-checked', on, rules.length)
  })

  describe('over the history', () => {
    let prometheus: Prometheus
    beforeAll(async () => {
      prometheus = await openOfficeHistory(tools)
    })
    afterAll(() => prometheus.stop())

    test('each recording rule has values that are numbers', async () => {
      const empty: string[] = []
      for (const { record } of RECORDS) {
        const numbers = await prometheus.query(`count(max_over_time({__name__="${record}"}[7h]) > -Inf)`, TODAY.end)
        if (numbers.length === 0) {
          empty.push(record)
        }
      }
      expect(empty.toSorted()).toEqual([...EMPTY_RECORDS.keys()].toSorted())
      tally('recording rules', on, RECORDS.length)
    })

    test('each alert can be evaluated at every minute', async () => {
      for (const { alert, expr } of ALERTS) {
        await expect(prometheus.range(expr, { ...TODAY, step: 60 }), alert).resolves.toBeInstanceOf(Array)
      }
      tally('alerts', on, ALERTS.length)
    })

    test('the incidents of the day made alerts fire', async () => {
      const fired = await prometheus.series(['ALERTS'], TODAY)
      expect([...new Set(fired.map((labels) => labels['alertname']))]).toEqual(expect.arrayContaining(FIRED))
    })
  })

  // Last, for it takes the longest and goes on meanwhile.
  test('passes the tests of the rules', async () => {
    expect(TESTS.length).toBeGreaterThan(0)
    expect(await TESTED.get(tools.prometheusVersion)).toBeNull()
    tally(
      'test groups of rules',
      on,
      TESTS.reduce((sum, { tests }) => sum + tests.length, 0),
    )
  })
})

function ruleFiles(): string[] {
  return ['recording.yml', 'alerts.yml'].map((name) => join(RULES, name))
}
