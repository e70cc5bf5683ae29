// A line that falls silent: a firewall drops what is sent, and nobody is told. Nothing may wait for the operating system to notice, which
// takes a quarter of an hour.

import { connect, createServer, type Socket } from 'node:net'
import { Client } from 'pg'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { checkCentral } from '../../../src/central/check.ts'
import { type CentralAddress, clientConfig } from '../../../src/central/connection.ts'
import { openSession } from '../../../src/central/reader/session.ts'
import { openPostgresSink } from '../../../src/central/writer/sink.ts'
import { ticks } from '../../../src/time/clock.ts'
import { eventually } from '../program/program.ts'
import { callItem, parcelOf } from './central.ts'
import { centralPerFile } from './centralPerFile.ts'

const central = centralPerFile()

const NEVER = new AbortController().signal

interface Line {
  readonly port: number
  /** From now on nothing arrives any more, not even that a side has closed the connection. */
  readonly fallSilent: () => void
}

/** A line to the server. `isSilentFor`: a connection falls silent before it passes a chunk that is so. */
async function startLine(isSilentFor: (sent: string) => boolean = () => false): Promise<Line> {
  const sockets = new Set<Socket>()
  let areSilent = false
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ port: central.postgres.port, host: '127.0.0.1', allowHalfOpen: true })
    let isSilent = false
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => undefined)
      from.on('data', (chunk) => {
        isSilent ||= areSilent || (from === client && isSilentFor(String(chunk)))
        if (!isSilent) {
          to.write(chunk)
        }
      })
      from.on('end', () => (isSilent || areSilent ? undefined : to.end()))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) {
      socket.destroy()
    }
    server.close()
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    fallSilent() {
      areSilent = true
    },
  }
}

function over({ port }: Line, address: CentralAddress): CentralAddress {
  return { ...address, url: address.url.replace(`:${central.postgres.port}/`, `:${port}/`) }
}

test('the sink closes its connection all the same, and delivers over another one', async () => {
  const line = await startLine()
  const sink = openPostgresSink(over(line, central.writer), { now: ticks })
  // The first one looks at all days, after which its connection is closed.
  await sink.deliver(parcelOf([callItem(1)]), NEVER)
  await sink.deliver(parcelOf([callItem(2)]), NEVER)
  line.fallSilent()
  await sink.close()
  const other = openPostgresSink(central.writer, { now: ticks })
  expect((await other.deliver(parcelOf([callItem(2), callItem(3)]), NEVER)).delivered).toHaveLength(2)
  await other.close()
})

test('the check of a fleet fails, and says why', async () => {
  const line = await startLine((sent) => sent.includes('schema_version'))
  await expect(
    checkCentral(over(line, central.reader), { statementMs: 100, answerSpareMs: 100 }),
  ).rejects.toMatchObject({ reason: 'unreachable', message: expect.stringContaining('does not answer') })
})

test('a check that waits for a lock leaves no session of the server behind that waits on', async () => {
  const holder = new Client(clientConfig(central.owner, { applicationName: 'holder' }))
  await holder.connect()
  onTestFinished(() => holder.end())
  // As while the schema is migrated.
  await holder.query('BEGIN; LOCK TABLE schema_version')
  await expect(checkCentral(central.reader, { statementMs: 100, answerSpareMs: 60_000 })).rejects.toMatchObject({
    reason: 'timeout',
  })
  await eventually(
    () =>
      central.postgres.sql(
        `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'asterisk-ari-exporter fleet'`,
      ),
    (count) => count === '0',
  )
  await holder.query('ROLLBACK; BEGIN; LOCK TABLE calls_default')
  // As while rows move out of it.
  expect(await checkCentral(central.reader)).toEqual({ partitionDaysAhead: 7 })
})

test('a query of a fleet fails, and the next one has another connection', async () => {
  const line = await startLine((sent) => sent.includes('lost'))
  const session = openSession({
    address: over(line, central.reader),
    ...{ connections: 1, maxWaiting: 3, statementMs: 100, answerSpareMs: 100 },
    log: pino({ enabled: false }),
  })
  onTestFinished(session.close)
  await expect(session.read((db) => db.rows("SELECT 'lost'", []))).rejects.toMatchObject({
    reason: 'unreadable',
    message: expect.stringContaining('does not answer'),
  })
  expect(await session.read((db) => db.rows('SELECT 1 AS one', []))).toEqual([{ one: 1 }])
})
