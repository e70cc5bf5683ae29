// The simulated ARI as a client uses it: the original ari-client, access, subscriptions, filters, errors.

import { createRequire } from 'node:module'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Pbx, startPbx } from '../../../src/pbx-sim/pbx.ts'
import { allArrived, ask, listen, listenToCalls, PASSWORD, READER, USER, until } from './listening.ts'

const QUICK = { ringMs: 5, talkMs: 20, dialTimeoutMs: 20, patienceMs: 20 }
const ALL = 'POST /applications/tester/subscription?eventSource=channel:,bridge:,endpoint:'

let pbx: Pbx

beforeEach(async () => {
  pbx = await startPbx({ user: USER, password: PASSWORD, readOnlyUser: READER })
})

afterEach(async () => {
  await pbx.stop()
})

interface StockClient {
  readonly applications: { readonly subscribe: (what: object) => Promise<unknown> }
  readonly channels: { readonly list: () => Promise<readonly { readonly id: string }[]> }
  readonly asterisk: { readonly getInfo: () => Promise<{ readonly system: { readonly version: string } }> }
  readonly on: (type: string, hear: (event: { readonly type: string }, instances: unknown) => void) => void
  readonly start: (app: string) => Promise<void>
  readonly stop: () => void
}

interface StockAri {
  readonly connect: (url: string, user: string, password: string) => Promise<StockClient>
}

describe('the original ari-client', () => {
  test('connects, subscribes, sends requests and receives a call', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const ari: StockAri = createRequire(import.meta.url)('ari-client')
    const client = await ari.connect(pbx.url, USER, PASSWORD)
    const heard: string[] = []
    const instances: unknown[] = []
    client.on('*', (event) => heard.push(event.type))
    client.on('ChannelCreated', (_event, channel) => instances.push(channel))
    await client.start('tester')
    await client.applications.subscribe({ applicationName: 'tester', eventSource: 'channel:,bridge:,endpoint:' })
    const call = pbx.place('answered-caller-hangs-up', { ...QUICK, talkMs: Number.POSITIVE_INFINITY })
    const idsOf = (channels: readonly { readonly id: string }[]) => channels.map(({ id }) => id)
    const before = idsOf(pbx.liveChannels())
    const listed = idsOf(await client.channels.list())
    // The call continues while the answer is sent.
    expect([before, idsOf(pbx.liveChannels())].flat()).toEqual(expect.arrayContaining(listed))
    expect(before).not.toEqual([])
    expect((await client.asterisk.getInfo()).system.version).toMatch(/^22\./)
    await until(() => pbx.liveChannels().length === 2 && pbx.liveChannels().every(({ state }) => state === 'Up'))
    call.endPause()
    await call.ended
    await until(() => heard.filter((type) => type === 'ChannelDestroyed').length === 2)
    expect(heard).toHaveLength(78)
    expect(instances[0]).toMatchObject({ name: expect.stringMatching(/^PJSIP\//) })
    client.stop()
    vi.restoreAllMocks()
  })

  test('has a model for every event that is sent', async () => {
    const { body } = await ask(pbx.url, 'GET /api-docs/events.json')
    const models = new Set(Object.keys(typeof body === 'object' && body !== null ? Reflect.get(body, 'models') : {}))
    const listener = await listen(pbx.url, 'app=tester,callcenter-app&subscribeAll=true')
    const names = ['conference', 'attended-transfer', 'blind-transfer', 'hold', 'parking', 'forward', 'stasis'] as const
    pbx.setEndpoint('120', true)
    await Promise.all(names.map((name) => pbx.place(name, QUICK).ended))
    await until(() => listener.types().includes('StasisEnd'))
    expect([...new Set(listener.types())].filter((type) => !models.has(type))).toEqual([])
  })
})

describe('access', () => {
  test.each([
    ['no credentials', { user: null }],
    ['a wrong password', { password: 'wrong' }],
    ['an unknown user', { user: 'nobody' }],
  ])('401 with %s', async (_what, how) => {
    expect(await ask(pbx.url, 'GET /channels', how)).toEqual({ status: 401, body: { error: 'Unauthorized' } })
  })

  test('api_key in the URL is accepted like a header', async () => {
    const key = encodeURIComponent(`${USER}:${PASSWORD}`)
    expect((await ask(pbx.url, `GET /channels?api_key=${key}`, { user: null })).status).toBe(200)
  })

  test('a read-only user may read and listen, but not write', async () => {
    const listener = await listen(pbx.url, 'app=tester&subscribeAll=true', READER)
    expect((await ask(pbx.url, 'GET /applications/tester', { user: READER })).status).toBe(200)
    const refused = { status: 403, body: { error: 'Write access denied' } }
    expect(await ask(pbx.url, ALL, { user: READER })).toEqual(refused)
    expect(await ask(pbx.url, 'PUT /applications/tester/eventFilter', { user: READER, body: {} })).toEqual(refused)
    await pbx.place('busy', QUICK).ended
    await until(() => listener.types().includes('DeviceStateChanged'))
  })

  test('the handshake is refused without access, application or the right path', async () => {
    await expect(listen(pbx.url, 'app=tester', 'nobody')).rejects.toThrow('refused: 401')
    await expect(listen(pbx.url, 'subscribeAll=true')).rejects.toThrow('refused: 400')
    await expect(listen(`${pbx.url}/elsewhere`, 'app=tester')).rejects.toThrow('refused: 404')
  })
})

describe('subscriptions', () => {
  test('nothing is sent before the application subscribes, nor after it unsubscribes', async () => {
    const listener = await listen(pbx.url, 'app=tester')
    await pbx.place('busy', QUICK).ended
    await allArrived(listener)
    expect(listener.texts).toEqual([])
    await ask(pbx.url, ALL)
    await pbx.place('busy', QUICK).ended
    await until(() => listener.types().includes('ChannelDestroyed'))
    await ask(pbx.url, ALL.replace('POST', 'DELETE'))
    const heard = listener.texts.length
    await pbx.place('busy', QUICK).ended
    await allArrived(listener)
    expect(listener.texts).toHaveLength(heard)
  })

  test('the explicit subscription receives what subscribeAll does, except device states', async () => {
    const all = await listen(pbx.url, 'app=one&subscribeAll=true')
    const some = await listenToCalls(pbx.url, 'other')
    await pbx.place('ring-group', QUICK).ended
    await until(() => some.types().filter((type) => type === 'ChannelDestroyed').length === 4)
    expect(all.types()).toContain('DeviceStateChanged')
    expect(some.types()).toEqual(all.types().filter((type) => type !== 'DeviceStateChanged'))
    expect(new Set(some.events().map((event) => event.application))).toEqual(new Set(['other']))
  })

  test('an additional subscription to a technology doubles every channel event', async () => {
    const listener = await listenToCalls(pbx.url, 'tester')
    await ask(pbx.url, 'POST /applications/tester/subscription?eventSource=endpoint:PJSIP')
    await pbx.place('busy', QUICK).ended
    await until(() => listener.types().filter((type) => type === 'ChannelDestroyed').length === 4)
    expect(listener.types().filter((type) => type === 'ChannelCreated')).toHaveLength(4)
  })

  test('one topic receives only its own events', async () => {
    const listener = await listen(pbx.url, 'app=tester')
    await ask(pbx.url, 'POST /applications/tester/subscription?eventSource=bridge:')
    await pbx.place('answered-caller-hangs-up', QUICK).ended
    await until(() => listener.types().includes('BridgeDestroyed'))
    expect(listener.types()).toEqual([
      'BridgeCreated',
      'ChannelEnteredBridge',
      'ChannelEnteredBridge',
      'ChannelLeftBridge',
      'ChannelLeftBridge',
      'BridgeDestroyed',
    ])
  })

  test('the application shows its subscriptions', async () => {
    await listenToCalls(pbx.url, 'tester')
    const shown = {
      name: 'tester',
      channel_ids: ['__AST_CHANNEL_ALL_TOPIC'],
      bridge_ids: ['__AST_BRIDGE_ALL_TOPIC'],
      endpoint_ids: ['__AST_ENDPOINT_ALL_TOPIC'],
      device_names: [],
      events_allowed: [],
      events_disallowed: [],
    }
    expect(await ask(pbx.url, 'GET /applications/tester')).toEqual({ status: 200, body: shown })
    expect(await ask(pbx.url, 'GET /applications')).toEqual({ status: 200, body: [shown] })
  })

  test('a second socket takes the name over, and the first receives nothing more', async () => {
    const first = await listenToCalls(pbx.url, 'tester')
    await ask(pbx.url, 'PUT /applications/tester/eventFilter', { body: { allowed: [{ type: 'ChannelDestroyed' }] } })
    const second = await listen(pbx.url, 'app=tester')
    await until(() => first.texts.length > 0)
    await pbx.place('busy', QUICK).ended
    await until(() => second.texts.length === 2)
    expect(first.types()).toEqual(['ApplicationReplaced'])
    expect(second.types()).toEqual(['ChannelDestroyed', 'ChannelDestroyed'])
    first.socket.close()
    await until(() => pbx.listeners() === 1)
    expect((await ask(pbx.url, 'GET /applications/tester')).status).toBe(200)
  })

  test('an application ends with its socket, and nothing is kept for it', async () => {
    const listener = await listenToCalls(pbx.url, 'tester')
    listener.socket.close()
    await until(() => pbx.listeners() === 0)
    expect((await ask(pbx.url, 'GET /applications/tester')).status).toBe(404)
    await pbx.place('busy', QUICK).ended
    const again = await listenToCalls(pbx.url, 'tester')
    await allArrived(again)
    expect(again.texts).toEqual([])
  })

  test('pings are answered', async () => {
    const listener = await listen(pbx.url, 'app=tester')
    const pong = new Promise((resolve) => listener.socket.once('pong', (data) => resolve(String(data))))
    listener.socket.ping('still there?')
    expect(await pong).toBe('still there?')
  })
})

describe('the event filter', () => {
  test.each([
    [{ disallowed: [{ type: 'ChannelVarset' }, { type: 'Dial' }] }, ['ChannelVarset', 'Dial'], false],
    [{ allowed: [{ type: 'Dial' }, { type: 'ChannelDestroyed' }] }, ['Dial', 'ChannelDestroyed'], true],
  ])('%j is applied', async (filter, types, only) => {
    const listener = await listenToCalls(pbx.url, 'tester')
    expect((await ask(pbx.url, 'PUT /applications/tester/eventFilter', { body: filter })).status).toBe(200)
    await pbx.place('busy', QUICK).ended
    await until(() => listener.types().filter((type) => type === 'ChannelDestroyed').length === 2)
    const heard = [...new Set(listener.types())]
    if (only) {
      expect(heard.sort()).toEqual([...types].sort())
    } else {
      expect(heard.filter((type) => types.includes(type))).toEqual([])
    }
  })

  test('both lists apply, and {} resets them', async () => {
    const listener = await listenToCalls(pbx.url, 'tester')
    const both = { allowed: [{ type: 'Dial' }, { type: 'ChannelCreated' }], disallowed: [{ type: 'Dial' }] }
    const { body } = await ask(pbx.url, 'PUT /applications/tester/eventFilter', { body: both })
    expect(body).toMatchObject({ events_allowed: both.allowed, events_disallowed: both.disallowed })
    await pbx.place('busy', QUICK).ended
    await until(() => listener.texts.length === 2)
    expect(listener.types()).toEqual(['ChannelCreated', 'ChannelCreated'])
    await ask(pbx.url, 'PUT /applications/tester/eventFilter', { body: {} })
    await pbx.place('busy', QUICK).ended
    await until(() => listener.texts.length > 20)
  })

  test.each(['[]', '{"allowed":["Dial"]}', '{"allowed":{}}', 'nonsense'])('%s is a bad request', async (body) => {
    await listenToCalls(pbx.url, 'tester')
    expect((await ask(pbx.url, 'PUT /applications/tester/eventFilter', { body })).status).toBe(400)
    expect((await ask(pbx.url, 'PUT /applications/stranger/eventFilter', { body })).status).toBe(404)
  })
})

describe('REST', () => {
  test.each([
    ['GET /channels/1.1', 404, 'Channel not found'],
    ['POST /channels/1.1/continue', 404, 'Channel not found'],
    ['GET /bridges/none', 404, 'Bridge not found'],
    ['GET /endpoints/PJSIP/999', 404, 'Endpoint not found'],
    ['GET /applications/stranger', 404, 'Application not found'],
    ['POST /applications/stranger/subscription?eventSource=channel:', 404, 'Application not found'],
    ['GET /nowhere', 404, 'Resource not found'],
    ['GET /api-docs/toString.json', 404, 'Resource not found'],
  ])('%s: %i', async (line, status, message) => {
    expect(await ask(pbx.url, line)).toEqual({ status, body: { message } })
  })

  test.each([
    ['eventSource=', 400],
    ['eventSource=weather:', 400],
    ['eventSource=channel:1.1', 422],
  ])('subscribing to %s: %i', async (query, status) => {
    await listen(pbx.url, 'app=tester')
    expect((await ask(pbx.url, `POST /applications/tester/subscription?${query}`)).status).toBe(status)
  })

  test('unsubscribing without a subscription: 409', async () => {
    await listen(pbx.url, 'app=tester')
    expect((await ask(pbx.url, ALL.replace('POST', 'DELETE'))).status).toBe(409)
  })

  test('lists the live channels and bridges', async () => {
    const call = pbx.place('answered-caller-hangs-up', {
      ...QUICK,
      caller: '101',
      callee: '102',
      talkMs: Number.POSITIVE_INFINITY,
    })
    await until(() => pbx.liveChannels().every((channel) => channel.state === 'Up'))
    const { body: channels } = await ask(pbx.url, 'GET /channels')
    const { body: bridges } = await ask(pbx.url, 'GET /bridges')
    const [caller, callee] = pbx.liveChannels()
    expect(channels).toMatchObject([
      { id: caller?.id, state: 'Up', dialplan: { app_name: 'Dial' } },
      { id: callee?.id, state: 'Up', dialplan: { app_name: 'AppDial' } },
    ])
    expect(bridges).toMatchObject([{ bridge_class: 'basic', channels: [caller?.id, callee?.id] }])
    expect(await ask(pbx.url, `GET /channels/${caller?.id}`)).toMatchObject({ status: 200, body: { id: caller?.id } })
    expect(await ask(pbx.url, 'GET /endpoints/PJSIP/101')).toEqual({
      status: 200,
      body: { technology: 'PJSIP', resource: '101', state: 'online', channel_ids: [caller?.id] },
    })
    expect(await ask(pbx.url, `POST /channels/${caller?.id}/continue`)).toMatchObject({ status: 409 })
    call.endPause()
    await call.ended
    expect(await ask(pbx.url, 'GET /channels')).toEqual({ status: 200, body: [] })
    expect(await ask(pbx.url, 'GET /bridges')).toEqual({ status: 200, body: [] })
    expect(await ask(pbx.url, 'GET /deviceStates')).toEqual({ status: 200, body: [] })
  })

  test('info can be requested in part', async () => {
    const { body } = await ask(pbx.url, 'GET /asterisk/info?only=status')
    expect(body).toEqual({ status: { startup_time: expect.any(String), last_reload_time: expect.any(String) } })
  })

  test('a channel in an application waits until it continues', async () => {
    const listener = await listen(pbx.url, 'app=callcenter-app')
    const { ended } = pbx.place('stasis', { ...QUICK, patienceMs: 2000 })
    await until(() => listener.types().includes('StasisStart'))
    const [caller] = pbx.liveChannels()
    expect(await ask(pbx.url, `POST /channels/${caller?.id}/continue`)).toEqual({ status: 204, body: null })
    expect(await ended).toMatchObject([{ disposition: 'answered', direction: 'inbound' }])
    await until(() => listener.types().includes('StasisEnd'))
  })

  test('a caller whose channel does not continue hangs up', async () => {
    await listen(pbx.url, 'app=callcenter-app')
    expect(await pbx.place('stasis', QUICK).ended).toMatchObject([{ disposition: 'cancelled', missed: false }])
  })
})
