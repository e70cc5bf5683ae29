// What is shipped for Docker holds together: files exist, ports agree, images are pinned, containers are closed.

import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { SETTINGS } from '../../src/config.ts'

const ROOT = new URL('../../', import.meta.url)

interface Service {
  readonly image?: string
  readonly build?: unknown
  readonly profiles?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes?: readonly string[]
  readonly ports?: readonly string[]
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: unknown
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
}

const text = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')
/** `${NAME:-value}` -> value, as when nothing is set. */
const unset = (value: string) => value.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1')

const compose: Compose = parse(text('docker-compose.yml'), { merge: true })
const services = Object.entries(compose.services)

describe.each(services)('%s', (name, service) => {
  test('has an image with a tag of its own, never latest', () => {
    expect(unset(service.image ?? '')).toMatch(/^[\w./-]+:[\w.-]+$/)
    expect(unset(service.image ?? '')).not.toMatch(/:latest$/)
  })

  test('mounts only what exists, or a named volume', () => {
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':')
      if (source.startsWith('.')) expect([source, existsSync(new URL(source, ROOT))]).toEqual([source, true])
      else expect(Object.keys(compose.volumes)).toContain(source)
    }
  })

  test('is published on this machine only, and closed', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/)
    expect(service.security_opt).toContain('no-new-privileges:true')
    if (service.profiles === undefined) expect([service.read_only, service.cap_drop]).toEqual([true, ['ALL']])
  })

  test('waits only for what can be healthy', () => {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(condition).toBe('service_healthy')
      const waited = compose.services[other]
      expect(
        waited?.healthcheck !== undefined ||
          (waited?.build !== undefined && text('Dockerfile').includes('HEALTHCHECK')),
      ).toBe(true)
    }
    expect(name).toMatch(/^[a-z]+$/)
  })
})

test('the exporter is given only settings that it has, its password as a file', () => {
  const given = Object.keys(compose.services['exporter']?.environment ?? {})
  expect(given.filter((name) => !SETTINGS.some((setting) => setting.name === name))).toEqual([])
  expect(given).toContain('ARI_PASSWORD_FILE')
  expect(given).not.toContain('ARI_PASSWORD')
  for (const { file } of Object.values(compose.secrets)) expect(existsSync(new URL(unset(file), ROOT))).toBe(true)
})

test('Prometheus scrapes the port that the exporter serves', () => {
  const port = SETTINGS.find(({ name }) => name === 'HTTP_PORT')?.fallback
  const { scrape_configs: jobs }: { scrape_configs: { static_configs: { targets: string[] }[] }[] } = parse(
    text('prometheus/prometheus.yml'),
  )
  expect(jobs.flatMap((job) => job.static_configs.flatMap(({ targets }) => targets))).toEqual([`exporter:${port}`])
  expect(text('Dockerfile')).toContain(`EXPOSE ${port}`)
  expect(compose.services['exporter']?.ports).toEqual([`127.0.0.1:${port}:${port}`])
})

test('the demo Asterisk knows the exporter by the password that the compose file gives', () => {
  const ari = text('test/demo/asterisk/ari.conf')
  expect(ari).toContain(`password = ${text('test/demo/asterisk/ari_password').trim()}`)
  expect(ari).toContain('[exporter]')
  expect(text('test/demo/asterisk/http.conf')).toContain('bindport = 8088')
})

test('the image runs without root', () => {
  const dockerfile = text('Dockerfile')
  expect(dockerfile).toMatch(/^USER node$/m)
  expect(dockerfile).toMatch(/^FROM node:\d+\.\d+\.\d+-\S+( AS build)?$/m)
})
