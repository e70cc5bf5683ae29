// A consumer that is slower than the events arrive: nothing that was received is lost or changes its order.

import { expect, test } from 'vitest'
import type { FakeAri } from './fakeAri.ts'
import {
  APP,
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

function spin(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until) {
    // The machine is busy.
  }
}

/** A consumer that takes 3 ms for each event, until it is no longer `isSlow`. */
function slow(options: Parameters<typeof listen>[1] = {}, isSlow: () => boolean = () => true): Listening {
  return listen(fake.url, { ...options, timing: { verifyEveryMs: 60_000, ...options.timing } }, () => {
    if (isSlow()) {
      spin(3)
    }
  })
}

function send(count: number): void {
  for (let sent = 0; sent < count; sent += 1) {
    fake.send(APP, frame('ChannelCreated', `1.${sent}`))
  }
}

const channels = (listening: Listening) =>
  listening.events.flatMap((event) => (event.type === 'ChannelCreated' ? [event.channel.id] : []))

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `1.${index}`)

test('all that was received is handled before the loss of the connection is reported, and the next snapshot follows', async () => {
  const listening = slow()
  await inSync(listening)
  send(200)
  fake.socket(APP).close(1001)
  await until(() => listening.types().filter((type) => type === 'SnapshotTaken').length === 2, 'it is back')
  expect(channels(listening)).toEqual(numbered(200))
  expect(listening.types().slice(-3)).toEqual(['ChannelCreated', 'ConnectionLost', 'SnapshotTaken'])
})

test('more than the bound ends the session; what waits is handled first, and only then it reconnects', async () => {
  const listening = slow({ queueBytes: 40_000 })
  const handledAt: number[] = []
  fake.override = (_request, _response, path) => {
    if (path === '/ari/asterisk/info') {
      handledAt.push(listening.events.length)
    }
    return false
  }
  await inSync(listening)
  send(500)
  await until(() => listening.disconnects.length > 0, 'the bound was reached')
  await until(() => listening.types().filter((type) => type === 'SnapshotTaken').length === 2, 'it is back')
  expect(listening.disconnects).toEqual(['overrun'])
  const handled = channels(listening)
  expect(handled.length).toBeGreaterThan(20)
  expect(handled).toEqual(numbered(handled.length))
  expect(listening.types().slice(-3)).toEqual(['ChannelCreated', 'ConnectionLost', 'SnapshotTaken'])
  // The snapshot, the channels, and the loss.
  expect(handledAt).toEqual([0, 1 + handled.length + 1])
  expect(listening.said(WARN)).toEqual([expect.stringMatching(/ARI_QUEUE_MB/)])
})

test('a caller in the Stasis application does not wait behind other events; neither does a takeover', async () => {
  let isNoticed = false
  const listening = slow({}, () => !isNoticed)
  let handled = -1
  fake.override = (request, response, path) => {
    if (request.method === 'POST' && path === '/ari/channels/9.9/continue') {
      handled = channels(listening).length
      response.writeHead(204).end()
      return true
    }
    return false
  }
  await inSync(listening)
  send(1_000)
  // A variable may contain the word.
  fake.send(APP, frame('ChannelVarset', '1.x', { variable: 'DIALSTATUS', value: 'StasisStart' }))
  fake.send(APP, { ...frame('StasisStart', '9.9'), args: [], application: APP, channel: wireChannel('9.9') })
  await until(() => handled >= 0, 'the channel continued')
  expect(handled).toBeLessThan(1_000)
  // Whatever comes first in it.
  fake.send(APP, { application: APP, type: 'ApplicationReplaced', timestamp: '2026-11-23T16:08:31.000+0900' })
  await until(() => listening.disconnects.length > 0, 'it noticed')
  expect(listening.disconnects[0]).toBe('replaced')
  expect(channels(listening).length).toBeLessThan(1_000)
  isNoticed = true
  await until(() => listening.types().includes('ConnectionLost'), 'all was handled')
  expect(listening.types().indexOf('VariableSet')).toBe(1_001)
})

test('the socket is read, and timers and requests run, while events wait', async () => {
  const listening = slow({ timing: { verifyEveryMs: 20 } })
  await inSync(listening)
  send(2_000)
  await until(() => listening.taps.length === 2_000, 'all frames were read')
  const asked = fake.count('GET /ari/applications')
  await until(() => fake.count('GET /ari/applications') >= asked + 3, 'the registration was verified')
  expect(listening.session.queued().bytes).toBeGreaterThan(0)
  expect(listening.session.queued().oldestMs).toBeGreaterThan(0)
})

test('stop handles what waits, and reports no loss', async () => {
  const listening = slow({ timing: { workOffMs: 60_000 } })
  await inSync(listening)
  send(300)
  await until(() => listening.taps.length === 300, 'all frames were read')
  await listening.session.stop()
  expect(channels(listening)).toEqual(numbered(300))
  expect(listening.types()).not.toContain('ConnectionLost')
  expect(listening.session.queued()).toEqual({ bytes: 0, oldestMs: 0 })
})

test('stop does not wait for more than its time; it says that events were not handled, and delivers no further ones', async () => {
  const listening = slow({ timing: { workOffMs: 0 } })
  await inSync(listening)
  send(3_000)
  await until(() => listening.taps.length === 3_000, 'all frames were read')
  await listening.session.stop()
  const handled = listening.events.length
  expect(handled).toBeLessThan(3_000)
  expect(listening.said(WARN)).toEqual([expect.stringMatching(/not all/)])
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  expect(listening.events).toHaveLength(handled)
})
