// The socket that is taken over from ari-client has no credentials and no listeners of ari-client.

import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadClient, takeSocket } from '../../../src/ari/ari-client/client.ts'
import { parseAriUrl } from '../../../src/ari/rest/ariUrl.ts'
import { createRest } from '../../../src/ari/rest/rest.ts'
import { FakeAri, PASSWORD, USER } from './fakeAri.ts'

let fake: FakeAri

beforeEach(async () => {
  fake = await FakeAri.start()
})

afterEach(() => fake.stop())

test('exposes no credential, and keeps only the open listener of ari-client', async () => {
  const url = parseAriUrl(fake.url)
  if (url === null) {
    throw new Error('the fake has no URL')
  }
  const rest = createRest({
    baseUrl: url.rest,
    user: USER,
    password: PASSWORD,
    callMs: 1_000,
    listMs: 1_000,
    askMs: 1_000,
  })
  const client = await loadClient({ url, deadlineMs: 1_000 }, rest)
  if (!client.ok) {
    throw new Error(client.problem.detail)
  }
  const options = { url, user: USER, password: PASSWORD, app: 'a&b=c', subscribeAll: false }
  const socket = takeSocket(client.value, options)
  if (socket === null) {
    throw new Error('no socket')
  }
  const counts = ['open', 'message', 'error', 'close', 'pong'].map((event) => socket.listenerCount(event))
  expect(counts).toEqual([1, 0, 0, 0, 0])
  await new Promise((resolve) => socket.once('open', resolve))
  expect(socket.url).toBe(url.rest)
  for (const thing of [client.value, socket]) {
    const seen = inspect(thing, { depth: 4, maxStringLength: 1_000_000 })
    for (const form of [PASSWORD, encodeURIComponent(PASSWORD)]) {
      expect(seen).not.toContain(form)
    }
  }
  expect([...fake.apps.keys()]).toEqual(['a&b=c'])
  socket.terminate()
})
