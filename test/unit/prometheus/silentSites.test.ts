// Twenty sites with three PBXs each, of which nothing arrives any more: of one PBX, one site, three, all. Who is paged how often.
//
// Minutes of a model: a series lasts for five minutes after its last sample; `for` is that of alerts.yml, routes and inhibitions are those
// of alertmanager.yml.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { onCallOf } from '../../system/noc/alertmanagerConfig.ts'
import { type Alarm, notificationsOf } from '../../system/noc/alertmanagerModel.ts'
import { firingSteps } from '../../system/noc/alertState.ts'
import { durationMs } from '../../system/noc/durations.ts'
import { alertingRules, shippedRules } from '../../system/noc/shippedRules.ts'

const SITES = 20
const PBXS = 3
const MINUTES = 90
const LOOKBACK = 5
const FROM = 10

const onCall = onCallOf(parse(readFileSync(new URL('../../../prometheus/alertmanager.yml', import.meta.url), 'utf8')))
const rules = alertingRules(shippedRules('alerts.yml'))

interface Pbx {
  readonly site: number
  readonly pbx: number
}

/** Minutes in which nothing is sent. */
interface Outage {
  readonly from: number
  readonly until: number
}

/** The notifications, as `minute receiver kind: alerts`. */
function told(outageOf: (pbx: Pbx) => Outage | null): readonly string[] {
  const pbxs = Array.from({ length: SITES * PBXS }, (_, index): Pbx => ({ site: index % SITES, pbx: index % PBXS }))
  const seen = pbxs.map((pbx) => {
    const outage = outageOf(pbx)
    const isSeen = (minute: number) => outage === null || minute < outage.from + LOOKBACK || minute >= outage.until
    return { ...pbx, isSeen }
  })
  const absent = (some: readonly (typeof seen)[number][]) =>
    Array.from({ length: MINUTES }, (_, minute) => !some.some(({ isSeen }) => isSeen(minute)))
  const alarms = [
    alarm('AsteriskExporterAbsent', {}, absent(seen)),
    ...Array.from({ length: SITES }, (_, site) =>
      alarm('AsteriskSiteAbsent', { cluster: `site-${site}` }, absent(seen.filter((one) => one.site === site))),
    ),
    ...seen.map((one) =>
      alarm('AsteriskPbxAbsent', { cluster: `site-${one.site}`, instance: `pbx-${one.pbx}:9745` }, absent([one])),
    ),
  ]
  return notificationsOf(alarms, onCall, MINUTES).map(({ minute, kind, receiver, alarms: named }) => {
    const [first] = named
    return `${minute} ${receiver} ${kind}: ${named.length} ${first?.labels['alertname']}`
  })
}

function alarm(alertname: string, labels: Readonly<Record<string, string>>, active: readonly boolean[]): Alarm {
  const rule = rules.find(({ alert }) => alert === alertname)
  if (rule === undefined) {
    throw new Error(`there is no alert ${alertname}`)
  }
  const firing = firingSteps(active, { forSteps: durationMs(rule.for) / 60_000, keepFiringSteps: 0 })
  return { labels: { job: 'asterisk', ...rule.labels, ...labels, alertname }, firing }
}

const outage = (late = 0): Outage => ({ from: FROM + late, until: 40 + late })

test('the table of the documentation has these minutes', () => {
  const documented = readFileSync(new URL('../../../prometheus/README.md', import.meta.url), 'utf8')
  const after = (outageOf: (pbx: Pbx) => Outage | null) => Number.parseInt(told(outageOf)[0] ?? '', 10) - FROM
  const onePbx = after(({ site, pbx }) => (site === 4 && pbx === 1 ? outage() : null))
  const sites = after(({ site }) => (site < 3 ? outage() : null))
  expect(documented).toContain(`| one PBX, or two of one site | 1, after ${onePbx} minutes |`)
  expect(documented).toContain(`| one site, or three sites | 1, which names them, after ${sites} minutes |`)
})

test('nothing is gone: nothing is told', () => {
  expect(told(() => null)).toEqual([])
})

test('one PBX is gone: one message, and one when it is back', () => {
  expect(told(({ site, pbx }) => (site === 4 && pbx === 1 ? outage() : null))).toEqual([
    '23 page firing: 1 AsteriskPbxAbsent',
    '43 page resolved: 1 AsteriskPbxAbsent',
  ])
})

test('two PBXs of a site are gone, one soon after the other: one message', () => {
  expect(told(({ site, pbx }) => (site === 4 && pbx > 0 ? outage(pbx - 1) : null))).toEqual([
    '23 page firing: 2 AsteriskPbxAbsent',
    '43 page resolved: 2 AsteriskPbxAbsent',
  ])
})

test('a PBX of each of three sites is gone: one message for each site', () => {
  const sent = told(({ site, pbx }) => (site < 3 && pbx === 1 ? outage() : null))
  expect(sent.filter((line) => line.includes('firing'))).toEqual(
    Array.from({ length: 3 }, () => '23 page firing: 1 AsteriskPbxAbsent'),
  )
})

test('one site is gone, one PBX soon after the other: one message', () => {
  expect(told(({ site, pbx }) => (site === 4 ? outage(pbx) : null))).toEqual([
    '23 page firing: 1 AsteriskSiteAbsent',
    '43 page resolved: 1 AsteriskSiteAbsent',
  ])
})

test('three sites are gone: one message', () => {
  expect(told(({ site }) => (site < 3 ? outage() : null))).toEqual([
    '21 page firing: 3 AsteriskSiteAbsent',
    '41 page resolved: 3 AsteriskSiteAbsent',
  ])
})

test('all sites are gone, within a minute of each other: one message', () => {
  expect(told(({ site }) => outage(site % 2))).toEqual([
    '22 page firing: 1 AsteriskExporterAbsent',
    '42 page resolved: 1 AsteriskExporterAbsent',
  ])
})

test('all sites are gone, and three of them do not come back with the others: those are one message', () => {
  expect(told(({ site }) => ({ from: FROM, until: site < 3 ? MINUTES : 40 }))).toEqual([
    '21 page firing: 1 AsteriskExporterAbsent',
    '41 page resolved: 1 AsteriskExporterAbsent',
    '41 page firing: 3 AsteriskSiteAbsent',
  ])
})
