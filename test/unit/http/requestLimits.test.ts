// Limits of requests over real sockets: per connection, in all, per turn of the event loop, and for clients that do not read.

import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import {
  createRequestLimiter,
  type RequestLimiter,
  type RequestLimitOptions,
} from '../../../src/http/limits/requestLimits.ts'
import { eventually } from '../../system/program/program.ts'
import { ask } from './request.ts'
import { METRICS_TYPE, serve } from './testServer.ts'

type Handler = Parameters<typeof createRequestLimiter>[1]

async function serveLimited(
  options: RequestLimitOptions,
  handle: Handler,
): Promise<{ limiter: RequestLimiter; port: number }> {
  const limiter = createRequestLimiter(options, handle)
  const server = createServer(limiter.handle).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    limiter.stop()
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  return { limiter, port: typeof address === 'object' && address !== null ? address.port : 0 }
}

function send(port: number, text: string): Socket {
  const socket = connect(port, '127.0.0.1', () => socket.write(text))
  return socket.on('error', () => {})
}

const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

test('closes a connection with too many requests in progress and handles none of its further requests', async () => {
  let handled = 0
  const { limiter, port } = await serveLimited({ perConnection: 4 }, () => {
    handled += 1
  })
  const within = send(port, GET.repeat(4))
  await eventually(
    () => handled,
    (count) => count === 4,
  )
  expect(limiter.inProgress()).toBe(4)
  await once(send(port, GET.repeat(1_000)).resume(), 'close')
  expect(handled).toBe(4)
  within.write(GET)
  await once(within.resume(), 'close')
  await eventually(limiter.inProgress, (count) => count === 0)
})

test('any number of requests one after the other on one connection is answered and leaves no listener behind', async () => {
  const listeners: number[] = []
  const { limiter, port } = await serveLimited({ perConnection: 1 }, (request, response) => {
    listeners.push(request.socket.listenerCount('close'))
    response.end('x')
  })
  const socket = send(port, GET)
  for (let i = 0; i < 50; i++) {
    await once(socket, 'data')
    socket.write(GET)
  }
  await eventually(limiter.inProgress, (count) => count === 0)
  socket.destroy()
  expect(listeners.at(-1)).toBe(listeners[1])
})

test('answers 503 with Retry-After when too many requests are in progress in all', async () => {
  const { limiter, port } = await serveLimited({ total: 2 }, () => {})
  const held = [send(port, GET), send(port, GET)]
  await eventually(limiter.inProgress, (count) => count === 2)
  const refusal = await ask(`http://127.0.0.1:${port}/`)
  expect([refusal.status, refusal.headers['retry-after']]).toEqual([503, '1'])
  expect(refusal.text).toBe('too many requests are being answered\n')
  const ofApi = await ask(`http://127.0.0.1:${port}/api/calls`)
  expect([ofApi.status, ofApi.headers['content-type']]).toEqual([503, 'application/problem+json'])
  expect(JSON.parse(ofApi.text).problems).toEqual(['too many requests are being answered'])
  for (const socket of held) {
    socket.destroy()
  }
  await eventually(limiter.inProgress, (count) => count === 0)
})

test('scrapes are answered while other requests have reached the limit', async () => {
  const { limiter, port } = await serveLimited(
    { total: 2, kindOf: ({ url }) => (url === '/metrics' ? 'monitoring' : 'other') },
    ({ url }, response) => void (url === '/metrics' && response.end('x')),
  )
  const held = [send(port, GET), send(port, GET)]
  await eventually(limiter.inProgress, (count) => count === 2)
  expect((await ask(`http://127.0.0.1:${port}/metrics`)).status).toBe(200)
  expect((await ask(`http://127.0.0.1:${port}/`)).status).toBe(503)
  for (const socket of held) {
    socket.destroy()
  }
  await eventually(limiter.inProgress, (count) => count === 0)
})

test('the event loop continues between slow requests', async () => {
  const turns: number[] = []
  let handled = 0
  const { port } = await serveLimited({ perConnection: 50, turnMs: 5 }, (_request, response) => {
    const until = performance.now() + 10
    while (performance.now() < until) {}
    handled += 1
    response.end('x')
  })
  const timer = setInterval(() => turns.push(handled), 1)
  const socket = send(port, GET.repeat(40))
  await eventually(
    () => handled,
    (count) => count === 40,
  )
  clearInterval(timer)
  socket.destroy()
  // The timer runs after nearly every request.
  expect(new Set(turns).size).toBeGreaterThan(20)
})

test('closes a connection whose client reads nothing of its answer', async () => {
  const { limiter, port } = await serveLimited({ stallMs: 200 }, (_request, response) =>
    response.end(Buffer.alloc(2e7)),
  )
  const stuck = send(port, GET).pause()
  await eventually(limiter.inProgress, (count) => count === 1)
  await eventually(limiter.inProgress, (count) => count === 0)
  stuck.destroy()
})

test('simultaneous requests for the metrics share one exposition', async () => {
  let made = 0
  const server = await serve({
    metrics: async (format) => {
      made += 1
      return { contentType: METRICS_TYPE, body: `${format}_${made} 1\n` }
    },
  })
  onTestFinished(server.stop)
  const scrapes = (headers = {}) =>
    Promise.all(
      Array.from({ length: 20 }, () => fetch(`${server.url}/metrics`, { headers }).then((each) => each.text())),
    )
  const begin = performance.now()
  expect(new Set(await scrapes()).size).toBeLessThanOrEqual(made)
  // One for each 100 ms in which requests arrived; a busy machine needs several such spans for twenty requests.
  expect(made).toBeLessThanOrEqual(3 + (performance.now() - begin) / 100)
  await eventually(
    () => fetch(`${server.url}/metrics`).then((each) => each.text()),
    (text) => text !== 'text_1 1\n',
  )
})
