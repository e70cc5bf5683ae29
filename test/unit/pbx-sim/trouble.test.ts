// The simulated PBX under failures: cut sockets, silence, restarts, crashes, slow listeners.

import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { type Pbx, type PbxOptions, startPbx } from '../../../src/pbx-sim/pbx.ts'
import { allArrived, ask, listenToCalls, PASSWORD, sleep, USER, until } from './listening.ts'

const QUICK = { ringMs: 5, talkMs: 20 }
const LONG = { ringMs: 5, talkMs: 60_000 }

const started: Pbx[] = []

async function start(options: Partial<PbxOptions> = {}): Promise<Pbx> {
  const pbx = await startPbx({ user: USER, password: PASSWORD, ...options })
  started.push(pbx)
  return pbx
}

afterEach(async () => {
  for (const pbx of started.splice(0)) {
    await pbx.stop()
  }
})

async function inTalk(pbx: Pbx): Promise<void> {
  await until(() => pbx.liveChannels().length === 2 && pbx.liveChannels().every(({ state }) => state === 'Up'))
}

test('dropped sockets end without a close frame, and calls continue', async () => {
  const pbx = await start()
  const listener = await listenToCalls(pbx.url, 'tester')
  const { ended } = pbx.place('answered-caller-hangs-up', QUICK)
  pbx.dropSockets()
  const [code] = await once(listener.socket, 'close')
  expect(code).toBe(1006)
  expect(await ended).toMatchObject([{ disposition: 'answered' }])
})

test('a stalled PBX keeps its connections open and silent, and continues afterwards', async () => {
  const pbx = await start()
  const listener = await listenToCalls(pbx.url, 'tester')
  const call = pbx.place('answered-caller-hangs-up', { ...QUICK, ringMs: Number.POSITIVE_INFINITY })
  await until(() => listener.texts.some((text) => text.includes('"Ringing"')))
  await allArrived(listener)
  pbx.stall()
  const heard = listener.texts.length
  let pongs = 0
  listener.socket.on('pong', () => {
    pongs += 1
  })
  listener.socket.ping()
  let answered = false
  const answer = ask(pbx.url, 'GET /channels').then(({ body }) => {
    answered = true
    return body
  })
  // Long enough for an unexpected event to arrive.
  await sleep(60)
  expect([listener.texts.length, pongs, answered]).toEqual([heard, 0, false])
  pbx.resume()
  expect(await answer).toHaveLength(2)
  call.endPause()
  const [truth] = await call.ended
  expect(truth?.durationMs).toBe(QUICK.talkMs)
  await until(() => pongs === 1 && listener.types().includes('BridgeDestroyed'))
})

test('a PBX that refuses cannot be reached until it accepts again', async () => {
  const pbx = await start()
  await pbx.refuse()
  await expect(ask(pbx.url, 'GET /channels')).rejects.toThrow()
  await pbx.accept()
  expect((await ask(pbx.url, 'GET /channels')).status).toBe(200)
})

test('a restart hangs up all channels, with events, and resets the ids', async () => {
  const pbx = await start()
  const listener = await listenToCalls(pbx.url, 'tester')
  const { ended } = pbx.place('answered-caller-hangs-up', LONG)
  await inTalk(pbx)
  const before = await ask(pbx.url, 'GET /asterisk/info?only=status')
  const closed = once(listener.socket, 'close')
  await pbx.restart(20)
  expect((await closed)[0]).toBe(1006)
  const end = listener.events().slice(-10)
  expect(end.filter(({ type }) => type === 'ChannelHangupRequest')).toMatchObject([
    { cause: 4, soft: true },
    { cause: 4, soft: true },
    { cause: 16, soft: true },
  ])
  expect(end.filter(({ type }) => type === 'ChannelDestroyed')).toMatchObject([{ cause: 16 }, { cause: 16 }])
  expect(await ended).toEqual([])
  expect(await ask(pbx.url, 'GET /asterisk/info?only=status')).not.toEqual(before)
  expect((await ask(pbx.url, 'GET /applications')).body).toEqual([])
  pbx.place('answered-caller-hangs-up', { ...LONG, caller: '101' })
  expect(pbx.liveChannels()[0]).toMatchObject({ name: 'PJSIP/101-00000000' })
  expect(pbx.liveChannels()[0]?.id).toMatch(/^\d+\.0$/)
})

test('a crash removes everything without an event', async () => {
  const pbx = await start()
  const listener = await listenToCalls(pbx.url, 'tester')
  pbx.place('answered-caller-hangs-up', LONG)
  await inTalk(pbx)
  await until(() => listener.types().filter((type) => type === 'ChannelEnteredBridge').length === 2)
  await pbx.kill()
  await until(() => listener.socket.readyState === listener.socket.CLOSED)
  expect(listener.types()).not.toContain('ChannelDestroyed')
  expect(pbx.liveChannels()).toEqual([])
  expect((await ask(pbx.url, 'GET /bridges')).body).toEqual([])
  expect(pbx.truth().scenarios).toEqual({ started: 1, ended: 0, cut: 1, live: 0 })
})

test('an application without registration keeps its socket and receives nothing', async () => {
  const pbx = await start()
  const listener = await listenToCalls(pbx.url, 'tester')
  pbx.dropRegistration('tester')
  expect((await ask(pbx.url, 'GET /applications/tester')).status).toBe(404)
  await pbx.place('busy', QUICK).ended
  await allArrived(listener)
  expect([listener.texts.length, listener.socket.readyState]).toEqual([0, listener.socket.OPEN])
})

test('a pause of a call can be ended early, and ending it again has no effect', async () => {
  const pbx = await start()
  const call = pbx.place('answered-caller-hangs-up', { ringMs: 60_000, talkMs: Number.POSITIVE_INFINITY })
  // The set-up, the ringing and the conversation.
  for (let pause = 0; pause < 3; pause += 1) {
    call.endPause()
  }
  expect(await call.ended).toMatchObject([{ disposition: 'answered' }])
  call.endPause()
  expect(pbx.truth().scenarios).toMatchObject({ started: 1, ended: 1 })
})

test('any text can be sent', async () => {
  const pbx = await start()
  const listener = await listenToCalls(pbx.url, 'tester')
  pbx.sendRaw('{"type":')
  await until(() => listener.texts.includes('{"type":'))
})

test('a listener that does not read is disconnected', async () => {
  const lines: string[] = []
  const pbx = await startPbx(
    { user: USER, password: PASSWORD, maxBufferedBytes: 100_000 },
    { log: (line) => lines.push(line) },
  )
  started.push(pbx)
  const listener = await listenToCalls(pbx.url, 'tester')
  listener.socket.pause()
  const much = 'x'.repeat(200_000)
  for (let sent = 0; sent < 500 && pbx.listeners() > 0; sent += 1) {
    pbx.sendRaw(much)
    await sleep(1)
  }
  await until(() => pbx.listeners() === 0)
  expect(lines).toEqual(['listener reads too slowly: disconnected'])
  expect((await ask(pbx.url, 'GET /applications')).body).toEqual([])
})

test('phones register and unregister, with events', async () => {
  const pbx = await start()
  const listener = await listenToCalls(pbx.url, 'tester')
  pbx.setEndpoint('101', false)
  pbx.setEndpoint('101', false)
  pbx.setEndpoint('101', true)
  await until(() => listener.texts.length === 4)
  expect(listener.events()).toMatchObject([
    { type: 'PeerStatusChange', endpoint: { resource: '101', state: 'offline' }, peer: { peer_status: 'Unreachable' } },
    { type: 'ContactStatusChange', contact_info: { contact_status: 'Removed', aor: '101' } },
    { type: 'PeerStatusChange', endpoint: { resource: '101', state: 'online' }, peer: { peer_status: 'Reachable' } },
    { type: 'ContactStatusChange', contact_info: { contact_status: 'NonQualified' } },
  ])
})

test('a port in use is a clear error', async () => {
  const pbx = await start()
  const port = Number(new URL(pbx.url).port)
  await expect(startPbx({ user: USER, password: PASSWORD, port })).rejects.toThrow('EADDRINUSE')
})
