// Losing the session in every way, and reconnecting; stopping at any moment.

import { expect, onTestFinished, test } from 'vitest'
import { FakeAri } from './fakeAri.ts'
import { APP, fakeAriPerTest, frame, inSync, type Listening, listen, until, WARN } from './sessionHarness.ts'

let fake: FakeAri

fakeAriPerTest((started) => {
  fake = started
})

/** The session was lost once for this reason, reported that to the consumer, and has a new snapshot. */
async function expectBack(listening: Listening, reason: string): Promise<void> {
  await until(() => listening.types().filter((type) => type === 'SnapshotTaken').length >= 2, 'it is back')
  await inSync(listening)
  expect(listening.disconnects[0]).toBe(reason)
  expect(listening.types().slice(0, 3)).toEqual(['SnapshotTaken', 'ConnectionLost', 'SnapshotTaken'])
  expect(listening.session.status().problem).toBeNull()
}

test('a TCP reset', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  const before = Date.now()
  fake.reset()
  await expectBack(listening, 'reset')
  expect(listening.events[1]?.at).toBeGreaterThanOrEqual(before)
  expect(listening.said(WARN)).toEqual([expect.stringMatching(/event socket to Asterisk was lost \(reset\)/)])
})

test('a close frame', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  fake.socket(APP).close(1001)
  await expectBack(listening, 'closed')
})

test('invalid text, a frame of 10 MB, a deeply nested frame', async () => {
  // A large frame takes long on a busy machine; this test is not about silence.
  const listening = listen(fake.url, { timing: { pongWithinMs: 10_000, verifyEveryMs: 60_000 } })
  await inSync(listening)
  fake.send(APP, JSON.stringify({ type: 'x'.repeat(10_000_000) }))
  fake.send(APP, '['.repeat(1_000_000))
  fake.socket(APP).send(Buffer.from('{"type":"ChannelCreated"}'), { binary: true })
  await until(() => listening.malformed.length === 3, 'each was counted')
  expect(listening.malformed).toEqual(['too_large', 'not_json', 'bad_timestamp'])
  expect(listening.disconnects).toEqual([])
  fake.socket(APP).send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false })
  await expectBack(listening, 'reset')
})

test('an outage is reported once, and the session returns with Asterisk', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  const { port } = fake
  await fake.stop()
  await until(() => listening.disconnects.length >= 4, 'it tried in vain')
  expect(listening.types()).toEqual(['SnapshotTaken', 'ConnectionLost'])
  expect(listening.session.status()).toMatchObject({ phase: expect.stringMatching(/waiting|connecting/) })
  fake = await FakeAri.start({ port })
  onTestFinished(() => fake.stop())
  await expectBack(listening, 'reset')
  expect(listening.said(WARN)).toHaveLength(2)
})

test('a half-open socket without pongs', async () => {
  fake.doesPong = false
  const listening = listen(fake.url, { timing: { pongWithinMs: 60, verifyEveryMs: 60_000 } })
  await inSync(listening)
  fake.doesPong = true
  await expectBack(listening, 'ping_timeout')
})

test('a silent loss begins with the last frame or pong, not when it is detected', async () => {
  const listening = listen(fake.url, { timing: { pingEveryMs: 100, pongWithinMs: 300, verifyEveryMs: 60_000 } })
  await inSync(listening)
  fake.socket(APP).pause()
  const silentFrom = Date.now()
  await until(() => listening.disconnects.length > 0, 'it noticed')
  expect(listening.disconnects).toEqual(['ping_timeout'])
  expect(Date.now() - silentFrom).toBeGreaterThanOrEqual(300)
  expect(listening.events[1]?.at).toBeLessThan(silentFrom + 100)
})

test('frames count as an answer if there are no pongs', async () => {
  fake.doesPong = false
  const listening = listen(fake.url)
  await inSync(listening)
  const sending = setInterval(() => fake.send(APP, frame('ChannelConnectedLine', '1.1')), 10)
  await new Promise((resolve) => setTimeout(resolve, 300))
  clearInterval(sending)
  expect(listening.disconnects).toEqual([])
})

test('a stall of this process does not count as a lost peer', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  // The pong is sent, then the event loop is blocked beyond the deadline: the pong is unread when the timers run.
  let isStalled = false
  fake.socket(APP).once('ping', () => {
    const stalledUntil = Date.now() + 150
    while (Date.now() < stalledUntil) {}
    isStalled = true
  })
  await until(() => isStalled, 'the stall is over')
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(listening.disconnects).toEqual([])
})

test('an open socket that is not registered after a reconnect is closed', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  fake.doesRegister = false
  fake.reset()
  await until(() => listening.disconnects.filter((reason) => reason === 'unregistered').length >= 2, 'it was dropped')
  expect(listening.session.status().phase).not.toBe('in_sync')
  fake.doesRegister = true
  await expectBack(listening, 'reset')
})

test('a registration that is lost while the socket is open is detected', async () => {
  const listening = listen(fake.url, { timing: { verifyEveryMs: 300 } })
  await inSync(listening)
  fake.send(APP, frame('ChannelConnectedLine', '1.1'))
  await until(() => listening.frames.length > 0, 'the last frame came')
  const lastHeardAt = Date.now()
  fake.apps.delete(APP)
  await expectBack(listening, 'unregistered')
  expect(Date.now() - lastHeardAt).toBeGreaterThanOrEqual(200)
  expect(listening.events[1]?.at).toBeLessThanOrEqual(lastHeardAt)
})

test('two failed checks in a row end the session, one does not', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  let failures = 1
  fake.override = (_request, response, path) => {
    if (!path.startsWith('/ari/applications') || failures === 0) {
      return false
    }
    failures--
    response.writeHead(500).end()
    return true
  }
  const checks = () => fake.count(`GET /ari/applications/${APP}`)
  const before = checks()
  await until(() => checks() >= before + 3, 'it checked again')
  expect(listening.disconnects).toEqual([])
  failures = 2
  await until(() => listening.disconnects.length === 1, 'it gave the session up')
  expect(listening.disconnects).toEqual(['server_error'])
})

test('a name that another listener took over is not taken back', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  const other = listen(fake.url, { takeover: true })
  await inSync(other)
  expect(other.said(WARN)).toEqual([expect.stringMatching(/taking the ARI application over/)])
  await until(() => listening.disconnects.length >= 4, 'it looked again')
  expect(listening.disconnects.slice(0, 2)).toEqual(['replaced', 'name_taken'])
  expect(listening.types()).toEqual(['SnapshotTaken', 'ConnectionLost'])
  expect(listening.said(WARN)).toEqual([
    expect.stringMatching(/another listener has taken.*ARI_APP/),
    expect.stringMatching(/another listener holds.*ARI_APP_TAKEOVER=true/),
  ])
  expect(other.disconnects).toEqual([])
  await other.session.stop()
  await expectBack(listening, 'replaced')
})

test('a name that another listener uses from the start is left alone', async () => {
  const other = listen(fake.url)
  await inSync(other)
  const listening = listen(fake.url)
  await until(() => listening.disconnects.length >= 3, 'it tried')
  expect(new Set(listening.disconnects)).toEqual(new Set(['name_taken']))
  expect(listening.said(WARN)).toEqual([expect.stringMatching(/choose another ARI_APP/)])
  expect(fake.handshakes).toHaveLength(1)
  expect(other.disconnects).toEqual([])
})

test('a registration of our own that remained is reused, but not if Asterisk was restarted since', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  fake.reset()
  fake.apps.set(APP, null)
  await expectBack(listening, 'reset')
  expect(listening.disconnects).toEqual(['reset'])
  fake.startup = '2026-11-23T16:30:00.000+0900'
  fake.reset()
  await until(() => fake.apps.get(APP) === undefined, 'the name is free')
  fake.apps.set(APP, null)
  await until(() => listening.disconnects.length >= 3, 'it tried')
  expect(listening.disconnects.slice(1, 3)).toEqual(['reset', 'name_taken'])
})

test('a registration of an earlier run is reused; the lease is written while listening and removed at the stop', async () => {
  fake.apps.set(APP, null)
  const since = Date.parse(fake.startup.replace(/(\d\d)(\d\d)$/, '$1:$2'))
  const notes: (number | null)[] = []
  const listening = listen(fake.url, { lease: { since, note: (noted) => notes.push(noted) } })
  await inSync(listening)
  expect(listening.disconnects).toEqual([])
  await listening.session.stop()
  expect(notes).toEqual([null])
  const stranger = listen(fake.url, { lease: { since: since - 1, note: (noted) => notes.push(noted) } })
  fake.apps.set(APP, null)
  await until(() => stranger.disconnects.includes('name_taken'), 'it left the name alone')
})

test('the lease is kept at the stop if Asterisk keeps the name, and removed if another listener took it', async () => {
  fake.forgetsNames = false
  const notes: (number | null)[] = []
  const lease = (since: number | null) => ({ since, note: (noted: number | null) => notes.push(noted) })
  const first = listen(fake.url, { lease: lease(null) })
  await inSync(first)
  await first.session.stop()
  expect(notes).toHaveLength(1)
  const next = listen(fake.url, { lease: lease(notes[0] ?? null) })
  await inSync(next)
  expect(next.disconnects).toEqual([])
  fake.startup = '2026-11-23T16:30:00.000+0900'
  fake.reset()
  await until(() => next.disconnects.includes('name_taken'), 'another Asterisk in which somebody has the name')
  await next.session.stop()
  expect(notes.at(-1)).toBeNull()
})

test('the lease is kept at a stop while Asterisk cannot be asked', async () => {
  const notes: (number | null)[] = []
  const listening = listen(fake.url, { lease: { since: null, note: (noted) => notes.push(noted) } })
  await inSync(listening)
  await fake.stop()
  await listening.session.stop()
  expect(notes).toEqual([expect.any(Number)])
})

test('reads the API description once, and never opens a socket twice', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  const described = fake.count('GET /ari/api-docs')
  for (let i = 0; i < 3; i++) {
    fake.reset()
    await until(() => listening.disconnects.length === i + 1, 'it noticed')
    await inSync(listening)
  }
  expect(fake.count('GET /ari/api-docs')).toBe(described)
  expect(fake.handshakes).toHaveLength(4)
})

test('stop closes with a close frame, and reports no loss', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  await listening.session.stop()
  await until(() => fake.closeCodes.length === 1, 'the socket is closed')
  expect(fake.closeCodes).toEqual([1000])
  expect(listening.session.status().phase).toBe('stopped')
  expect(listening.types()).toEqual(['SnapshotTaken'])
  expect(listening.disconnects).toEqual([])
})

test('stop during the back-off makes no further attempt', async () => {
  fake.handshake = 503
  const listening = listen(fake.url, { timing: { firstRetryMs: 5_000, lastRetryMs: 5_000 } })
  await until(() => listening.session.status().phase === 'waiting', 'it waits')
  await expectQuickStop(listening)
  expect(fake.handshakes).toHaveLength(1)
  expect(listening.session.status().phase).toBe('stopped')
})

test('stop during an unanswered handshake or REST request', async () => {
  fake.handshake = 'ignore'
  const shaking = listen(fake.url, { timing: { handshakeMs: 5_000 } })
  await until(() => fake.handshakes.length === 1, 'the handshake began')
  await expectQuickStop(shaking)
  fake.override = () => true
  const asking = listen(fake.url, { timing: { callMs: 5_000 } })
  const before = fake.requests.length
  await until(() => fake.requests.length > before, 'it asked')
  await expectQuickStop(asking)
  expect(asking.said(WARN)).toEqual([])
})

test('stop without an answer to the close frame', async () => {
  const listening = listen(fake.url, { timing: { closeWithinMs: 60_000 } })
  await inSync(listening)
  fake.socket(APP).pause()
  await expectQuickStop(listening)
})

async function expectQuickStop(listening: Listening): Promise<void> {
  const before = performance.now()
  await listening.session.stop()
  expect(performance.now() - before).toBeLessThan(1_000)
  const disconnects = listening.disconnects.length
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(listening.disconnects).toHaveLength(disconnects)
}
