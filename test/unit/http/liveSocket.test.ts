// The live websocket over real connections: order, resuming, slow and silent readers, and who may connect.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { hashSync } from 'bcryptjs'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { LiveMessage } from '../../../src/http/live/message.ts'
import { createLiveState } from '../../../src/http/page/client/liveState.ts'
import type { HttpOptions } from '../../../src/http/server.ts'
import { type FeedHarness, feedHarness, parsed, sequence } from './feedHarness.ts'
import { ask, basic } from './request.ts'
import { serve } from './testServer.ts'

const open: { stop(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()))
})

async function started({ feed }: FeedHarness, options: Partial<HttpOptions> = {}) {
  const server = await serve({ live: feed }, options)
  open.push(server)
  return { ...server, address: `ws://127.0.0.1:${server.port}/api/live` }
}

interface Reader {
  readonly socket: WebSocket
  readonly received: readonly LiveMessage[]
  /** Resolves once this many messages were received. */
  until(count: number): Promise<void>
  readonly closed: Promise<number>
}

function reader(address: string, headers: Record<string, string> = {}): Reader {
  const socket = new WebSocket(address, { headers })
  const received: LiveMessage[] = []
  let onMessage = (): void => {}
  socket.on('message', (data) => {
    received.push(JSON.parse(String(data)))
    onMessage()
  })
  socket.on('error', () => {})
  return {
    socket,
    received,
    until: (count) =>
      new Promise((resolve) => {
        onMessage = () => {
          if (received.length >= count) {
            resolve()
          }
        }
        onMessage()
      }),
    closed: new Promise((resolve) => socket.on('close', (code) => resolve(code))),
  }
}

/** The answer to an upgrade request that is refused. */
async function refusal(address: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(address, { headers })
  socket.on('error', () => {})
  const [, response] = await once(socket, 'unexpected-response')
  let text = ''
  for await (const chunk of response) {
    text += String(chunk)
  }
  return { status: response.statusCode, headers: response.headers, text }
}

describe('messages', () => {
  test('every reader gets a snapshot, then every change in order', async () => {
    const harness = feedHarness()
    const { address } = await started(harness)
    harness.publish('CallStarted', 'before')
    const readers = [reader(address), reader(address)]
    await Promise.all(readers.map((one) => one.until(1)))
    harness.runCalls(50)
    for (const one of readers) {
      await one.until(101)
      expect(one.received[0]).toMatchObject({ type: 'snapshot', seq: 1, calls: [{ channel_id: 'before', id: 100 }] })
      expect(sequence(one.received)).toEqual(Array.from({ length: 100 }, (_, i) => i + 2))
    }
  })

  test('a disconnected reader resumes without a gap or a duplicate', async () => {
    const harness = feedHarness({ kept: 64 })
    const { address } = await started(harness)
    const first = reader(address)
    await first.until(1)
    harness.runCalls(5)
    await first.until(11)
    first.socket.terminate()
    await first.closed
    harness.runCalls(10)
    const second = reader(`${address}?since=10&epoch=run-1`)
    await second.until(21)
    harness.runCalls(5)
    await second.until(31)
    expect(second.received[0]).toEqual({ type: 'resumed', epoch: 'run-1', seq: 30 })
    expect([...sequence(first.received), ...sequence(second.received)]).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    )
  })

  test.each([
    ['was disconnected too long', '?since=1&epoch=run-1'],
    ['was connected before a restart', '?since=39&epoch=run-0'],
    ['gives no epoch', '?since=39'],
    ['gives an invalid number', '?since=-1&epoch=run-1'],
  ])('a reader that %s gets a snapshot, then every change', async (_why, query) => {
    const harness = feedHarness({ kept: 8 })
    const { address } = await started(harness)
    harness.runCalls(20)
    const late = reader(address + query)
    await late.until(1)
    harness.runCalls(1)
    await late.until(3)
    expect(late.received[0]).toMatchObject({ type: 'snapshot', seq: 40, epoch: 'run-1' })
    expect(sequence(late.received)).toEqual([41, 42])
  })

  test('the state of the connection to Asterisk is sent when it changes, and a heartbeat at an interval', async () => {
    const harness = feedHarness()
    const { address } = await started(harness, { live: { checkMs: 10, heartbeatMs: 40 } })
    const one = reader(address)
    await one.until(1)
    harness.setStatus({ inSync: false, problem: 'gone' })
    await one.until(3)
    expect(one.received.find(({ type }) => type === 'pbx')).toMatchObject({ seq: 1, pbx: { in_sync: false } })
    expect(one.received.find(({ type }) => type === 'figures')).toMatchObject({ figures: { calls_ended: 12_345 } })
  })

  test('messages of a reader are ignored; one that is too long closes its connection only', async () => {
    const harness = feedHarness()
    const { address } = await started(harness)
    const [quiet, loud] = [reader(address), reader(address)]
    await Promise.all([quiet.until(1), loud.until(1)])
    loud.socket.send('hello')
    loud.socket.send('x'.repeat(100_000))
    expect(await loud.closed).toBe(1009)
    harness.runCalls(1)
    await quiet.until(3)
  })
})

test('with 20,000 live calls, a reader gets all of them while they start, change and end, and stays connected', async () => {
  const harness = feedHarness({ kept: 64 })
  for (let i = 0; i < 20_000; i++) {
    harness.publish('CallStarted', `c.${i}`)
  }
  const { address } = await started(harness)
  const one = reader(address)
  const state = createLiveState()
  let applied = 0
  let calls = 20_000
  let isComplete = false
  while (!isComplete) {
    await one.until(applied + 1)
    for (; applied < one.received.length; applied++) {
      const message = one.received[applied]
      if (message === undefined) {
        continue
      }
      expect(state.apply(message)).toBe('applied')
      if ('more' in message) {
        isComplete = !message.more
      }
    }
    // One call each from the beginning, the middle and the end.
    for (const id of [calls % 5_000, 10_000 + (calls % 100), 19_999 - (calls % 100)]) {
      if (harness.live.has(`c.${id}`)) {
        harness.publish('CallEnded', `c.${id}`)
      }
    }
    harness.publish('CallChanged', `c.${19_000 + (calls % 900)}`, { state: 'talking' })
    harness.publish('CallStarted', `c.${calls++}`)
    expect(isComplete || state.position() === '').toBe(true)
  }
  await expect.poll(() => sequence(one.received).at(-1)).toBe(lastSeq(harness))
  for (const message of one.received.slice(applied)) {
    state.apply(message)
  }
  expect(one.socket.readyState).toBe(WebSocket.OPEN)
  expect(one.received.filter(({ type }) => type === 'calls').length).toBeGreaterThan(50)
  expect([...state.calls.keys()].sort()).toEqual([...harness.live.keys()].sort())
  for (const [id, call] of state.calls) {
    expect([id, call.state]).toEqual([id, harness.live.get(id)?.state])
  }
  expect(state.position()).not.toBe('')
})

describe('disconnecting', () => {
  test('a reader that does not read is disconnected at its buffer limit; the others get every message', async () => {
    const harness = feedHarness({ kept: 4 })
    const { address, port } = await started(harness, { live: { maxBufferedBytes: 50_000 } })
    const fast = reader(address)
    await fast.until(1)
    const stuck = await stuckReader(port)
    let sent = 0
    while (!stuck.socket.destroyed && sent < 200_000) {
      harness.runCalls(500)
      sent += 1_000
      await fast.until(1 + sent)
      await stuck.probe()
    }
    expect(stuck.socket.destroyed).toBe(true)
    expect(sequence(fast.received)).toEqual(Array.from({ length: sent }, (_, i) => i + 1))
  })

  test('a reader that answers no ping is disconnected; one that answers is not', async () => {
    const { address, port } = await started(feedHarness(), { live: { pingMs: 60 } })
    const responsive = reader(address)
    await responsive.until(1)
    const silent = await stuckReader(port)
    silent.socket.resume()
    await once(silent.socket, 'close')
    expect(responsive.socket.readyState).toBe(WebSocket.OPEN)
  })

  test('answers 503 when there are too many readers', async () => {
    const { address } = await started(feedHarness(), { live: { maxReaders: 1 } })
    const first = reader(address)
    await first.until(1)
    expect(await refusal(address)).toMatchObject({ status: 503, text: 'too many readers\n' })
    first.socket.terminate()
  })

  test('a stop closes every connection with code 1001 within a second', async () => {
    const server = await serve({ live: feedHarness().feed })
    const one = reader(`ws://127.0.0.1:${server.port}/api/live`)
    await one.until(1)
    const stuck = await stuckReader(server.port)
    const begin = performance.now()
    await server.stop()
    expect(performance.now() - begin).toBeLessThan(1_000)
    expect(await one.closed).toBe(1001)
    stuck.socket.destroy()
  })
})

describe('who may connect', () => {
  const PASSWORD = 'correct horse'
  const TOKEN = 'token-of-the-live-test-0123456789'
  const restricted = {
    web: { tls: null, headers: new Map(), users: new Map([['alice', hashSync(PASSWORD, 4)]]) },
    token: TOKEN,
  }

  test('a client with the password or the token, as for the API; others get a 401 with a challenge', async () => {
    const { address } = await started(feedHarness(), restricted)
    for (const headers of [basic('alice', PASSWORD), { authorization: `Bearer ${TOKEN}` }]) {
      const one = reader(address, headers)
      await one.until(1)
      one.socket.terminate()
    }
    for (const headers of [{}, basic('alice', 'guess'), { authorization: 'Bearer guess' }]) {
      const answer = await refusal(address, headers)
      expect(answer).toMatchObject({ status: 401, text: 'credentials are needed\n' })
      expect(answer.headers['www-authenticate']).toContain('Basic realm="asterisk-ari-exporter"')
      expect(answer.headers['www-authenticate']).toContain('Bearer realm')
    }
  })

  test('a page of this server, but no page of another site, even with valid credentials', async () => {
    const { address, port } = await started(feedHarness(), restricted)
    for (const origin of ['http://evil.example', 'null', `http://127.0.0.1:${port + 1}`]) {
      expect((await refusal(address, { origin, ...basic('alice', PASSWORD) })).status).toBe(403)
    }
    const ownPage = reader(address, { origin: `http://127.0.0.1:${port}`, ...basic('alice', PASSWORD) })
    await ownPage.until(1)
    ownPage.socket.terminate()
  })

  test('an upgrade to another protocol or on another path is answered as a normal request', async () => {
    const { url } = await started(feedHarness())
    const upgrade = (protocol: string) => ({ headers: { connection: 'Upgrade', upgrade: protocol } })
    expect(await ask(`${url}/metrics`, upgrade('h2c'))).toMatchObject({ status: 200, text: 'a_metric 1\n' })
    expect((await ask(`${url}/nowhere`, upgrade('websocket'))).status).toBe(404)
    expect((await ask(`${url}/api/live`, upgrade('websocket'))).status).toBe(400)
    const authenticated = await started(feedHarness(), restricted)
    expect((await ask(`${authenticated.url}/metrics`, upgrade('h2c'))).status).toBe(401)
    expect(
      (
        await ask(`${authenticated.url}/metrics`, {
          ...upgrade('h2c'),
          headers: { ...upgrade('h2c').headers, ...basic('alice', PASSWORD) },
        })
      ).status,
    ).toBe(200)
  })
})

function lastSeq({ feed }: FeedHarness): number {
  const [snapshot] = parsed(feed.initialMessages(null).texts)
  return snapshot?.type === 'snapshot' ? snapshot.seq : Number.NaN
}

/** A reader that reads nothing after the handshake. */
async function stuckReader(port: number): Promise<{ readonly socket: Socket; probe(): Promise<void> }> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    'GET /api/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  await once(socket, 'readable')
  return {
    socket,
    // A closed connection is noticed only by a write.
    async probe() {
      if (!socket.destroyed) {
        socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]))
      }
      await new Promise((resolve) => setTimeout(resolve, 1))
    },
  }
}
