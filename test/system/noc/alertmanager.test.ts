// Who is notified of what, with real amtool and Alertmanager: the shipped configuration and its examples, the table of routes,
// the templates; and that Prometheus and Alertmanager export the metrics about themselves that the rules read.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROUTES } from '../../unit/prometheus/routes.ts'
import { eventually } from '../program/program.ts'
import { dividedAlertmanager } from './compressedTime.ts'
import { tally } from './executionReport.ts'
import { namesIn } from './ruleDependencies.ts'
import { findTools, startAlertmanager, startPrometheus } from './servers.ts'
import { alertingRules, shippedRules } from './shippedRules.ts'
import { startSink } from './webhook.ts'

const SHIPPED = join(import.meta.dirname, '../../../prometheus')
const CONFIG = join(SHIPPED, 'alertmanager.yml')

/** The examples, each with the first version that takes it: `Alertmanager 0.26` in its text, or any. */
const EXAMPLES = readdirSync(SHIPPED)
  .filter((name) => /^alertmanager\..+\.yml$/.test(name))
  .map((name) => ({
    name,
    needs: /Alertmanager (\d+\.\d+)/.exec(readFileSync(join(SHIPPED, name), 'utf8'))?.[1] ?? '0',
  }))

const TEMPLATE_TEXT = readdirSync(join(SHIPPED, 'templates'))
  .map((name) => readFileSync(join(SHIPPED, 'templates', name), 'utf8'))
  .join('\n')

const namesAfter = (word: string): readonly string[] =>
  [...TEMPLATE_TEXT.matchAll(new RegExp(`\\{\\{-?\\s*${word} "([^"]+)"`, 'g'))].map(([, name = '']) => name)

/** Those that receivers use; the others are parts of these. */
const TEMPLATES = namesAfter('define').filter((name) => !namesAfter('template').includes(name))

const ANNOTATIONS = {
  summary: 'A trunk is down',
  description: 'Asterisk cannot reach <trunk-a>.',
  runbook_url: 'https://wiki.example/RUNBOOK.md#asterisktrunkdown',
  dashboard_url: 'https://grafana.example/d/asterisk-trunks',
}

const LABELS = { alertname: 'AsteriskTrunkDown', instance: 'pbx:1', severity: 'critical' }

/** What Alertmanager gives to a template: an alert that fires, and one that is over. */
const DATA = {
  receiver: 'page',
  status: 'firing',
  alerts: [
    { status: 'firing', startsAt: '2026-11-23T14:40:00Z', endsAt: '0001-01-01T00:00:00Z' },
    { status: 'resolved', startsAt: '2026-11-23T13:00:00Z', endsAt: '2026-11-23T13:50:00Z' },
  ].map((alert) => ({ ...alert, labels: LABELS, annotations: ANNOTATIONS, generatorURL: '', fingerprint: '0' })),
  groupLabels: { alertname: LABELS.alertname, instance: LABELS.instance },
  commonLabels: LABELS,
  commonAnnotations: ANNOTATIONS,
  externalURL: 'http://alertmanager.example',
}

/** The route of other alerts for the record waits for a minute. */
const SOONER_THAN_A_GROUP_MS = 40_000

const minor = (version: string): number => Number(version.split('.')[1] ?? 0)

describe.each(findTools())('Alertmanager $alertmanagerVersion', (tools) => {
  const on = `Alertmanager ${tools.alertmanagerVersion}`
  const amtool = (...words: readonly string[]): string =>
    execFileSync(tools.amtool, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

  const dataFolder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-templates-'))
  const dataPath = join(dataFolder, 'data.json')
  writeFileSync(dataPath, JSON.stringify(DATA))
  afterAll(() => rmSync(dataFolder, { recursive: true, force: true }))

  test('accepts the shipped configuration, templates and all', () => {
    const output = amtool('check-config', CONFIG)
    expect(output).toContain('SUCCESS')
    expect(output).toMatch(/[1-9]\d* templates/)
  })

  test('there are templates', () => {
    expect(TEMPLATES.length).toBeGreaterThan(0)
  })

  test.each(EXAMPLES)('takes $name', ({ name, needs }) => {
    if (minor(tools.alertmanagerVersion) < minor(needs)) {
      // Were it taken, the example need not be one.
      expect(() => amtool('check-config', join(SHIPPED, name))).toThrow()
      return
    }
    expect(amtool('check-config', join(SHIPPED, name))).toContain('SUCCESS')
  })

  test('sends each alert where the table says', () => {
    for (const { labels, receivers } of ROUTES) {
      const words = Object.entries(labels).map(([label, value]) => `${label}=${value}`)
      const verify = `--verify.receivers=${receivers.join(',')}`
      expect(
        () => amtool('config', 'routes', 'test', `--config.file=${CONFIG}`, verify, ...words),
        words.join(' '),
      ).not.toThrow()
    }
    tally('routes', on, ROUTES.length)
  })

  test('tells of an emergency call at once, and within seconds that it is over', async () => {
    const sink = await startSink()
    const configPath = join(dataFolder, 'alertmanager.yml')
    writeFileSync(configPath, dividedAlertmanager(1, sink.url))
    const { url, stop } = await startAlertmanager({ tools, configPath })
    const labels = { alertname: 'AsteriskEmergencyCall', job: 'asterisk', instance: 'pbx:1', severity: 'info' }
    const say = (times: { readonly startsAt?: string; readonly endsAt?: string }) =>
      fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ labels, ...times }]),
      })
    const told = () => sink.received.map(({ receiver, status }) => `${receiver} ${status}`)
    try {
      const startsAt = new Date().toISOString()
      await say({ startsAt })
      await eventually(told, (so) => so.length > 0, SOONER_THAN_A_GROUP_MS)
      await say({ startsAt, endsAt: new Date().toISOString() })
      await eventually(told, (so) => so.length > 1, SOONER_THAN_A_GROUP_MS)
      expect(told()).toEqual(['quiet firing', 'quiet resolved'])
    } finally {
      await stop()
      await sink.close()
    }
  })

  test('names the site of a PBX, where there is one', () => {
    for (const [site, expected] of [
      [{}, 'A trunk is down (pbx:1)'],
      [{ cluster: 'north' }, 'A trunk is down (pbx:1 in north)'],
    ] as const) {
      writeFileSync(dataPath, JSON.stringify({ ...DATA, commonLabels: { ...LABELS, ...site } }))
      const text = amtool(
        ...['template', 'render', `--template.data=${dataPath}`],
        ...[`--template.glob=${join(SHIPPED, 'templates', '*')}`, '--template.text={{ template "asterisk.title" . }}'],
      )
      expect(text).toContain(expected)
    }
    writeFileSync(dataPath, JSON.stringify(DATA))
  })

  test.each(TEMPLATES)('renders %s', (name) => {
    const kind = name.endsWith('html') ? 'html' : 'text'
    const text = amtool(
      ...['template', 'render', `--template.type=${kind}`, `--template.data=${dataPath}`],
      ...[`--template.glob=${join(SHIPPED, 'templates', '*')}`, `--template.text={{ template "${name}" . }}`],
    )
    expect(text).toContain(ANNOTATIONS.summary)
    expect(text).not.toMatch(/<no value>|\{\{/)
    if (!name.endsWith('title')) {
      expect(text).toContain(kind === 'html' ? 'reach &lt;trunk-a&gt;.' : ANNOTATIONS.description)
      expect(text.match(/2026-11-23 1[34]:\d0 UTC/g)).toHaveLength(2)
      for (const link of [ANNOTATIONS.runbook_url, ANNOTATIONS.dashboard_url]) {
        expect(text).toContain(link)
      }
    }
    tally('templates', on, 1)
  })
})

describe.each(findTools())('Prometheus $prometheusVersion and Alertmanager $alertmanagerVersion', (tools) => {
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-watchers-'))
  let exposed = ''

  beforeAll(async () => {
    const configPath = join(folder, 'prometheus.yml')
    writeFileSync(configPath, `rule_files: ['${join(SHIPPED, 'rules')}/*.yml']\n`)
    for (const start of [
      () => startPrometheus({ tools, configPath }),
      () => startAlertmanager({ tools, configPath: CONFIG }),
    ]) {
      const { url, stop } = await start()
      exposed += await fetch(`${url}/metrics`)
        .then((answer) => answer.text())
        .finally(stop)
    }
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('have the metrics that the rules read of them', () => {
    const names = alertingRules(shippedRules('alerts.yml')).flatMap(({ expr }) => [...namesIn(expr)])
    const watched = names.filter((name) => /^(prometheus|alertmanager)_/.test(name))
    expect(watched.length).toBeGreaterThan(0)
    expect(watched.filter((name) => !new RegExp(`^${name}[{ ]`, 'm').test(exposed))).toEqual([])
  })
})
