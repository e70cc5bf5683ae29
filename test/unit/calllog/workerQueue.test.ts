// The queries and their thread: order, failures, limits, close.

import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { type Logger, pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type CallQueriesOptions, type OpenCallQueries, openCallQueries } from '../../../src/calllog/reader/client.ts'
import type { ReaderSettings } from '../../../src/calllog/reader/protocol.ts'
import { makeCalls, writeKnown } from './manyCalls.ts'
import { ended, freshPath, openLog, query, started } from './samples.ts'

interface Subject extends OpenCallQueries {
  readonly threads: Worker[]
  readonly lines: string[]
}

function open(options: CallQueriesOptions): Subject {
  const threads: Worker[] = []
  const lines: string[] = []
  const log: Logger = pino({}, { write: (line) => lines.push(String(JSON.parse(line).msg)) })
  const spawn = (settings: ReaderSettings): Worker => {
    const thread = new Worker(new URL('../../../src/calllog/reader/worker.ts', import.meta.url), {
      workerData: settings,
    })
    threads.push(thread)
    return thread
  }
  const queries = openCallQueries(options, { log, spawn })
  onTestFinished(() => queries.close())
  return { ...queries, threads, lines }
}

const LATEST = { filter: {}, order: 'newest', limit: 500 } as const

async function full(count = 50): Promise<string> {
  const path = freshPath()
  writeKnown(path, makeCalls(count))
  return path
}

const UNREADABLE = {
  name: 'QueryFailure',
  reason: 'unreadable',
  message: expect.stringContaining('cannot be read now'),
}

test('each query gets its result, in the order of the queries', async () => {
  const queries = open({ path: await full() })
  const order: string[] = []
  await Promise.all([
    queries.stats({ from: 0, to: 1e13 }).then(({ calls }) => order.push(`stats ${calls}`)),
    queries.page(LATEST).then(({ calls }) => order.push(`page ${calls.length}`)),
    queries.detail(3).then((story) => order.push(`story ${story?.id}`)),
    queries.operators({ from: 0, to: 1e13 }).then(({ length }) => order.push(`operators ${length > 0}`)),
  ])
  expect(order).toEqual(['stats 50', 'page 50', 'story 3', 'operators true'])
  expect(queries.threads).toHaveLength(1)
})

test('the reader sees what is written while it is open', async () => {
  const path = freshPath()
  const log = await openLog(path)
  const queries = open({ path })
  expect((await queries.page(LATEST)).calls).toEqual([])
  log.callLog.append([started()], [])
  await log.callLog.flush()
  expect((await queries.page(LATEST)).calls.map(({ status }) => status)).toEqual(['ringing'])
  log.callLog.append([ended()], [])
  await log.callLog.flush()
  expect((await queries.page(LATEST)).calls.map(({ status }) => status)).toEqual(['completed'])
  expect(log.errors).toEqual([])
})

test('the thread starts with the first query, ends when idle, and starts again with the next query', async () => {
  const queries = open({ path: await full(), idleMs: 50 })
  expect(queries.threads).toHaveLength(0)
  await Promise.all([queries.detail(1), queries.detail(2)])
  const [first] = queries.threads
  await new Promise((ended) => first?.once('exit', ended))
  expect((await queries.detail(3))?.id).toBe(3)
  expect(queries.threads).toHaveLength(2)
  expect(queries.lines).toEqual([])
})

test('a thread that ends fails the waiting queries, and the next query starts a new one', async () => {
  const queries = open({ path: await full() })
  const cut = Promise.allSettled([queries.page(LATEST), queries.detail(1)])
  const [first] = queries.threads
  await new Promise((loaded) => first?.once('message', loaded))
  await first?.terminate()
  for (const outcome of await cut) {
    if (outcome.status === 'rejected') {
      expect(outcome.reason).toMatchObject(UNREADABLE)
    }
  }
  expect((await queries.page(LATEST)).calls).toHaveLength(50)
  expect(queries.threads).toHaveLength(2)
})

describe('a file', () => {
  test('that is replaced is read in its new state', async () => {
    const path = await full(50)
    const other = await full(20)
    const queries = open({ path })
    expect((await queries.page(LATEST)).calls).toHaveLength(50)
    renameSync(other, path)
    expect((await queries.page(LATEST)).calls).toHaveLength(20)
    expect(queries.threads).toHaveLength(1)
  })

  test('that is missing or is not a call log fails the query and is logged once; a call log is read again', async () => {
    const path = await full()
    const good = await full(10)
    const queries = open({ path })
    rmSync(path)
    await expect(queries.page(LATEST)).rejects.toMatchObject(UNREADABLE)
    writeFileSync(path, 'hello, this is no database at all'.repeat(100))
    await expect(queries.detail(1)).rejects.toMatchObject(UNREADABLE)
    rmSync(path)
    const foreign = new Database(path)
    foreign.exec('CREATE TABLE calls (id)')
    foreign.close()
    await expect(queries.stats({ from: 0, to: 1 })).rejects.toMatchObject(UNREADABLE)
    renameSync(good, path)
    expect((await queries.page(LATEST)).calls).toHaveLength(10)
    expect(queries.lines).toEqual(['the call log cannot be read: queries fail', 'the call log can be read again'])
  })

  test('that the writer lost and created again is read, and the new one is not changed', async () => {
    const path = freshPath()
    const log = await openLog(path, { fileCheckMs: 10 })
    const queries = open({ path })
    log.callLog.append([started({ channelId: 'a' }), ended({ channelId: 'a' })], [])
    await log.callLog.flush()
    expect((await queries.page(LATEST)).calls).toHaveLength(1)
    for (const suffix of ['', '-wal', '-shm']) {
      rmSync(`${path}${suffix}`, { force: true })
    }
    log.callLog.append([started({ channelId: 'b' })], [])
    await log.callLog.flush()
    for (let again = 0; again < 3; again += 1) {
      expect((await queries.page(LATEST)).calls.map(({ channel_id }) => channel_id)).toEqual(['b'])
    }
    expect(existsSync(`${path}-wal`)).toBe(true)
    log.callLog.append([ended({ channelId: 'b' })], [])
    await log.callLog.flush()
    await queries.close()
    await log.callLog.close()
    expect(query(path, 'SELECT channel_id, status FROM calls')).toEqual([{ channel_id: 'b', status: 'completed' }])
  })

  test('that another program keeps locked fails the query after a wait, and is logged', async () => {
    const path = await full(5)
    const other = new Database(path)
    onTestFinished(() => {
      other.close()
    })
    other.pragma('journal_mode = DELETE')
    other.exec('BEGIN EXCLUSIVE')
    const queries = open({ path })
    await expect(queries.page(LATEST)).rejects.toMatchObject(UNREADABLE)
    other.exec('COMMIT')
    expect((await queries.page(LATEST)).calls).toHaveLength(5)
  })
})

test('beyond the limit of a kind the next query is refused, and the waiting ones are answered', async () => {
  const queries = open({ path: await full(), maxWaiting: 2 })
  const waiting = [queries.page(LATEST), queries.detail(1), queries.detail(2)]
  await expect(queries.detail(3)).rejects.toMatchObject({ name: 'QueryFailure', reason: 'busy' })
  expect(await Promise.all(waiting)).toHaveLength(3)
  expect((await queries.detail(3))?.id).toBe(3)
})

test('many queries of one kind do not delay those of another', async () => {
  const queries = open({ path: await full() })
  const order: string[] = []
  const stories = Array.from({ length: 20 }, (_, i) => queries.detail(i + 1).then(() => order.push('story')))
  await Promise.all([...stories, queries.page(LATEST).then(() => order.push('page'))])
  expect(order.indexOf('page')).toBeLessThan(3)
})

describe('an aborted query', () => {
  const FORSAKEN = { name: 'QueryFailure', reason: 'aborted' }

  test('that waits is not run', async () => {
    const queries = open({ path: await full() })
    const gone = new AbortController()
    const first = queries.page(LATEST)
    const rest = Array.from({ length: 20 }, () => queries.page(LATEST, gone.signal))
    gone.abort()
    for (const outcome of await Promise.allSettled(rest)) {
      expect(outcome).toMatchObject({ reason: FORSAKEN })
    }
    expect((await first).calls).toHaveLength(50)
    expect((await queries.page(LATEST)).calls).toHaveLength(50)
    await expect(queries.page(LATEST, AbortSignal.abort())).rejects.toMatchObject(FORSAKEN)
    expect(queries.threads).toHaveLength(1)
  })

  test('that runs for long ends with its thread; other queries are answered by the next thread', async () => {
    const path = await full()
    // A thread that never answers its first query.
    const threads: Worker[] = []
    const deaf =
      'const { parentPort } = require("node:worker_threads"); parentPort.on("message", () => {}).postMessage({ type: "loaded" })'
    const spawn = (settings: ReaderSettings): Worker => {
      const thread =
        threads.length === 0
          ? new Worker(deaf, { eval: true })
          : new Worker(new URL('../../../src/calllog/reader/worker.ts', import.meta.url), {
              workerData: settings,
            })
      threads.push(thread)
      return thread
    }
    const queries = openCallQueries({ path }, { log: pino({ level: 'silent' }), spawn })
    onTestFinished(() => queries.close())
    const gone = new AbortController()
    const long = queries.stats({ from: 0, to: 1e13 }, gone.signal)
    const other = queries.page(LATEST)
    gone.abort()
    await expect(long).rejects.toMatchObject(FORSAKEN)
    expect((await other).calls).toHaveLength(50)
    expect(threads).toHaveLength(2)
  })
})

test('close fails waiting and later queries, and releases the file', async () => {
  const path = await full()
  const queries = open({ path })
  const waiting = queries.page(LATEST)
  const cut = expect(waiting).rejects.toMatchObject({ reason: 'closed' })
  await queries.close()
  await cut
  await expect(queries.detail(1)).rejects.toMatchObject({ name: 'QueryFailure', reason: 'closed' })
  await queries.close()
  expect(queries.threads).toHaveLength(1)
  const db = new Database(path)
  db.pragma('journal_mode = DELETE')
  db.close()
  expect(existsSync(`${path}-wal`)).toBe(false)
})
