// A session in sync: the snapshot first, then every frame; malformed frames and exceptions of the consumer do not end it.

import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { SnapshotTaken } from '../../../src/ari/snapshot.ts'
import { type FakeAri, reply } from './fakeAri.ts'
import {
  APP,
  ERROR,
  fakeAriPerTest,
  frame,
  inSync,
  type Listening,
  listen,
  until,
  WARN,
  wireChannel,
} from './sessionHarness.ts'

let fake: FakeAri

fakeAriPerTest((started) => {
  fake = started
})

function channelIds(listening: Listening): (string | undefined)[] {
  return listening.events.map((event) => ('channel' in event ? event.channel.id : undefined))
}

test('takes the snapshot: channels, bridges with their creation time, endpoints', async () => {
  fake.channels = [wireChannel('1.1')]
  const bridge = { id: 'b1', technology: 'simple_bridge', bridge_type: 'mixing', bridge_class: 'basic', creator: '' }
  fake.bridges = [{ ...bridge, channels: ['1.1'], creationtime: '2026-11-23T16:08:31.500+0900' }]
  fake.endpoints = [{ technology: 'PJSIP', resource: '101', state: 'online', channel_ids: ['1.1'] }]
  const before = Date.now()
  const listening = listen(fake.url)
  await inSync(listening)
  const [snapshot] = listening.events
  expect(snapshot).toMatchObject({
    type: 'SnapshotTaken',
    channels: [{ id: '1.1', name: 'PJSIP/101-1.1', callerNumber: '101', app: 'Dial', appData: 'PJSIP/102' }],
    bridges: [{ id: 'b1', kind: 'talk', channels: ['1.1'], createdAt: Date.parse('2026-11-23T07:08:31.500Z') }],
    endpoints: [{ technology: 'PJSIP', resource: '101', state: 'online' }],
  })
  expect(snapshot?.at).toBeGreaterThanOrEqual(before)
  expect(snapshot?.at).toBeLessThanOrEqual(Date.now())
})

test('leaves a malformed entry out of the snapshot and counts it', async () => {
  fake.channels = [{ id: 5 }, wireChannel('1.1')]
  fake.bridges = [null]
  fake.endpoints = ['x']
  const listening = listen(fake.url)
  await inSync(listening)
  expect(listening.malformed).toEqual(['bad_channel', 'bad_bridge', 'bad_endpoint'])
  expect(listening.events).toMatchObject([{ channels: [{ id: '1.1' }], bridges: [], endpoints: [] }])
})

test('delivers frames that arrive before the snapshot after it, in order', async () => {
  let sent = 0
  const send = () => fake.send(APP, frame('ChannelCreated', `1.${++sent}`))
  fake.override = (request, _response, path) => {
    if (fake.apps.has(APP) && !path.includes('api-docs')) {
      send()
    }
    // A slow list: frames arrive while it is read.
    if (path === '/ari/channels' && request.method === 'GET') {
      for (let i = 0; i < 20; i++) {
        send()
      }
    }
    return false
  }
  const listening = listen(fake.url, { timing: { verifyEveryMs: 60_000 } })
  await inSync(listening)
  fake.override = () => false
  const beforeSync = sent
  expect(beforeSync).toBeGreaterThan(25)
  for (let i = 0; i < 5; i++) {
    send()
  }
  await until(() => listening.frames.length === sent, 'all frames came')
  expect(listening.types()).toEqual(['SnapshotTaken', ...Array(sent).fill('ChannelCreated')])
  expect(channelIds(listening).slice(1)).toEqual(Array.from({ length: sent }, (_, i) => `1.${i + 1}`))
})

test('is not in sync and delivers nothing before the snapshot', async () => {
  let release: () => void = () => undefined
  fake.override = (_request, response, path) => {
    if (path !== '/ari/bridges') {
      return false
    }
    release = () => reply(response, 200, [])
    return true
  }
  const listening = listen(fake.url, { timing: { listMs: 5_000 } })
  await until(() => fake.count('GET /ari/bridges') === 1, 'the snapshot is being taken')
  fake.send(APP, frame('ChannelCreated', '1.1'))
  await until(() => listening.taps.length === 1, 'the frame came')
  expect(listening.session.status().phase).toBe('syncing')
  expect(listening.events).toEqual([])
  release()
  await inSync(listening)
  await until(() => listening.events.length === 2, 'the frame that waited is handled')
  expect(listening.types()).toEqual(['SnapshotTaken', 'ChannelCreated'])
})

test('a failed snapshot is repeated, and nothing of the failed attempt is delivered', async () => {
  let failures = 2
  fake.override = (_request, response, path) => {
    if (path !== '/ari/channels' || failures === 0) {
      return false
    }
    failures--
    fake.send(APP, frame('ChannelCreated', `lost.${failures}`))
    reply(response, 500, 'no')
    return true
  }
  const listening = listen(fake.url)
  await inSync(listening)
  expect(listening.types()).toEqual(['SnapshotTaken'])
  expect(listening.disconnects).toEqual(['server_error', 'server_error'])
})

test('ends the session if too many events arrive during the snapshot', async () => {
  fake.override = (_request, _response, path) => {
    if (path === '/ari/channels') {
      for (let i = 0; i < 12; i++) {
        fake.send(APP, frame('ChannelCreated', `1.${i}`))
      }
    }
    return path === '/ari/channels'
  }
  const listening = listen(fake.url, { queueBytes: 5_000 })
  await until(() => listening.disconnects.length >= 1, 'it gave up')
  expect(listening.disconnects[0]).toBe('overrun')
  expect(listening.events).toEqual([])
})

test('malformed frames and unknown types are counted, and the next frame is delivered', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  for (const bad of ['', '{', 'null', '[]', '{}', '{"type":7}', '{"type":"Dial"}']) {
    fake.send(APP, bad)
  }
  fake.send(APP, { type: 'ChannelCreated', timestamp: '2026-11-23T16:08:31.000+0900', channel: 'x' })
  fake.send(APP, { type: 'SomethingNew', timestamp: '2026-11-23T16:08:31.000+0900' })
  fake.send(APP, frame('ChannelConnectedLine', '1.1'))
  fake.socket(APP).send(Buffer.from([0xff, 0xfe]), { binary: true })
  fake.send(APP, frame('ChannelCreated', '1.1'))
  await until(() => listening.events.length === 2, 'the good frame came')
  expect(listening.malformed).toEqual([
    'not_json',
    'not_json',
    'not_object',
    'not_object',
    'no_type',
    'no_type',
    'bad_timestamp',
    'bad_channel',
    'not_json',
  ])
  expect(listening.frames).toEqual(['other', 'ChannelConnectedLine', 'ChannelCreated'])
  expect(listening.taps).toHaveLength(12)
  expect(listening.disconnects).toEqual([])
})

test('an exception of the consumer is logged once and does not end the session', async () => {
  const listening = listen(fake.url, {}, () => {
    throw new Error('our own bug')
  })
  await inSync(listening)
  for (let i = 0; i < 3; i++) {
    fake.send(APP, frame('ChannelCreated', `1.${i}`))
  }
  await until(() => listening.events.length === 4, 'all were delivered')
  expect(listening.disconnects).toEqual([])
  expect(listening.said(ERROR)).toEqual([expect.stringMatching(/this is a bug/)])
})

test('never subscribes to device states, and subscribes once', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  await wait(100)
  expect(fake.requests.filter((line) => /deviceState|subscribeAll/i.test(line))).toEqual([])
  expect(fake.count('POST')).toBe(1)
  expect(listening.said(WARN)).toEqual([])
})

test('the live channels are listed from time to time, and an incomplete list is ignored', async () => {
  fake.channels = [wireChannel('1.1'), wireChannel('1.2')]
  const listening = listen(fake.url, { timing: { listEveryMs: 20 } })
  await inSync(listening)
  await until(() => listening.types().filter((type) => type === 'ChannelsListed').length >= 2, 'they were listed')
  expect(listening.events[1]).toMatchObject({ type: 'ChannelsListed', ids: ['1.1', '1.2'] })
  fake.channels = [wireChannel('1.1'), { id: '' }]
  await until(() => listening.events.length > 1, 'it continues')
  const asked = fake.count('GET /ari/channels')
  await until(() => fake.count('GET /ari/channels') > asked + 1, 'it was asked again')
  const received = listening.types().length
  await until(() => fake.count('GET /ari/channels') > asked + 3, 'and again')
  expect(listening.types()).toHaveLength(received)
})

describe('what is to be done before the snapshot', () => {
  test('is waited for: nothing is delivered, and the session is not in sync', async () => {
    let done: () => void = () => undefined
    const snapshots: SnapshotTaken[] = []
    fake.channels = [wireChannel('1.1')]
    const listening = listen(fake.url, {}, undefined, (snapshot) => {
      snapshots.push(snapshot)
      return new Promise((resolve) => {
        done = resolve
      })
    })
    await until(() => snapshots.length === 1, 'it is asked')
    fake.send(APP, frame('ChannelCreated', '1.2'))
    await until(() => listening.taps.length > 0, 'the frame arrives')
    expect(snapshots[0]?.channels.map(({ id }) => id)).toEqual(['1.1'])
    expect([listening.events, listening.session.status().phase]).toEqual([[], 'syncing'])
    done()
    await until(() => listening.events.length === 2, 'both are delivered')
    expect(listening.types()).toEqual(['SnapshotTaken', 'ChannelCreated'])
  })

  test('does not end the session if it fails', async () => {
    const listening = listen(fake.url, {}, undefined, () => Promise.reject(new Error('of this test')))
    await inSync(listening)
    expect(listening.types()).toEqual(['SnapshotTaken'])
    expect(listening.said(ERROR)).toEqual([expect.stringContaining('this is a bug')])
  })
})
