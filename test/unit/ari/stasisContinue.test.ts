// Channels that the dialplan sends into our Stasis application continue in the dialplan.

import { expect, test } from 'vitest'
import { type FakeAri, reply } from './fakeAri.ts'
import { fakeAriPerTest, frame, inSync, listen, until, WARN, wireChannel } from './sessionHarness.ts'

const APP = 'callcenter-app'
let fake: FakeAri

fakeAriPerTest((started) => {
  fake = started
})

const continued = () => fake.requests.filter((line) => line.endsWith('/continue'))

test('a channel that enters continues at once', async () => {
  const listening = listen(fake.url, { app: APP })
  await inSync(listening)
  fake.send(APP, frame('StasisStart', '1795.1', { application: APP, args: [] }))
  await until(() => continued().length === 1, 'it was continued')
  expect(continued()).toEqual(['POST /ari/channels/1795.1/continue'])
  expect(listening.frames).toEqual(['StasisStart'])
})

test('a channel that enters during the snapshot does not wait for it', async () => {
  let answerBridges: () => void = () => undefined
  fake.override = (_request, response, path) => {
    if (path !== '/ari/bridges') {
      return false
    }
    answerBridges = () => reply(response, 200, [])
    return true
  }
  const listening = listen(fake.url, { app: APP, timing: { listMs: 5_000 } })
  await until(() => fake.count('GET /ari/bridges') === 1, 'the snapshot is being taken')
  fake.send(APP, frame('StasisStart', '1795.1', { application: APP, args: [] }))
  await until(() => continued().length === 1, 'it was continued')
  answerBridges()
  await inSync(listening)
})

test('channels of a snapshot that are in our application continue, others are left alone', async () => {
  const inStasis = (id: string, app_data: string) => wireChannel(id, { dialplan: { app_name: 'Stasis', app_data } })
  fake.channels = [
    inStasis('1.1', APP),
    inStasis('1.2', `${APP},agent,7`),
    inStasis('1.3', `${APP}-two`),
    inStasis('1.4', `other,${APP}`),
    wireChannel('1.5', { dialplan: { app_name: 'Dial', app_data: APP } }),
  ]
  await inSync(listen(fake.url, { app: APP }))
  await until(() => continued().length === 2, 'both were continued')
  expect(continued()).toEqual(['POST /ari/channels/1.1/continue', 'POST /ari/channels/1.2/continue'])
})

test('a StasisStart of another application, or without an id, is ignored', async () => {
  const listening = listen(fake.url, { app: APP })
  await inSync(listening)
  fake.send(APP, frame('StasisStart', '1.1', { application: 'other' }))
  fake.send(APP, { type: 'StasisStart', application: APP })
  fake.send(APP, { type: 'StasisStart', application: APP, channel: { id: '' } })
  fake.send(APP, frame('StasisStart', '1.2', { application: APP }))
  await until(() => continued().length > 0, 'the real one was continued')
  expect(continued()).toEqual(['POST /ari/channels/1.2/continue'])
})

test.each([404, 409])('HTTP %d is normal: the caller has hung up or left', async (status) => {
  fake.override = (_request, response, path) => {
    if (path.endsWith('/continue')) {
      reply(response, status, { message: 'gone' })
    }
    return path.endsWith('/continue')
  }
  const listening = listen(fake.url, { app: APP })
  await inSync(listening)
  fake.send(APP, frame('StasisStart', '1.1', { application: APP }))
  await until(() => continued().length === 1, 'it was tried')
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(continued()).toHaveLength(1)
  expect(listening.said(WARN)).toEqual([])
})

test('a failed request is retried', async () => {
  let failures = 1
  fake.override = (_request, response, path) => {
    if (!path.endsWith('/continue') || failures-- <= 0) {
      return false
    }
    reply(response, 500, 'no')
    return true
  }
  const listening = listen(fake.url, { app: APP })
  await inSync(listening)
  fake.send(APP, frame('StasisStart', '1.1', { application: APP }))
  await until(() => continued().length === 2, 'it was tried again')
  expect(listening.said(WARN)).toEqual([expect.stringMatching(/could not continue in the dialplan/)])
})

const gone = (id: string) => frame('StasisEnd', id, { application: APP })

test('a channel that has left is not retried; one that enters again is', async () => {
  const answers: (() => void)[] = []
  fake.override = (_request, response, path) => {
    if (path.endsWith('/continue')) {
      answers.push(() => reply(response, 204, ''))
    }
    return path.endsWith('/continue')
  }
  const listening = listen(fake.url, { app: APP, timing: { callMs: 5_000 } })
  await inSync(listening)
  fake.send(APP, frame('StasisStart', '1.1', { application: APP }))
  await until(() => answers.length === 1, 'it was tried')
  expect(listening.session.stasis().count).toBe(1)
  fake.send(APP, gone('1.1'))
  await until(() => listening.session.stasis().count === 0, 'it has left')
  fake.send(APP, frame('StasisStart', '1.1', { application: APP }))
  await until(() => listening.session.stasis().count === 1, 'it is back')
  answers[0]?.()
  await until(() => answers.length === 2, 'it was tried once more')
  answers[1]?.()
  await until(() => listening.session.stasis().count === 0, 'it was handed back')
  expect(continued()).toHaveLength(2)
})

test('with a read-only user, a channel is counted until it leaves', async () => {
  fake.isReadOnly = true
  const listening = listen(fake.url, { app: APP })
  await inSync(listening)
  fake.send(APP, frame('StasisStart', '1.1', { application: APP }))
  fake.send(APP, frame('StasisStart', '1.2', { application: APP }))
  await until(() => continued().length >= 2, 'they were tried')
  expect(listening.session.stasis().count).toBe(2)
  fake.send(APP, gone('1.1'))
  await until(() => listening.session.stasis().count === 1, 'it has left')
  // The other channel leaves while no session is open.
  fake.reset()
  await until(() => listening.types().length === 3, 'the session is back')
  expect(listening.session.stasis().count).toBe(0)
  expect(listening.said(WARN).filter((line) => line.includes('could not hand'))).toEqual([])
})
