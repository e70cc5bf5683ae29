// A thread that uses SQLite is not terminated while it loads the native code.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { terminationOf } from '../../../src/calllog/sqliteThread.ts'

/** Says what it is told to say, or ends when it is told to. */
const ECHO = `
  const { parentPort } = require('node:worker_threads')
  parentPort.on('message', (message) => (message === 'end' ? parentPort.close() : parentPort.postMessage(message)))
`

function start() {
  const thread = new Worker(ECHO, { eval: true })
  const terminate = terminationOf(thread)
  const echoed = async (message: unknown): Promise<unknown> => {
    thread.postMessage(message)
    const [echo] = await once(thread, 'message')
    return echo
  }
  return { thread, terminate, echoed }
}

test.each([
  ['calllog/reader', { path: 'none.db', scanLimit: 1 }],
  ['shipping', { path: 'none.db', sinks: [] }],
])('the thread of %s says first that it has loaded', async (folder, workerData) => {
  const thread = new Worker(new URL(`../../../src/${folder}/worker.ts`, import.meta.url), { workerData, env: {} })
  const terminate = terminationOf(thread)
  expect(await once(thread, 'message')).toEqual([{ type: 'loaded' }])
  await terminate()
})

test('a thread that loads is terminated once it has loaded', async () => {
  const { terminate, echoed } = start()
  let isTerminated = false
  const terminated = terminate().then(() => {
    isTerminated = true
  })
  expect(await echoed('still there')).toBe('still there')
  expect(await echoed({ type: 'something else' })).toEqual({ type: 'something else' })
  expect(isTerminated).toBe(false)
  await echoed({ type: 'loaded' })
  await terminated
})

test('a thread that has loaded is terminated at once, even if it hears nothing', async () => {
  const { thread, terminate, echoed } = start()
  await echoed({ type: 'loaded' })
  const exit = once(thread, 'exit')
  await terminate()
  expect(await exit).toEqual([1])
  await terminate()
})

test('a thread that ends while it loads needs no termination', async () => {
  const { thread, terminate } = start()
  const terminated = terminate()
  thread.postMessage('end')
  await terminated
  await terminate()
})
