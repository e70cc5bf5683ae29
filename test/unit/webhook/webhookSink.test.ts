// The sink against a real HTTP server: order, failures, attempts, what is given up and what never is.

import { describe, expect, test } from 'vitest'
import { type Delivery, type OutboxItem, SinkFailure } from '../../../src/shipping/sink.ts'
import { callerItem, callItem, LOG_ID, parcel, SECRET, type TestSink, testSink } from './items.ts'
import { type ReceivedRequest, startReceiver } from './receiver.ts'

const SECOND = 1_000
const HOUR = 3_600_000

/** The row of the call or missed caller that a request is about. */
const rowOf = ({ message }: ReceivedRequest) => message.call?.id ?? message.missed_caller?.id

const calls = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => callItem(from + index))

/** Sends what is left, as the loop does it, and lets each wait pass; returns all that was said. */
async function sendAll(sink: TestSink, items: readonly OutboxItem[], rounds = 100): Promise<Delivery[]> {
  const said: Delivery[] = []
  let left = items
  for (let round = 0; round < rounds && left.length > 0; round += 1) {
    const one = await sink.send(...left).catch((error: unknown) => {
      expect(error).toBeInstanceOf(SinkFailure)
      return { delivered: [], refused: [], later: { pauseMs: 0, failures: [error as SinkFailure] } }
    })
    const done = [...one.delivered, ...one.refused.map(({ outboxId }) => outboxId)]
    left = left.filter(({ outboxId }) => !done.includes(outboxId))
    sink.pass(300 * SECOND)
    said.push(one)
  }
  return said
}

test('one POST for each entry, with its key, and nothing else when all are taken', async () => {
  const receiver = await startReceiver()
  const sink = testSink(receiver)
  const items = [
    callItem(1),
    callItem(2, { event: 'missed' }),
    callerItem(3, 7, 'opened'),
    callItem(4, { event: 'ended' }),
  ]
  const { delivered, ...rest } = await sink.send(...items)
  expect(delivered.toSorted()).toEqual([1, 2, 3, 4])
  expect(rest).toEqual({ refused: [] })
  expect(receiver.requests).toHaveLength(4)
  for (const { method, path, headers } of receiver.requests) {
    expect([method, path]).toEqual(['POST', '/hook'])
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'asterisk-ari-exporter/0.0.0' })
  }
  expect(receiver.requests.map(({ key }) => key.replace(/\.[0-9a-f]{8}$/, '')).toSorted()).toEqual([
    `${LOG_ID}.answered.1`,
    `${LOG_ID}.ended.4`,
    `${LOG_ID}.missed.2`,
    `${LOG_ID}.missed_caller_opened.7`,
  ])
})

test('entries whose rows are gone count as delivered, without a request', async () => {
  const receiver = await startReceiver()
  expect(await testSink(receiver).send({ ...callItem(1), row: null, legs: [] })).toEqual({
    delivered: [1],
    refused: [],
  })
  expect(receiver.requests).toEqual([])
})

describe('order', () => {
  test('four requests at a time at most, on as many connections, which are kept', async () => {
    const receiver = await startReceiver()
    const waiting: (() => void)[] = []
    receiver.answer = async () => {
      // Each answers only when four are open, or when no further one can come.
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        if (waiting.length === 4) {
          for (const go of waiting.splice(0)) {
            go()
          }
        }
      })
      return 200
    }
    expect((await testSink(receiver).send(...calls(1, 40))).delivered).toHaveLength(40)
    expect(receiver.load).toMatchObject({ most: 4, connections: 4 })
  })

  test('nothing about a missed caller overtakes what was before it, also when that is held back', async () => {
    const receiver = await startReceiver()
    const sink = testSink(receiver)
    const failures = [500, 500, 500]
    receiver.answer = ({ message }) => (message.event === 'missed_caller_opened' && failures.pop()) || 200
    const items = [
      callerItem(1, 7, 'opened'),
      ...calls(2, 9),
      callerItem(10, 7, 'closed', { state: 'returned', closedAt: Date.now() }),
    ]
    await sendAll(sink, items)
    expect(receiver.taken).toHaveLength(10)
    const ofCaller = receiver.taken.flatMap(({ message }) => (message.missed_caller ? [message.event] : []))
    expect(ofCaller).toEqual(['missed_caller_opened', 'missed_caller_closed'])
    // The calls did not wait for it.
    expect(receiver.taken.slice(0, 8).every(({ message }) => message.call !== undefined)).toBe(true)
  })
})

describe('a receiver that is down', () => {
  test('is asked once, and nothing is lost when it is back', async () => {
    const first = await startReceiver()
    await first.stop()
    const sink = testSink(first)
    await expect(sink.send(...calls(1, 20))).rejects.toMatchObject({ name: 'SinkFailure', reason: 'unreachable' })
    const { port } = new URL(first.url)
    const again = await startReceiver({ port: Number(port) })
    await sendAll(sink, calls(1, 20))
    expect(again.taken.map(rowOf).toSorted()).toEqual(
      calls(1, 20)
        .map(({ rowId }) => rowId)
        .toSorted(),
    )
    expect(again.requests).toHaveLength(20)
  })

  test.each([500, 502, 404, 302])(
    'answers %i to everything: a few attempts each time, no entry is given up in a day',
    async (status) => {
      const receiver = await startReceiver()
      receiver.answer = () => ({ status, headers: { location: receiver.url } })
      const sink = testSink(receiver)
      const items = calls(1, 100)
      const said = await sendAll(sink, items, 300)
      expect(said).toHaveLength(300)
      expect(said.flatMap(({ delivered, refused }) => [...delivered, ...refused])).toEqual([])
      expect(receiver.requests.length).toBeLessThan(8 + 4 + 3 * 300)
      // One of the hundred that the receiver could take would be found.
      expect(new Set(receiver.requests.map(rowOf)).size).toBe(100)

      receiver.answer = () => 200
      const before = receiver.requests.length
      await sendAll(sink, items)
      expect(receiver.taken).toHaveLength(100)
      expect(receiver.requests).toHaveLength(before + 100)
    },
  )

  test('once it takes an event again, those that were tried during the outage do not wait for their time', async () => {
    const receiver = await startReceiver()
    const sink = testSink(receiver)
    receiver.answer = () => 500
    const items = calls(1, 12)
    await sendAll(sink, items, 60)
    await expect(sink.send(...items)).rejects.toBeInstanceOf(SinkFailure)
    receiver.answer = () => 200
    const first = await sink.send(...items)
    expect(first).toMatchObject({ delivered: { length: 1 }, later: { pauseMs: 0 } })
    const left = items.filter(({ outboxId }) => !first.delivered.includes(outboxId))
    expect(await sink.send(...left)).toMatchObject({ delivered: { length: 11 }, refused: [] })
  })

  test('an event is never given up because the receiver takes nothing for now', async () => {
    const receiver = await startReceiver()
    const sink = testSink(receiver)
    receiver.answer = (request) => (rowOf(request) === 1 ? 503 : 200)
    for (let number = 2; number <= 40; number += 1) {
      let left = [callItem(1), callItem(number)]
      for (let round = 0; round < 3; round += 1) {
        const said = await sink.send(...left).catch(() => ({ delivered: [] as readonly number[], refused: [] }))
        expect(said.refused).toEqual([])
        left = left.filter(({ outboxId }) => !said.delivered.includes(outboxId))
        sink.pass(300 * SECOND)
      }
      // The others are taken in between.
      expect(left).toHaveLength(1)
    }
    expect(receiver.requests.filter((request) => rowOf(request) === 1).length).toBeGreaterThan(20)
  })

  test('what the outbox no longer has is forgotten', async () => {
    const receiver = await startReceiver()
    const sink = testSink(receiver)
    receiver.answer = () => 500
    await sink.send(callItem(1))
    receiver.answer = () => 200
    expect(await sink.send(callItem(1))).toMatchObject({ delivered: [] })
    await sink.send(callItem(2))
    expect(await sink.send(callItem(1))).toMatchObject({ delivered: [1] })
  })

  test('a connection that is cut while it was used again is opened again, without a failure', async () => {
    const receiver = await startReceiver()
    const sink = testSink(receiver)
    await sink.send(callItem(1))
    const cuts: 'cut'[] = ['cut']
    receiver.answer = () => cuts.pop() ?? 200
    expect(await sink.send(callItem(2))).toEqual({ delivered: [2], refused: [] })
    expect(receiver.load.connections).toBe(2)
  })

  test('an answer that does not come in time is a failure of this entry; the others go on', async () => {
    const receiver = await startReceiver()
    const sink = testSink(receiver, { deadlineMs: 200 })
    receiver.answer = (request) => (rowOf(request) === 1 ? new Promise(() => undefined) : 200)
    const { delivered, later } = await sink.send(...calls(1, 5))
    expect(delivered.toSorted()).toEqual([2, 3, 4, 5])
    expect(later?.failures).toMatchObject([{ reason: 'timeout' }])
    expect(later?.pauseMs).toBe(0)
  })

  test('the status counts even if the body of the answer never ends', async () => {
    const receiver = await startReceiver()
    receiver.answer = () => ({ status: 200, body: 'endless' })
    expect(await testSink(receiver).send(...calls(1, 5))).toMatchObject({ refused: [], delivered: { length: 5 } })
  })
})

describe('Retry-After', () => {
  test.each([
    ['seconds', '120', 120 * SECOND, 1],
    ['more than the longest delay', '86400', 300 * SECOND, 1],
    ['a date', 'in 100 s', 100 * SECOND, 20 * SECOND],
    ['nonsense', 'soon', 0, 1],
  ])('%s', async (_, value, ms, tolerance) => {
    const receiver = await startReceiver()
    const asDate = new Date(Date.now() + 100 * SECOND).toUTCString()
    receiver.answer = () => ({ status: 429, headers: { 'retry-after': value === 'in 100 s' ? asDate : value } })
    const sink = testSink(receiver)
    const failure = await sink.send(...calls(1, 50)).catch((error: unknown) => error)
    expect(failure).toMatchObject({ name: 'SinkFailure', reason: 'status' })
    const { retryAfterMs } = failure as SinkFailure
    expect(Math.abs(retryAfterMs - ms)).toBeLessThanOrEqual(tolerance)
    expect(receiver.requests.length).toBeLessThanOrEqual(5)
  })

  test('is kept for new entries too, when others had been taken', async () => {
    const receiver = await startReceiver()
    const sink = testSink(receiver)
    receiver.answer = (request) => (rowOf(request) === 9 ? { status: 503, headers: { 'retry-after': '60' } } : 200)
    const first = await sink.send(...calls(1, 9))
    expect(first.delivered).toHaveLength(8)
    expect(first.later?.pauseMs).toBe(60 * SECOND)
    const requests = receiver.requests.length
    receiver.answer = () => 200
    expect(await sink.send(callItem(9), callItem(10))).toMatchObject({ delivered: [], later: { pauseMs: 60 * SECOND } })
    expect(receiver.requests).toHaveLength(requests)
    sink.pass(60 * SECOND)
    await sendAll(sink, [callItem(9), callItem(10)])
    expect(receiver.requests).toHaveLength(requests + 2)
  })
})

describe('an entry that the receiver never takes', () => {
  /** Tells of calls one after the other, each when what is held back may come again; the first one is never taken. */
  async function poisoned(status: number, { everyMs, calls: count }: { everyMs: number; calls: number }) {
    const receiver = await startReceiver()
    receiver.answer = (request) => (rowOf(request) === 1 ? status : 200)
    const sink = testSink(receiver)
    let left = calls(1, 1)
    const refused: { afterCalls: number; detail: string }[] = []
    for (let number = 2; number <= count; number += 1) {
      left = [...left, callItem(number)]
      const said = await sink.send(...left)
      expect(said.delivered).toContain(number)
      const done = [...said.delivered, ...said.refused.map(({ outboxId }) => outboxId)]
      left = left.filter(({ outboxId }) => !done.includes(outboxId))
      refused.push(...said.refused.map(({ detail }) => ({ afterCalls: number - 1, detail })))
      sink.pass(everyMs)
    }
    const attempts = receiver.requests.filter((request) => rowOf(request) === 1)
    return { receiver, refused, attempts }
  }

  test.each([400, 404, 413, 422])(
    '%i: is set aside after nine attempts between which others were taken',
    async (status) => {
      const { refused, attempts } = await poisoned(status, { everyMs: 300 * SECOND, calls: 20 })
      expect(attempts).toHaveLength(9)
      expect(new Set(attempts.map(({ key }) => key)).size).toBe(1)
      expect(refused).toEqual([{ afterCalls: 9, detail: `answered, row 1: status ${status}` }])
    },
  )

  test('500: is tried for an hour', async () => {
    const { refused, attempts } = await poisoned(500, { everyMs: 300 * SECOND, calls: 40 })
    expect(refused).toMatchObject([{ afterCalls: HOUR / (300 * SECOND) + 1 }])
    expect(attempts).toHaveLength(13)
  })

  test('never delays the others, and is tried more and more seldom', async () => {
    const { receiver, attempts } = await poisoned(500, { everyMs: SECOND, calls: 100 })
    expect(receiver.taken).toHaveLength(99)
    // At 0, 1, 3, 7, 15, 31 and 63 s.
    expect(attempts).toHaveLength(7)
  })

  test('is not set aside because of attempts in an outage', async () => {
    const receiver = await startReceiver()
    const sink = testSink(receiver)
    receiver.answer = () => 404
    const items = calls(1, 10)
    await sendAll(sink, items, 200)
    receiver.answer = (request) => (rowOf(request) === 1 ? 404 : 200)
    const said = await sendAll(sink, items, 10)
    expect(receiver.taken).toHaveLength(9)
    expect(said.flatMap(({ refused }) => refused)).toEqual([])
  })
})

test('redirects are not followed, and the log says what to do', async () => {
  const other = await startReceiver()
  const receiver = await startReceiver()
  receiver.answer = () => ({ status: 307, headers: { location: other.url } })
  const { later } = await testSink(receiver).send(callItem(1))
  expect(later?.failures[0]?.message).toMatch(/status 307.*redirects are not followed: set WEBHOOK_URL/)
  expect(other.requests).toEqual([])
})

test('a stop ends what is under way at once, and what has arrived is known', async () => {
  const receiver = await startReceiver()
  const stop = new AbortController()
  receiver.answer = (request) => {
    if (rowOf(request) === 1) {
      return 200
    }
    setImmediate(() => stop.abort())
    return new Promise(() => undefined)
  }
  const said = await testSink(receiver).deliver(parcel(...calls(1, 50)), stop.signal)
  expect(said).toMatchObject({ delivered: [1], refused: [], later: { failures: [] } })
})

test('after a close, the next delivery opens its connections again', async () => {
  const receiver = await startReceiver()
  const sink = testSink(receiver)
  await sink.send(callItem(1))
  await sink.close()
  expect(await sink.send(callItem(2))).toMatchObject({ delivered: [2] })
  expect(receiver.load.connections).toBe(2)
})

test.each([401, 404, 307, 500, 429, 'cut'] as const)(
  'no secret and no path of the URL is in what is said of %s',
  async (answer) => {
    const receiver = await startReceiver()
    receiver.answer = () => (answer === 'cut' ? 'cut' : { status: answer, headers: { location: '/other' } })
    const sink = testSink({ url: `${receiver.url}/t0ken?key=s3cret` })
    const said = await sendAll(sink, calls(1, 30), 20)
    const failures = said.flatMap(({ later }) => later?.failures ?? [])
    expect(failures.length).toBeGreaterThan(5)
    for (const { message, stack } of failures) {
      expect(`${message} ${stack}`).not.toMatch(new RegExp(`t0ken|s3cret|/hook|${SECRET}`))
      expect(message).toContain(new URL(receiver.url).origin)
    }
  },
)
