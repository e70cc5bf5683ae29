// The connection of the sink: TLS, pgbouncer, what it says when it fails, and how it comes back.

import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CentralAddress } from '../../../src/central/connection.ts'
import { openPostgresSink } from '../../../src/central/writer/sink.ts'
import { type Sink, SinkFailure } from '../../../src/shipping/sink.ts'
import { ticks } from '../../../src/time/clock.ts'
import { freshFolder, makePair } from '../../unit/http/certificates.ts'
import { eventually } from '../program/program.ts'
import { type Central, callItem, makeCentral, parcelOf } from './central.ts'
import { startPgbouncer } from './pgbouncer.ts'
import { type Postgres, startPostgres } from './postgres.ts'

let postgres: Postgres
let central: Central
let ca: string
let otherCa: string

const NEVER = new AbortController().signal

beforeAll(async () => {
  const folder = freshFolder()
  const pair = makePair(folder, 'server', undefined, 'DNS:localhost')
  ca = pair.cert
  otherCa = makePair(folder, 'other').cert
  postgres = await startPostgres({ tls: pair })
  central = await makeCentral(postgres)
})

afterAll(() => postgres.remove())

/** Delivers a call and closes; returns its failure. */
async function failureOf(address: CentralAddress): Promise<SinkFailure | null> {
  const sink = openPostgresSink(address, { now: ticks })
  try {
    await sink.deliver(parcelOf([callItem(1)]), NEVER)
    return null
  } catch (error) {
    if (error instanceof SinkFailure) {
      return error
    }
    throw error
  } finally {
    await sink.close()
  }
}

/** One that has looked at all days, after which it closes its connection. */
async function sinkInUse(address: CentralAddress): Promise<Sink> {
  const sink = openPostgresSink(address, { now: ticks })
  await sink.deliver(parcelOf([callItem(1)]), NEVER)
  await eventually(sessions, (count) => count === '0')
  return sink
}

const sessions = () =>
  postgres.sql(`SELECT count(*) FROM pg_stat_activity WHERE application_name = 'asterisk-ari-exporter'`)

describe('TLS by the parameters of the URL', () => {
  const at = (host: string, parameters: string): CentralAddress => ({
    ...central.writer,
    url: `postgres://calls_writer@${host}:${postgres.port}/calls?${parameters}`,
  })

  test.each([
    ['localhost', 'sslmode=verify-full&sslrootcert=CA'],
    ['127.0.0.1', 'sslmode=verify-ca&sslrootcert=CA'],
    ['127.0.0.1', 'sslmode=require'],
    ['127.0.0.1', 'sslmode=disable'],
    ['127.0.0.1', ''],
  ])('%s with %s works', async (host, parameters) => {
    expect(await failureOf(at(host, parameters.replace('CA', ca)))).toBeNull()
  })

  test.each([
    ['localhost', 'sslmode=verify-full', /SELF_SIGNED_CERT.*set sslrootcert/],
    ['localhost', 'sslmode=verify-ca', /SELF_SIGNED_CERT/],
    ['localhost', 'sslmode=verify-full&sslrootcert=OTHER', /certificate of localhost:\d+\/calls is not accepted/],
    ['localhost', 'sslmode=require&sslrootcert=OTHER', /is not accepted/],
    ['127.0.0.1', 'sslmode=verify-full&sslrootcert=CA', /ERR_TLS_CERT_ALTNAME_INVALID.*use the host name in it/],
  ])('%s with %s fails', async (host, parameters, sentence) => {
    const failure = await failureOf(at(host, parameters.replace('CA', ca).replace('OTHER', otherCa)))
    expect([failure?.reason, failure?.message]).toEqual(['tls', expect.stringMatching(sentence)])
  })

  test('is really used', async () => {
    const sink = await sinkInUse(at('localhost', `sslmode=verify-full&sslrootcert=${ca}`))
    await sink.deliver(parcelOf([callItem(1)]), NEVER)
    const used = `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'calls_writer'`
    expect(await postgres.sql(used)).toBe('t')
    await sink.close()
  })
})

describe('a failure has a reason of the list, and a sentence without the password', () => {
  test.each<[string, () => CentralAddress, string, RegExp]>([
    [
      'a wrong password',
      () => ({ ...central.writer, password: 'secret-guess' }),
      'unauthorized',
      /refuses the password/,
    ],
    ['no password', () => ({ ...central.writer, password: null }), 'unauthorized', /CALL_LOG_SINK_PASSWORD_FILE/],
    ['no right to add', () => central.reader, 'unauthorized', /lacks a right in 127\.0\.0\.1:\d+\/calls: grant it/],
    ['no tables', () => ({ ...central.owner, url: postgres.url('calls_owner', 'postgres') }), 'schema', /fleet --init/],
    ['no database', () => ({ ...central.writer, url: postgres.url('calls_writer', 'none') }), 'schema', /create it/],
    ['no server', () => ({ ...central.writer, url: 'postgres://u@127.0.0.1:1/calls' }), 'unreachable', /ECONNREFUSED/],
    [
      'no such host',
      () => ({ ...central.writer, url: 'postgres://u@none.invalid/calls' }),
      'unreachable',
      /cannot be reached/,
    ],
  ])('%s', async (_, address, reason, sentence) => {
    const failure = await failureOf(address())
    expect([failure?.reason, failure?.message, failure?.isFinal]).toEqual([
      reason,
      expect.stringMatching(sentence),
      false,
    ])
    expect(JSON.stringify([failure, failure?.stack])).not.toMatch(/secret-guess|writer-pw|reader-pw/)
  })

  test('a server that is read-only', async () => {
    await postgres.sql('ALTER ROLE calls_writer SET default_transaction_read_only = on')
    expect(await failureOf(central.writer)).toMatchObject({
      reason: 'full',
      message: expect.stringContaining('read-only'),
    })
    await postgres.sql('ALTER ROLE calls_writer RESET default_transaction_read_only')
  })

  test('too many connections', async () => {
    await postgres.sql('ALTER ROLE calls_writer CONNECTION LIMIT 0')
    expect(await failureOf(central.writer)).toMatchObject({ reason: 'status' })
    await postgres.sql('ALTER ROLE calls_writer CONNECTION LIMIT -1')
  })
})

describe('the connection', () => {
  test('is closed when there is nothing to deliver, and opened again', async () => {
    const sink = await sinkInUse(central.writer)
    for (const id of [1, 2]) {
      await sink.deliver(parcelOf([callItem(id)]), NEVER)
      expect(await sessions()).toBe('1')
      await sink.close()
      await eventually(sessions, (count) => count === '0')
    }
    await sink.close()
  })

  test('is opened again after the server was restarted or killed between two parcels, without a failure', async () => {
    const sink = await sinkInUse(central.writer)
    let id = 10
    for (const end of [postgres.stop, postgres.kill]) {
      await sink.deliver(parcelOf([callItem(++id)]), NEVER)
      await end()
      await postgres.start()
      expect((await sink.deliver(parcelOf([callItem(++id)]), NEVER)).delivered).toHaveLength(1)
    }
    await sink.close()
    expect(await postgres.sql('SELECT count(*) FROM calls WHERE id BETWEEN 11 AND 14', 'calls')).toBe('4')
  })

  test('that a stop cuts in the middle of a parcel leaves nothing of it', async () => {
    const sink = openPostgresSink(central.writer, { now: ticks })
    // The parcel waits for this lock on the table of its last statement but one.
    const blocking = postgres.sql(`BEGIN; LOCK TABLE legs; SELECT pg_advisory_lock(7); SELECT pg_sleep(60)`, 'calls')
    const isBlocked = `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO legs%'`
    await eventually(
      () => postgres.sql(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'`),
      (count) => count === '1',
    )
    const stop = new AbortController()
    const delivery = sink.deliver(parcelOf([callItem(30)]), stop.signal)
    const failure = expect(delivery).rejects.toMatchObject({ reason: 'unreachable' })
    await eventually(
      () => postgres.sql(isBlocked),
      (count) => count === '1',
    )
    stop.abort()
    await failure
    const ended = blocking.catch(() => undefined)
    await postgres.sql(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'`)
    await ended
    await eventually(sessions, (count) => count === '0')
    expect(await postgres.sql('SELECT count(*) FROM calls WHERE id = 30', 'calls')).toBe('0')
    expect((await sink.deliver(parcelOf([callItem(30)]), NEVER)).delivered).toHaveLength(1)
    await sink.close()
  })

  test('is not waited for when a stop comes while it is opened', async () => {
    const silent: Server = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const connected = new Promise((resolve) => silent.once('connection', resolve))
    const stop = new AbortController()
    const sink = openPostgresSink({ url: `postgres://u@127.0.0.1:${port}/d`, password: 'p' }, { now: ticks })
    const failure = expect(sink.deliver(parcelOf([callItem(1)]), stop.signal)).rejects.toMatchObject({
      reason: 'unreachable',
    })
    await connected
    stop.abort()
    await failure
    await new Promise((resolve) => silent.close(resolve))
  })
})

test('works through pgbouncer in transaction mode: 20 sinks on 2 connections of the server', async () => {
  const bouncer = await startPgbouncer(postgres, { passwords: { calls_writer: 'writer-pw' }, connections: 2 })
  const url = `postgres://calls_writer@127.0.0.1:${bouncer.port}/calls`
  const sinks = Array.from({ length: 20 }, (_, index) => ({
    sink: openPostgresSink({ ...central.writer, url }, { now: ticks }),
    logId: `00000000-0000-4000-8000-0000000000${String(index + 10)}`,
  }))
  try {
    for (const round of [1, 2, 3]) {
      await Promise.all(
        sinks.map(async ({ sink, logId }) => {
          // One is refused, so that transactions are undone in between.
          const items = [
            callItem(round * 10),
            callItem(round * 10 + 1, { transfers: 2 ** 33 }),
            callItem(round * 10 + 2),
          ]
          const { delivered, refused } = await sink.deliver(parcelOf(items, logId), NEVER)
          expect([delivered.length, refused.length]).toEqual([2, 1])
        }),
      )
    }
    expect(await postgres.sql(`SELECT count(*) FROM calls WHERE log_id::text LIKE '00000000-%'`, 'calls')).toBe('120')
    expect(
      Number(await postgres.sql(`SELECT count(*) FROM pg_stat_activity WHERE usename = 'calls_writer'`)),
    ).toBeLessThanOrEqual(2)
  } finally {
    await Promise.all(sinks.map(({ sink }) => sink.close()))
    await bouncer.stop()
  }
})
