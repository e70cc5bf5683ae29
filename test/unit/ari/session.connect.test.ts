// Connecting: each problem is reported with one sentence, and none is fatal.

import { EventEmitter } from 'node:events'
import http from 'node:http'
import { createServer, type Server, Socket } from 'node:net'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { socketDisconnect } from '../../../src/ari/disconnect.ts'
import { type SocketEnd, watchSocket } from '../../../src/ari/socket.ts'
import { FakeAri, PASSWORD, reply, USER } from './fakeAri.ts'
import {
  APP,
  ERROR,
  endAll,
  FAST,
  fakeAriPerTest,
  INFO,
  inSync,
  type Listening,
  listen,
  until,
  WARN,
} from './sessionHarness.ts'

let fake: FakeAri
const tcpServers: { readonly server: Server; readonly sockets: Set<Socket> }[] = []

// Before the other hooks, so that it runs after them.
afterEach(async () => {
  for (const { server, sockets } of tcpServers.splice(0)) {
    for (const socket of sockets) {
      socket.destroy()
    }
    server.close()
  }
})

fakeAriPerTest((started) => {
  fake = started
})

/** A server below HTTP. */
async function tcpServer(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  tcpServers.push({ server, sockets })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

/** The session tried several times, logged one sentence, and continues to try. */
async function expectOneComplaint(listening: Listening, reason: string, sentence: RegExp): Promise<void> {
  await until(() => listening.disconnects.length >= 3, 'three attempts failed')
  expect(new Set(listening.disconnects)).toEqual(new Set([reason]))
  expect(listening.said(WARN)).toHaveLength(1)
  expect(listening.said(WARN)[0]).toMatch(sentence)
  expect(listening.session.status().problem).toMatch(sentence)
  expect(listening.said(ERROR)).toEqual([])
  expect(listening.events).toEqual([])
}

test('connects, logs which Asterisk answers, and subscribes explicitly', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  expect(listening.session.status()).toEqual({
    phase: 'in_sync',
    asterisk: { version: '22.10.1', entityId: '02:fc:00:00:00:01', startedAt: Date.parse('2026-11-23T07:08:26.933Z') },
    problem: null,
    readOnly: false,
  })
  expect(listening.log.filter((line) => line.level === INFO)).toMatchObject([
    { msg: 'connected to Asterisk', version: '22.10.1', entityId: '02:fc:00:00:00:01' },
    { msg: 'listening', app: APP, subscription: 'explicit' },
  ])
  expect(fake.count(`POST /ari/applications/${APP}/subscription?eventSource=channel:,bridge:,endpoint:`)).toBe(1)
  expect(listening.said(WARN)).toEqual([])
})

test('registers before it subscribes, filters and verifies before the snapshot', async () => {
  await inSync(listen(fake.url, { timing: { verifyEveryMs: 10_000 } }))
  const app = `/ari/applications/${APP}`
  expect(fake.requests.filter((line) => !line.includes('api-docs'))).toEqual([
    'GET /ari/asterisk/info',
    `GET ${app}`,
    `SOCKET /ari/events?app=${APP}&api_key=:`,
    `GET ${app}`,
    `POST ${app}/subscription?eventSource=channel:,bridge:,endpoint:`,
    `PUT ${app}/eventFilter`,
    `GET ${app}`,
    'GET /ari/channels',
    'GET /ari/bridges',
    'GET /ari/endpoints',
  ])
})

test('puts no credential into any URL', async () => {
  await inSync(listen(fake.url))
  const lines = fake.requests.join('\n')
  for (const form of [USER, PASSWORD, encodeURIComponent(PASSWORD), 'hush']) {
    expect(lines.replaceAll(APP, '')).not.toContain(form)
  }
})

test.each([
  ['full', ['ChannelVarset', 'ChannelDialplan'], []],
  ['lean', [], ['ChannelVarset', 'ChannelDialplan']],
] as const)('asks for the %s detail', async (detail, wanted, unwanted) => {
  await inSync(listen(fake.url, { detail }))
  const [body] = fake.bodies as { allowed: { type: string }[] }[]
  const types = body?.allowed.map(({ type }) => type)
  expect(types).toEqual(
    expect.arrayContaining([...wanted, 'ChannelCreated', 'Dial', 'StasisStart', 'ApplicationReplaced']),
  )
  for (const type of [...unwanted, 'DeviceStateChanged', 'ChannelConnectedLine']) {
    expect(types).not.toContain(type)
  }
})

test.each(['', '/', '/ari', '/ari/'])('accepts ARI_URL with "%s" at its end', async (end) => {
  await inSync(listen(`${fake.url}${end}`))
})

test('accepts a URL with a prefix, and ignores credentials in it', async () => {
  const prefixed = await FakeAri.start({ prefix: '/asterisk' })
  await inSync(listen(`${prefixed.url.replace('//', '//someone:hush@')}/ari`))
  await endAll()
  await prefixed.stop()
})

test('throws for an invalid URL, without repeating it', () => {
  expect(() => listen('hush')).toThrow('ARI_URL is not an http or https URL')
})

test('a refused connection', async () => {
  const { url } = fake
  await fake.stop()
  await expectOneComplaint(listen(url), 'unreachable', /ECONNREFUSED.*ARI_URL.*enabled=yes in http.conf/)
})

test('a host name that does not resolve', async () => {
  await expectOneComplaint(listen('http://no-such-host.invalid:8088'), 'unreachable', /cannot reach.*ARI_URL/)
})

test('HTTP 401', async () => {
  await expectOneComplaint(listen(fake.url, { password: 'hush-wrong' }), 'unauthorized', /ARI_USER and ARI_PASSWORD/)
})

test('a wrong password is logged again from time to time, with the time until the next attempt', async () => {
  const listening = listen(fake.url, { password: 'hush-wrong', timing: { remindEveryMs: 30 } })
  await until(() => listening.said(INFO).length >= 2, 'it was said again')
  const again = listening.log.filter(({ level }) => level === INFO)
  for (const line of again) {
    expect(line).toMatchObject({
      msg: expect.stringMatching(/^still: .*does not accept the user or the password/),
      nextAttemptSeconds: expect.any(Number),
    })
  }
  expect(listening.said(WARN)).toHaveLength(1)
})

test('HTTP 503, then 404, then ready: each is logged once', async () => {
  let status = 503
  fake.override = (_request, response) => {
    if (status !== 200) {
      reply(response, status, 'no')
    }
    return status !== 200
  }
  const listening = listen(fake.url)
  await until(() => listening.disconnects.length >= 3, 'three attempts failed')
  status = 404
  await until(() => listening.disconnects.filter((reason) => reason === 'not_ari').length >= 3, 'it saw 404')
  status = 200
  await inSync(listening)
  expect(listening.said(WARN)).toEqual([
    expect.stringMatching(/HTTP 503.*still starting/),
    expect.stringMatching(/HTTP 404.*enabled=yes in ari.conf/),
  ])
  expect(listening.session.status().problem).toBeNull()
})

test.each([
  ['a web page', 200, '<html>hello</html>'],
  ['a redirect', 302, ''],
  ['other JSON', 200, { hello: 'world' }],
  ['a list', 200, []],
])('%s instead of ARI', async (_name, status, body) => {
  fake.override = (_request, response) => {
    reply(response, status, body)
    return true
  }
  await expectOneComplaint(listen(fake.url), 'not_ari', /not as ARI does.*ARI_URL/)
})

test.each([
  ['resources', '<html>'],
  ['resources', 'null'],
  ['resources', '{"swaggerVersion":"1.1"}'],
  ['resources', '{"apis":[{}]}'],
  ['events', '<html>'],
  ['events', '{"apis":[{"operations":[{}]}]}'],
])('an API description whose %s.json is %s', async (page, body) => {
  fake.override = (_request, response, path) => {
    if (path !== `/ari/api-docs/${page}.json`) {
      return false
    }
    reply(response, 200, body)
    return true
  }
  await expectOneComplaint(listen(fake.url), 'not_ari', /not as ARI does.*ARI_URL/)
})

test('a redirect is not followed, because the credentials are for this server only', async () => {
  const other = await FakeAri.start()
  fake.override = (_request, response, path) => {
    response.writeHead(302, { location: `${other.url}${path}` }).end()
    return true
  }
  await expectOneComplaint(listen(fake.url), 'not_ari', /HTTP 302/)
  expect(other.requests).toEqual([])
  await other.stop()
})

test('an API description that is cut off or never arrives', async () => {
  fake.override = (_request, response, path) => {
    if (!path.startsWith('/ari/api-docs/e')) {
      return false
    }
    if (fake.requests.length % 2 === 0) {
      response.socket?.resetAndDestroy()
    }
    return true
  }
  const listening = listen(fake.url, { timing: { callMs: 50 } })
  await until(() => listening.disconnects.length >= 4, 'it tried again')
  for (const reason of listening.disconnects) {
    expect(['unreachable', 'timeout']).toContain(reason)
  }
  fake.override = () => false
  await inSync(listening)
})

test('a server that accepts and never answers', async () => {
  const url = await tcpServer(() => undefined)
  const listening = listen(url, { timing: { callMs: 40 } })
  await expectOneComplaint(listening, 'timeout', /does not answer.*ARI_URL/)
})

test('a server that resets each connection', async () => {
  const url = await tcpServer((socket) => socket.resetAndDestroy())
  await expectOneComplaint(listen(url), 'unreachable', /cannot reach.*ARI_URL/)
})

test.each(['EMFILE', 'ENFILE'])('no file descriptor for a request: %s', async (code) => {
  const { request } = http
  // Node.js connects in the next tick; Node.js 22 does not listen for errors before that.
  const withoutDescriptor = () => {
    const socket = new Socket()
    process.nextTick(() => socket.destroy(Object.assign(new Error(`connect ${code}`), { code })))
    return socket
  }
  const requests = vi
    .spyOn(http, 'request')
    .mockImplementation((url) => request(url as string, { createConnection: withoutDescriptor }))
  onTestFinished(() => requests.mockRestore())
  await expectOneComplaint(listen(fake.url), 'no_descriptors', /descriptors.*LimitNOFILE.*ulimit -n/)
})

test('no file descriptor for the event socket', async () => {
  const ends: SocketEnd[] = []
  const socket = Object.assign(new EventEmitter(), { terminate: () => undefined })
  watchSocket(socket as unknown as WebSocket, {
    timing: FAST,
    onFrame: () => undefined,
    onEnd: (end) => ends.push(end),
  })
  socket.emit('error', Object.assign(new Error('connect EMFILE'), { code: 'EMFILE' }))
  socket.emit('close', 1006)
  expect(ends).toEqual([{ reason: 'no_descriptors' }])
  for (const end of ends) {
    expect(socketDisconnect(end, fake.url).problem).toMatch(/descriptors.*LimitNOFILE/)
  }
})

test('a port with another protocol', async () => {
  const url = await tcpServer((socket) => socket.write('Asterisk Call Manager/11.0.0\r\n'))
  await expectOneComplaint(listen(url), 'not_ari', /not as ARI does.*ARI_URL/)
})

test('a handshake that is never answered', async () => {
  fake.handshake = 'ignore'
  const listening = listen(fake.url, { timing: { handshakeMs: 40 } })
  await expectOneComplaint(listening, 'handshake_timeout', /does not open the event socket/)
  fake.handshake = 'accept'
  await inSync(listening)
})

test('a handshake that is reset', async () => {
  fake.handshake = 'reset'
  await expectOneComplaint(listen(fake.url), 'reset', /event socket to Asterisk was lost/)
})

test.each([
  [401, 'unauthorized', /ARI_USER and ARI_PASSWORD/],
  [404, 'handshake_refused', /HTTP 404.*res_http_websocket/],
  [503, 'handshake_refused', /HTTP 503/],
] as const)('a handshake that is refused with %d', async (status, reason, sentence) => {
  fake.handshake = status
  await expectOneComplaint(listen(fake.url), reason, sentence)
})

test('retries more often than the ten times of ari-client', async () => {
  fake.handshake = 503
  const listening = listen(fake.url, { timing: { firstRetryMs: 2, lastRetryMs: 4 } })
  await until(() => fake.handshakes.length > 25, '25 handshakes were refused')
  fake.handshake = 'accept'
  await inSync(listening)
  // ari-client's own retries would have opened further sockets.
  expect(fake.handshakes.length).toBe(listening.disconnects.length + 1)
})

test('increases the delay between attempts', async () => {
  const { url, port } = fake
  await fake.stop()
  const listening = listen(url, { timing: { firstRetryMs: 20, lastRetryMs: 100 } })
  await until(() => listening.disconnects.length >= 4, 'four attempts failed')
  const waits = listening.log.filter((line) => line.msg.startsWith('waiting')).map((line) => Number(line['waitMs']))
  expect(waits.length).toBeGreaterThanOrEqual(3)
  expect(waits.slice(0, 3).every((wait, i) => wait >= 20 * 2 ** i && wait <= 25 * 2 ** i)).toBe(true)
  fake = await FakeAri.start({ port })
  onTestFinished(() => fake.stop())
  await inSync(listening)
})
