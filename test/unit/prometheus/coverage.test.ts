// Each alert has a promtool test in which it fires and one in which it almost fires; the values of each recording rule are
// checked. promtool runs those tests; this one asserts that they exist.

import { afterAll, expect, test } from 'vitest'
import { alertingRules, recordingRules, shippedRules } from '../../system/noc/shippedRules.ts'
import { committedBoards, dashboardQueries } from '../grafana/queries.ts'
import { OFFICE_ROUTES, ROUTES } from './routes.ts'
import { type RuleTests, ruleTests } from './ruleTests.ts'

const files = ruleTests()
const alerts = alertingRules(shippedRules('alerts.yml')).map(({ alert }) => alert)
const records = recordingRules(shippedRules('recording.yml')).map(({ record }) => record)

afterAll(() => {
  process.stdout.write(
    `Checked in form, on no server (npm run noc executes them): ${dashboardQueries().length} queries of ${committedBoards().length} boards, ` +
      `${records.length} recording rules, ${alerts.length} alerts, ${ROUTES.length + OFFICE_ROUTES.length} routes\n`,
  )
})

/** Alerts and recorded series without tests. */
function untested(tests: readonly RuleTests[]): readonly string[] {
  const groups = tests.flatMap((file) => file.tests)
  const asked = groups.flatMap((group) => group.alert_rule_test)
  // A test without a firing alert counts only if the same group of input series lets the alert fire elsewhere.
  const quiet = groups.flatMap(({ input_series, alert_rule_test }) =>
    input_series.length === 0 ? [] : alert_rule_test.filter(({ exp_alerts }) => exp_alerts.length === 0),
  )
  const valued = groups.flatMap((group) =>
    group.promql_expr_test.filter(({ exp_samples }) => exp_samples.some(({ value }) => value !== 0)),
  )
  return [
    ...alerts
      .filter((alert) => !asked.some(({ alertname, exp_alerts }) => alertname === alert && exp_alerts.length > 0))
      .map((alert) => `${alert} never fires`),
    ...alerts
      .filter((alert) => !quiet.some(({ alertname }) => alertname === alert))
      .map((alert) => `${alert} is never silent`),
    ...records
      .filter((record) => !valued.some(({ expr }) => namesRecord(expr, record)))
      .map((record) => `${record} has no value`),
  ]
}

function namesRecord(expr: string, record: string): boolean {
  return [...expr.matchAll(/[\w:]+/g)].some(([name]) => name === record)
}

test('each alert and each recording rule has tests', () => {
  expect(alerts.length).toBeGreaterThan(20)
  expect(records.length).toBeGreaterThan(50)
  expect(untested(files)).toEqual([])
})

test('reports a removed test', () => {
  for (const alert of alerts) {
    const without = files.map((file) => ({
      ...file,
      tests: file.tests.map((group) => ({
        ...group,
        alert_rule_test: group.alert_rule_test.filter(({ alertname }) => alertname !== alert),
      })),
    }))
    expect(untested(without)).toEqual([`${alert} never fires`, `${alert} is never silent`])
  }
  const withoutRecords = files.filter(({ file }) => !file.startsWith('recording'))
  expect(untested(withoutRecords)).toEqual(records.map((record) => `${record} has no value`))
})

test('the tests use existing alerts, both rule files, and the labels of links', () => {
  for (const { file, rule_files, tests } of files) {
    expect([file, rule_files[0]]).toEqual([file, '../recording.yml'])
    for (const { name, alert_rule_test, external_labels } of tests) {
      const strange = alert_rule_test.filter(({ alertname }) => !alerts.includes(alertname))
      expect([name, strange]).toEqual([name, []])
      if (alert_rule_test.length === 0) {
        continue
      }
      expect(rule_files).toContain('../alerts.yml')
      expect(Object.keys(external_labels)).toEqual(['grafana_url', 'runbook_url'])
    }
  }
})

test('the tests order groups of rules that depend on each other', () => {
  const groups = [...shippedRules('recording.yml').groups, ...shippedRules('alerts.yml').groups]
  const groupOf = new Map(
    groups.flatMap(({ name, rules }) =>
      rules.map((rule) => ['alert' in rule ? rule.alert : rule.record, name] as const),
    ),
  )
  for (const { file, group_eval_order: order, tests } of files) {
    const asked = new Set(tests.flatMap(({ alert_rule_test }) => alert_rule_test.map(({ alertname }) => alertname)))
    for (const rule of alertingRules(shippedRules('alerts.yml'))) {
      if (!asked.has(rule.alert)) {
        continue
      }
      const own = groupOf.get(rule.alert) ?? ''
      const read = (rule.expr.match(/[\w:]+/g) ?? []).flatMap((name) => groupOf.get(name) ?? [])
      for (const group of read) {
        expect([file, order]).toEqual([file, expect.arrayContaining([group, own])])
        expect([file, group, order.indexOf(group) < order.indexOf(own)]).toEqual([file, group, true])
      }
    }
  }
})
