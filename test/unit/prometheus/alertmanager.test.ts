// prometheus/alertmanager.yml: routes, opening hours, inhibition, and receivers.
//
// With a model of Alertmanager (test/system/noc/alertmanagerConfig.ts, alertmanagerModel.ts); tests with amtool and real servers compare
// the model with Alertmanager itself.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Labels, onCallOf, routesOf } from '../../system/noc/alertmanagerConfig.ts'
import { notificationsOf } from '../../system/noc/alertmanagerModel.ts'
import { alertingRules, shippedRules } from '../../system/noc/shippedRules.ts'
import { INHIBITIONS, OFFICE_ROUTES, ROUTES } from './routes.ts'

const FOLDER = new URL('../../../prometheus/', import.meta.url)
const EXAMPLES = readdirSync(FOLDER).filter((name) => /^alertmanager\..+\.example\.yml$/.test(name))

interface Receiver {
  readonly name: string
  readonly [kind: string]: unknown
}

interface Config {
  readonly route: { readonly receiver: string; readonly group_by: readonly string[] }
  readonly receivers: readonly Receiver[]
  readonly templates: readonly string[]
  readonly [part: string]: unknown
}

const read = (name: string): Config => parse(readFileSync(new URL(name, FOLDER), 'utf8'), { merge: true })
const shipped = read('alertmanager.yml')
const onCall = onCallOf(shipped)
const alerts = alertingRules(shippedRules('alerts.yml'))

/** Minutes from Monday 00:00 UTC. */
const MONDAY_AT_10 = 10 * 60
const MONDAY_AT_22 = 22 * 60
const SATURDAY_AT_10 = 5 * 24 * 60 + MONDAY_AT_10

/** Alerts about what is absent. */
const OF_NO_PBX: readonly string[] = ['AsteriskExporterAbsent', 'AsteriskSiteAbsent']

/** The labels of a shipped alert, of one PBX with one trunk and one queue. */
function labelsOf(name: string): Labels {
  const rule = alerts.find(({ alert }) => alert === name)
  if (rule === undefined) {
    throw new Error(`there is no alert ${name}`)
  }
  const { labels } = rule
  const party = {
    ...(labels['fault'] === 'trunk' ? { trunk: 'carrier-a' } : {}),
    ...(labels['fault'] === 'queue' ? { queue: 'sales' } : {}),
    ...(labels['fault'] === 'outbox' ? { sink: 'postgres' } : {}),
  }
  const pbx = OF_NO_PBX.includes(name) ? {} : { instance: 'pbx:9745' }
  return { job: 'asterisk', ...pbx, ...party, ...labels, alertname: name }
}

/** The receivers of alerts that fire for a quarter of an hour from `minute` on. */
function notifications(
  alarms: readonly Labels[],
  minute: number,
): readonly { readonly receiver: string; readonly of: readonly string[] }[] {
  const end = minute + 15
  const firing = Array.from({ length: end }, (_, at) => at >= minute)
  const sent = notificationsOf(
    alarms.map((labels) => ({ labels, firing })),
    onCall,
    end,
  )
  return sent.map(({ receiver, alarms: delivered }) => ({
    receiver,
    of: delivered.map(({ labels }) => labels['alertname'] ?? ''),
  }))
}

test.each(ROUTES)('$labels.alertname goes to $receivers', ({ labels, receivers }) => {
  expect(routesOf(onCall.route, labels).map(({ receiver }) => receiver)).toEqual(receivers)
})

test('the table of routes has a row for the labels of each alert', () => {
  const kind = ({ severity, hours }: Labels) => `${severity} ${hours ?? 'always'}`
  const rows = ROUTES.map(({ labels }) => kind(labels))
  expect(alerts.map(({ labels }) => kind(labels)).filter((one) => !rows.includes(one))).toEqual([])
  // A row with the name of a shipped alert has its labels.
  for (const { labels } of ROUTES) {
    const { alertname = '', ...others } = labels
    const rule = alerts.find(({ alert }) => alert === alertname)
    if (rule !== undefined) {
      expect(rule.labels).toMatchObject(others)
    }
  }
})

test.each(OFFICE_ROUTES)(
  'an office alert of severity $severity goes to $open within opening hours, and to $closed outside',
  (row) => {
    const alert = { alertname: 'Some', job: 'asterisk', instance: 'pbx:9745', severity: row.severity, hours: 'office' }
    expect(notifications([alert], MONDAY_AT_10).map(({ receiver }) => receiver)).toEqual([row.open])
    for (const minute of [MONDAY_AT_22, SATURDAY_AT_10]) {
      expect(notifications([alert], minute).map(({ receiver }) => receiver)).toEqual([row.closed])
    }
  },
)

test.each(alerts.filter(({ labels }) => labels['hours'] === 'closed'))(
  '$alert is sent out of hours only',
  ({ alert }) => {
    expect(notifications([labelsOf(alert)], MONDAY_AT_10)).toEqual([])
    for (const minute of [MONDAY_AT_22, SATURDAY_AT_10]) {
      expect(notifications([labelsOf(alert)], minute).map(({ receiver }) => receiver)).toEqual(['page'])
    }
  },
)

test('one theft of calls sends one page, whatever it looks like', () => {
  const all = alerts.filter(({ alert }) => alert.startsWith('AsteriskFraud')).map(({ alert }) => labelsOf(alert))
  expect(all).toHaveLength(6)
  for (const minute of [MONDAY_AT_10, SATURDAY_AT_10]) {
    expect(notifications(all, minute)).toEqual([
      { receiver: 'page', of: ['AsteriskFraudManyAtOnce', 'AsteriskFraudBurst', 'AsteriskFraudSequential'] },
    ])
  }
})

test('of two sites with an instance of one name, each sends its own message', () => {
  const of = (cluster: string): Labels => ({ ...labelsOf('AsteriskTrunkDown'), cluster })
  const sent = notifications([of('north'), of('south')], MONDAY_AT_10)
  expect(sent).toEqual(Array.from({ length: 2 }, () => ({ receiver: 'page', of: ['AsteriskTrunkDown'] })))
})

test('sites that send nothing are one message', () => {
  const absent = ['north', 'south'].map((cluster) => ({ ...labelsOf('AsteriskSiteAbsent'), cluster }))
  expect(notifications(absent, MONDAY_AT_22)).toEqual([
    { receiver: 'page', of: ['AsteriskSiteAbsent', 'AsteriskSiteAbsent'] },
  ])
})

test('an emergency call is told at once, and so is one after it is over', () => {
  const [first, second] = [MONDAY_AT_22, MONDAY_AT_22 + 7]
  const firing = Array.from({ length: second + 5 }, (_, at) => (at >= first && at < first + 5) || at >= second)
  const sent = notificationsOf([{ labels: labelsOf('AsteriskEmergencyCall'), firing }], onCall, firing.length)
  expect(sent.map(({ minute, kind, receiver }) => [minute, kind, receiver])).toEqual([
    [first, 'firing', 'quiet'],
    [first + 5, 'resolved', 'quiet'],
    [second, 'firing', 'quiet'],
  ])
})

test.each(alerts.filter(({ labels }) => labels['hours'] === undefined))('$alert is sent at any hour', ({ alert }) => {
  for (const minute of [MONDAY_AT_10, MONDAY_AT_22, SATURDAY_AT_10]) {
    expect(notifications([labelsOf(alert)], minute)).toHaveLength(1)
  }
})

test.each(INHIBITIONS)(
  '$source and $target: kept back $kept',
  ({ source, target, kept, sourceLabels, targetLabels }) => {
    const both = [
      { ...labelsOf(source), ...sourceLabels },
      { ...labelsOf(target), ...targetLabels },
    ]
    const minute = both.some((labels) => labels['hours'] === 'closed') ? SATURDAY_AT_10 : MONDAY_AT_10
    const heard = notifications(both, minute).flatMap(({ of }) => of)
    expect(heard.includes(target)).toBe(!kept)
    // No alert inhibits both.
    if (kept) {
      expect(heard).toContain(source)
    }
  },
)

test('no two alerts inhibit each other', () => {
  const pairs = alerts.flatMap(({ alert: one }, index) => alerts.slice(index).map(({ alert: other }) => [one, other]))
  // Saturday is asked only of those of which nothing is heard on Monday: it has a week of minutes before it.
  const isHeard = (pair: readonly string[]) =>
    [MONDAY_AT_10, SATURDAY_AT_10].some((minute) => notifications(pair.map(labelsOf), minute).length > 0)
  expect(pairs.filter((pair) => !isHeard(pair))).toEqual([])
})

test('each fault has a critical alert, which inhibits the others', () => {
  const faults = new Set(alerts.flatMap(({ labels }) => labels['fault'] ?? []))
  for (const fault of faults) {
    const own = alerts.filter(({ labels }) => labels['fault'] === fault)
    const severities = own.map(({ labels }) => labels['severity'])
    expect([fault, severities.includes('critical'), severities.some((one) => one !== 'critical')]).toEqual([
      fault,
      true,
      true,
    ])
  }
})

describe.each(['alertmanager.yml', ...EXAMPLES])('%s', (name) => {
  const config = read(name)
  const text = readFileSync(new URL(name, FOLDER), 'utf8')

  test('uses every receiver, and each has an address', () => {
    expect(config.route.receiver).toBe('noc')
    expect(config.receivers.map((receiver) => receiver.name)).toEqual(['noc', 'page', 'quiet'])
    for (const { name: receiver, ...kinds } of config.receivers) {
      const targets = Object.values(kinds).flatMap((kind) => (Array.isArray(kind) ? kind : []))
      expect([receiver, targets.length > 0]).toEqual([receiver, true])
      for (const target of targets) {
        expect(target).toMatchObject({ send_resolved: true })
      }
    }
    expect(config.route.group_by).toEqual(['alertname', 'cluster', 'instance'])
  })

  test('contains no secret', () => {
    expect(text).not.toMatch(/^\s*\w*(password|token|secret|api_url|credentials)\s*:/m)
    expect(text).not.toMatch(/https?:\/\/[^\s/]*@|hooks\.slack\.com/)
  })

  test('equals alertmanager.yml except for receivers', () => {
    const { receivers: _receivers, global: _global, ...rest } = config
    const { receivers: _shipped, ...whole } = shipped
    expect(rest).toEqual(whole)
  })

  test('uses existing templates', () => {
    expect(config.templates).toEqual(['templates/*.tmpl'])
    const templates = readdirSync(new URL('templates/', FOLDER)).map((file) =>
      readFileSync(new URL(`templates/${file}`, FOLDER), 'utf8'),
    )
    const defined = templates.flatMap((each) => [...each.matchAll(/define "([^"]+)"/g)].map(([, one]) => one))
    for (const [, used] of text.matchAll(/template "([^"]+)"/g)) {
      expect(defined).toContain(used)
    }
    // The webhook needs no template.
    expect(text.includes('template "')).toBe(name !== 'alertmanager.yml')
  })
})

test('there are examples for mail, Slack and Telegram', () => {
  const kinds = EXAMPLES.flatMap((name) => read(name).receivers.flatMap((receiver) => Object.keys(receiver)))
  expect(kinds).toEqual(expect.arrayContaining(['email_configs', 'slack_configs', 'telegram_configs']))
})
