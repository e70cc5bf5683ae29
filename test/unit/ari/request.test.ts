// One request to ARI over connections that end at the wrong moment.

import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createRequester, type Requester } from '../../../src/ari/rest/request.ts'

const GET = { method: 'GET', path: '/ari/channels', deadlineMs: 10_000 } as const

async function requesterOf(listener: RequestListener): Promise<Requester> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const requester = createRequester({ baseUrl: `http://127.0.0.1:${port}`, user: 'ari', password: 'p:ä' })
  onTestFinished(() => {
    requester.close()
    server.closeAllConnections()
    server.close()
  })
  return requester
}

test('sends the credentials and a JSON body, and parses the answer', async () => {
  const requester = await requesterOf((request, response) => {
    request.on('data', (body) => {
      response.end(JSON.stringify([request.method, request.url, request.headers.authorization, JSON.parse(body)]))
    })
  })
  const answer = await requester.send({ ...GET, method: 'PUT', path: '/ari/x?y=%20', body: { allowed: 'ä' } })
  const authorization = `Basic ${Buffer.from('ari:p:ä').toString('base64')}`
  expect(answer).toEqual({ ok: true, value: ['PUT', '/ari/x?y=%20', authorization, { allowed: 'ä' }] })
})

test('repeats a request if the server has closed the idle connection that it was sent on', async () => {
  const sockets = new Set<Socket>()
  const requester = await requesterOf(({ socket }, response) => {
    if (sockets.has(socket)) {
      socket.resetAndDestroy()
      return
    }
    sockets.add(socket)
    response.end('[]')
  })
  expect(await requester.send(GET)).toEqual({ ok: true, value: [] })
  expect(await requester.send(GET)).toEqual({ ok: true, value: [] })
  expect(sockets.size).toBe(2)
})

test('does not repeat a request that fails on a new connection', async () => {
  let requests = 0
  const requester = await requesterOf(({ socket }) => {
    requests += 1
    socket.resetAndDestroy()
  })
  expect(await requester.send(GET)).toEqual({ ok: false, problem: { kind: 'unreachable', detail: 'ECONNRESET' } })
  expect(requests).toBe(1)
})

test('fails if the connection ends within the answer', async () => {
  const requester = await requesterOf(({ socket }, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('[1, ', () => socket.resetAndDestroy())
  })
  expect(await requester.send(GET)).toEqual({ ok: false, problem: { kind: 'unreachable', detail: 'ECONNRESET' } })
})

test.each([
  ['nothing', ''],
  ['half an answer', '[1, '],
])('ends a request at its deadline if the server sends %s', async (_title, part) => {
  const requester = await requesterOf((_request, response) => {
    if (part !== '') {
      response.write(part)
    }
  })
  const answer = await requester.send({ ...GET, deadlineMs: 50 })
  expect(answer).toEqual({ ok: false, problem: { kind: 'timeout', detail: 'no answer in 50 ms' } })
})

test('fails every request as stopped once it is closed', async () => {
  const requester = await requesterOf(() => requester.close())
  const stopped = { ok: false, problem: { kind: 'stopped', detail: 'stopped' } }
  expect(await requester.send(GET)).toEqual(stopped)
  expect(await requester.send(GET)).toEqual(stopped)
})
