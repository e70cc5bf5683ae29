// The schema on a real PostgreSQL: made by the program, by several at a time, with the roles and partitions of the documentation.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import { beforeEach, describe, expect, test } from 'vitest'
import { checkCentral, keepCentralPartitions } from '../../../src/central/check.ts'
import { type CentralAddress, connect } from '../../../src/central/connection.ts'
import { initCentral } from '../../../src/central/init.ts'
import { migrateCentral } from '../../../src/central/schema/migrate.ts'
import { MIGRATIONS } from '../../../src/central/schema/migrations.ts'
import { keepPartitions } from '../../../src/central/schema/partitions.ts'
import { TABLES } from '../../../src/central/schema/tables.ts'
import { openPostgresSink } from '../../../src/central/writer/sink.ts'
import { ticks } from '../../../src/time/clock.ts'
import { runProgram } from '../program/program.ts'
import { callItem, missedCallerItem, missedCallerRow, parcelOf, queryAs } from './central.ts'
import { centralPerFile } from './centralPerFile.ts'

const central = centralPerFile()

/** An empty database that belongs to `calls_owner`. */
async function freshDatabase(name: string): Promise<CentralAddress> {
  await central.postgres.sql(`CREATE DATABASE ${name} OWNER calls_owner TEMPLATE template0`)
  return { ...central.owner, url: central.postgres.url('calls_owner', name) }
}

async function withClient<T>(address: CentralAddress, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(address, { applicationName: 'test' })
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** The command as a user runs it. */
async function init(
  address: CentralAddress,
  words: readonly string[] = [],
): Promise<{ code: unknown; output: string }> {
  const passwordFile = join(mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-test-')), 'password')
  writeFileSync(passwordFile, `${address.password}\n`)
  return await runProgram(['fleet', '--init', ...words], {
    CALL_LOG_SINK: address.url,
    CALL_LOG_SINK_PASSWORD_FILE: passwordFile,
  })
}

describe('the schema', () => {
  test('has the tables, columns, types and keys that the code writes and reads', async () => {
    const columns = await queryAs(
      central.owner,
      `SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
       WHERE table_schema = 'public' ORDER BY ordinal_position`,
    )
    const keys = await queryAs(
      central.owner,
      `SELECT table_name, string_agg(column_name, ' ' ORDER BY ordinal_position) AS key
       FROM information_schema.key_column_usage WHERE constraint_schema = 'public' GROUP BY table_name`,
    )
    const long: Readonly<Record<string, string>> = { timestamptz: 'timestamp with time zone' }
    for (const table of TABLES) {
      expect(columns.filter((column) => column['table_name'] === table.name)).toEqual(
        table.columns.map(({ name, type, isNullable }) => ({
          table_name: table.name,
          column_name: name,
          data_type: long[type] ?? type,
          is_nullable: isNullable ? 'YES' : 'NO',
        })),
      )
      expect(keys).toContainEqual({ table_name: table.name, key: table.key.join(' ') })
    }
  })

  test('is made by the command, which says so, and a second time does no harm', async () => {
    const address = await freshDatabase('made')
    const first = await init(address)
    expect(first).toEqual({ code: 0, output: expect.stringContaining('Made version') })
    expect(first.output).toMatch(
      /Partitions made: 24;[\s\S]*May add calls: calls_owner, postgres\. May read them: calls_owner/,
    )
    expect(first.output).not.toContain('owner-pw')
    const second = await init(address)
    expect(second).toEqual({ code: 0, output: expect.stringContaining('of the schema already') })
    expect(second.output).toContain('Partitions made: 0;')
  })

  test('is made once when ten begin at the same time', async () => {
    const address = await freshDatabase('ten')
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => initCentral(address)))
    expect(outcomes.filter(([line = '']) => line.startsWith('Made'))).toHaveLength(1)
    const postponed = outcomes.flat().filter((line) => line.startsWith('Not made'))
    expect(postponed).toEqual([])
    expect(await queryAs(address, 'SELECT version FROM schema_version')).toEqual(
      MIGRATIONS.map((_, index) => ({ version: index + 1 })),
    )
  })

  test('is migrated step by step, all of them or none', async () => {
    const address = await freshDatabase('steps')
    const next = () => ['ALTER TABLE calls ADD COLUMN later text']
    const wrong = () => ['ALTER TABLE calls ADD COLUMN latest text', 'SELECT 1/0']
    await withClient(address, async (client) => {
      expect(await migrateCentral(client)).toEqual({ from: 0, to: MIGRATIONS.length })
      await expect(migrateCentral(client, [...MIGRATIONS, next, wrong])).rejects.toThrow('division by zero')
      expect(await migrateCentral(client, [...MIGRATIONS, next])).toEqual({
        from: MIGRATIONS.length,
        to: MIGRATIONS.length + 1,
      })
      await expect(migrateCentral(client)).rejects.toThrow('use a newer one')
    })
    // An exporter of the older version goes on.
    const sink = openPostgresSink(address, { now: ticks })
    expect((await sink.deliver(parcelOf([callItem(1)]), new AbortController().signal)).delivered).toEqual([1001])
    await sink.close()
  })

  test('without partitions, for engines that have none, is the same but for them', async () => {
    const address = await freshDatabase('plain')
    await withClient(address, async (client) => {
      for (const step of MIGRATIONS) {
        for (const statement of step({ hasPartitions: false })) {
          await client.query(statement)
        }
      }
      expect(await keepPartitions(client)).toEqual({ made: [], moved: 0, postponed: [] })
    })
    const sink = openPostgresSink(address, { now: ticks })
    expect((await sink.deliver(parcelOf([callItem(1)]), new AbortController().signal)).delivered).toEqual([1001])
    await sink.close()
  })
})

describe('the command says in one line what to do, and nothing of the password', () => {
  const cases: readonly (readonly [string, () => CentralAddress | Promise<CentralAddress>, RegExp])[] = [
    ['a wrong password', () => ({ ...central.owner, password: 'secret-guess' }), /refuses the password: check/],
    [
      'an unknown user',
      () => ({ url: central.postgres.url('nobody', 'calls'), password: 'secret-guess' }),
      /refuses the password/,
    ],
    [
      'no such database',
      () => ({ ...central.owner, url: central.postgres.url('calls_owner', 'none') }),
      /no such database as in 127\.0\.0\.1:\d+\/none: create it/,
    ],
    ['no right to create', () => central.writer, /cannot make the tables .*GRANT CREATE ON SCHEMA/],
    [
      'no server',
      () => ({ ...central.owner, url: 'postgres://calls_owner@127.0.0.1:1/calls' }),
      /cannot be reached \(ECONNREFUSED\)/,
    ],
    [
      'a server without TLS',
      () => ({ ...central.owner, url: `${central.owner.url}?sslmode=verify-full` }),
      /serves no TLS: set it up there, or remove sslmode/,
    ],
    [
      'a misspelt parameter',
      () => ({ ...central.owner, url: `${central.owner.url}?sslrootcerts=ca.pem` }),
      /give an address with no other parameters than user, host, sslmode/,
    ],
    [
      'an unknown sslmode',
      () => ({ ...central.owner, url: `${central.owner.url}?sslmode=prefer` }),
      /sslmode one of disable, require, verify-ca, verify-full/,
    ],
    [
      'a certificate that is not there',
      () => ({ ...central.owner, url: `${central.owner.url}?sslmode=verify-full&sslrootcert=/none/ca.pem` }),
      /cannot read the file that sslrootcert names/,
    ],
    [
      'tables of another program',
      async () => {
        const address = await freshDatabase('other_program')
        await queryAs(address, 'CREATE TABLE calls (id integer)')
        return address
      },
      /has a table that is not of the central call log/,
    ],
    [
      'a newer schema',
      async () => {
        const address = await freshDatabase('newer')
        await initCentral(address)
        await queryAs(address, 'INSERT INTO schema_version VALUES (99, now())')
        return address
      },
      /version 99 of the schema, and this program knows version \d+: use a newer one/,
    ],
  ]
  test.each(cases)('%s', async (_, address, sentence) => {
    const { code, output } = await init(await address())
    expect([code, output]).toEqual([1, expect.stringMatching(sentence)])
    expect(output.trim().split('\n')).toHaveLength(1)
    expect(output).not.toMatch(/secret-guess|owner-pw|writer-pw/)
  })

  test('no setting', async () => {
    const { code, output } = await runProgram(['fleet', '--init'])
    expect([code, output]).toEqual([1, expect.stringContaining('CALL_LOG_SINK is not set: give the address')])
  })
})

describe('the roles of the documentation', () => {
  test('a writer adds, and can neither read, change nor delete', async () => {
    const sink = openPostgresSink(central.writer, { now: ticks })
    const parcel = parcelOf([callItem(1), missedCallerItem(2, missedCallerRow(1))])
    expect((await sink.deliver(parcel, new AbortController().signal)).delivered).toEqual([1001, 2])
    await sink.close()
    for (const sql of [
      'SELECT caller FROM calls',
      'SELECT endpoint FROM legs',
      'SELECT number FROM missed_callers',
      'UPDATE calls SET caller = callee',
      'DELETE FROM legs',
      'TRUNCATE calls',
      'CREATE TABLE mine (n integer)',
    ]) {
      await expect(queryAs(central.writer, sql)).rejects.toThrow('permission denied')
    }
    expect(await queryAs(central.writer, 'SELECT id::integer FROM call_keys')).toEqual([{ id: 1 }])
  })

  test('a reader reads, and can change nothing', async () => {
    for (const { name } of TABLES) {
      expect(await queryAs(central.reader, `SELECT count(*) > 0 AS some FROM ${name}`)).toEqual([{ some: true }])
    }
    for (const sql of [
      'DELETE FROM calls',
      'UPDATE calls SET caller = callee',
      'INSERT INTO schema_version VALUES (9)',
    ]) {
      await expect(queryAs(central.reader, sql)).rejects.toThrow('permission denied')
    }
  })
})

describe('partitions', () => {
  let owner: CentralAddress
  let databases = 0

  beforeEach(async () => {
    databases++
    owner = await freshDatabase(`partitions${databases}`)
    await withClient(owner, (client) => migrateCentral(client))
  })

  const partitionsOf = async (table: string) =>
    (
      await queryAs(
        owner,
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = '${table}'::regclass`,
      )
    ).map(({ name }) => String(name))

  async function deliverDays(days: readonly string[]): Promise<void> {
    const sink = openPostgresSink({ ...owner }, { now: () => Number.NEGATIVE_INFINITY })
    const items = days.map((day, index) => callItem(index + 1, { end_time: `${day} 10:00:00.000` }))
    await sink.deliver(parcelOf(items), new AbortController().signal)
    await sink.close()
  }

  test('are made a week ahead, and rows of a day without one go into the default partition', async () => {
    await deliverDays(['2026-01-01'])
    expect(await queryAs(owner, 'SELECT tableoid::regclass::text AS name FROM calls')).toEqual([
      { name: 'calls_default' },
    ])
    const { made, moved, postponed } = await withClient(owner, (client) => keepPartitions(client))
    // Three tables, eight days, and the day of the row: its call and its legs.
    expect([made.length, moved, postponed]).toEqual([26, 3, []])
    expect(await queryAs(owner, 'SELECT tableoid::regclass::text AS name FROM calls')).toEqual([
      { name: 'calls_20260101' },
    ])
    const [{ tomorrow } = {}] = await queryAs(
      owner,
      `SELECT to_char(now() AT TIME ZONE 'UTC' + interval '1 day', 'YYYYMMDD') AS tomorrow`,
    )
    expect(await partitionsOf('legs')).toContain(`legs_${tomorrow}`)
    expect((await withClient(owner, (client) => keepPartitions(client))).made).toEqual([])
  })

  test('are made for a past that will be filled, by --since', async () => {
    const { code } = await init(owner, ['--since', '2026-10-01'])
    expect(code).toBe(0)
    expect(await partitionsOf('calls')).toContain('calls_20261001')
    await deliverDays(['2026-10-01'])
    expect(await queryAs(owner, 'SELECT tableoid::regclass::text AS name FROM calls')).toEqual([
      { name: 'calls_20261001' },
    ])
  })

  test('ten at once make each of them once, while rows are added to the days that move', async () => {
    const days = Array.from({ length: 9 }, (_, index) => `2026-02-0${index + 1}`)
    await deliverDays(days)
    const sink = openPostgresSink({ ...owner }, { now: () => Number.NEGATIVE_INFINITY })
    let added = 9
    let isDone = false
    const adding = (async () => {
      while (!isDone) {
        const id = added + 1
        const parcel = parcelOf([callItem(id, { end_time: `${days[id % 9]} 11:00:00.000` })])
        try {
          const { refused } = await sink.deliver(parcel, new AbortController().signal)
          expect(refused).toEqual([])
          added = id
        } catch (error) {
          // The partition came between: the next attempt finds it.
          expect(error).toMatchObject({ reason: 'status' })
        }
      }
    })()
    const kept = await Promise.all(
      Array.from({ length: 10 }, () => withClient(owner, (client) => keepPartitions(client))),
    )
    isDone = true
    await adding
    await sink.close()
    const made = kept.flatMap((each) => each.made)
    expect(made).toHaveLength(new Set(made).size)
    // A table that is in use is postponed to the next run, on a slow machine.
    await expect
      .poll(async () => (await withClient(owner, (client) => keepPartitions(client))).postponed, { interval: 0 })
      .toEqual([])
    expect(await queryAs(owner, 'SELECT count(*)::integer AS n FROM calls_default')).toEqual([{ n: 0 }])
    expect(await queryAs(owner, 'SELECT count(*)::integer AS n FROM calls')).toEqual([{ n: added }])
  })

  test('ranges that somebody else made are left alone', async () => {
    await queryAs(
      owner,
      `CREATE TABLE calls_all_of_it PARTITION OF calls FOR VALUES FROM ('2026-01-01') TO ('2099-01-01')`,
    )
    await withClient(owner, (client) => keepPartitions(client))
    expect(await partitionsOf('calls')).toEqual(['calls_default', 'calls_all_of_it'])
  })

  test('tables of which another role keeps the partitions are left alone', async () => {
    const database = `partitions${databases}`
    await central.postgres.sql('ALTER TABLE calls_default OWNER TO postgres', database)
    const { made } = await withClient(owner, (client) => keepPartitions(client))
    expect(made.filter((name) => name.startsWith('calls_'))).toEqual([])
    expect(made).toHaveLength(16)
  })

  test('how many days are ahead is seen by a role that may only read', async () => {
    await central.postgres.sql('GRANT SELECT ON schema_version TO calls_reader', `partitions${databases}`)
    const reader = { ...central.reader, url: central.postgres.url('calls_reader', `partitions${databases}`) }
    const ahead = async () => {
      await keepCentralPartitions(reader)
      return (await checkCentral(reader)).partitionDaysAhead
    }
    expect(await ahead()).toBeNull()
    await withClient(owner, (client) => keepPartitions(client))
    expect(await ahead()).toBe(7)
    const later = async (days: number) =>
      String(
        (
          await queryAs(owner, `SELECT to_char(now() AT TIME ZONE 'UTC' + interval '${days} day', 'YYYYMMDD') AS d`)
        )[0]?.['d'],
      )
    await queryAs(owner, `DROP TABLE legs_${await later(5)}`)
    expect(await ahead()).toBe(4)
    await queryAs(owner, `DROP TABLE calls_${await later(1)}`)
    expect(await ahead()).toBe(0)
  })

  test('rows of a wrong clock stay where they are', async () => {
    await deliverDays(['1970-01-01', '2099-01-01'])
    const { moved } = await withClient(owner, (client) => keepPartitions(client))
    expect(moved).toBe(0)
    expect(await queryAs(owner, 'SELECT count(*)::integer AS n FROM calls_default')).toEqual([{ n: 2 }])
  })

  test('a table that is in use is postponed, and nobody waits long', async () => {
    await deliverDays(['2026-01-01'])
    await withClient(owner, async (reading) => {
      await reading.query('BEGIN; SELECT * FROM calls_default')
      const { postponed } = await withClient(owner, (client) => keepPartitions(client))
      expect(postponed).toHaveLength(9)
      expect(postponed).toContainEqual(['calls_20260101', '55P03'])
      await reading.query('COMMIT')
    })
    expect((await withClient(owner, (client) => keepPartitions(client))).moved).toBe(1)
  })

  test('a role that does not own the tables makes none', async () => {
    await central.postgres.sql('GRANT INSERT ON calls TO calls_writer', `partitions${databases}`)
    const { made } = await withClient(
      { ...central.writer, url: central.postgres.url('calls_writer', `partitions${databases}`) },
      (client) => keepPartitions(client),
    )
    expect(made).toEqual([])
  })
})
