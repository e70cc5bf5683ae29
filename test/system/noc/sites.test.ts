// Two sites, each with all that a test of the rules has: the same jobs and instances, so that only the label `cluster` tells them apart.
// By a real promtool, every alert and every recorded series comes once for each site, with the figures of one.
//
// The tests of prometheus/rules/tests are given to promtool with each series twice and each expectation twice, and with the rules that they need.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { type RuleTests, ruleTests } from '../../unit/prometheus/ruleTests.ts'
import { tally } from './executionReport.ts'
import { writeWithNeededRules } from './neededRules.ts'
import { findTools } from './servers.ts'

const SITES = ['north', 'south']

type Group = RuleTests['tests'][number]
type Alert = Group['alert_rule_test'][number]['exp_alerts'][number]

const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-sites-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const FILES = ruleTests().filter(({ tests }) => !JSON.stringify(tests).includes('cluster='))

/** The test with two sites. An alert about what is absent has no PBX, and comes once. */
function ofTwoSites(group: Group): Group {
  return {
    ...group,
    input_series: group.input_series.flatMap(({ series, ...rest }) =>
      SITES.map((site) => ({ ...rest, series: withSite(series, site) })),
    ),
    alert_rule_test: group.alert_rule_test.map(({ exp_alerts, ...rest }) => ({
      ...rest,
      exp_alerts: exp_alerts.flatMap((alert) =>
        alert.exp_labels['instance'] === undefined ? [alert] : SITES.map((site) => alertOf(alert, site)),
      ),
    })),
    promql_expr_test: group.promql_expr_test.map(({ exp_samples, ...rest }) => ({
      ...rest,
      exp_samples: exp_samples.flatMap(({ labels, ...sample }) =>
        SITES.map((site) => ({ ...sample, labels: withSite(labels, site) })),
      ),
    })),
  }
}

function withSite(series: string, site: string): string {
  expect(series).toContain('{')
  return series.replace('{', `{cluster="${site}", `)
}

function alertOf({ exp_labels, exp_annotations }: Alert, site: string): Alert {
  const { instance = '' } = exp_labels
  const { description = '', dashboard_url = '' } = exp_annotations
  return {
    exp_labels: { ...exp_labels, cluster: site },
    exp_annotations: {
      ...exp_annotations,
      description: description.replaceAll(instance, `${instance} in ${site}`),
      dashboard_url: dashboard_url.replace('?var-instance', `?var-cluster=${site}&var-instance`),
    },
  }
}

describe.each(findTools())('promtool $prometheusVersion', ({ promtool, prometheusVersion }) => {
  test('tells two sites apart in each alert and each recording rule', async () => {
    const paths = FILES.map(({ tests, ...rest }) => {
      return writeWithNeededRules(folder, { ...rest, tests: tests.map(ofTwoSites) })
    })
    expect(paths.length).toBeGreaterThan(10)
    await promisify(execFile)(promtool, ['test', 'rules', ...paths], { maxBuffer: 1e8 })
    tally(
      'test groups of rules with two sites',
      `Prometheus ${prometheusVersion}`,
      FILES.flatMap(({ tests }) => tests).length,
    )
  })
})
