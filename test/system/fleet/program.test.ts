// The whole of a fleet as processes: two simulated Asterisks with their exporters, PostgreSQL, and the program in fleet mode.

import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NodeEntry } from '../../../src/http/live/fleetMessage.ts'
import { isInstalled } from '../../unit/http/certificates.ts'
import { eventually, freePort, type Program, runProgram, startProgram } from '../program/program.ts'
import { type Central, makeCentral } from './central.ts'
import { type Postgres, startPostgres } from './postgres.ts'

const NODES_TOKEN = 'the-token-of-the-exporters'
const FLEET_TOKEN = 'the-token-of-the-fleet'
const SITES = ['helsinki', 'turku'] as const
/** The clock of a simulated Asterisk runs faster than ours. */
const ALWAYS = 'from=2020-01-01&to=2100-01-01'

let postgres: Postgres
let central: Central
let fleet: Program
let port: number
const exporters = new Map<string, Program & { readonly port: number }>()
const programs: Program[] = []

/** A file with this content. */
function fileWith(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-test-')), 'file')
  writeFileSync(path, `${content}\n`)
  return path
}

function started(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Program {
  const program = startProgram(words, environment)
  programs.push(program)
  return program
}

async function startSite(site: string, seed: number): Promise<void> {
  const simulated = started(['simulate', '--rate', '4', '--seed', String(seed)])
  const output = await eventually(simulated.output, (text) => /ARI_URL=\S+/.test(text))
  const ownPort = await freePort()
  const exporter = started([], {
    ARI_URL: /ARI_URL=(\S+)/.exec(output)?.[1] ?? '',
    ...{ ARI_USER: 'demo', ARI_PASSWORD: 'demo', HTTP_PORT: String(ownPort), SITE: site, COUNTRY: 'FI' },
    ...{ CALL_LOG_SINK: central.writer.url, CALL_LOG_SINK_PASSWORD_FILE: fileWith(central.writer.password ?? '') },
    HTTP_BEARER_TOKEN_FILE: fileWith(NODES_TOKEN),
  })
  exporters.set(site, { ...exporter, port: ownPort })
}

const address = (site: string): string => `http://127.0.0.1:${exporters.get(site)?.port}`

interface Answer {
  readonly status: number
  readonly text: string
}

async function ask(path: string, token: string | null = FLEET_TOKEN): Promise<Answer> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers, signal: AbortSignal.timeout(20_000) })
    return { status: answer.status, text: await answer.text() }
  } catch {
    return { status: 0, text: '{}' }
  }
}

/** The answer of the API. */
async function api(path: string) {
  return JSON.parse((await ask(`/api${path}`)).text)
}

const nodes = async (): Promise<readonly NodeEntry[]> => (await api('/nodes')).nodes ?? []

interface Listed {
  readonly id: string
  readonly site: string
  readonly channel_id: string
  readonly start_time: string
}

const calls = async (path: string): Promise<readonly Listed[]> => (await api(path)).calls ?? []

const sitesOf = (list: readonly Listed[]): readonly string[] => [...new Set(list.map(({ site }) => site))].sort()

beforeAll(async () => {
  postgres = await startPostgres()
  central = await makeCentral(postgres)
  await Promise.all(SITES.map((site, index) => startSite(site, index + 1)))
  port = await freePort()
  const wrong = await runProgram(['fleet', '--check-config'], { FLEET_NODES: 'pbx1' })
  expect(wrong).toMatchObject({ code: 78, output: expect.stringContaining('CALL_LOG_SINK is not set') })
  fleet = started(['fleet'], {
    ...{ CALL_LOG_SINK: central.reader.url, CALL_LOG_SINK_PASSWORD_FILE: fileWith(central.reader.password ?? '') },
    ...{ FLEET_NODES: SITES.map(address).join(','), FLEET_NODES_TOKEN_FILE: fileWith(NODES_TOKEN) },
    ...{ HTTP_PORT: String(port), HTTP_BEARER_TOKEN_FILE: fileWith(FLEET_TOKEN) },
  })
  await eventually(
    () => ask('/-/ready', null),
    ({ status }) => status === 200,
  )
})

afterAll(async () => {
  for (const { child } of programs) {
    child.kill('SIGKILL')
  }
  await Promise.all(programs.map(({ ended }) => ended))
  await postgres?.remove()
})

test('without its token nobody reads it, and the token of the exporters is another one', async () => {
  for (const path of ['/', '/api/calls', '/api/nodes', '/api/sd', '/metrics']) {
    expect([path, (await ask(path, null)).status]).toEqual([path, 401])
    expect([path, (await ask(path, NODES_TOKEN)).status]).toEqual([path, 401])
    expect([path, (await ask(path)).status]).not.toEqual([path, 401])
  }
})

test('the live calls of both sites are told with their sites', async () => {
  await eventually(nodes, (all) => all.length === 2 && all.every(({ state, in_sync }) => state === 'live' && in_sync))
  const active = await eventually(
    () => calls('/calls/active'),
    (list) => sitesOf(list).length === 2,
  )
  expect(sitesOf(active)).toEqual([...SITES])
  expect(active.map(({ start_time }) => start_time)).toEqual(active.map(({ start_time }) => start_time).toSorted())
  expect(sitesOf(await calls('/calls/active?site=turku'))).toEqual(['turku'])
})

test('the ended calls of both sites are in the list, by their ids and with their details', async () => {
  const list = await eventually(
    () => calls('/calls?limit=500'),
    (found) => sitesOf(found).length === 2,
  )
  expect(sitesOf(list)).toEqual([...SITES])
  expect(new Set(list.map(({ id }) => id)).size).toBe(list.length)
  const [call] = list
  expect(await api(`/calls/${call?.id}`)).toMatchObject({ ...call, legs: expect.any(Array) })
  expect(sitesOf(await calls('/calls?site=helsinki&limit=500'))).toEqual(['helsinki'])
  const all = await api(`/stats?${ALWAYS}`)
  const perSite = await Promise.all(SITES.map((site) => api(`/stats?${ALWAYS}&site=${site}`)))
  expect(perSite.map(({ calls: count }) => count > 0)).toEqual([true, true])
  expect(perSite.reduce((sum, { calls: count }) => sum + count, 0)).toBeGreaterThanOrEqual(all.calls)
  await eventually(
    async (): Promise<readonly Listed[]> => (await api(`/operators?${ALWAYS}`)).operators,
    (operators) => sitesOf(operators).length === 2,
  )
  expect((await api('/sites')).sites.map(({ site }: Listed) => site)).toEqual([...SITES])
})

test('a live call has the id that it has in the list once it has ended', async () => {
  const seen = new Map<string, string>()
  const found = await eventually(
    async () => {
      for (const { site, channel_id, id } of await calls('/calls/active')) {
        seen.set(`${site} ${channel_id}`, id)
      }
      return (await calls('/calls?limit=100')).find(({ site, channel_id }) => seen.has(`${site} ${channel_id}`))
    },
    (call) => call !== undefined,
  )
  expect(found?.id).toBe(seen.get(`${found?.site} ${found?.channel_id}`))
})

test('Prometheus is told where the exporters are', async () => {
  expect(await api('/sd')).toEqual(
    SITES.map((site) => ({
      targets: [`127.0.0.1:${exporters.get(site)?.port}`],
      labels: { __scheme__: 'http', site },
    })),
  )
})

const PROMTOOL = isInstalled('promtool', '--version')

test.skipIf(!PROMTOOL)(
  'Prometheus itself finds them, with the label by which the boards tell sites apart',
  async () => {
    const config = fileWith(`
scrape_configs:
  - job_name: asterisk
    http_sd_configs:
      - url: http://127.0.0.1:${port}/api/sd
        authorization: {type: Bearer, credentials: ${FLEET_TOKEN}}
    relabel_configs:
      - {source_labels: [site], target_label: cluster}
      - {regex: site, action: labeldrop}`)
    const words = ['check', 'service-discovery', '--timeout=5s', config, 'asterisk']
    const { stdout } = await promisify(execFile)('promtool', words)
    const found: { labels: Readonly<Record<string, string>> }[] = JSON.parse(stdout.slice(stdout.indexOf('[')))
    const targets = found.map(({ labels }) => [
      labels['cluster'],
      labels['instance'],
      labels['site'],
      labels['__scheme__'],
    ])
    expect(targets.toSorted()).toEqual(
      SITES.map((site) => [site, `127.0.0.1:${exporters.get(site)?.port}`, undefined, 'http']),
    )
  },
)

test('an exporter that is killed is named; its calls stay in the list, its live calls do not', async () => {
  const before = await calls('/calls?site=turku&limit=500')
  expect(before.length).toBeGreaterThan(0)
  exporters.get('turku')?.child.kill('SIGKILL')
  const [helsinki, turku] = await eventually(nodes, (all) => all.some(({ state }) => state === 'unreachable'))
  expect(helsinki).toMatchObject({ site: 'helsinki', state: 'live' })
  expect(turku).toMatchObject({ site: 'turku', state: 'unreachable', calls_active: null, in_sync: null })
  await eventually(nodes, (all) => all[1]?.problem === 'nothing listens at this address')
  expect(sitesOf(await calls('/calls/active'))).not.toContain('turku')
  const after = (await calls('/calls?site=turku&limit=500')).map(({ id }) => id)
  expect(after).toEqual(expect.arrayContaining(before.map(({ id }) => id)))
  expect((await api('/sd')).map(({ labels }: { labels: { site: string } }) => labels.site)).toEqual([...SITES])
  expect((await ask('/metrics')).text).toContain('asterisk_fleet_nodes{state="unreachable"} 1')
  expect(fleet.output()).toContain('a node cannot be reached')
})

test('while PostgreSQL is down it is not ready and says so; afterwards it answers again', async () => {
  await postgres.stop()
  const down = await eventually(
    () => ask('/-/ready', null),
    ({ status }) => status === 503,
  )
  expect(down.text).toMatch(/^not ready: 127\.0\.0\.1:\d+\/calls cannot be reached/)
  expect((await ask('/api/calls')).status).toBe(503)
  expect((await ask('/api/nodes')).status).toBe(200)
  await postgres.start()
  await eventually(
    () => ask('/-/ready', null),
    ({ status }) => status === 200,
  )
  expect(sitesOf(await calls('/calls?limit=500'))).toEqual([...SITES])
})

test('it stops within a second, without an error', async () => {
  fleet.child.kill('SIGTERM')
  expect(await fleet.ended).toBe(0)
  expect(fleet.output()).not.toMatch(/"level":(50|60)(?!.*calls cannot be reached)/)
})
