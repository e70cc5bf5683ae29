// A user who may only read: subscribeAll as the last resort, logged once, and ended as soon as the user may write.

import { expect, test } from 'vitest'
import type { FakeAri } from './fakeAri.ts'
import { APP, fakeAriPerTest, inSync, listen, until, WARN } from './sessionHarness.ts'

let fake: FakeAri

fakeAriPerTest((started) => {
  fake = started
  fake.isReadOnly = true
})

test('changes to subscribeAll after a close frame and a pause', async () => {
  const listening = listen(fake.url, { timing: { firstRetryMs: 120, lastRetryMs: 200 } })
  await inSync(listening)
  expect(fake.handshakes.map((line) => line.includes('subscribeAll=true'))).toEqual([false, true])
  expect(fake.closeCodes).toEqual([1000])
  const [first, second] = fake.requests.flatMap((line, i) =>
    line.startsWith('SOCKET') ? [fake.requestedAt[i] ?? 0] : [],
  )
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(115)
  expect(listening.disconnects).toEqual(['read_only'])
  expect(listening.types()).toEqual(['SnapshotTaken'])
  expect(listening.session.status()).toMatchObject({ readOnly: true, problem: null })
  expect(listening.log.find((line) => line.msg === 'listening')).toMatchObject({ subscription: 'subscribeAll' })
})

test('logs once what the risk is and how to remove it', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  fake.reset()
  await until(() => listening.types().length === 3, 'it is back')
  await inSync(listening)
  expect(listening.said(WARN)).toEqual([
    expect.stringMatching(`subscribeAll.*Stasis\\(${APP}\\).*hear silence.*read_only = no.*ari\\.conf`),
    expect.stringMatching(/socket to Asterisk was lost/),
  ])
})

test('reconnects with longer delays', async () => {
  const listening = listen(fake.url, { timing: { firstReadOnlyRetryMs: 150, lastReadOnlyRetryMs: 300 } })
  await inSync(listening)
  fake.reset()
  await until(() => listening.types().length === 3, 'it is back')
  const waits = listening.log.filter((line) => line.msg.startsWith('waiting')).map((line) => Number(line['waitMs']))
  expect(waits[0]).toBeLessThan(100)
  expect(waits[1]).toBeGreaterThanOrEqual(150)
})

test('returns to the explicit subscription when the user may write', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  fake.isReadOnly = false
  fake.reset()
  await until(() => listening.types().length === 3, 'it is back')
  await inSync(listening)
  expect(fake.handshakes.at(-1)).not.toContain('subscribeAll')
  expect(listening.session.status().readOnly).toBe(false)
})

test('closes an unregistered socket too', async () => {
  const listening = listen(fake.url)
  await inSync(listening)
  fake.doesRegister = false
  fake.reset()
  await until(() => listening.disconnects.length >= 4, 'it was dropped')
  expect(listening.disconnects.slice(1, 4)).toEqual(['reset', 'unregistered', 'unregistered'])
  expect(listening.types()).toEqual(['SnapshotTaken', 'ConnectionLost'])
})
