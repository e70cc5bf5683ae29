// The live socket over real connections: order, going on after a loss, slow and silent readers, and the door.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { hashSync } from 'bcryptjs'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { LiveMessage } from '../../../src/http/live/message.ts'
import { createLiveState } from '../../../src/http/page/client/liveState.ts'
import type { HttpOptions } from '../../../src/http/server.ts'
import { type LiveWorld, liveWorld, numbers, read } from './liveWorld.ts'
import { ask, basic } from './request.ts'
import { serve } from './testServer.ts'

const open: { stop(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()))
})

async function started(world: LiveWorld, options: Partial<HttpOptions> = {}) {
  const server = await serve({ live: world.feed }, options)
  open.push(server)
  return { ...server, address: `ws://127.0.0.1:${server.port}/api/live` }
}

interface Reader {
  readonly socket: WebSocket
  readonly heard: readonly LiveMessage[]
  /** Resolves once so many messages were heard. */
  until(count: number): Promise<void>
  readonly closed: Promise<number>
}

function reader(address: string, headers: Record<string, string> = {}): Reader {
  const socket = new WebSocket(address, { headers })
  const heard: LiveMessage[] = []
  let look = (): void => {}
  socket.on('message', (data) => {
    heard.push(JSON.parse(String(data)))
    look()
  })
  socket.on('error', () => {})
  return {
    socket,
    heard,
    until: (count) =>
      new Promise((resolve) => {
        look = () => {
          if (heard.length >= count) {
            resolve()
          }
        }
        look()
      }),
    closed: new Promise((resolve) => socket.on('close', (code) => resolve(code))),
  }
}

/** The status that an upgrade is refused with. */
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

describe('what is heard', () => {
  test('a snapshot, then every change in order, by every reader', async () => {
    const world = liveWorld()
    const { address } = await started(world)
    world.tell('CallStarted', 'before')
    const readers = [reader(address), reader(address)]
    await Promise.all(readers.map((one) => one.until(1)))
    world.rush(50)
    for (const one of readers) {
      await one.until(101)
      expect(one.heard[0]).toMatchObject({ type: 'snapshot', seq: 1, calls: [{ channel_id: 'before', id: 100 }] })
      expect(numbers(one.heard)).toEqual(Array.from({ length: 100 }, (_, i) => i + 2))
    }
  })

  test('cut off in the middle, a reader goes on without a gap or a double', async () => {
    const world = liveWorld({ kept: 64 })
    const { address } = await started(world)
    const first = reader(address)
    await first.until(1)
    world.rush(5)
    await first.until(11)
    first.socket.terminate()
    await first.closed
    world.rush(10)
    const second = reader(`${address}?since=10&epoch=run-1`)
    await second.until(21)
    world.rush(5)
    await second.until(31)
    expect(second.heard[0]).toEqual({ type: 'resumed', epoch: 'run-1', seq: 30 })
    expect([...numbers(first.heard), ...numbers(second.heard)]).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
  })

  test.each([
    ['was away too long', '?since=1&epoch=run-1'],
    ['was there before a restart', '?since=39&epoch=run-0'],
    ['does not say of which run', '?since=39'],
    ['says nonsense', '?since=-1&epoch=run-1'],
  ])('a reader that %s gets a snapshot and goes on from there', async (_why, query) => {
    const world = liveWorld({ kept: 8 })
    const { address } = await started(world)
    world.rush(20)
    const late = reader(address + query)
    await late.until(1)
    world.rush(1)
    await late.until(3)
    expect(late.heard[0]).toMatchObject({ type: 'snapshot', seq: 40, epoch: 'run-1' })
    expect(numbers(late.heard)).toEqual([41, 42])
  })

  test('the PBX lost and found is told without being asked, and a sign of life between', async () => {
    const world = liveWorld()
    const { address } = await started(world, { live: { checkMs: 10, heartbeatMs: 40 } })
    const one = reader(address)
    await one.until(1)
    world.setState({ inSync: false, problem: 'gone' })
    await one.until(3)
    expect(one.heard.find(({ type }) => type === 'pbx')).toMatchObject({ seq: 1, pbx: { in_sync: false } })
    expect(one.heard.find(({ type }) => type === 'figures')).toMatchObject({ figures: { calls_ended: 12_345 } })
  })

  test('what a reader sends is not read; too much of it ends its line and no other', async () => {
    const world = liveWorld()
    const { address } = await started(world)
    const [quiet, loud] = [reader(address), reader(address)]
    await Promise.all([quiet.until(1), loud.until(1)])
    loud.socket.send('hello')
    loud.socket.send('x'.repeat(100_000))
    expect(await loud.closed).toBe(1009)
    world.rush(1)
    await quiet.until(3)
  })
})

test('with 20,000 live calls a reader is told all of them, while they come, change and end, and is not dropped', async () => {
  const world = liveWorld({ kept: 64 })
  for (let i = 0; i < 20_000; i++) {
    world.tell('CallStarted', `c.${i}`)
  }
  const { address } = await started(world)
  const one = reader(address)
  const state = createLiveState()
  let taken = 0
  let calls = 20_000
  let isWhole = false
  while (!isWhole) {
    await one.until(taken + 1)
    for (; taken < one.heard.length; taken++) {
      const message = one.heard[taken]
      if (message === undefined) {
        continue
      }
      expect(state.apply(message)).toBe('taken')
      if ('more' in message) {
        isWhole = !message.more
      }
    }
    // One from the beginning, the middle and the end each.
    for (const id of [calls % 5_000, 10_000 + (calls % 100), 19_999 - (calls % 100)]) {
      if (world.live.has(`c.${id}`)) {
        world.tell('CallEnded', `c.${id}`)
      }
    }
    world.tell('CallChanged', `c.${19_000 + (calls % 900)}`, { state: 'talking' })
    world.tell('CallStarted', `c.${calls++}`)
    expect(isWhole || state.position() === '').toBe(true)
  }
  await expect.poll(() => numbers(one.heard).at(-1)).toBe(seqNow(world))
  for (const message of one.heard.slice(taken)) {
    state.apply(message)
  }
  expect(one.socket.readyState).toBe(WebSocket.OPEN)
  expect(one.heard.filter(({ type }) => type === 'calls').length).toBeGreaterThan(50)
  expect([...state.calls.keys()].sort()).toEqual([...world.live.keys()].sort())
  for (const [id, call] of state.calls) {
    expect([id, call.state]).toEqual([id, world.live.get(id)?.state])
  }
  expect(state.position()).not.toBe('')
})

describe('who is given up', () => {
  test('a reader that does not read is dropped, and costs no more than its bound; the others hear all', async () => {
    const world = liveWorld({ kept: 4 })
    const { address, port } = await started(world, { live: { maxBufferedBytes: 50_000 } })
    const quick = reader(address)
    await quick.until(1)
    const stuck = await stuckReader(port)
    let sent = 0
    while (!stuck.socket.destroyed && sent < 200_000) {
      world.rush(500)
      sent += 1_000
      await quick.until(1 + sent)
      await stuck.look()
    }
    expect(stuck.socket.destroyed).toBe(true)
    expect(numbers(quick.heard)).toEqual(Array.from({ length: sent }, (_, i) => i + 1))
  })

  test('a reader that answers no ping is cut off, one that does is not', async () => {
    const { address, port } = await started(liveWorld(), { live: { pingMs: 60 } })
    const alive = reader(address)
    await alive.until(1)
    const silent = await stuckReader(port)
    silent.socket.resume()
    await once(silent.socket, 'close')
    expect(alive.socket.readyState).toBe(WebSocket.OPEN)
  })

  test('one reader too many is told to come back later', async () => {
    const { address } = await started(liveWorld(), { live: { maxReaders: 1 } })
    const first = reader(address)
    await first.until(1)
    expect(await refusal(address)).toMatchObject({ status: 503, text: 'too many readers\n' })
    first.socket.terminate()
  })

  test('when the program stops, every reader is told so, within a second', async () => {
    const server = await serve({ live: liveWorld().feed })
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

describe('the door', () => {
  const PASSWORD = 'correct horse'
  const TOKEN = 'token-of-the-live-test-0123456789'
  const closed = {
    web: { tls: null, headers: new Map(), users: new Map([['alice', hashSync(PASSWORD, 4)]]) },
    token: TOKEN,
  }

  test('the same as that of the API: a password or the token, else a 401 that says how to ask', async () => {
    const { address } = await started(liveWorld(), closed)
    for (const headers of [basic('alice', PASSWORD), { authorization: `Bearer ${TOKEN}` }]) {
      const one = reader(address, headers)
      await one.until(1)
      one.socket.terminate()
    }
    for (const headers of [{}, basic('alice', 'guess'), { authorization: 'Bearer guess' }]) {
      const refused = await refusal(address, headers)
      expect(refused).toMatchObject({ status: 401, text: 'credentials are needed\n' })
      expect(refused.headers['www-authenticate']).toContain('Basic realm="asterisk-ari-exporter"')
      expect(refused.headers['www-authenticate']).toContain('Bearer realm')
    }
  })

  test('a page of another site is refused, whatever it shows; our own page is not', async () => {
    const { address, port } = await started(liveWorld(), closed)
    for (const origin of ['http://evil.example', 'null', `http://127.0.0.1:${port + 1}`]) {
      expect((await refusal(address, { origin, ...basic('alice', PASSWORD) })).status).toBe(403)
    }
    const ours = reader(address, { origin: `http://127.0.0.1:${port}`, ...basic('alice', PASSWORD) })
    await ours.until(1)
    ours.socket.terminate()
  })

  test('an offer of another protocol, or of a socket elsewhere, is left aside and the request answered', async () => {
    const { url } = await started(liveWorld())
    const upgrade = (protocol: string) => ({ headers: { connection: 'Upgrade', upgrade: protocol } })
    expect(await ask(`${url}/metrics`, upgrade('h2c'))).toMatchObject({ status: 200, text: 'a_metric 1\n' })
    expect((await ask(`${url}/nowhere`, upgrade('websocket'))).status).toBe(404)
    expect((await ask(`${url}/api/live`, upgrade('websocket'))).status).toBe(400)
    const guarded = await started(liveWorld(), closed)
    expect((await ask(`${guarded.url}/metrics`, upgrade('h2c'))).status).toBe(401)
    expect(
      (
        await ask(`${guarded.url}/metrics`, {
          ...upgrade('h2c'),
          headers: { ...upgrade('h2c').headers, ...basic('alice', PASSWORD) },
        })
      ).status,
    ).toBe(200)
  })
})

function seqNow({ feed }: LiveWorld): number {
  const [snapshot] = read(feed.initialMessages(null).texts)
  return snapshot?.type === 'snapshot' ? snapshot.seq : Number.NaN
}

/** A reader that has shaken hands and reads nothing more. */
async function stuckReader(port: number): Promise<{ readonly socket: Socket; look(): Promise<void> }> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    'GET /api/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  await once(socket, 'readable')
  return {
    socket,
    // A cut is seen only when something is written.
    async look() {
      if (!socket.destroyed) {
        socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]))
      }
      await new Promise((resolve) => setTimeout(resolve, 1))
    },
  }
}
