// The connections of the reader of the central call log: what is aborted, what takes too long, what is lost, and who may read.

import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { openCentralQueries } from '../../../src/central/reader/client.ts'
import { openSession, type Session, type SessionOptions } from '../../../src/central/reader/session.ts'
import { QueryFailure } from '../../../src/query/queryFailure.ts'
import { centralPerFile } from './centralPerFile.ts'
import { startPgbouncer } from './pgbouncer.ts'

const central = centralPerFile()

const SLEEP = 'SELECT pg_sleep(600)'

interface Lines {
  readonly lines: Record<string, unknown>[]
}

function open(options: Partial<SessionOptions> = {}): Session & Lines {
  const lines: Record<string, unknown>[] = []
  const log = pino({ base: null }, { write: (line) => lines.push(JSON.parse(line)) })
  const session = openSession({
    address: central.reader,
    ...{ connections: 1, maxWaiting: 3, statementMs: 60_000 },
    log,
    ...options,
  })
  onTestFinished(session.close)
  return { ...session, lines }
}

const one = (session: Session): Promise<readonly object[]> => session.read((db) => db.rows('SELECT 1 AS one', []))

/** How many of the long queries the server works at. */
const running = (): Promise<string> =>
  central.postgres.sql(
    `SELECT count(*) FROM pg_stat_activity WHERE usename = 'calls_reader' AND state = 'active' AND query = '${SLEEP}'`,
  )

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  )

test('a query that is aborted ends on the server, and its connection is used again', async () => {
  const session = open()
  await one(session)
  const before = await central.postgres.sql(`SELECT pid FROM pg_stat_activity WHERE usename = 'calls_reader'`)
  const abort = new AbortController()
  const slow = failureOf(session.read((db) => db.rows(SLEEP, []), abort.signal))
  await expect.poll(running).toBe('1')
  abort.abort()
  expect(await slow).toMatchObject({ name: 'QueryFailure', reason: 'aborted' })
  expect(await running()).toBe('0')
  expect(await one(session)).toEqual([{ one: 1 }])
  const after = await central.postgres.sql(`SELECT pid FROM pg_stat_activity WHERE usename = 'calls_reader'`)
  expect(after.split('\n')).toEqual(expect.arrayContaining(before.split('\n')))
})

test('a query that was aborted before it began asks nothing', async () => {
  const session = open()
  const asked: string[] = []
  const read = session.read(async (db) => {
    asked.push('asked')
    return await db.rows(SLEEP, [])
  }, AbortSignal.abort())
  expect(await failureOf(read)).toMatchObject({ reason: 'aborted' })
  expect(asked).toEqual([])
})

test('a statement that takes too long ends, and says what helps', async () => {
  const session = open({ statementMs: 50 })
  expect(await failureOf(session.read((db) => db.rows(SLEEP, [])))).toMatchObject({
    reason: 'unreadable',
    message: expect.stringContaining('ask for a shorter period'),
  })
  expect(await one(session)).toEqual([{ one: 1 }])
})

test('queries wait for each other, and too many are refused', async () => {
  const session = open()
  const abort = new AbortController()
  const [slow, second, third] = [
    failureOf(session.read((db) => db.rows(SLEEP, []), abort.signal)),
    one(session),
    one(session),
  ]
  expect(await failureOf(one(session))).toMatchObject({ reason: 'busy' })
  abort.abort()
  expect([await second, await third]).toEqual([[{ one: 1 }], [{ one: 1 }]])
  expect(await slow).toBeInstanceOf(QueryFailure)
})

test('a server that is lost fails the query, is told of once, and is used again when it is back', async () => {
  const session = open()
  await one(session)
  const cut = failureOf(session.read((db) => db.rows(SLEEP, [])))
  await expect.poll(running).toBe('1')
  await central.postgres.kill()
  expect(await cut).toMatchObject({ reason: 'unreadable' })
  expect(await failureOf(one(session))).toMatchObject({ reason: 'unreadable' })
  await central.postgres.start()
  expect(await one(session)).toEqual([{ one: 1 }])
  expect(session.lines.map(({ msg }) => msg)).toEqual([
    'the central call log cannot be read: queries fail',
    'the central call log can be read again',
  ])
})

test('a query only reads, and cannot even if the role may write', async () => {
  const session = open({ address: central.owner })
  const write = session.read((db) => db.rows('DELETE FROM calls', []))
  expect(await failureOf(write)).toMatchObject({ reason: 'unreadable' })
})

test('what is closed fails what is under way and what comes later', async () => {
  const session = open({ connections: 2 })
  const slow = failureOf(session.read((db) => db.rows(SLEEP, [])))
  await expect.poll(running).toBe('1')
  await session.close()
  expect(await slow).toMatchObject({ reason: 'closed' })
  expect(await running()).toBe('0')
  expect(await failureOf(one(session))).toMatchObject({ reason: 'closed' })
})

test('a wrong password is told without the password', async () => {
  const queries = openCentralQueries(
    { address: { ...central.reader, password: 'not-the-password' } },
    { log: pino({ level: 'silent' }) },
  )
  onTestFinished(queries.close)
  const failure = await failureOf(queries.sites())
  expect(failure).toMatchObject({ reason: 'unreadable', message: expect.stringContaining('refuses the password') })
  expect(String(failure)).not.toContain('not-the-password')
})

test('through pgbouncer in transaction mode, what is aborted ends, and nothing else does', async () => {
  const bouncer = await startPgbouncer(central.postgres, { passwords: { calls_reader: 'reader-pw' }, connections: 3 })
  onTestFinished(bouncer.stop)
  const url = `postgres://calls_reader@127.0.0.1:${bouncer.port}/calls`
  const session = open({ address: { ...central.reader, url }, connections: 2, maxWaiting: 20 })
  for (let round = 0; round < 5; round += 1) {
    const abort = new AbortController()
    const slow = failureOf(session.read((db) => db.rows(SLEEP, []), abort.signal))
    await expect.poll(running).toBe('1')
    const others = Array.from({ length: 10 }, () => one(session))
    abort.abort()
    expect(await slow).toMatchObject({ reason: 'aborted' })
    expect(await Promise.all(others)).toEqual(others.map(() => [{ one: 1 }]))
    expect(await running()).toBe('0')
  }
})
