// prometheus/prometheus.yml: scrape jobs, rule files, Alertmanager, and the links of alerts. What fleet.yml and agent.example.yml say
// again is the same there: each is a whole configuration, to be copied alone.

import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { ASTERISK } from '../../../grafana/otherMetrics.ts'
import { alertingRules, shippedRules } from '../../system/noc/shippedRules.ts'

const FOLDER = new URL('../../../prometheus/', import.meta.url)

interface Config {
  readonly global: { readonly scrape_interval: string; readonly external_labels: Readonly<Record<string, string>> }
  readonly rule_files: readonly string[]
  readonly alerting: { readonly alert_relabel_configs: readonly { readonly regex: string; readonly action: string }[] }
  readonly scrape_configs: readonly Readonly<Record<string, unknown> & { job_name: string }>[]
}

const read = (name: string): Config => parse(readFileSync(new URL(name, FOLDER), 'utf8'))
const config = read('prometheus.yml')
const fleet = read('fleet.yml')
const agent = read('agent.example.yml')
const jobsOf = ({ scrape_configs: jobs }: Config) => jobs.map(({ job_name }) => job_name)
const alerts = alertingRules(shippedRules('alerts.yml'))

test('loads existing rule files, recording rules before alerts', () => {
  expect(config.rule_files).toEqual(['rules/recording.yml', 'rules/alerts.yml'])
  for (const file of config.rule_files) {
    expect(existsSync(new URL(file, FOLDER))).toBe(true)
  }
})

test('scrapes the exporter, Prometheus and Alertmanager', () => {
  const asked = alerts.flatMap(({ expr }) => [...expr.matchAll(/job="([^"]+)"/g)].map(([, job]) => job))
  expect(asked.length).toBeGreaterThan(0)
  for (const job of asked) {
    expect([...jobsOf(config), ...jobsOf(fleet)]).toContain(job)
  }
  expect(jobsOf(config)).toEqual(['asterisk', 'asterisk-registrations', 'prometheus', 'alertmanager'])
})

test('fleet.yml differs in the scrape jobs only, and of those in the exporters, the fleet and its own port', () => {
  const { scrape_configs: jobs, ...rest } = config
  const { scrape_configs: fleetJobs, ...fleetRest } = fleet
  expect(fleetRest).toEqual(rest)
  expect(jobsOf(fleet)).toEqual(['asterisk', 'asterisk-fleet', 'prometheus', 'alertmanager'])
  const own = JSON.stringify(fleetJobs.slice(2)).replace('localhost:9091', 'localhost:9090')
  expect(JSON.parse(own)).toEqual(jobs.slice(2))
})

test('an agent scrapes the PBX as a Prometheus does', () => {
  expect(agent.global.scrape_interval).toBe(config.global.scrape_interval)
  expect(agent.scrape_configs).toEqual(config.scrape_configs.slice(0, 2))
})

test('gives the registrations that Asterisk tells the job and instance of the exporter, and asks no Asterisk as shipped', () => {
  const [own, asterisk] = config.scrape_configs
  expect(asterisk).toMatchObject({ job_name: 'asterisk-registrations', static_configs: [{ targets: [] }] })
  const [{ targets: [exporter] = [] } = {}] = (own?.['static_configs'] ?? []) as { targets?: string[] }[]
  expect(asterisk?.['static_configs']).toEqual([{ targets: [], labels: { exporter } }])
  const rules = asterisk?.['metric_relabel_configs'] as readonly Readonly<Record<string, unknown>>[]
  expect(rules[0]).toEqual({ source_labels: ['__name__'], regex: ASTERISK.registration.name, action: 'keep' })
  expect(rules).toContainEqual({ source_labels: ['exporter'], target_label: 'instance' })
  expect(rules).toContainEqual({ target_label: 'job', replacement: own?.job_name })
})

test('every window of the rules covers at least two and a half scrapes', () => {
  expect(config.global.scrape_interval).toBe('15s')
  const exprs = ['recording.yml', 'alerts.yml'].map((name) => readFileSync(new URL(`rules/${name}`, FOLDER), 'utf8'))
  const windows = new Set(exprs.flatMap((text) => [...text.matchAll(/\[(\w+)\]/g)].map(([, window]) => window)))
  expect(windows.size).toBeGreaterThan(4)
  for (const window of windows) {
    expect(window).toMatch(/^(\d+[hd]|[1-9]\d*m)$/)
  }
})

test('sets the labels of links, and drops them before Alertmanager', () => {
  const used = new Set(
    alerts.flatMap(({ annotations }) =>
      Object.values(annotations).flatMap((text) =>
        [...text.matchAll(/\$externalLabels\.(\w+)/g)].map(([, label]) => label),
      ),
    ),
  )
  expect(new Set(Object.keys(config.global.external_labels))).toEqual(used)
  const dropped = config.alerting.alert_relabel_configs.filter(({ action }) => action === 'labeldrop')
  for (const label of used) {
    expect(dropped.some(({ regex }) => new RegExp(`^(?:${regex})$`).test(label ?? ''))).toBe(true)
  }
})

test.each(['prometheus.yml', 'fleet.yml', 'agent.example.yml'])(
  '%s needs no feature newer than Prometheus 2.42',
  (name) => {
    const text = readFileSync(new URL(name, FOLDER), 'utf8')
    expect(text).not.toMatch(/^\s*(scrape_protocols|fallback_scrape_protocol|metric_name_validation_scheme|otlp)\s*:/m)
  },
)
