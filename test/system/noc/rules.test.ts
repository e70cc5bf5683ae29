// The rules as they are shipped, on real promtool and Prometheus: read, tested, and executed over what the exporter exported.
//
// Whether each alert has a test in which it fires and one in which it does not is a matter of the text, tested elsewhere.

import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { dashboardQueries } from '../../unit/grafana/queries.ts'
import { resolveQuery } from './dashboardTimeRange.ts'
import { choicesOf } from './dashboardVariables.ts'
import { tally } from './executionReport.ts'
import { openOfficeHistory } from './officeHistory.ts'
import { TODAY } from './scrapes.ts'
import { findTools, type Prometheus } from './servers.ts'
import { alertingRules, recordingRules, shippedRules } from './shippedRules.ts'

const SHIPPED = join(import.meta.dirname, '../../../prometheus')
const RULES = join(SHIPPED, 'rules')
const TESTS = readdirSync(join(RULES, 'tests'))
  .filter((name) => name.endsWith('.yml'))
  .map((name) => join(RULES, 'tests', name))

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

/** All versions at once, from the first moment on: the tests reach over weeks of made-up time. Null: passed. */
const TESTED = new Map(
  TOOLS.map(({ promtool, prometheusVersion }) => {
    const run = promisify(execFile)(promtool, ['test', 'rules', ...TESTS], { maxBuffer: 1e8 })
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
    const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-questions-'))
    const rules = dashboardQueries()
      .flatMap(choicesOf)
      .map((query, index) => ({ record: `question:${index}`, expr: resolveQuery(query) }))
    const path = join(folder, 'questions.yml')
    writeFileSync(path, stringify({ groups: [{ name: 'questions', rules }] }))
    try {
      expect(promtool('check', 'rules', '--lint=none', path)).toContain(`SUCCESS: ${rules.length} rules found`)
    } finally {
      rmSync(folder, { recursive: true })
    }
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
      TESTS.map(testGroups).reduce((sum, groups) => sum + groups, 0),
    )
  })
})

function ruleFiles(): string[] {
  return ['recording.yml', 'alerts.yml'].map((name) => join(RULES, name))
}

function testGroups(path: string): number {
  const { tests }: { tests: readonly unknown[] } = parse(readFileSync(path, 'utf8'))
  return tests.length
}
