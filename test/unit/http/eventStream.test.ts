// The live feed as server-sent events over real connections: order, resuming, slow readers, and who may read.

import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { hashSync } from 'bcryptjs'
import { afterEach, describe, expect, test } from 'vitest'
import type { LiveMessage } from '../../../src/http/live/message.ts'
import type { HttpOptions } from '../../../src/http/server.ts'
import { type FeedHarness, feedHarness } from './feedHarness.ts'
import { ask, basic } from './request.ts'
import { serve } from './testServer.ts'

const open: { stop(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()))
})

/** Without heartbeats, unless the options have some. */
async function started({ feed }: FeedHarness, options: Partial<HttpOptions> = {}) {
  const server = await serve({ live: feed }, { live: { heartbeatMs: 60_000 }, ...options })
  open.push(server)
  return { ...server, address: `${server.url}/api/events` }
}

interface Event {
  readonly id: string | null
  readonly message: LiveMessage
}

interface Reader {
  readonly response: IncomingMessage
  readonly received: readonly Event[]
  /** Resolves once this many messages were received. */
  until(count: number): Promise<void>
  readonly closed: Promise<unknown>
}

async function reader(address: string, headers: Record<string, string> = {}): Promise<Reader> {
  const request = get(address, { agent: false, headers })
  const [response]: IncomingMessage[] = await once(request, 'response')
  if (response === undefined) {
    throw new Error('no response')
  }
  const received: Event[] = []
  let onEvent = (): void => {}
  let text = ''
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line): [string, string] => [line.split(':')[0] ?? '', line.replace(/^\w+: /, '')]),
      )
      const data = fields.get('data')
      if (data !== undefined) {
        received.push({ id: fields.get('id') ?? null, message: JSON.parse(data) })
      }
    }
    onEvent()
  })
  response.on('error', () => {})
  return {
    response,
    received,
    closed: once(response, 'close'),
    until: (count) =>
      new Promise((resolve) => {
        onEvent = () => (received.length >= count ? resolve() : undefined)
        onEvent()
      }),
  }
}

const shortOf = ({ received }: Reader) => received.map(({ id, message }) => [id, message.type])

describe('messages', () => {
  test('a reader gets a snapshot, then every change with an id, in order', async () => {
    const harness = feedHarness()
    const { address } = await started(harness)
    harness.publish('CallStarted', 'before')
    const one = await reader(address)
    expect(one.response.headers).toMatchObject({
      ...{ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
      'x-accel-buffering': 'no',
    })
    await one.until(1)
    // The snapshot is whole in the next turn.
    await ask(address.replace('events', 'openapi.json'))
    harness.publish('CallAnswered', 'before')
    harness.publish('CallEnded', 'before', { disposition: 'answered', endedAt: 1 })
    await one.until(3)
    expect(shortOf(one)).toEqual([
      [null, 'snapshot'],
      ['run-1:2', 'call'],
      ['run-1:3', 'ended'],
    ])
    expect(one.received[0]?.message).toMatchObject({ seq: 1, calls: [{ channel_id: 'before' }] })
    one.response.destroy()
  })

  test('a reader resumes after the last id that it got, whichever message is its last; with an id of another run it gets a snapshot', async () => {
    const harness = feedHarness()
    const { address } = await started(harness)
    harness.runCalls(2)
    const one = await reader(address, { 'Last-Event-ID': 'run-1:2' })
    await one.until(3)
    expect(shortOf(one)).toEqual([
      [null, 'resumed'],
      ['run-1:3', 'call'],
      ['run-1:4', 'ended'],
    ])
    one.response.destroy()
    for (const id of ['run-0:2', 'run-1:99', 'run-1', 'x', `${'x'.repeat(200)}:1`]) {
      const other = await reader(address, { 'Last-Event-ID': id })
      await other.until(1)
      expect([id, shortOf(other)]).toEqual([id, [[null, 'snapshot']]])
      other.response.destroy()
    }
  })

  test('changes within a snapshot of several messages have no id, because who lost the rest needs another snapshot', async () => {
    const harness = feedHarness()
    const { address } = await started(harness)
    for (let call = 0; call < 600; call += 1) {
      harness.publish('CallStarted', `c${call}`)
    }
    const { feed } = harness
    const { initialMessages } = feed
    // A change while the snapshot is on its way.
    Object.assign(feed, {
      initialMessages(position: Parameters<typeof initialMessages>[0]) {
        queueMicrotask(() => harness.publish('CallAnswered', 'c0'))
        return initialMessages(position)
      },
    })
    const one = await reader(address)
    await one.until(4)
    expect(one.received.map(({ message }) => message.type).toSorted()).toEqual(['call', 'calls', 'calls', 'snapshot'])
    expect(one.received.map(({ id }) => id)).toEqual([null, null, null, null])
    await ask(address.replace('events', 'openapi.json'))
    harness.publish('CallAnswered', 'c1')
    await one.until(5)
    expect(one.received.at(-1)?.id).toBe('run-1:602')
    one.response.destroy()
  })

  test('the figures come regularly, without an id', async () => {
    const { address } = await started(feedHarness(), { live: { heartbeatMs: 5 } })
    const one = await reader(address)
    await one.until(3)
    expect(shortOf(one).slice(1, 3)).toEqual([
      [null, 'figures'],
      [null, 'figures'],
    ])
    one.response.destroy()
  })
})

describe('readers', () => {
  test('one that reads too slowly is disconnected, and others get all', async () => {
    const harness = feedHarness({ kept: 4 })
    const { address, port } = await started(harness, { live: { heartbeatMs: 60_000, maxBufferedBytes: 1_000 } })
    const slow = connect(port, '127.0.0.1')
    slow.write('GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n')
    slow.on('error', () => {})
    await once(slow, 'data')
    slow.pause()
    const gone = once(slow, 'close')
    const name = 'x'.repeat(100_000)
    for (let call = 0; call < 200; call += 1) {
      harness.publish('CallStarted', `c${call}`, { callerName: name })
      await new Promise((resolve) => setImmediate(resolve))
    }
    slow.resume()
    await gone
    const other = await reader(address)
    await other.until(1)
    other.response.destroy()
  })

  test('need the same credentials as the API', async () => {
    const web = { tls: null, headers: new Map(), users: new Map([['alice', hashSync('secret-word', 4)]]) }
    const { address } = await started(feedHarness(), { web })
    expect((await ask(address)).status).toBe(401)
    const one = await reader(address, basic('alice', 'secret-word'))
    await one.until(1)
    one.response.destroy()
  })

  test('are limited in number', async () => {
    const { address } = await started(feedHarness(), { live: { maxReaders: 1, heartbeatMs: 60_000 } })
    const one = await reader(address)
    await one.until(1)
    const refused = await ask(address)
    expect([refused.status, refused.headers['retry-after'], JSON.parse(refused.text).problems]).toEqual([
      ...[503, '1'],
      ['too many readers'],
    ])
    one.response.destroy()
  })

  test('do not keep requests out', async () => {
    const { address, url } = await started(feedHarness(), { requests: { total: 1 } })
    const one = await reader(address)
    await one.until(1)
    expect((await ask(`${url}/api/openapi.json`)).status).toBe(200)
    one.response.destroy()
  })

  test('are told when the program stops; HEAD gets the headers, and no other method is answered', async () => {
    const { address, stop } = await started(feedHarness())
    const head = await ask(address, { method: 'HEAD' })
    expect([head.status, head.headers['content-type'], head.text]).toEqual([
      ...[200, 'text/event-stream; charset=utf-8', ''],
    ])
    expect((await ask(address, { method: 'POST' })).status).toBe(405)
    const one = await reader(address)
    await one.until(1)
    await Promise.all([stop(), one.closed])
    expect(one.response.complete).toBe(true)
    open.length = 0
  })
})
