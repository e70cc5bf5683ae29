// The call log when it is large: how soon a start has /metrics right, what a question costs, what retention does.
//
// The start is that of the whole program, Node included, until the first scrape that counts all calls of the log; no PBX is needed
// for it. The scan that it is compared with is one pass over the rows.

import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { freePort } from '../system/program/program.ts'
import type { Benchmark, Context } from './context.ts'
import { median } from './figures.ts'
import { KNOWN_CALLER, SCAN_SQL, writeManyRows } from './manyRows.ts'
import { callsOf, startExporter } from './programUnderTest.ts'
import type { Figures } from './rows.ts'
import { plain, request } from './scraping.ts'

const ROWS = 10_000_000
const QUICK_ROWS = 100_000
const ASKED = 15
/** A deletion begins long before that. */
const BEGINS_MS = 30_000
const MEGABYTE = 1024 ** 2
/** The rows are a year's: retention begins with the oldest weeks of them. */
const KEPT_DAYS = 340

export const logBench: Benchmark = { name: 'log', comparesWithBase: false, run }

async function run(context: Context): Promise<Figures> {
  const rows = context.quick ? QUICK_ROWS : ROWS
  const folder = join(context.folder, 'log')
  mkdirSync(folder)
  const path = join(folder, 'many.db')
  writeManyRows(path, rows, context.say)
  const place = { checkout: context.checkout, folder, url: `http://127.0.0.1:${await freePort()}` }
  context.say('log: starts')
  const empty = await startOn(join(folder, 'empty.db'), 0, place)
  const starts = await startOn(path, rows, place)
  context.say('log: questions')
  const asked = await askAbout(path, place)
  context.say('log: the scan')
  const scan = scanSeconds(path)
  context.say('log: retention')
  const retention = await prune(context, path, place)
  return {
    'log.rows': rows,
    'log.size': statSync(path).size / MEGABYTE,
    'log.start': starts,
    'log.start.empty': empty,
    'log.scan': scan,
    'log.gain': scan / starts,
    ...asked,
    ...retention,
  }
}

interface Place extends Pick<Context, 'checkout' | 'folder'> {
  readonly url: string
}

/** Seconds, the median of three starts. */
async function startOn(database: string, calls: number, place: Place): Promise<number> {
  const isRight = async (port: number): Promise<boolean> => {
    const { ended, rows } = await callsOf(port)
    return ended === calls && rows === calls && (await request({ port, path: '/-/healthy' }).catch(() => null)) !== null
  }
  const times: number[] = []
  for (let start = 0; start < 3; start += 1) {
    const exporter = await startExporter(place, { url: place.url, database, bare: true, settings: QUIET }, isRight)
    times.push(exporter.readyAfterMs / 1000)
    await exporter.stop()
  }
  return median(times)
}

/** There is no PBX, and it need not be said. */
const QUIET = { LOG_LEVEL: 'error' } as const

async function askAbout(database: string, place: Place): Promise<Figures> {
  const exporter = await startExporter(place, { url: place.url, database, settings: QUIET }, answersQuestions)
  const { port } = exporter
  const timed = async (path: string): Promise<number> => {
    const times: number[] = []
    for (let asked = 0; asked < ASKED; asked += 1) {
      times.push((await request({ port, path })).ms)
    }
    return median(times)
  }
  try {
    return {
      'log.page': await timed('/api/calls?limit=50'),
      'log.page.caller': await timed(`/api/calls?limit=50&caller=${KNOWN_CALLER}`),
      'log.page.nowhere': await timed('/api/calls?limit=50&text=99999999'),
    }
  } finally {
    await exporter.stop()
  }
}

async function answersQuestions(port: number): Promise<boolean> {
  return request({ port, path: '/api/calls?limit=1' }).then(
    () => true,
    () => false,
  )
}

function scanSeconds(path: string): number {
  const db = new Database(path, { readonly: true })
  const begun = performance.now()
  for (const sql of SCAN_SQL) {
    db.prepare(sql).all()
  }
  const seconds = (performance.now() - begun) / 1000
  db.close()
  return seconds
}

async function prune({ quick }: Context, database: string, place: Place): Promise<Figures> {
  const span = quick ? 3_000 : 15_000
  const db = new Database(database, { readonly: true })
  const oldest = db.prepare<[], number>('SELECT id FROM calls ORDER BY start_time LIMIT 1').pluck()
  const first = oldest.get() ?? 0
  const settings = { ...QUIET, CALL_LOG_RETENTION_DAYS: String(KEPT_DAYS) }
  const exporter = await startExporter(place, { url: place.url, database, settings }, answersQuestions)
  try {
    const [from, begun] = [oldest.get() ?? 0, performance.now()]
    let slowest = 0
    const hasBegun = (): boolean => (oldest.get() ?? 0) > first
    while (performance.now() - begun < span || (!hasBegun() && performance.now() - begun < BEGINS_MS)) {
      slowest = Math.max(slowest, (await plain(exporter.port)).ms)
      await sleep(100)
    }
    const deleted = (oldest.get() ?? 0) - from
    const seconds = (performance.now() - begun) / 1000
    if (from === first && deleted === 0) {
      throw new Error('retention deleted nothing')
    }
    return { 'log.retention': deleted / seconds, 'log.retention.scrape': slowest }
  } finally {
    await exporter.stop()
    db.close()
  }
}
