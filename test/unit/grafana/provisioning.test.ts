// Grafana's provisioning matches the boards, the scrape interval and the exporter's page.

import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { EXPORTER_PAGE } from '../../../grafana/addresses.ts'
import { CALL_LOG, PROVISIONED } from '../../../grafana/dataSource.ts'
import { callOf } from '../../../src/http/page/client/address.ts'
import { EXEMPLAR_LABEL } from '../../../src/metrics/exemplars.ts'
import { SETTINGS } from '../../../src/settings/settings.ts'

interface DataSource {
  readonly name: string
  readonly uid: string
  readonly type: string
  readonly url: string
  readonly editable: boolean
  readonly isDefault?: boolean
  readonly jsonData: {
    readonly timeInterval?: string
    readonly implementation?: string
    readonly allowedHosts?: readonly string[]
    readonly exemplarTraceIdDestinations?: readonly { readonly name: string; readonly url: string }[]
  }
}

const ROOT = new URL('../../../', import.meta.url)
const text = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')
const { datasources }: { readonly datasources: readonly DataSource[] } = parse(
  text('grafana/provisioning/datasources/asterisk.yml'),
)
const ofType = (type: string) => datasources.find((source) => source.type === type)

test('provisions three data sources that cannot be edited', () => {
  expect(datasources.map(({ type }) => type)).toEqual(['prometheus', 'alertmanager', CALL_LOG.type])
  expect(datasources.map(({ editable }) => editable)).toEqual([false, false, false])
  expect(ofType('prometheus')).toMatchObject({ ...PROVISIONED.prometheus, isDefault: true })
  expect(ofType(CALL_LOG.type ?? '')).toMatchObject(PROVISIONED.callLog)
  expect(ofType('alertmanager')?.jsonData.implementation).toBe('prometheus')
})

test('has the scrape interval of Prometheus', () => {
  const { global }: { readonly global: { readonly scrape_interval: string } } = parse(text('prometheus/prometheus.yml'))
  expect(ofType('prometheus')?.jsonData.timeInterval).toBe(global.scrape_interval)
})

test('allows only the address of the exporter for the call log', () => {
  const port = SETTINGS.http.port.default
  const source = ofType(CALL_LOG.type ?? '')
  expect(source?.url).toBe(`http://exporter:${port}`)
  expect(source?.jsonData.allowedHosts).toEqual([source?.url])
  expect(new URL(EXPORTER_PAGE).port).toBe(port)
})

test('links an exemplar to its call on the exporter’s page', () => {
  const [destination, ...others] = ofType('prometheus')?.jsonData.exemplarTraceIdDestinations ?? []
  expect([destination?.name, others]).toEqual([EXEMPLAR_LABEL, []])
  // Grafana replaces environment variables at its start, where `$$` is a dollar sign, and the value when the link is clicked.
  const environment: Readonly<Record<string, string>> = { EXPORTER_PUBLIC_URL: EXPORTER_PAGE }
  const atStart = destination?.url.replace(/\$\$|\$\{([^}]*)\}/g, (found, name: string) =>
    found === '$$' ? '$' : (environment[name] ?? ''),
  )
  const clicked = new URL(atStart?.replace(`\${__value.raw}`, '1795444470.112') ?? '')
  expect(clicked.href.startsWith(`${EXPORTER_PAGE}/#`)).toBe(true)
  expect(callOf(clicked.hash)).toBe('1795444470.112')
})

test('loads the boards from files, read-only', () => {
  const { providers }: { readonly providers: readonly Record<string, unknown>[] } = parse(
    text('grafana/provisioning/dashboards/asterisk.yml'),
  )
  expect(providers).toMatchObject([
    { type: 'file', folder: 'Asterisk', allowUiUpdates: false, options: { path: '/var/lib/grafana/dashboards' } },
  ])
  expect(existsSync(new URL('grafana/dashboards/', ROOT))).toBe(true)
})
