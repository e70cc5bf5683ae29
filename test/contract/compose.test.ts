// What is shipped for Docker holds together: files exist, ports agree, images are pinned, containers are closed.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { SETTING_LIST, SETTINGS } from '../../src/settings/settings.ts'

const ROOT = new URL('../../', import.meta.url)

interface Service {
  readonly image?: string
  readonly build?: unknown
  readonly user?: string
  readonly command?: readonly string[]
  readonly profiles?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly secrets?: readonly string[]
  readonly volumes?: readonly string[]
  readonly tmpfs?: readonly string[]
  readonly ports?: readonly string[]
  readonly privileged?: boolean
  readonly network_mode?: string
  readonly restart?: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly cap_add?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval: string; readonly timeout: string }
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
}

const text = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')
const isThere = (path: string) => existsSync(new URL(path, ROOT))
/** `${NAME:-value}` and `${NAME-value}` -> value, as when nothing is set. */
const unset = (value: string) => value.replace(/\$\{[A-Z_]+:?-([^}]*)\}/g, '$1')

const compose: Compose = parse(text('docker-compose.yml'), { merge: true })
const services = Object.entries(compose.services)
const DEMO = ['asterisk', 'phones']
/** They end when they are done. */
const ONCE = ['fleet-init', 'fleet-rights']
const FLEET = [
  ...['fleet', 'fleet-prometheus', 'postgres', 'helsinki', 'tampere', 'helsinki-pbx', 'tampere-pbx'],
  ...ONCE,
]

/** Container path of a file in the repository, through the mounts of a service; undefined when it is not mounted. */
function repositoryPath(service: Service, inside: string): string | undefined {
  for (const volume of service.volumes ?? []) {
    const [source = '', target = ''] = unset(volume).split(':')
    if (source.startsWith('.') && (inside === target || inside.startsWith(`${target}/`))) {
      return source + inside.slice(target.length)
    }
  }
  return undefined
}

test('the whole picture is there; Asterisk with its phones only for the demo, many sites only for the fleet', () => {
  expect(Object.keys(compose.services).sort()).toEqual(
    ['alertmanager', 'exporter', 'grafana', 'notices', 'prometheus', ...DEMO, ...FLEET].sort(),
  )
  for (const [name, { profiles }] of services) {
    expect([name, profiles]).toEqual([
      name,
      DEMO.includes(name) ? ['demo'] : FLEET.includes(name) ? ['fleet'] : undefined,
    ])
  }
})

describe.each(services)('%s', (name, service) => {
  test('has an image with a tag of its own, never latest, to be chosen in .env', () => {
    const image = service.image ?? ''
    expect(unset(image)).toMatch(/^[\w./-]+:v?\d+\.\d+(\.\d+)?[\w.-]*$/)
    if (service.build !== undefined) {
      return
    }
    const [, variable, pinned] = /^\$\{([A-Z]+_IMAGE):-(\S+)\}$/.exec(image) ?? []
    expect(text('.env.example').split('\n')).toContain(`${variable}=${pinned}`)
  })

  test('mounts only what exists, read-only, or a named volume', () => {
    for (const volume of service.volumes ?? []) {
      const [source = '', , mode] = unset(volume).split(':')
      if (source.startsWith('.')) {
        expect([source, isThere(source), mode]).toEqual([source, true, 'ro'])
      } else {
        expect(Object.keys(compose.volumes)).toContain(source)
      }
    }
    for (const path of unset((service.command ?? []).join(' ')).match(/(?<=[= ])\/\S+\.(yml|conf|ts)\b/g) ?? []) {
      expect([path, isThere(repositoryPath(service, path) ?? 'not mounted')]).toEqual([path, true])
    }
  })

  test('is published on loopback only, with least privileges', () => {
    for (const port of service.ports ?? []) {
      expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/)
    }
    expect(service).toMatchObject({
      restart: ONCE.includes(name) ? 'no' : 'unless-stopped',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      user: expect.stringMatching(/^(?!root\b|0\b)\w+$/),
    })
    expect([service.cap_add, service.privileged, service.network_mode]).toEqual([undefined, undefined, undefined])
    // A mounted folder belongs to root: a container with another user needs access to it.
    for (const path of service.tmpfs ?? []) {
      expect(path).toMatch(/^(\/tmp|[^:]+:mode=1777)$/)
    }
  })

  test('has a health check on its own port', () => {
    const { healthcheck, ports = [] } = service
    if (ONCE.includes(name)) {
      return
    }
    if (healthcheck === undefined) {
      expect(service.build).toBeDefined()
      expect(text('Dockerfile')).toMatch(/^HEALTHCHECK .*\n.*connect\(9745, '127\.0\.0\.1'\)/m)
      return
    }
    expect(healthcheck).toMatchObject({ interval: expect.stringMatching(/s$/), timeout: expect.stringMatching(/s$/) })
    for (const port of ports) {
      expect(healthcheck.test.join(' ')).toContain(`127.0.0.1:${port.split(':')[1]}/`)
    }
  })

  test('depends only on services with a health check, and restarts', () => {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect([other, condition]).toEqual([
        other,
        ONCE.includes(other) ? 'service_completed_successfully' : 'service_healthy',
      ])
      const waited = compose.services[other]
      expect(waited?.healthcheck !== undefined || waited?.build !== undefined || ONCE.includes(other)).toBe(true)
      if (service.profiles === undefined) {
        expect(waited?.profiles).toBeUndefined()
      }
    }
    expect(name).toMatch(/^[a-z-]+$/)
  })

  test('reads its secrets from files', () => {
    for (const secret of service.secrets ?? []) {
      expect(Object.values(service.environment ?? {})).toContain(`/run/secrets/${secret}`)
    }
    for (const [variable, value] of Object.entries(service.environment ?? {})) {
      if (/PASSWORD|TOKEN|SECRET/.test(variable)) {
        expect([variable, value]).toEqual([variable, expect.stringMatching(/^\/run\/secrets\//)])
      }
    }
  })
})

test('every volume and every secret is used, and the secrets of the demo are there', () => {
  const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]))
  for (const volume of Object.keys(compose.volumes)) {
    expect(mounts).toContain(volume)
  }
  const used = services.flatMap(([, { secrets = [] }]) => secrets)
  expect(Object.keys(compose.secrets).sort()).toEqual([...new Set(used)].sort())
  for (const { file } of Object.values(compose.secrets)) {
    expect(isThere(unset(file))).toBe(true)
  }
})

test('the program is given only settings that it has, its password as a file', () => {
  for (const [name, { build, environment = {} }] of services) {
    const unknown = Object.keys(environment).filter((one) => !SETTING_LIST.some((setting) => setting.name === one))
    expect([name, build === undefined ? [] : unknown]).toEqual([name, []])
  }
  const given = Object.keys(compose.services['exporter']?.environment ?? {})
  expect(given).toContain('ARI_PASSWORD_FILE')
  expect(given).not.toContain('ARI_PASSWORD')
})

const PORT = SETTINGS.http.port.default

test('the exporter is published where it serves', () => {
  expect(text('Dockerfile')).toContain(`EXPOSE ${PORT}`)
  expect(compose.services['exporter']?.ports).toEqual([`127.0.0.1:${PORT}:${PORT}`])
})

/** `host:port` of every service that another may ask. */
const LISTENING = [
  ...services.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name}:${port.split(':')[2]}`)),
  'notices:9099',
]

describe('mounted files name services by their names and ports', () => {
  interface PrometheusFile {
    readonly rule_files: readonly string[]
    readonly alerting: { readonly alertmanagers: readonly Job[] }
    readonly scrape_configs: readonly Job[]
  }
  interface Job {
    readonly static_configs?: readonly { readonly targets: readonly string[] }[]
    readonly http_sd_configs?: readonly { readonly url: string }[]
  }
  const targetsOf = (jobs: readonly Job[]) =>
    jobs.flatMap(({ static_configs: fixed = [], http_sd_configs: found = [] }) => [
      ...fixed.flatMap(({ targets }) => targets),
      ...found.map(({ url }) => new URL(url).host),
    ])

  test.each([
    { name: 'prometheus', path: 'prometheus/prometheus.yml', scraped: `exporter:${PORT}` },
    { name: 'fleet-prometheus', path: 'prometheus/fleet.yml', scraped: 'fleet:9746' },
  ])('Prometheus, as the service $name', ({ name, path, scraped }) => {
    const service = compose.services[name] ?? {}
    const [, config = ''] = /--config\.file=(\S+)/.exec(service.command?.join(' ') ?? '') ?? []
    expect(repositoryPath(service, config)).toBe(`./${path}`)
    const file: PrometheusFile = parse(text(path))
    expect(targetsOf(file.scrape_configs)).toContain(scraped)
    for (const target of targetsOf(file.scrape_configs)) {
      expect(LISTENING).toContain(target.replace('localhost:', `${name}:`))
    }
    expect(targetsOf(file.alerting.alertmanagers)).toEqual(['alertmanager:9093'])
    for (const rules of file.rule_files) {
      const rulesPath = repositoryPath(service, `/etc/prometheus/${rules}`)
      expect([rules, isThere(rulesPath ?? 'not mounted')]).toEqual([rules, true])
    }
    expect(service.command).toContain('--enable-feature=exemplar-storage')
  })

  test('Alertmanager, as it is shipped', () => {
    const asked = [...text('prometheus/alertmanager.yml').matchAll(/^\s*-? ?url: http:\/\/([^/\s]+)/gm)].map(
      ([, at]) => at,
    )
    expect(asked.length).toBeGreaterThan(0)
    for (const at of asked) {
      expect(LISTENING).toContain(at)
    }
    expect(text('prometheus/alertPrinter.ts')).toContain('9099')
    expect(compose.services['notices']?.healthcheck?.test.join(' ')).toContain('connect(9099,')
    const templates = repositoryPath(compose.services['alertmanager'] ?? {}, '/etc/alertmanager/templates') ?? ''
    expect(readdirSync(new URL(templates, ROOT)).some((name) => name.endsWith('.tmpl'))).toBe(true)
  })

  test('Grafana', () => {
    const grafana = compose.services['grafana'] ?? {}
    const sources = text('grafana/provisioning/datasources/asterisk.yml')
    const { datasources }: { datasources: { type: string; url: string; jsonData: { timeInterval?: string } }[] } =
      parse(sources)
    expect(datasources).toHaveLength(3)
    for (const { url } of datasources) {
      expect(LISTENING).toContain(url.replace('http://', ''))
    }
    const { scrape_interval: interval }: { scrape_interval: string } = parse(text('prometheus/prometheus.yml')).global
    expect(datasources.find(({ type }) => type === 'prometheus')?.jsonData.timeInterval).toBe(interval)
    // Plugins of data sources that Grafana does not bring itself.
    const plugins = unset(grafana.environment?.['GF_PLUGINS_PREINSTALL'] ?? '')
    expect(plugins).toMatch(/^[\w-]+@\d+\.\d+\.\d+$/)
    const foreign = datasources.map(({ type }) => type).filter((type) => !['prometheus', 'alertmanager'].includes(type))
    expect(foreign).toEqual([plugins.split('@')[0]])
    // What is asked of the environment is in it.
    for (const [, variable = ''] of sources.replace(/^\s*#.*$/gm, '').matchAll(/(?<!\$)\$\{?([A-Z_]+)/g)) {
      expect(Object.keys(grafana.environment ?? {})).toContain(variable)
    }
    const { providers }: { providers: { options: { path: string } }[] } = parse(
      text('grafana/provisioning/dashboards/asterisk.yml'),
    )
    for (const { options } of providers) {
      expect(repositoryPath(grafana, options.path)).toBe('./grafana/dashboards')
    }
    const home = grafana.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? ''
    expect(isThere(repositoryPath(grafana, home) ?? 'not mounted')).toBe(true)
    expect(grafana.environment?.['GF_PLUGINS_PREINSTALL_AUTO_UPDATE']).toBe('false')
  })
})

describe('the demo', () => {
  const conf = (path: string) => text(`test/demo/${path}`)
  const valuesOf = (file: string, key: string) =>
    [...file.matchAll(new RegExp(`^${key} = (.*)$`, 'gm'))].map(([, value]) => value)

  test('Asterisk knows the exporter by the password that the compose file gives', () => {
    const ari = conf('asterisk/ari.conf')
    expect(ari).toContain(`password = ${conf('asterisk/ari_password').trim()}`)
    expect(ari).toContain('[exporter]')
    expect(conf('asterisk/http.conf')).toContain('bindport = 8088')
    expect(unset(compose.services['exporter']?.environment?.['ARI_URL'] ?? '')).toBe('http://asterisk:8088')
  })

  test('the phones register where Asterisk listens, with the passwords that it knows', () => {
    const [pbx, phones] = [conf('asterisk/pjsip.conf'), conf('phones/pjsip.conf')]
    expect(valuesOf(pbx, 'username')).toEqual(['101', '102', 'trunk-demo'])
    for (const key of ['username', 'password']) {
      expect(valuesOf(phones, key)).toEqual(valuesOf(pbx, key))
    }
    expect(new Set([...valuesOf(phones, 'server_uri'), ...valuesOf(phones, 'contact')])).toEqual(
      new Set(['sip:asterisk:5060']),
    )
    expect(valuesOf(pbx, 'bind')).toEqual(['0.0.0.0:5060'])
  })
})

test('the image runs without root', () => {
  const dockerfile = text('Dockerfile')
  expect(dockerfile).toMatch(/^USER node$/m)
  expect(dockerfile).toMatch(/^FROM node:\d+\.\d+\.\d+-\S+( AS build)?$/m)
})
