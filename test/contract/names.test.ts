// The names of metrics, of their labels and of their values are the catalogue's wherever they are read: in the dashboards, in
// the rules and their tests, in the documents. And every metric is used.
//
// Only text is compared here. test/system/noc runs the queries on real servers.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { catalogueEntries } from '../../src/metrics/catalogue/catalogue.ts'
import type { MetricEntry } from '../../src/metrics/catalogue/entry.ts'
import { FLEET_CATALOGUE } from '../../src/metrics/catalogue/fleet.ts'
import { choicesOf } from '../system/noc/dashboardVariables.ts'
import { dashboardQueries } from '../unit/grafana/queries.ts'
import { testMetrics } from '../unit/metrics/records.ts'

const ROOT = new URL('../../', import.meta.url)
const RULES = 'prometheus/rules/'

/** Metrics that no dashboard and no rule reads, and why they are there all the same. */
const UNUSED: ReadonlyMap<string, string> = new Map()

/** Names that are neither the exporter's nor the rules': what Prometheus makes of each target, and the two servers' own. */
const FOREIGN = /^(up|ALERTS|scrape_\w+|alertmanager_\w+|prometheus_\w+|asterisk_pjsip_outbound_registration_status)$/

/** Labels that Prometheus adds, and the one by which a site tells itself from others. */
const ADDED_LABELS = ['cluster', 'job', 'instance', 'le', '__name__']

interface Question {
  readonly where: string
  readonly expr: string
}

const RULE_FILE = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          record: z.string().optional(),
          alert: z.string().optional(),
          expr: z.string(),
          annotations: z.record(z.string(), z.string()).default({}),
        }),
      ),
    }),
  ),
})

const text = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

const ruleList = readdirSync(new URL(RULES, ROOT))
  .filter((name) => name.endsWith('.yml'))
  .flatMap((name) => RULE_FILE.parse(parse(text(RULES + name))).groups)
  .flatMap(({ rules }) => rules)

const recorded = new Set(ruleList.flatMap(({ record }) => record ?? []))

const fromRules: readonly Question[] = ruleList.flatMap(({ record, alert, expr, annotations }) => {
  const where = record ?? alert ?? ''
  // A description may ask, too.
  const asked = Object.values(annotations).flatMap((words) => [...words.matchAll(/printf "([^"]*)"/g)])
  return [{ where, expr }, ...asked.map(([, question = '']) => ({ where, expr: question.replaceAll("'", '"') }))]
})

const fromDashboards: readonly Question[] = dashboardQueries()
  .flatMap(choicesOf)
  .map(({ dashboard, panel, expr }) => ({ where: `${dashboard}: ${panel}`, expr }))

const entries: ReadonlyMap<string, MetricEntry> = new Map(
  [...catalogueEntries().map(([, entry]) => entry), ...FLEET_CATALOGUE].flatMap((entry) =>
    seriesOf(entry).map((name) => [name, entry] as const),
  ),
)

function seriesOf({ name, type }: MetricEntry): readonly string[] {
  return type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : [name]
}

/** Names of series in an expression: words that no bracket follows as a function's would, outside of quotes and braces. */
function namesIn(expr: string): readonly string[] {
  const bare = expr
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, '')
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(/\boffset\s+\S+/g, '')
  const words = [...bare.matchAll(/(?<![\w$:.])[a-zA-Z_:][\w:]*(?!\w|\s*\()/g)].map(([word]) => word)
  return words.filter((word) => !KEYWORDS.has(word))
}

const KEYWORDS = new Set([
  'and',
  'or',
  'unless',
  'bool',
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
])

const runtime = testMetrics({}, { runtimeMetrics: true }).expose()

async function isKnown(name: string): Promise<boolean> {
  if (entries.has(name) || recorded.has(name) || FOREIGN.test(name)) {
    return true
  }
  const { body } = await runtime
  return /^(process|nodejs)_/.test(name) && new RegExp(`^${name}[{ ]`, 'm').test(body)
}

async function strangers(questions: readonly Question[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const { where, expr } of questions) {
    for (const name of namesIn(expr)) {
      if (!(await isKnown(name))) {
        found.push(`${where}: ${name}`)
      }
    }
  }
  return found
}

/** Labels that a metric has not, values that a closed list has not, of plain comparisons and of simple alternatives. */
function wrongLabels({ where, expr }: Question): readonly string[] {
  return [...expr.matchAll(/([a-zA-Z_:][\w:]*)\{((?:[^}"]|"(?:[^"\\]|\\.)*")*)\}/g)].flatMap(
    ([, name = '', inside = '']) => {
      const entry = entries.get(name)
      return entry === undefined ? [] : wrongMatchers(entry, inside).map((fault) => `${where}: ${name}: ${fault}`)
    },
  )
}

function wrongMatchers({ labels }: MetricEntry, inside: string): readonly string[] {
  return [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g)].flatMap(([, label = '', value = '']) => {
    if (ADDED_LABELS.includes(label)) {
      return []
    }
    const values = labels[label]
    if (values === undefined) {
      return [`no label ${label}`]
    }
    if (typeof values === 'string' || !/^[\w|]+$/.test(value)) {
      return []
    }
    return value.split('|').flatMap((one) => (values.includes(one) ? [] : [`${label} is never ${one}`]))
  })
}

test('there are queries to check', () => {
  expect(fromRules.length).toBeGreaterThan(50)
  expect(fromDashboards.length).toBeGreaterThan(50)
})

test('rules and dashboards read only existing metrics', async () => {
  expect(await strangers([...fromRules, ...fromDashboards])).toEqual([])
})

test('labels and values are those of the catalogue', () => {
  expect([...fromRules, ...fromDashboards].flatMap(wrongLabels)).toEqual([])
})

test('each metric is read by a dashboard or a rule, except the listed ones, which are not read', () => {
  const read = new Set([...fromRules, ...fromDashboards].flatMap(({ expr }) => namesIn(expr)))
  const unread = catalogueEntries().flatMap(([, entry]) =>
    seriesOf(entry).some((name) => read.has(name)) ? [] : [entry.name],
  )
  expect(unread.toSorted()).toEqual([...UNUSED.keys()].toSorted())
})

test.each([
  'README.md',
  'prometheus/RUNBOOK.md',
  'src/README.md',
  'src/metrics/README.md',
  'src/fleet/README.md',
  'src/http/README.md',
  'src/calllog/README.md',
  ...ruleTests(),
])('%s names only metrics that there are', (path) => {
  if (!existsSync(new URL(path, ROOT))) {
    return
  }
  const names = [...text(path).matchAll(/(?<![\w/:.-])(?:[a-z_]+:)?asterisk_[a-z0-9_]+(?::\w+)?(?![\w/*-])/g)].map(
    ([name]) => name,
  )
  const families = new Set(
    [...catalogueEntries().map(([, entry]) => entry), ...FLEET_CATALOGUE].flatMap((entry) => [
      entry.name,
      ...seriesOf(entry),
    ]),
  )
  const known = (name: string) => families.has(name) || entries.has(name) || recorded.has(name) || FOREIGN.test(name)
  expect([...new Set(names.filter((name) => !known(name)))]).toEqual([])
})

function ruleTests(): readonly string[] {
  const folder = new URL(`${RULES}tests/`, ROOT)
  return readdirSync(folder).map((name) => `${RULES}tests/${name}`)
}

test('finds each kind of mistake', async () => {
  const bad = (expr: string): Question => ({ where: 'here', expr })
  expect(await strangers([bad('sum(rate(asterisk_cals_total{job="asterisk_up"}[5m])) by (asterisk_x)')])).toEqual([
    'here: asterisk_cals_total',
  ])
  expect(await strangers([bad('instance:asterisk_call_answer:ratio5mm'), bad('process_nothing_total')])).toHaveLength(2)
  expect(await strangers([bad('asterisk_up and on (job) up == bool 1 offset 1w')])).toEqual([])
  expect(wrongLabels(bad('asterisk_calls_total{dispositon="answered",direction=~"inbound|inwards"}'))).toEqual([
    'here: asterisk_calls_total: no label dispositon',
    'here: asterisk_calls_total: direction is never inwards',
  ])
})
