// The profile `fleet` of docker-compose.yml without Docker: its services as local processes, from their commands, environments, secrets and
// mounted files, in the order in which they depend on each other.
//
// Names of hosts become 127.0.0.1 with a port of its own for each service; the program is the built one, PostgreSQL and Prometheus are
// those that are installed. The Alertmanager and the images themselves are left out.

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { eventually, freePort, get } from '../program/program.ts'
import { type Postgres, startPostgres } from './postgres.ts'

interface Service {
  readonly profiles?: readonly string[]
  readonly image: string
  readonly build?: unknown
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const BUILT = join(ROOT, 'dist/main.js')
const POSTGRES_BIN = process.env['POSTGRES_BIN'] ?? '/usr/lib/postgresql/15/bin'
/** Where each service listens in its container. */
const PORTS = { program: 9745, pbx: 8088, postgres: 5432 } as const

const compose: Compose = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true })
const fleet = Object.entries(compose.services).filter(([, { profiles = [] }]) => profiles.includes('fleet'))
const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-compose-'))
const running: Process[] = []
const ports = new Map<string, number>()
let postgres: Postgres

interface Process {
  readonly name: string
  readonly child: ChildProcess
  readonly output: () => string
  readonly ended: Promise<number | null>
}

function portOf(name: string): number {
  return ports.get(name) ?? fail(`${name} is not a service of the profile`)
}

function fail(problem: string): never {
  throw new Error(problem)
}

/** The text with local addresses, and the files of secrets. */
function local(text: string): string {
  let found = text.replaceAll(/\/run\/secrets\/(\w+)/g, (_, secret: string) =>
    join(ROOT, compose.secrets[secret]?.file ?? fail(`no secret ${secret}`)),
  )
  for (const [name] of fleet) {
    found = found
      .replaceAll(new RegExp(`//${name}:\\d+`, 'g'), `//127.0.0.1:${portOf(name)}`)
      .replaceAll(new RegExp(`'${name}:\\d+'`, 'g'), `'127.0.0.1:${portOf(name)}'`)
      .replaceAll(new RegExp(`@${name}/`, 'g'), `@127.0.0.1:${portOf(name)}/`)
  }
  return found
}

function localEnvironment({ environment = {} }: Service): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, local(value)]))
}

/** The file in the repository that a service sees at this path. */
function mounted(service: Service, path: string): string {
  const mount = service.volumes?.find((volume) => volume.split(':')[1] === path)
  return join(ROOT, mount?.split(':')[0] ?? fail(`nothing is mounted at ${path}`))
}

function run(name: string, words: readonly string[], environment: Readonly<Record<string, string>>): Process {
  const [command = '', ...rest] = words
  const child = spawn(command, rest, {
    cwd: mkdtempSync(join(folder, 'cwd-')),
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk)
    })
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const process_ = { name, child, output: () => output, ended }
  running.push(process_)
  return process_
}

/** Runs it to its end, which must be a good one. */
async function runOnce(name: string, words: readonly string[], environment: Readonly<Record<string, string>>) {
  const { ended, output } = run(name, words, environment)
  expect([name, await ended, output()]).toEqual([name, 0, expect.any(String)])
}

const script = { PATH: `${POSTGRES_BIN}:${process.env['PATH'] ?? ''}` }

async function startPostgresService(service: Service): Promise<void> {
  const socket = { PGHOST: postgres.folder, PGPORT: String(postgres.port) }
  const roles = mounted(service, '/docker-entrypoint-initdb.d/roles.sh')
  await runOnce('postgres', ['bash', roles], { ...localEnvironment(service), ...script, ...socket })
}

async function startProgramService(name: string, service: Service): Promise<void> {
  const { command = [] } = service
  const own = mkdtempSync(join(folder, 'data-'))
  const listens = { HTTP_PORT: String(portOf(name)), HTTP_HOST: '127.0.0.1', DB_PATH: join(own, 'calls.db') }
  const words = command.map((word) =>
    word === '0.0.0.0' ? '127.0.0.1' : word === String(PORTS.pbx) ? String(portOf(name)) : word,
  )
  const environment = { ...localEnvironment(service), ...listens }
  if (name === 'fleet-init') {
    return await runOnce(name, [process.execPath, BUILT, ...words], environment)
  }
  run(name, [process.execPath, BUILT, ...words], environment)
  await eventually(
    () => get(portOf(name), '/-/healthy'),
    // A simulated Asterisk answers too: that it has no such path.
    ({ status }) => status === (name.endsWith('-pbx') ? 401 : 200) || (name.endsWith('-pbx') && status === 404),
  )
}

async function startPrometheus(name: string, service: Service): Promise<void> {
  const config = mounted(service, '/etc/prometheus/fleet.yml')
  const text = local(readFileSync(config, 'utf8')).replace("'localhost:9091'", `'127.0.0.1:${portOf(name)}'`)
  const parsed: { alerting?: unknown; scrape_configs: { job_name: string }[]; rule_files: readonly string[] } =
    parse(text)
  delete parsed.alerting
  const settings = {
    ...parsed,
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    scrape_configs: parsed.scrape_configs
      .filter(({ job_name }) => job_name !== 'alertmanager')
      .map((job) => ('http_sd_configs' in job ? { ...job, http_sd_configs: faster(job.http_sd_configs) } : job)),
    rule_files: parsed.rule_files.map((file) => join(mounted(service, '/etc/prometheus/rules'), '..', file)),
  }
  const own = join(folder, 'prometheus.yml')
  // JSON is YAML.
  writeFileSync(own, JSON.stringify(settings))
  mkdirSync(join(folder, 'prometheus'))
  const words = (service.command ?? []).map((word) =>
    word
      .replace('/etc/prometheus/fleet.yml', own)
      .replace('=/prometheus', `=${join(folder, 'prometheus')}`)
      .replace('=:9091', `=127.0.0.1:${portOf(name)}`),
  )
  run(name, ['prometheus', ...words], {})
  await eventually(
    () => get(portOf(name), '/-/ready'),
    ({ status }) => status === 200,
  )
}

function faster(configs: unknown): unknown {
  return Array.isArray(configs) ? configs.map((one) => ({ ...one, refresh_interval: '1s' })) : configs
}

async function start(name: string, service: Service): Promise<void> {
  if (name === 'postgres') {
    return await startPostgresService(service)
  }
  if (service.build !== undefined) {
    return await startProgramService(name, service)
  }
  if (service.image.includes('prometheus')) {
    return await startPrometheus(name, service)
  }
  const [shell = '', path = ''] = service.entrypoint ?? []
  const there = { PGHOST: '127.0.0.1', PGPORT: String(postgres.port) }
  await runOnce(name, [shell, mounted(service, path)], { ...localEnvironment(service), ...script, ...there })
}

/** The services, each after those that it waits for. */
function inOrder(): readonly (readonly [string, Service])[] {
  const ordered: (readonly [string, Service])[] = []
  const waiting = new Map(fleet)
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, { depends_on = {} }]) =>
      Object.keys(depends_on).every((other) => !waiting.has(other)),
    )
    expect(ready).not.toEqual([])
    for (const [name, service] of ready) {
      ordered.push([name, service])
      waiting.delete(name)
    }
  }
  return ordered
}

beforeAll(async () => {
  if (!existsSync(BUILT)) {
    throw new Error('The services run the built program: npm run build')
  }
  postgres = await startPostgres()
  for (const [name] of fleet) {
    ports.set(name, name === 'postgres' ? postgres.port : await freePort())
  }
  for (const [name, service] of inOrder()) {
    await start(name, service)
  }
})

afterAll(async () => {
  for (const { child } of running) {
    child.kill('SIGKILL')
  }
  await Promise.all(running.map(({ ended }) => ended))
  await postgres.remove()
})

const answerOf = async (name: string, path: string) => JSON.parse((await get(portOf(name), path)).text || '{}')

test('the page knows both sites, live, and has the calls of both', async () => {
  await eventually(
    () => answerOf('fleet', '/api/nodes'),
    ({ nodes = [] }) =>
      nodes
        .map(({ site, state }: { site: string; state: string }) => `${site} ${state}`)
        .sort()
        .join() === 'helsinki live,tampere live',
  )
  for (const site of ['helsinki', 'tampere']) {
    await eventually(
      () => answerOf('fleet', `/api/calls?site=${site}&limit=5&from=2020-01-01&to=2100-01-01`),
      ({ calls = [] }) => calls.length > 0 && calls.every((call: { site: string }) => call.site === site),
    )
  }
  expect((await get(portOf('fleet'), '/')).text).toContain('<title>asterisk-ari-exporter</title>')
})

test('Prometheus finds both through the fleet, and tells them apart by the label cluster', async () => {
  const query = (expression: string) =>
    answerOf('fleet-prometheus', `/api/v1/query?query=${encodeURIComponent(expression)}`)
  await eventually(
    () => query('asterisk_up{job="asterisk"} == 1'),
    ({ data }) =>
      data?.result
        .map(({ metric }: { metric: { cluster: string } }) => metric.cluster)
        .sort()
        .join() === 'helsinki,tampere',
  )
  const { data } = await query('count by (cluster, site) (up{job="asterisk"})')
  expect(data.result.map(({ metric }: { metric: unknown }) => metric)).toEqual(
    expect.arrayContaining([{ cluster: 'helsinki' }, { cluster: 'tampere' }]),
  )
})

test('everything stops in order, and nothing was complained about', async () => {
  for (const { name, child, ended, output } of [...running].reverse()) {
    if (child.exitCode === null) {
      child.kill('SIGTERM')
      expect([name, await ended]).toEqual([name, 0])
      expect([name, output().match(/"level":(50|60).*/)?.[0]]).toEqual([name, undefined])
    }
  }
})
