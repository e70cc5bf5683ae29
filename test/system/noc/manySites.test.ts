// Two sites whose exporters have one name, an agent at each, and central servers of each kind and version, with the shipped
// files: nothing of one site becomes the other's, nothing is lost, and all central servers tell the same.
//
// The parts follow each other.

import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { parse } from 'yaml'
import { eventually } from '../program/program.ts'
import { agentConfigWithAccount } from './agentExample.ts'
import { heldAlerts } from './alertmanagerApi.ts'
import { tally } from './executionReport.ts'
import { type Centre, CLUSTERS, type Cluster, type ManySites, startManySites, startVmagent } from './manySites.ts'
import { findTools } from './servers.ts'
import { recordingRules, shippedRules } from './shippedRules.ts'
import { findVictoriaTools, LATER_VMALERT_FLAG } from './victoriaMetrics.ts'

const SHIPPED = join(import.meta.dirname, '../../../prometheus')
const [FIRST, ...OTHERS] = findTools()
const VICTORIA = findVictoriaTools()
const SERIES = { job: 'asterisk', instance: 'exporter:9745' } as const

/** Calls of each site; not the same number, so that none passes for the other. */
const CALLS: Readonly<Record<Cluster, number>> = { north: 2, south: 3 }

let office: ManySites
let centres: readonly Centre[] = []
beforeAll(async () => {
  if (FIRST === undefined) {
    throw new Error('no Prometheus is here')
  }
  office = await startManySites({ prometheus: [FIRST, ...OTHERS], victoria: VICTORIA, divideBy: 120 })
  centres = office.centres
})
afterAll(() => office?.stop())

const place = async (cluster: Cluster, calls: number): Promise<void> => {
  for (let call = 0; call < calls; call += 1) {
    const life = { caller: '101', callee: '102', ringMs: 20, talkMs: 100 + 50 * call }
    await office.sites.get(cluster)?.pbx.place('answered-caller-hangs-up', life).ended
  }
}

/** Calls by site, once each central server has so many. */
const expectCalls = async (wanted: Readonly<Record<Cluster, number>>): Promise<void> => {
  const rows = CLUSTERS.map((cluster) => [{ cluster, ...SERIES }, wanted[cluster]])
  for (const { name, server } of centres) {
    const counted = async () => {
      const samples = await server.query('sum by (cluster, job, instance) (asterisk_calls_total)')
      const sorted = samples.toSorted((one, other) =>
        `${one.metric['cluster']}`.localeCompare(`${other.metric['cluster']}`),
      )
      return sorted.map(({ metric, value }) => [metric, Number(value[1])])
    }
    const total = CLUSTERS.reduce((sum, cluster) => sum + wanted[cluster], 0)
    // The answer that was waited for is judged: VictoriaMetrics, asked again at once, may return nothing.
    const calls = await eventually(counted, (found) => found.reduce((sum, [, one]) => sum + Number(one), 0) >= total)
    expect([name, calls]).toEqual([name, rows])
  }
}

test('the calls of both sites are at each central server, and stay two series', async () => {
  await Promise.all(CLUSTERS.map((cluster) => place(cluster, CALLS[cluster])))
  await expectCalls(CALLS)
})

test('call ids of both sites are in Prometheus; VictoriaMetrics keeps none', async () => {
  const span = { start: Date.now() / 1000 - 600, end: Date.now() / 1000 + 60 }
  for (const { name, server, victoria } of centres) {
    const clusters = async () => {
      const series = await server.exemplars('asterisk_call_duration_seconds_bucket', span)
      return [...new Set(series.map(({ seriesLabels }) => seriesLabels['cluster']))].toSorted()
    }
    const wanted = victoria === null ? [...CLUSTERS] : []
    const found = await eventually(clusters, ({ length }) => length === wanted.length)
    expect([name, found]).toEqual([name, wanted])
  }
})

test('each central server records for each site, without the addresses of links', async () => {
  const names = new Set(recordingRules(shippedRules('recording.yml')).map(({ record }) => record))
  for (const { name, server } of centres) {
    const started = 'instance_direction:asterisk_calls_started:increase5m'
    await eventually(
      () => server.series([started]),
      (series) => new Set(series.map(({ cluster }) => cluster)).size === 2,
    )
    const recorded = await server.series(['{__name__=~"instance.*:asterisk_.*"}'])
    const labels = new Set(recorded.flatMap((one) => Object.keys(one)))
    expect([name, labels.has('grafana_url'), labels.has('runbook_url')]).toEqual([name, false, false])
    expect(recorded.filter((one) => !names.has(one['__name__'] ?? ''))).toEqual([])
    expect(recorded.filter((one) => one['cluster'] === undefined)).toEqual([])
    tally('recorded series of two sites', name, recorded.length)
  }
})

test('what was scraped while a central server was away arrives there', async () => {
  const last = centres.findLast(({ victoria }) => victoria !== null)
  if (last === undefined) {
    throw new Error('no VictoriaMetrics is here')
  }
  const back = await last.away(() => place('north', 1))
  centres = centres.map((centre) => (centre === last ? back : centre))
  const later = { ...CALLS, north: CALLS.north + 1 }
  await expectCalls(later)

  const [first] = centres
  const at = Date.now() / 1000
  const scrapes = async ({ server }: Centre) =>
    (await server.query('sum(count_over_time(asterisk_up[30s]))', at)).map(({ value }) => Number(value[1]))
  // Both are asked again, for the same seconds: on a busy machine, an agent sends late.
  await eventually(
    async () => [...(await scrapes(back)), ...(first === undefined ? [] : await scrapes(first))],
    ([found = 0, seen = 0]) => Math.abs(found - seen) <= 2,
  )
})

// At the same time as the next one: each waits for servers most of its time.
test.concurrent('a site whose exporter ends is told of, once, by its name', async () => {
  await office.sites.get('south')?.stop()
  for (const { rules } of centres) {
    const firing = async () => {
      const { data } = (await rules.get('/api/v1/alerts')) as {
        data: { alerts: readonly Alert[] | null }
      }
      // vmalert answers null where there is none.
      return (data.alerts ?? []).filter(
        ({ labels, state }) => labels['alertname'] === 'AsteriskExporterDown' && state === 'firing',
      )
    }
    // Two minutes are one second here: on a busy machine, the alert of the other site fires too, for a moment.
    const [alert] = await eventually(firing, isSouthAlone)
    expect(alert?.labels).toMatchObject({ cluster: 'south', ...SERIES })
    expect(alert?.annotations['runbook_url']).toBe('prometheus/RUNBOOK.md#asteriskexporterdown')
    expect(alert?.annotations['dashboard_url']).toMatch(
      /^http:\/\/localhost:3000\/d\/asterisk-exporter\?var-cluster=south&/,
    )
  }
  // All of them send to one Alertmanager, for which it is one alert.
  const isPaged = () =>
    office.sink.received.filter(
      ({ labels }) => labels['alertname'] === 'AsteriskExporterDown' && labels['cluster'] === 'south',
    )
  await eventually(isPaged, (received) => received.length > 0)
  const isHeld = async () =>
    (await heldAlerts(office.alertmanager)).filter(({ name }) => name === 'AsteriskExporterDown')
  const held = await eventually(isHeld, isSouthAlone)
  expect(held.map(({ labels }) => labels)).toEqual([
    { alertname: 'AsteriskExporterDown', severity: 'critical', cluster: 'south', ...SERIES },
  ])
})

function isSouthAlone(alerts: readonly Pick<Alert, 'labels'>[]): boolean {
  return alerts.length === 1 && alerts[0]?.labels['cluster'] === 'south'
}

interface Alert {
  readonly state: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

test.concurrent('vmagent sends by the same file', async () => {
  const exporter = new URL(office.sites.get('north')?.url ?? '').host
  await Promise.all(
    centres.map(async ({ server, victoria }) => {
      if (victoria === null) {
        return
      }
      const vmagent = await startVmagent(victoria, { cluster: 'east', exporter, centres: [server.url] })
      try {
        const up = () => server.query('asterisk_up{cluster="east"} == 1')
        const [sample] = await eventually(up, (samples) => samples.length === 1)
        expect(sample?.metric).toMatchObject(SERIES)
      } finally {
        await vmagent.stop()
      }
    }),
  )
})

describe('the shipped files', () => {
  test.each(VICTORIA)('vmalert $version takes the rules, but keep_firing_for only if it is later', (tools) => {
    const check = (name: string) =>
      spawnSync(tools.vmalert, ['-dryRun', `-rule=${join(SHIPPED, 'rules', name)}`], { encoding: 'utf8' })
    expect(check('recording.yml').status).toBe(0)
    const alerts = check('alerts.yml')
    expect(alerts.status === 0).toBe(tools.isLater)
    if (!tools.isLater) {
      expect(alerts.stderr + alerts.stdout).toContain('keep_firing_for')
    }
  })

  test('tell later versions of vmalert not to be late', () => {
    const example = readFileSync(join(SHIPPED, 'victoriametrics.example.yml'), 'utf8')
    expect(example).toContain(`# - ${LATER_VMALERT_FLAG}\n`)
  })

  test.each(findTools())(
    'promtool $prometheusVersion accepts the agent, with an account and certificates too',
    (tools) => {
      const check = (path: string) =>
        execFileSync(tools.promtool, ['check', 'config', '--agent', '--syntax-only', path], { encoding: 'utf8' })
      expect(check(join(SHIPPED, 'agent.example.yml'))).toContain('SUCCESS')
      const withAccount = agentConfigWithAccount('/run/secrets/site')
      expect(parse(withAccount).remote_write[0]).toMatchObject({
        basic_auth: { username: 'site-1' },
        tls_config: { ca_file: '/run/secrets/site' },
      })
      const path = join(inject('nocFolder'), `agent-${tools.prometheusVersion}.yml`)
      writeFileSync(path, withAccount)
      expect(check(path)).toContain('SUCCESS')
    },
  )
})
