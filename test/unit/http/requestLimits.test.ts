// Bounds of the requests, over real sockets: of one connection, in all, of one turn of the loop, and for those who do not read.

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

async function behind(
  options: RequestLimitOptions,
  handle: Handler,
): Promise<{ turnstile: RequestLimiter; port: number }> {
  const turnstile = createRequestLimiter(options, handle)
  const server = createServer(turnstile.enter).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    turnstile.stop()
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  return { turnstile, port: typeof address === 'object' && address !== null ? address.port : 0 }
}

function say(port: number, text: string): Socket {
  const socket = connect(port, '127.0.0.1', () => socket.write(text))
  return socket.on('error', () => {})
}

const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

test('a connection with more requests in progress than allowed is cut, and nothing more of it is worked on', async () => {
  let handled = 0
  const { turnstile, port } = await behind({ perConnection: 4 }, () => {
    handled += 1
  })
  const within = say(port, GET.repeat(4))
  await eventually(
    () => handled,
    (count) => count === 4,
  )
  expect(turnstile.inProgress()).toBe(4)
  await once(say(port, GET.repeat(1_000)).resume(), 'close')
  expect(handled).toBe(4)
  within.write(GET)
  await once(within.resume(), 'close')
  await eventually(turnstile.inProgress, (count) => count === 0)
})

test('requests one after the other on one connection are as many as one likes, and leave nothing behind on it', async () => {
  const listeners: number[] = []
  const { turnstile, port } = await behind({ perConnection: 1 }, (request, response) => {
    listeners.push(request.socket.listenerCount('close'))
    response.end('x')
  })
  const socket = say(port, GET)
  for (let i = 0; i < 50; i++) {
    await once(socket, 'data')
    socket.write(GET)
  }
  await eventually(turnstile.inProgress, (count) => count === 0)
  socket.destroy()
  expect(listeners.at(-1)).toBe(listeners[1])
})

test('with as many in progress as allowed in all, another is told to come back', async () => {
  const { turnstile, port } = await behind({ total: 2 }, () => {})
  const held = [say(port, GET), say(port, GET)]
  await eventually(turnstile.inProgress, (count) => count === 2)
  const refused = await ask(`http://127.0.0.1:${port}/`)
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1'])
  for (const socket of held) {
    socket.destroy()
  }
  await eventually(turnstile.inProgress, (count) => count === 0)
})

test('scrapes have places of their own, which no crowd of questions takes', async () => {
  const { turnstile, port } = await behind(
    { total: 2, isMonitoring: ({ url }) => url === '/metrics' },
    ({ url }, response) => void (url === '/metrics' && response.end('x')),
  )
  const held = [say(port, GET), say(port, GET)]
  await eventually(turnstile.inProgress, (count) => count === 2)
  expect((await ask(`http://127.0.0.1:${port}/metrics`)).status).toBe(200)
  expect((await ask(`http://127.0.0.1:${port}/`)).status).toBe(503)
  for (const socket of held) {
    socket.destroy()
  }
  await eventually(turnstile.inProgress, (count) => count === 0)
})

test('the loop goes round between requests that take long', async () => {
  const turns: number[] = []
  let handled = 0
  const { port } = await behind({ perConnection: 50, turnMs: 5 }, (_request, response) => {
    const until = performance.now() + 10
    while (performance.now() < until) {}
    handled += 1
    response.end('x')
  })
  const timer = setInterval(() => turns.push(handled), 1)
  const socket = say(port, GET.repeat(40))
  await eventually(
    () => handled,
    (count) => count === 40,
  )
  clearInterval(timer)
  socket.destroy()
  // Seen after each of them, but for chance.
  expect(new Set(turns).size).toBeGreaterThan(20)
})

test('whoever takes nothing of an answer is cut', async () => {
  const { turnstile, port } = await behind({ stallMs: 200 }, (_request, response) => response.end(Buffer.alloc(2e7)))
  const stuck = say(port, GET).pause()
  await eventually(turnstile.inProgress, (count) => count === 1)
  await eventually(turnstile.inProgress, (count) => count === 0)
  stuck.destroy()
})

test('all who ask for the metrics at once get one exposition, compressed once', async () => {
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
  // One for each tenth of a second in which requests came: a busy machine takes several for twenty.
  expect(made).toBeLessThanOrEqual(3 + (performance.now() - begin) / 100)
  await eventually(
    () => fetch(`${server.url}/metrics`).then((each) => each.text()),
    (text) => text !== 'text_1 1\n',
  )
})
