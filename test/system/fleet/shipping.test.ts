// Programs of several sites ship their calls to a real PostgreSQL while all of them are killed, and their lines cut, at random: in the end
// both have the same, in every column.

import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openCentralQueries } from '../../../src/central/reader/client.ts'
import { TABLES } from '../../../src/central/schema/tables.ts'
import type { Logger } from '../../../src/log.ts'
import { createRandom } from '../../../src/pbx-sim/random.ts'
import { relayTo } from '../e2e/tcpRelay.ts'
import { exporter, pbxWith, ready, rows, type Started } from '../program/exporterUnderTest.ts'
import { eventually, freshFolder, get, startProgram } from '../program/program.ts'
import { centralPerFile } from './centralPerFile.ts'

const ignore = () => {}
const QUIET: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore }

const central = centralPerFile()

function sinkSettings(pbxUrl: string, site = 'berlin', url = central.writer.url): Readonly<Record<string, string>> {
  const passwordFile = join(freshFolder(), 'password')
  writeFileSync(passwordFile, `${central.writer.password}\n`)
  return {
    ...{ ARI_URL: pbxUrl, SITE: site, COUNTRY: 'FI' },
    ...{ CALL_LOG_SINK: url, CALL_LOG_SINK_PASSWORD_FILE: passwordFile },
  }
}

async function kill({ child, ended }: Started, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal)
  await ended
}

const logIdOf = (db: string) => String(rows(db, "SELECT value FROM identity WHERE name = 'log_id'")[0]?.['value'])
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const ENDED = 'end_time IS NOT NULL'

/** The rows that both databases must have. */
const SHARED: Readonly<Record<string, { readonly own: string; readonly there: (logId: string) => string }>> = {
  calls: { own: ENDED, there: (logId) => `SELECT * FROM calls WHERE log_id = '${logId}'` },
  legs: {
    own: `call_id IN (SELECT id FROM calls WHERE ${ENDED})`,
    there: (logId) => `SELECT * FROM legs WHERE log_id = '${logId}'`,
  },
  // The newest state of each.
  missed_callers: {
    own: 'TRUE',
    there: (logId) =>
      `SELECT DISTINCT ON (id) * FROM missed_callers WHERE log_id = '${logId}' ORDER BY id, version DESC`,
  },
}

interface Compared {
  readonly calls: number
  readonly legs: number
  readonly missed_callers: number
  readonly returned: number
  readonly lost: number
  readonly doubled: number
}

/** The rows of all tables as both databases have them: instants as epoch ms, no column that only one of them has. */
async function compare(db: string): Promise<Compared> {
  const logId = logIdOf(db)
  const counts = { calls: 0, legs: 0, missed_callers: 0 }
  let [lost, doubled] = [0, 0]
  for (const { name, columns } of TABLES) {
    const shared = columns.filter((column) => !['log_id', 'site', 'day', 'version'].includes(column.name))
    const where = SHARED[name]
    const own = rows(
      db,
      `SELECT ${shared.map((column) => column.name).join(', ')} FROM ${name} WHERE ${where?.own} ORDER BY id`,
    )
    const json = await central.postgres.sql(
      `SET timezone = 'UTC'; SELECT coalesce(json_agg(t ORDER BY id), '[]') FROM (${where?.there(logId)}) t`,
      'calls',
    )
    const there: readonly Readonly<Record<string, unknown>>[] = JSON.parse(json)
    const ids = new Set(there.map(({ id }) => id))
    lost += own.filter(({ id }) => !ids.has(id)).length
    doubled += there.length - ids.size
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
    counts[name] = own.length
  }
  return { ...counts, lost, doubled, returned: await compareReturns(db, logId) }
}

/** Who called back is in the file's calls, and derived by the reader of the central call log. Returns how many were. */
async function compareReturns(db: string, logId: string): Promise<number> {
  const { close, detail } = openCentralQueries({ address: central.reader }, { log: QUIET })
  try {
    const missed = rows(
      db,
      `SELECT id, returned_by, returned_after FROM calls WHERE missed_caller IS NOT NULL AND ${ENDED} ORDER BY id`,
    )
    for (const { id, returned_by: by, returned_after: after } of missed) {
      expect(await detail(`${logId}.${id}`)).toMatchObject({
        returned_by: by === null ? null : `${logId}.${by}`,
        returned_after: after,
      })
    }
    return missed.filter((call) => call['returned_after'] !== null).length
  } finally {
    await close()
  }
}

/** The numbers by which an operator compares the two. */
async function sums(db: string): Promise<string> {
  const counted = "count(*) || ' calls, ' || coalesce(round(sum(duration)"
  const own = rows(db, `SELECT ${counted}, 3), 0) || ' s' AS text FROM calls WHERE ${ENDED}`)[0]?.['text']
  const there = await central.postgres.sql(
    `SELECT ${counted}::numeric, 3)::float8, 0) || ' s' FROM calls WHERE log_id = '${logIdOf(db)}'`,
    'calls',
  )
  expect(there).toBe(own)
  return there
}

/** Kills PostgreSQL at random until `done`. */
async function killPostgres(done: Promise<unknown>): Promise<void> {
  const random = createRandom(7)
  let isDone = false
  void done.finally(() => {
    isDone = true
  })
  while (!isDone) {
    await sleep(1_500 + random.next() * 3_000)
    await central.postgres.kill()
    await sleep(random.next() * 1_500)
    await central.postgres.start()
  }
}

interface Site {
  readonly name: string
  readonly db: string
  /** Begins the last part: the exporter is started once more, and the PBX ends. */
  finish(): Promise<Started>
  start(): Promise<Started>
}

/** An exporter that is killed at random, with a line to PostgreSQL that is cut at random. */
async function site(name: string, seed: number): Promise<Site> {
  const random = createRandom(seed)
  const pbx = await pbxWith({ callsPerSecond: 12, speed: 40, callBacks: true })
  const line = await relayTo(central.postgres.port)
  onTestFinished(line.close)
  const settings = sinkSettings(pbx.url, name, `postgres://calls_writer@${new URL(line.url).host}/calls`)
  let program = await exporter(settings)
  const { db } = program
  const start = () => exporter(settings, db)
  const again = async (signal: NodeJS.Signals) => {
    await kill(program, signal)
    program = await start()
  }
  await ready(program.port)
  for (let round = 0; round < 6; round += 1) {
    await sleep(1_000 + random.next() * 3_000)
    if (random.chance(0.4)) {
      await again(random.chance(0.7) ? 'SIGKILL' : 'SIGTERM')
    } else {
      line.cut()
    }
  }
  return {
    ...{ name, db, start },
    async finish() {
      await again('SIGKILL')
      await ready(program.port)
      await pbx.stop()
      return program
    },
  }
}

async function finished({ name, db, finish, start }: Site): Promise<Compared> {
  let program = await finish()
  // What ended last may be written while the program stops.
  for (let isEmpty = false; !isEmpty; ) {
    await eventually(
      () => waitingIn(db),
      (waiting) => waiting === 0,
    )
    const { text: body } = await get(program.port, '/metrics')
    expect(body).toMatch(/asterisk_exporter_outbox_refused_total\{sink="postgres"\} 0/)
    await kill(program, 'SIGTERM')
    expect(program.output()).not.toContain(central.writer.password ?? 'no password')
    isEmpty = waitingIn(db) === 0
    program = isEmpty ? program : await start()
  }
  expect(rows(db, 'SELECT * FROM outbox_refused')).toEqual([])
  const compared = await compare(db)
  process.stdout.write(`${name}: ${await sums(db)}\n`)
  return compared
}

const waitingIn = (db: string) => rows(db, 'SELECT count(*) AS waiting FROM outbox')[0]?.['waiting']

test('two sites of each seed: nothing is lost and nothing is there twice', async () => {
  const names = [1, 2, 3].flatMap((seed) => [`berlin ${seed}`, `oulu ${seed}`])
  const running = Promise.all(names.map((name, index) => site(name, index + 1)))
  const [sites] = await Promise.all([running, killPostgres(running)])
  const all = await Promise.all(sites.map(finished))
  const sum = (what: keyof Compared) => all.reduce((total, one) => total + one[what], 0)
  process.stdout.write(
    `3 seeds: ${sum('calls')} calls, ${sum('legs')} legs, ${sum('missed_callers')} missed callers, ${sum('returned')} called back; lost ${sum('lost')}, doubled ${sum('doubled')}\n`,
  )
  expect([sum('lost'), sum('doubled')]).toEqual([0, 0])
  expect(all.every(({ calls, missed_callers: callers }) => calls > 20 && callers > 0)).toBe(true)
  expect(sum('returned')).toBeGreaterThan(0)
})

test('a copied file is noticed, and has its calls delivered once it has an id of its own', async () => {
  const pbx = await pbxWith({ callsPerSecond: 20, speed: 10 })
  const settings = sinkSettings(pbx.url)
  const first = await exporter(settings)
  await ready(first.port)
  const shipped = async (db: string) =>
    Number(await central.postgres.sql(`SELECT count(*) FROM calls WHERE log_id = '${logIdOf(db)}'`, 'calls'))
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
