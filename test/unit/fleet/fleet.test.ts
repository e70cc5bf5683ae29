// The program in fleet mode in this process: its live feed, readiness and metrics, with the HTTP parts of exporters as nodes.

import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { CentralCheck } from '../../../src/central/check.ts'
import { type Fleet, startFleet } from '../../../src/fleet/fleet.ts'
import { readFleetOptions } from '../../../src/fleet/fleetOptions.ts'
import type { FleetLiveMessage } from '../../../src/http/live/fleetMessage.ts'
import type { Logger } from '../../../src/log.ts'
import { type FeedHarness, feedHarness } from '../http/feedHarness.ts'
import { ask } from '../http/request.ts'
import { serve } from '../http/testServer.ts'
import { fixedQueries } from './fleetServer.ts'

const open: { stop(): unknown }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.stop()))
})

const ignore = () => {}
const QUIET: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore }
const HEALTHY: CentralCheck = { partitionDaysAhead: 7 }
const BUILD = { name: 'asterisk-ari-exporter', version: '1.2.3', revision: 'abc', nodeVersion: 'v24' }

interface Started extends Fleet {
  readonly url: string
  readonly harnesses: readonly FeedHarness[]
  /** The exporters. */
  readonly nodes: readonly { stop(): Promise<void>; readonly url: string }[]
}

interface StartOptions {
  readonly sites?: number
  readonly environment?: Readonly<Record<string, string>>
  readonly check?: () => Promise<CentralCheck>
  readonly log?: Logger
}

async function started({ sites = 2, environment = {}, check = async () => HEALTHY, log = QUIET }: StartOptions = {}) {
  const harnesses = Array.from({ length: sites }, (_, index) => {
    const harness = feedHarness({ kept: 100 })
    harness.setStatus({ site: `site-${index}`, logId: `log-${index}` })
    return harness
  })
  const nodes = await Promise.all(harnesses.map(({ feed }) => serve({ live: feed }, { live: { heartbeatMs: 50 } })))
  open.push(...nodes)
  const read = readFleetOptions(
    {
      CALL_LOG_SINK: 'postgres://reader@127.0.0.1/calls',
      FLEET_NODES: nodes.map(({ url }) => url).join(','),
      ...environment,
    },
    () => 'a-token-of-the-fleet',
  )
  if (!read.ok) {
    throw new Error(read.problems.join('\n'))
  }
  const options = { ...read.options, http: { ...read.options.http, port: 0 } }
  const fleet = await startFleet(options, {
    log,
    build: BUILD,
    central: { queries: fixedQueries(), check, keepPartitions: async () => {}, close: async () => {} },
    trusted: () => [],
    timing: { startWithinMs: 1, firstRetryMs: 20, lastRetryMs: 40, graceMs: 20 },
  })
  open.push(fleet)
  return { ...fleet, url: `http://127.0.0.1:${fleet.port}`, harnesses, nodes } satisfies Started
}

/** Reads the live feed. */
function reader(url: string, query = '') {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/live${query}`)
  const received: FleetLiveMessage[] = []
  socket.on('message', (data) => received.push(JSON.parse(String(data))))
  open.push({ stop: () => socket.terminate() })
  return {
    received,
    ofType: <Type extends FleetLiveMessage['type']>(type: Type) =>
      received.filter((message): message is Extract<FleetLiveMessage, { type: Type }> => message.type === type),
    close: () => socket.terminate(),
  }
}

const live = async (url: string): Promise<number> => {
  const { nodes }: { nodes: { state: string }[] } = JSON.parse((await ask(`${url}/api/nodes`)).text)
  return nodes.filter(({ state }) => state === 'live').length
}

test('a reader gets the calls and the nodes of all sites, and then what changes', async () => {
  const { url, harnesses, nodes } = await started()
  harnesses[0]?.publish('CallStarted', 'a')
  await expect.poll(() => live(url)).toBe(2)
  const { received, ofType } = reader(url)
  await expect.poll(() => ofType('snapshot')).toHaveLength(1)
  const [snapshot] = ofType('snapshot')
  expect(snapshot).toMatchObject({
    figures: { calls_active: 1, nodes: 2, nodes_live: 2 },
    calls: [{ channel_id: 'a', site: 'site-0', id: 'log-0.100' }],
    nodes: [
      { site: 'site-0', state: 'live', calls_active: 1 },
      { site: 'site-1', state: 'live', calls_active: 0 },
    ],
  })
  harnesses[1]?.publish('CallStarted', 'a')
  harnesses[1]?.publish('CallEnded', 'a', { endedAt: 1, disposition: 'answered' })
  await expect.poll(() => ofType('ended')).toHaveLength(1)
  await nodes[0]?.stop()
  await expect.poll(() => ofType('node').at(-1)?.node.state).toBe('unreachable')
  const told = received.flatMap((message) =>
    message.type === 'figures' || message.type === 'snapshot'
      ? []
      : [[message.type, 'call' in message ? message.call.site : 'site' in message ? message.site : '']],
  )
  expect(told.slice(0, 4)).toEqual([
    ['call', 'site-1'],
    ['ended', 'site-1'],
    ['gone', 'site-0'],
    ['node', ''],
  ])
  expect(ofType('gone')).toMatchObject([{ channel_ids: ['a'] }])
  const active = JSON.parse((await ask(`${url}/api/calls/active`)).text)
  expect(active).toMatchObject({ total: 0, calls: [] })
})

test('a reader that was disconnected resumes', async () => {
  const { url, harnesses } = await started({ sites: 1 })
  await expect.poll(() => live(url)).toBe(1)
  const first = reader(url)
  await expect.poll(() => first.ofType('snapshot')).toHaveLength(1)
  const [snapshot] = first.ofType('snapshot')
  first.close()
  harnesses[0]?.publish('CallStarted', 'missed')
  await expect.poll(async () => JSON.parse((await ask(`${url}/api/calls/active`)).text).total).toBe(1)
  const again = reader(url, `?since=${snapshot?.seq}&epoch=${snapshot?.epoch}`)
  await expect.poll(() => again.ofType('call')).toHaveLength(1)
  expect(again.received[0]).toMatchObject({ type: 'resumed' })
  const other = reader(url, `?since=${snapshot?.seq}&epoch=another`)
  await expect.poll(() => other.ofType('snapshot')).toHaveLength(1)
})

test('it is ready while the central call log answers', async () => {
  let problem: string | null = 'db:5432/calls refuses the password'
  const check = async () => {
    if (problem !== null) {
      throw new Error(problem)
    }
    return HEALTHY
  }
  const { url } = await started({ sites: 0, check })
  await expect
    .poll(async () => (await ask(`${url}/-/ready`)).text)
    .toBe('not ready: db:5432/calls refuses the password\n')
  expect((await ask(`${url}/metrics`)).text).toContain('\nasterisk_fleet_central_up 0\n')
  expect((await ask(`${url}/metrics`)).text).not.toContain('\nasterisk_fleet_partition_days_ahead ')
  expect((await ask(`${url}/-/healthy`)).status).toBe(200)
  problem = null
  const ready = await started({ sites: 0, check })
  await expect.poll(async () => (await ask(`${ready.url}/-/ready`)).text).toBe('ready\n')
})

test('its metrics count nodes by state, calls and queries', async () => {
  const { url, harnesses } = await started()
  harnesses[0]?.publish('CallStarted', 'a')
  await expect.poll(() => live(url)).toBe(2)
  await ask(`${url}/api/calls`)
  const { text } = await ask(`${url}/metrics`)
  for (const line of [
    'asterisk_fleet_nodes{state="live"} 2',
    'asterisk_fleet_nodes{state="unreachable"} 0',
    'asterisk_fleet_calls_active 1',
    'asterisk_fleet_central_up 1',
    'asterisk_fleet_partition_days_ahead 7',
    'asterisk_fleet_query_seconds_count{outcome="answered"} 1',
    'asterisk_fleet_query_seconds_count{outcome="failed"} 0',
    'asterisk_exporter_build_info{version="1.2.3",revision="abc",node_version="v24"} 1',
    'asterisk_exporter_http_auth_failures_total 0',
  ]) {
    expect(text).toContain(`\n${line}\n`)
  }
  expect(text).not.toContain('asterisk_up')
  const openMetrics = await ask(`${url}/metrics`, { headers: { accept: 'application/openmetrics-text' } })
  expect(openMetrics.text).toMatch(/# EOF\n$/)
})

test('it needs the token that it is started with', async () => {
  const { url } = await started({ sites: 0, environment: { HTTP_BEARER_TOKEN_FILE: 'token' } })
  for (const path of ['/', '/api/calls', '/api/nodes', '/api/sd', '/metrics']) {
    expect([path, (await ask(url + path)).status]).toEqual([path, 401])
    const authorization = 'Bearer a-token-of-the-fleet'
    expect([path, (await ask(url + path, { headers: { authorization } })).status]).toEqual([path, 200])
  }
})
