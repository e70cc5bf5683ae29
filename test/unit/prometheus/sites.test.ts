// Two sites may have an instance of one name. So every aggregation, join, link, description, group and inhibition keeps the label of
// the site, `cluster`.
//
// That the rules then tell two sites apart is measured by promtool (test/system/noc/sites.test.ts).

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { alertingRules, recordingRules, shippedRules } from '../../system/noc/shippedRules.ts'
import { isListOfKept, readPromql } from '../grafana/promql.ts'

const EACH_PBX = ['cluster', 'job', 'instance'] as const
/** What is said of a whole site. */
const OF_SITES: readonly string[] = ['cluster:asterisk_exporters:sum', 'AsteriskSiteAbsent']
const SITE = '{{ with $labels.cluster }} in {{ . }}{{ end }}'

/** The message about sites that send nothing, and what inhibits it: that none sends anything. */
const OF_ALL_SITES = [['alertname'], ['job']]

const alerts = alertingRules(shippedRules('alerts.yml'))
const rules = [
  ...recordingRules(shippedRules('recording.yml')).map(({ record, expr }) => ({ name: record, expr })),
  ...alerts.map(({ alert, expr }) => ({ name: alert, expr })),
]

/** Where an expression adds up or compares what belongs to two PBXs. `kept`: the labels that tell them apart. */
function mixed(expr: string, kept: readonly string[] = EACH_PBX): readonly string[] {
  const { groupings, totals, problem } = readPromql(expr)
  return [
    ...(problem === null ? [] : [problem]),
    ...totals.map((total) => `${total} of everything`),
    ...groupings
      .filter(({ word, labels }) =>
        isListOfKept(word)
          ? !kept.every((label) => labels.includes(label))
          : kept.some((label) => labels.includes(label)),
      )
      .map(({ word, labels }) => `${word} (${labels.join(', ')})`),
  ]
}

test.each(rules)('$name keeps the site, the job and the instance', ({ name, expr }) => {
  expect(mixed(expr, OF_SITES.includes(name) ? ['cluster', 'job'] : EACH_PBX)).toEqual([])
})

test.each([
  'sum(a)',
  'sum by (job, instance) (a)',
  'sum by (cluster, instance) (a)',
  'sum without (cluster) (a)',
  'a and on (job, instance) b',
  'a / ignoring (cluster) b',
  'a * on (cluster, job, instance) group_left (cluster) b',
])('%s does not', (expr) => {
  expect(mixed(expr)).toHaveLength(1)
})

describe.each(alerts)('$alert', ({ annotations: { description = '', dashboard_url = '' } }) => {
  test('names the site after the PBX, and links to it', () => {
    for (const [, after = ''] of description.matchAll(/\{\{ \$labels\.instance \}\}(.*)/g)) {
      expect(after.startsWith(SITE)).toBe(true)
    }
    expect(/var-cluster/.test(dashboard_url)).toBe(/var-instance|labels\.cluster/.test(dashboard_url))
  })

  test('asks for figures of this PBX only', () => {
    const asked = [...description.matchAll(/printf "([^"]+)"((?: \$labels\.\w+)+)/g)]
    expect(asked.length).toBe(description.split('| query').length - 1)
    for (const [, query = '', given = ''] of asked) {
      for (const { name, matchers } of readPromql(query.replaceAll("'", '"')).selectors) {
        const labels = matchers.filter(({ value }) => value === '%s').map(({ label }) => label)
        expect([name, labels]).toEqual([
          name,
          given
            .trim()
            .split(/\s*\$labels\./)
            .slice(1)
            .map((label) => label.trim()),
        ])
        expect(labels).toEqual(expect.arrayContaining(['cluster', 'instance']))
      }
    }
  })
})

test('groups of notifications and inhibitions keep the site wherever they keep the PBX', () => {
  const text = readFileSync(new URL('../../../prometheus/alertmanager.yml', import.meta.url), 'utf8')
  const lists = listsIn(parse(text))
  expect(lists.length).toBeGreaterThan(8)
  expect(lists.filter((labels) => !labels.includes('cluster'))).toEqual(OF_ALL_SITES)
})

// Each group_by and equal of the configuration.
function listsIn(part: unknown): readonly (readonly unknown[])[] {
  if (typeof part !== 'object' || part === null) {
    return []
  }
  return Object.entries(part).flatMap(([key, value]) =>
    (key === 'group_by' || key === 'equal') && Array.isArray(value) ? [value] : listsIn(value),
  )
}
