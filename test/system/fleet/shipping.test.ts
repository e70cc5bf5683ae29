// The program ships its calls to a real PostgreSQL while both are killed at random: in the end both have the same, in every column.

import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TABLES } from '../../../src/central/schema/tables.ts'
import { createRandom } from '../../../src/pbx-sim/random.ts'
import { exporter, pbxWith, ready, rows, type Started } from '../program/exporterUnderTest.ts'
import { eventually, freshFolder, get, startProgram } from '../program/program.ts'
import { type Central, makeCentral } from './central.ts'
import { type Postgres, startPostgres } from './postgres.ts'

let postgres: Postgres
let central: Central

beforeAll(async () => {
  postgres = await startPostgres()
  central = await makeCentral(postgres)
})

afterAll(() => postgres.remove())

function sinkSettings(pbxUrl: string): Readonly<Record<string, string>> {
  const passwordFile = join(freshFolder(), 'password')
  writeFileSync(passwordFile, `${central.writer.password}\n`)
  return {
    ARI_URL: pbxUrl,
    SITE: 'berlin',
    CALL_LOG_SINK: central.writer.url,
    CALL_LOG_SINK_PASSWORD_FILE: passwordFile,
  }
}

async function kill({ child, ended }: Started, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal)
  await ended
}

const logIdOf = (db: string) => String(rows(db, "SELECT value FROM identity WHERE name = 'log_id'")[0]?.['value'])
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** The rows of a table as both databases have them: instants as ISO text, no column that only one of them has. */
async function compare(db: string): Promise<number> {
  const logId = logIdOf(db)
  let compared = 0
  for (const { name, columns } of TABLES.filter((table) => table.name !== 'missed_callers')) {
    const shared = columns.filter((column) => !['log_id', 'site', 'day'].includes(column.name))
    const of =
      name === 'calls' ? 'end_time IS NOT NULL' : 'call_id IN (SELECT id FROM calls WHERE end_time IS NOT NULL)'
    const own = rows(
      db,
      `SELECT ${shared.map((column) => column.name).join(', ')} FROM ${name} WHERE ${of} ORDER BY id`,
    )
    const json = await postgres.sql(
      `SET timezone = 'UTC'; SELECT coalesce(json_agg(t ORDER BY id), '[]') FROM ${name} t WHERE log_id = '${logId}'`,
      'calls',
    )
    const there: readonly Readonly<Record<string, unknown>>[] = JSON.parse(json)
    const instants = new Set(shared.filter(({ type }) => type === 'timestamptz').map((column) => column.name))
    const norm = (row: Readonly<Record<string, unknown>>, zone: string) =>
      Object.fromEntries(
        shared.map((column) => {
          const value = row[column.name]
          const isInstant = instants.has(column.name) && typeof value === 'string'
          return [column.name, isInstant ? Date.parse(`${value.replace(' ', 'T')}${zone}`) : value]
        }),
      )
    expect(there.map((row) => norm(row, ''))).toEqual(own.map((row) => norm(row, 'Z')))
    compared += own.length
  }
  return compared
}

test.each([1, 2, 3])('seed %i: nothing is lost and nothing is there twice', async (seed) => {
  const random = createRandom(seed)
  const pbx = await pbxWith({ callsPerSecond: 20, speed: 10 })
  const settings = sinkSettings(pbx.url)
  let program = await exporter(settings)
  const { db } = program
  for (let round = 0; round < 6; round += 1) {
    await sleep(500 + random.next() * 2_500)
    const isExporter = random.chance(0.6)
    if (isExporter) {
      await kill(program, random.chance(0.7) ? 'SIGKILL' : 'SIGTERM')
    }
    if (!isExporter || random.chance(0.4)) {
      await postgres.kill()
      await sleep(random.next() * 2_000)
      await postgres.start()
    }
    if (isExporter) {
      program = await exporter(settings, db)
    }
  }
  await ready(program.port)
  await pbx.stop()
  await eventually(
    () => rows(db, 'SELECT (SELECT count(*) FROM outbox) AS waiting, (SELECT count(*) FROM calls) AS calls')[0],
    (found) => found?.['waiting'] === 0 && Number(found['calls']) > 20,
  )
  const { text: body } = await get(program.port, '/metrics')
  expect(body).toContain('asterisk_exporter_outbox_rows{sink="postgres"} 0')
  expect(body).toMatch(/asterisk_exporter_outbox_refused_total\{sink="postgres"\} 0/)
  await kill(program, 'SIGTERM')
  expect(program.output()).not.toContain(central.writer.password ?? 'no password')
  expect(rows(db, 'SELECT * FROM outbox_refused')).toEqual([])
  expect(await compare(db)).toBeGreaterThan(50)
})

test('a copied file is noticed, and has its calls delivered once it has an id of its own', async () => {
  const pbx = await pbxWith({ callsPerSecond: 20, speed: 10 })
  const settings = sinkSettings(pbx.url)
  const first = await exporter(settings)
  await ready(first.port)
  const shipped = async (db: string) =>
    Number(await postgres.sql(`SELECT count(*) FROM calls WHERE log_id = '${logIdOf(db)}'`, 'calls'))
  await eventually(
    () => shipped(first.db),
    (calls) => calls > 5,
  )
  await kill(first, 'SIGTERM')
  const copy = join(freshFolder(), 'calls.db')
  copyFileSync(first.db, copy)

  const again = await exporter(settings, first.db)
  const before = await shipped(first.db)
  await eventually(
    () => shipped(first.db),
    (calls) => calls > before + 20,
  )
  await kill(again, 'SIGTERM')

  const second = await exporter(settings, copy)
  await eventually(
    async () => (await get(second.port, '/metrics').catch(() => ({ text: '' }))).text,
    (text) => /outbox_failures_total\{sink="postgres",reason="copied"\} [1-9]/.test(text),
  )
  expect(second.output()).toContain('new-log-id')
  await kill(second, 'SIGTERM')

  const command = startProgram(['new-log-id'], { DB_PATH: copy })
  expect(await command.ended).toBe(0)
  expect(logIdOf(copy)).not.toBe(logIdOf(first.db))
  const third = await exporter(settings, copy)
  await eventually(
    () => shipped(copy),
    (calls) => calls > 5,
  )
  await kill(third, 'SIGTERM')
})
