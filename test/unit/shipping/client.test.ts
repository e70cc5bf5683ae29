// The shipping thread as the main thread sees it: real threads and a real call log, with sinks that are made up.

import { EventEmitter } from 'node:events'
import { rmSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { pino } from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { SinkEvents } from '../../../src/calllog/writer/outbox.ts'
import { type Shipping, startShipping } from '../../../src/shipping/client.ts'
import { ticks } from '../../../src/time/clock.ts'
import { ended, freshPath, openLog, query, type TestLog } from '../calllog/samples.ts'
import { PATIENCE } from '../patience.ts'

const SINKS: readonly SinkEvents[] = [{ sink: 'postgres', events: ['call'], backFill: 'db' }]
const WORKER = new URL('./fakeWorker.ts', import.meta.url)

interface Shipped extends TestLog {
  readonly shipping: Shipping
  readonly counted: string[]
  readonly said: Record<string, unknown>[]
  readonly threads: Worker[]
}

/** A call log with three ended calls, shipped to a sink of this behaviour. */
async function ship(behaviour: string, path = freshPath()): Promise<Shipped> {
  const log = await openLog(path, { flushMs: 1, fileCheckMs: 20, sinks: SINKS, site: 'berlin' })
  log.callLog.append(
    ['a', 'b', 'c'].map((channelId) => ended({ channelId })),
    [],
  )
  await log.callLog.flush()
  const [counted, said, threads]: [string[], Record<string, unknown>[], Worker[]] = [[], [], []]
  const shipping = startShipping(
    { path, sinks: [{ name: 'postgres', address: { url: behaviour, password: 'hunter2' } }] },
    {
      log: pino({ base: null }, { write: (line) => said.push(JSON.parse(line)) }),
      settle: log.callLog.settle,
      counters: {
        shipped: (sink, entries) => counted.push(`${sink} shipped ${entries}`),
        refused: (sink, entries) => counted.push(`${sink} refused ${entries}`),
        failed: (sink, reason) => counted.push(`${sink} failed ${reason}`),
      },
      now: Date.now,
      ticks,
      random: () => 0.01,
      spawn: (settings) => {
        const thread = new Worker(WORKER, { workerData: settings, env: {} })
        threads.push(thread)
        return thread
      },
    },
  )
  onTestFinished(() => shipping.stop())
  return { ...log, shipping, counted, said, threads }
}

test('what ended is delivered, counted and removed; what is refused is said and kept apart', async () => {
  const path = freshPath()
  const { shipping, counted, said } = await ship('take', path)
  await vi.waitFor(() => expect(counted).toEqual(['postgres shipped 2', 'postgres refused 1']), PATIENCE)
  expect(query(path, 'SELECT * FROM outbox')).toEqual([])
  expect(query(path, 'SELECT row_id, detail FROM outbox_refused')).toEqual([{ row_id: 1, detail: 'not this one' }])
  expect(said).toMatchObject([
    { level: 30, sinks: ['postgres'] },
    { level: 50, sink: 'postgres', entry: expect.any(Number), detail: 'not this one' },
  ])
  await vi.waitFor(() => expect(shipping.states()).toEqual([{ sink: 'postgres', rows: 0, oldestSeconds: 0 }]), PATIENCE)
})

test('a file that is deleted is followed by the new one', async () => {
  const path = freshPath()
  const { callLog, counted, lines } = await ship('take', path)
  await vi.waitFor(() => expect(counted).toHaveLength(2), PATIENCE)
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(`${path}${suffix}`)
  }
  await vi.waitFor(() => expect(lines.at(-1)?.['msg']).toBe('the call log is written again'), PATIENCE)
  callLog.append([ended({ channelId: 'd' }), ended({ channelId: 'e' })], [])
  await callLog.flush()
  await vi.waitFor(() => {
    expect(query(path, 'SELECT count(*) AS n FROM outbox_refused')).not.toEqual([{ n: 0 }])
    expect(query(path, 'SELECT count(*) AS n FROM outbox')).toEqual([{ n: 0 }])
  }, PATIENCE)
})

test('a failure is said once while it lasts, counted each time, and nothing is lost', async () => {
  const path = freshPath()
  const { shipping, counted, said } = await ship('refuse', path)
  await vi.waitFor(() => expect(counted.length).toBeGreaterThan(3), PATIENCE)
  expect(new Set(counted)).toEqual(new Set(['postgres failed unreachable']))
  expect(said.slice(1)).toMatchObject([{ level: 40, sink: 'postgres', reason: 'unreachable', waiting: 3 }])
  expect(JSON.stringify(said)).not.toContain('hunter2')
  const [state] = shipping.states()
  expect(state).toMatchObject({ sink: 'postgres', rows: 3 })
  expect(state?.oldestSeconds).toBeGreaterThan(0)
  expect(query(path, 'SELECT row_id FROM outbox')).toHaveLength(3)
})

test('what is held back is counted and said, and the others are shipped', async () => {
  const path = freshPath()
  const { shipping, counted, said } = await ship('hold', path)
  const failed = Array(3).fill('postgres failed status')
  await vi.waitFor(() => expect(counted).toEqual(['postgres shipped 2', 'postgres refused 0', ...failed]), PATIENCE)
  expect(said.slice(1)).toMatchObject(
    ['status 500', 'status 404'].map((detail) => ({ level: 40, sink: 'postgres', reason: 'status', detail })),
  )
  await vi.waitFor(() => expect(shipping.states()[0]?.rows).toBe(1), PATIENCE)
  expect(query(path, 'SELECT row_id FROM outbox')).toHaveLength(1)
})

test('a thread that ends by a bug is started again', async () => {
  const { threads, counted, said } = await ship('crash')
  await vi.waitFor(() => expect(threads.length).toBeGreaterThan(2), PATIENCE)
  expect(counted).toContain('postgres failed other')
  expect(said).toContainEqual(expect.objectContaining({ detail: expect.stringContaining('a bug') }))
})

test('of a thread that ends again and again, the pauses grow, also while the wall clock is set forward', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const began = performance.now()
  let now = 0
  const starts: number[] = []
  const shipping = startShipping(
    { path: 'none', sinks: [{ name: 'postgres', address: { url: 'crash', password: null } }] },
    {
      ...{ log: pino({ level: 'silent' }), settle: async () => null, random: () => 1 },
      counters: { shipped: () => undefined, refused: () => undefined, failed: () => undefined },
      now() {
        now += 3_600_000
        return now
      },
      ticks: () => performance.now(),
      spawn() {
        starts.push(performance.now() - began)
        const thread = new EventEmitter()
        queueMicrotask(() => thread.emit('exit', 1))
        return thread as unknown as Worker
      },
    },
  )
  await vi.advanceTimersByTimeAsync(7_000)
  expect(starts).toEqual([0, 1_000, 3_000, 7_000])
  await shipping.stop()
})

test.each(['hang', 'never'])('a stop ends a delivery that does not end: %s', async (behaviour) => {
  const { shipping, threads, counted } = await ship(behaviour)
  const exited = new Promise((resolve) => threads[0]?.on('exit', resolve))
  await vi.waitFor(() => expect(shipping.states()[0]?.rows).toBe(3), PATIENCE)
  await shipping.stop()
  await exited
  expect(threads).toHaveLength(1)
  expect(counted).toEqual([])
})

test('without sinks there is no thread', async () => {
  const spawn = vi.fn()
  const shipping = startShipping(
    { path: 'none', sinks: [] },
    {
      ...{ log: pino({ level: 'silent' }), settle: async () => null, now: Date.now, ticks, random: () => 0, spawn },
      counters: { shipped: () => undefined, refused: () => undefined, failed: () => undefined },
    },
  )
  expect(shipping.states()).toEqual([])
  await shipping.stop()
  expect(spawn).not.toHaveBeenCalled()
})
