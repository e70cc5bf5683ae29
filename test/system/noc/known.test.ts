// What a dashboard shows when values are not known, by real promtools: disconnected is not 0, two calls give no ratio.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, test } from 'vitest'
import { counted, fromEnough, known, ofScraped, quiet, shareOfEnough, whileInSync } from '../../../grafana/known.ts'
import { ofPbx } from '../../../grafana/pbx.ts'
import { series, sum } from '../../../grafana/promql.ts'
import { RECORDINGS, recorded } from '../../../grafana/recordings.ts'
import { CATALOGUE } from '../../../src/metrics/catalogue/catalogue.ts'
import { findTools } from './servers.ts'

const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-known-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Connected at the fifth minute, without its Asterisk at the fifteenth, not scraped at the thirtieth. */
const [CONNECTED, DISCONNECTED, UNSCRAPED] = ['5m', '15m', '30m']

const of = (name: string, labels: string, values: string, instance = 'pbx') => ({
  series: `${name}{job="asterisk", instance="${instance}"${labels}}`,
  values,
})

const SERIES = [
  of(CATALOGUE.up.name, '', '1x10 0x10 _x30'),
  of(CATALOGUE.queueWaiting.name, ', queue="sales"', '0x20 _x30'),
  of(`${RECORDINGS.missed.name}30m`, ', direction="inbound"', '3x50'),
  of(`${RECORDINGS.missed.name}30m`, ', direction="internal"', '0x50'),
  of(`${RECORDINGS.offered.name}30m`, ', direction="inbound"', '6x50'),
  of(`${RECORDINGS.offered.name}30m`, ', direction="internal"', '4x50'),
  of(`${RECORDINGS.missedShareByDirection.name}30m`, ', direction="inbound"', '0.5x50'),
  of(`${RECORDINGS.missedShareByDirection.name}30m`, ', direction="internal"', '0x50'),
  // The rules stop, and with them the alerts.
  of(`${RECORDINGS.seen.name}6h`, '', '1x20 _x30'),
  of('ALERTS', ', alertname="AsteriskTrunkDown", alertstate="firing"', '_x10 1x10 _x30'),
]

const missed = recorded(RECORDINGS.missed, '30m')
const offered = recorded(RECORDINGS.offered, '30m')
const INBOUND = '{direction="inbound"}'
const byDirection = (counts: string) => sum(counts, ['direction'])
const share = shareOfEnough(byDirection(missed), byDirection(offered))

interface Asked {
  readonly expr: string
  readonly at: string | undefined
  /** Labels -> value. */
  readonly answer: Readonly<Record<string, number>>
}

const waiting = sum(known(series(CATALOGUE.queueWaiting)))
const counts = counted(byDirection(missed))
const recordedShare = fromEnough(recorded(RECORDINGS.missedShareByDirection, '30m'), offered)

const ASKED: readonly Asked[] = [
  { expr: waiting, at: CONNECTED, answer: { '{}': 0 } },
  { expr: waiting, at: DISCONNECTED, answer: {} },
  { expr: waiting, at: UNSCRAPED, answer: {} },
  // A counter keeps its value; a zero needs a connected exporter.
  { expr: counts, at: CONNECTED, answer: { [INBOUND]: 3, '{direction="internal"}': 0 } },
  { expr: counts, at: DISCONNECTED, answer: { [INBOUND]: 3 } },
  { expr: counts, at: UNSCRAPED, answer: { [INBOUND]: 3 } },
  // Of four calls there is no share.
  { expr: share, at: UNSCRAPED, answer: { [INBOUND]: 0.5 } },
  { expr: byDirection(recordedShare), at: CONNECTED, answer: { [INBOUND]: 0.5 } },
  { expr: whileInSync(share), at: CONNECTED, answer: { [INBOUND]: 0.5 } },
  { expr: whileInSync(share), at: DISCONNECTED, answer: {} },
  { expr: whileInSync(share), at: UNSCRAPED, answer: {} },
  { expr: quiet('.+'), at: CONNECTED, answer: { '{}': 0 } },
  { expr: quiet('.+'), at: DISCONNECTED, answer: {} },
  { expr: quiet('AsteriskNoCalls'), at: DISCONNECTED, answer: { '{}': 0 } },
  { expr: quiet('.+'), at: UNSCRAPED, answer: {} },
]

/** Two PBXs with a queue of one name; the second is unreachable, then not scraped. */
const TWO = ['a', 'b'].flatMap((instance) => [
  of(CATALOGUE.up.name, '', instance === 'a' ? '1x50' : '1x10 0x10 _x30', instance),
  of(CATALOGUE.queueWaiting.name, ', queue="sales"', '2x50', instance),
])
const named = (instance: string, name = '') => `{instance="${instance}", job="asterisk", ${name}queue="sales"}`
const ofEach = ofPbx(series(CATALOGUE.queueWaiting))
const ofBoth = { [named('a', 'of=" · a", ')]: 2, [named('b', 'of=" · b", ')]: 2 }

const ASKED_OF_TWO: readonly Asked[] = [
  { expr: ofEach, at: CONNECTED, answer: ofBoth },
  { expr: ofEach, at: DISCONNECTED, answer: ofBoth },
  { expr: ofEach, at: UNSCRAPED, answer: ofBoth },
  // Of one PBX there is nothing to say.
  { expr: ofEach.replaceAll('$instance', 'a'), at: CONNECTED, answer: { [named('a')]: 2 } },
  { expr: ofScraped(sum(series(CATALOGUE.queueWaiting), ['instance'])), at: CONNECTED, answer: {} },
]

/** Two sites, whose PBXs have one name. */
const TWO_SITES = ['north', 'south'].flatMap((site) =>
  [of(CATALOGUE.up.name, '', '1x50'), of(CATALOGUE.queueWaiting.name, ', queue="sales"', '2x50')].map(
    ({ series: one, values }) => ({ series: one.replace('{', `{cluster="${site}", `), values }),
  ),
)
const ofSite = (site: string, name = '') => `{cluster="${site}", instance="pbx", job="asterisk", ${name}queue="sales"}`

const ASKED_OF_TWO_SITES: readonly Asked[] = [
  {
    expr: ofEach,
    at: CONNECTED,
    answer: { [ofSite('north', 'of=" · pbx north", ')]: 2, [ofSite('south', 'of=" · pbx south", ')]: 2 },
  },
  { expr: ofEach.replaceAll('$cluster', 'south'), at: CONNECTED, answer: { [ofSite('south')]: 2 } },
  {
    expr: sum(series(CATALOGUE.queueWaiting), ['instance']),
    at: CONNECTED,
    answer: { '{cluster="north", instance="pbx"}': 2, '{cluster="south", instance="pbx"}': 2 },
  },
]

const filled = (expr: string) =>
  expr.replaceAll('$cluster', '.*').replaceAll('$job', '.+').replaceAll('$instance', '.+').replaceAll('$__range', '40m')

describe.each(findTools())('promtool $prometheusVersion', ({ promtool, prometheusVersion }) => {
  test('gives a value only where it is known', () => {
    const path = join(folder, `${prometheusVersion}.yml`)
    const questions = (asked: readonly Asked[]) =>
      asked.map(({ expr, at, answer }) => ({
        expr: filled(expr),
        eval_time: at,
        exp_samples: Object.entries(answer).map(([labels, value]) => ({ labels, value })),
      }))
    const tests = [
      { interval: '1m', input_series: SERIES, promql_expr_test: questions(ASKED) },
      { interval: '1m', input_series: TWO, promql_expr_test: questions(ASKED_OF_TWO) },
      { interval: '1m', input_series: TWO_SITES, promql_expr_test: questions(ASKED_OF_TWO_SITES) },
    ]
    writeFileSync(path, JSON.stringify({ rule_files: [], tests }))
    execFileSync(promtool, ['test', 'rules', path], { encoding: 'utf8', stdio: 'pipe' })
  })
})
