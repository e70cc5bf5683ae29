// The nodes of a fleet over real connections: exporters' HTTP parts in this process, which stop, fall silent and refuse.

import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { createNodes, type Nodes, type NodesOptions } from '../../../src/fleet/nodes.ts'
import type { FleetChange } from '../../../src/http/live/fleetMessage.ts'
import type { HttpOptions } from '../../../src/http/server.ts'
import { readWebConfig } from '../../../src/http/webconfig/webConfig.ts'
import { freshFolder, isInstalled, makePair, writeInto } from '../http/certificates.ts'
import { type FeedHarness, feedHarness } from '../http/feedHarness.ts'
import { serve } from '../http/testServer.ts'
import { snapshot } from './messages.ts'

const OPENSSL = isInstalled('openssl', 'version')
const TOKEN = 'a-token-of-the-exporters'

const open: { stop(): unknown }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.stop()))
})

/** The live feed of an exporter at a port. */
async function exporter({ feed }: FeedHarness, options: Partial<HttpOptions> = {}) {
  const server = await serve({ live: feed }, { live: { heartbeatMs: 20 }, ...options })
  open.push(server)
  return server
}

interface Watched extends Nodes {
  readonly published: FleetChange[]
  readonly logged: string[]
}

const QUICK = { startWithinMs: 1, silentMs: 5_000, graceMs: 60_000, firstRetryMs: 20, lastRetryMs: 40 }

function watch(
  urls: readonly string[],
  options: Partial<NodesOptions> = {},
  { random = Math.random }: { readonly random?: () => number } = {},
): Watched {
  const published: FleetChange[] = []
  const logged: string[] = []
  const log = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`)
  const nodes = createNodes(
    { urls, token: null, ca: null, timing: QUICK, ...options },
    {
      publish: (make) => void published.push(make(published.length + 1)),
      log: { debug: log, info: log, warn: log, error: log, fatal: log },
      now: Date.now,
      random,
    },
  )
  open.push(nodes)
  nodes.start()
  return { ...nodes, published, logged }
}

const ids = (nodes: Nodes): readonly string[] => [...nodes.calls()].map(({ channel_id }) => channel_id).sort()

/** Waits until the first node has a problem, and returns it. */
async function problemOf(nodes: Nodes): Promise<string | null | undefined> {
  await expect.poll(() => nodes.list()[0]?.state).toBe('unreachable')
  return nodes.list()[0]?.problem
}

/** A port that nothing listens at. */
async function unusedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

test('the live calls of all nodes are those of the exporters, while they begin and end', async () => {
  const harnesses = [feedHarness({ kept: 100 }), feedHarness({ kept: 100 })]
  const [first, second] = harnesses
  first?.publish('CallStarted', 'before')
  const servers = await Promise.all(harnesses.map((harness) => exporter(harness)))
  const nodes = watch(servers.map(({ url }) => url))
  await expect.poll(() => nodes.states()).toEqual(['live', 'live'])
  second?.publish('CallStarted', 'other')
  second?.publish('CallStarted', 'ends')
  second?.publish('CallEnded', 'ends')
  second?.publish('CallStarted', 'last')
  await expect.poll(() => ids(nodes)).toEqual(['before', 'last', 'other'])
  expect(nodes.callsActive()).toBe(3)
  expect(nodes.list().map(({ calls_active }) => calls_active)).toEqual([1, 2])
  expect(nodes.published.map(({ seq }) => seq)).toEqual(nodes.published.map((_, index) => index + 1))
})

test('two nodes of one name are told', async () => {
  const one = feedHarness()
  const same = feedHarness()
  const other = feedHarness()
  other.setStatus({ site: 'turku' })
  const servers = await Promise.all([one, other, same].map((harness) => exporter(harness)))
  const nodes = watch(servers.map(({ url }) => url))
  await expect.poll(() => nodes.states()).toEqual(['live', 'live', 'live'])
  const told = nodes.logged.filter((line) => line.includes('the same SITE'))
  expect(told).toEqual([expect.stringContaining('"site":"helsinki"')])
  expect(told[0]).not.toContain(servers[1]?.url)
})

test('with a thousand calls, which come in several messages, all are known', async () => {
  const harness = feedHarness()
  for (let i = 0; i < 1_000; i++) {
    harness.publish('CallStarted', `c${i}`)
  }
  const nodes = watch([(await exporter(harness)).url])
  await expect.poll(() => nodes.callsActive()).toBe(1_000)
  expect(new Set(ids(nodes)).size).toBe(1_000)
})

describe('a lost connection', () => {
  test('is resumed: what happened meanwhile is told once, and the calls were never gone', async () => {
    const harness = feedHarness({ kept: 100 })
    harness.publish('CallStarted', 'a')
    const server = await exporter(harness)
    const nodes = watch([server.url])
    await expect.poll(() => ids(nodes)).toEqual(['a'])
    await server.stop()
    harness.publish('CallStarted', 'b')
    harness.publish('CallEnded', 'a')
    await exporter(harness, { port: server.port })
    await expect.poll(() => ids(nodes)).toEqual(['b'])
    const told = nodes.published.map((change) => [change.type, 'call' in change ? change.call.channel_id : ''])
    expect(told).toEqual([
      ['node', ''],
      ['call', 'a'],
      ['call', 'b'],
      ['ended', 'a'],
    ])
  })

  test('of an exporter that starts anew begins with a snapshot: calls that ended are gone', async () => {
    const before = feedHarness()
    before.publish('CallStarted', 'a')
    before.publish('CallStarted', 'b')
    const server = await exporter(before)
    const nodes = watch([server.url])
    await expect.poll(() => ids(nodes)).toEqual(['a', 'b'])
    await server.stop()
    const after = feedHarness({ epoch: 'run-2' })
    after.publish('CallStarted', 'b')
    await exporter(after, { port: server.port })
    await expect.poll(() => ids(nodes)).toEqual(['b'])
    expect(nodes.published.filter(({ type }) => type === 'gone')).toMatchObject([{ channel_ids: ['a'] }])
  })

  test('for longer than the grace time makes its calls vanish, and names it with the reason', async () => {
    const harness = feedHarness()
    harness.publish('CallStarted', 'a')
    const server = await exporter(harness)
    const nodes = watch([server.url], { timing: { ...QUICK, graceMs: 30 } })
    await expect.poll(() => ids(nodes)).toEqual(['a'])
    await server.stop()
    expect(await problemOf(nodes)).toMatch(/^(nothing listens at this address|the program stops|the connection broke)$/)
    await expect.poll(() => nodes.list()[0]?.problem).toBe('nothing listens at this address')
    expect(ids(nodes)).toEqual([])
    expect(nodes.callsActive()).toBe(0)
    expect(nodes.list()[0]).toMatchObject({ site: 'helsinki', in_sync: null, calls_active: null })
    expect(nodes.logged.filter((line) => line.includes('cannot be reached'))).toHaveLength(1)

    await exporter(harness, { port: server.port })
    await expect.poll(() => ids(nodes)).toEqual(['a'])
    expect(nodes.list()[0]).toMatchObject({ state: 'live', problem: null })
  })

  test('a node that is behind and leaves changes out is asked for a snapshot', async () => {
    const harness = feedHarness({ kept: 100 })
    const nodes = watch([(await exporter(harness)).url])
    await expect.poll(() => nodes.states()).toEqual(['live'])
    harness.feed.pause(true)
    harness.publish('CallStarted', 'left out')
    harness.feed.pause(false)
    harness.publish('CallStarted', 'told')
    await expect.poll(() => ids(nodes)).toEqual(['left out', 'told'])
    expect(nodes.published.filter(({ type }) => type === 'node')).toHaveLength(1)
  })
})

/** A websocket server that sends these texts and nothing else. */
async function sender(texts: readonly string[], connected: () => void = () => undefined): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  open.push({ stop: () => server.close() })
  server.on('connection', (socket) => {
    connected()
    for (const text of texts) {
      socket.send(text)
    }
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

describe('a node that cannot be reached has the reason', () => {
  test('nothing listens', async () => {
    const nodes = watch([`http://127.0.0.1:${await unusedPort()}`])
    expect(await problemOf(nodes)).toBe('nothing listens at this address')
  })

  test('the token is missing, wrong, or right', async () => {
    const { url } = await exporter(feedHarness(), { token: TOKEN })
    expect(await problemOf(watch([url]))).toMatch(/^it needs a token: set FLEET_NODES_TOKEN_FILE/)
    expect(await problemOf(watch([url], { token: 'another-token-of-some' }))).toMatch(/^it refuses the token/)
    const right = watch([url], { token: TOKEN })
    await expect.poll(() => right.states()).toEqual(['live'])
  })

  test('the host name is not among those of the exporter', async () => {
    const { port } = await exporter(feedHarness())
    const host = 'pbx.localhost'
    expect(await problemOf(watch([`http://${host}:${port}`]))).toMatch(/HTTP_ALLOWED_HOSTS|no host of this name/)
  })

  test('it is another program, silent, or of another version', async () => {
    const address = await sender(['{"type":"hello"}', JSON.stringify({ ...snapshot([]), pbx: {} })])
    expect(await problemOf(watch([address], { timing: { ...QUICK, graceMs: 1 } }))).toMatch(
      /not an exporter of this version/,
    )
    const silent = watch([await sender([])], { timing: { ...QUICK, silentMs: 50 } })
    expect(await problemOf(silent)).toBe('it has sent nothing for 0.05 seconds')
  })

  test('it is of another version in a single message: it is named at once, and asked less and less often', async () => {
    const times: number[] = []
    const newer = '{"type":"call","seq":8,"change":"started","call":{"state":"teleported"}}'
    const url = await sender([JSON.stringify(snapshot([])), newer], () => times.push(performance.now()))
    const timing = { ...QUICK, firstRetryMs: 40, lastRetryMs: 60_000 }
    const nodes = watch([url], { timing }, { random: () => 1 })
    await expect.poll(() => times.length, { timeout: 5_000 }).toBe(4)
    const [, , third = 0, fourth = 0] = times
    expect(fourth - third).toBeGreaterThan(150)
    expect(nodes.logged.filter((line) => line.includes('cannot be reached')).length).toBeGreaterThanOrEqual(3)
    expect(nodes.logged.join()).toContain('update the fleet first')
  })

  test('https is set for an exporter without TLS', async () => {
    const { port } = await exporter(feedHarness())
    expect(await problemOf(watch([`https://127.0.0.1:${port}`]))).toMatch(/^it does not speak TLS here/)
  })

  test('it sends a message larger than any, or another protocol than HTTP', async () => {
    const huge = await sender([`"${'x'.repeat(8_000_001)}"`])
    expect(await problemOf(watch([huge]))).toBe('it does not speak the protocol of an exporter')
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n').on('error', () => {}))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    open.push({ stop: () => server.close() })
    const at = server.address()
    const other = `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`
    expect(await problemOf(watch([other]))).toBe('it does not speak the protocol of an exporter')
  })

  test('it redirects: the token goes to no other address', async () => {
    const asked: string[] = []
    const other = await exporter(feedHarness(), { token: TOKEN })
    const server = createHttpServer().on('upgrade', (request, socket) => {
      asked.push(String(request.headers.authorization))
      socket.end(`HTTP/1.1 302 Found\r\nLocation: ${other.url}/api/live\r\nContent-Length: 0\r\n\r\n`)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    open.push({ stop: () => server.close() })
    const at = server.address()
    const nodes = watch([`http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`], { token: TOKEN })
    expect(await problemOf(nodes)).toBe('it answered with status 302')
    await expect.poll(() => asked.length).toBeGreaterThan(1)
    expect(nodes.states()).toEqual(['unreachable'])
  })

  test('it falls silent after it was live', async () => {
    const address = await sender([JSON.stringify(snapshot([]))])
    const nodes = watch([address], { timing: { ...QUICK, silentMs: 60, graceMs: 1, firstRetryMs: 60_000 } })
    await expect.poll(() => nodes.states()).toEqual(['live'])
    expect(await problemOf(nodes)).toBe('it has sent nothing for 0.06 seconds')
  })
})

test.skipIf(!OPENSSL)('over TLS the certificate has to be trusted', async () => {
  const folder = freshFolder()
  const { cert } = makePair(folder, 'server')
  const text = 'tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n'
  const result = readWebConfig(writeInto(folder, 'web.yml', text), (path) => readFileSync(path, 'utf8'))
  if (!result.ok) {
    throw new Error(result.problems.join('\n'))
  }
  const { url } = await exporter(feedHarness(), { web: result.web })
  expect(url).toMatch(/^https:/)
  expect(await problemOf(watch([url]))).toBe('its certificate is not trusted: set FLEET_NODES_CA_FILE')
  const trusting = watch([url], { ca: [readFileSync(cert, 'utf8')] })
  await expect.poll(() => trusting.states()).toEqual(['live'])
})
