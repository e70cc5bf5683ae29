// npm run bench:reads: how long the queries of the fleet page take over five million calls in a real PostgreSQL.
//
//   npm run bench:reads                   five million calls of 60 days from 20 sites: about ten minutes, 8 GB of temporary disk
//   npm run bench:reads -- --calls N      another number of calls
//
// PostgreSQL makes the rows itself, without the indexes, which come last. Each query runs on the connections of the reader, first once, then
// `REPEATS` times; the table has the first time, the median and the longest of the others.

import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { openCentralQueries } from '../../src/central/reader/client.ts'
import { CALL_INDEXES, LEG_INDEXES, MISSED_CALLER_INDEXES } from '../../src/central/schema/searchIndexes.ts'
import { makeCentral } from '../system/fleet/central.ts'
import { type Generated, generatingSql, partitionsSql } from '../system/fleet/generatedCalls.ts'
import { type Postgres, startPostgres } from '../system/fleet/postgres.ts'
import { median } from './figures.ts'

const DAY = 86_400_000
const REPEATS = 9
const END = Date.UTC(2026, 2, 4, 15)

/** As a small server has it. */
const SETTINGS = {
  shared_buffers: '2GB',
  maintenance_work_mem: '512MB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  max_parallel_maintenance_workers: '2',
  random_page_cost: '1.1',
}

const COUNT_SQL = `SELECT (SELECT count(*) FROM calls) || ', ' || (SELECT count(*) FROM legs) || ', ' || (SELECT count(*) FROM missed_callers)`
const SIZE_SQL = `SELECT pg_size_pretty(pg_database_size('calls'))`

const { values: flags } = parseArgs({ options: { calls: { type: 'string', default: '5000000' } } })
const generated: Generated = { calls: Number(flags.calls), days: 60, sites: 20, prefix: 'site', end: END }

const postgres = await startPostgres({ settings: SETTINGS })
try {
  await measure(postgres)
} finally {
  await postgres.remove()
}

async function measure(server: Postgres): Promise<void> {
  const { reader } = await makeCentral(server)
  const sql = (text: string): Promise<string> => server.sql(text, 'calls')
  const indexes = [...CALL_INDEXES, ...LEG_INDEXES, ...MISSED_CALLER_INDEXES]
  await sql(partitionsSql(generated))
  await sql(indexes.map((index) => `DROP INDEX ${/INDEX (\w+)/.exec(index)?.[1]}`).join(';'))
  for (const [index, statement] of generatingSql(generated).entries()) {
    progress(`rows: ${['calls', 'legs', 'missed callers'][index]}`)
    await sql(statement)
  }
  for (const index of indexes) {
    progress(index)
    await sql(index)
  }
  progress('VACUUM ANALYZE')
  await sql('VACUUM ANALYZE')
  say(`calls, legs, states of missed callers: ${await sql(COUNT_SQL)}; on disk: ${await sql(SIZE_SQL)}`)
  const queries = openCentralQueries({ address: reader }, { log: pino({ level: 'warn' }), now: () => END })
  const page =
    (filter: object, order: 'newest' | 'oldest' = 'newest') =>
    async () => {
      const { calls, next } = await queries.page({ filter, order, limit: 50 })
      return `${calls.length} calls${next === null ? ', the last page' : calls.length < 50 ? ', short page' : ''}`
    }
  const callers = (filter: object) => async () => {
    const found = await queries.missedCallers({ filter, order: 'newest', limit: 50 })
    return `${found.missed_callers.length} callers, ${found.waiting} wait`
  }
  const [known] = (
    await queries.page({ filter: { direction: ['inbound'], to: END - 30 * DAY }, order: 'newest', limit: 1 })
  ).calls
  const number = known?.caller ?? ''
  const day = { from: END - 20 * DAY, to: END - 19 * DAY }
  const cases: readonly (readonly [string, () => Promise<string>])[] = [
    ['key figures of a day', async () => `${(await queries.stats(day)).calls} calls`],
    ['key figures of 60 days', async () => `${(await queries.stats({ from: END - 60 * DAY, to: END })).calls} calls`],
    ['operators of a day', async () => `${(await queries.operators(day)).length} operators`],
    [
      'busiest hours of trunks',
      async () => `${(await queries.busiestHours({ from: END - 30 * DAY, to: END })).trunks.length} trunks`,
    ],
    ['missed callers who wait', callers({ state: ['waiting'] })],
    ['missed callers, first page', callers({})],
    ['missed callers called back on a day', callers({ state: ['returned'], closedFrom: day.from, closedTo: day.to })],
    ['the sites', async () => `${(await queries.sites()).length} sites`],
    ['number of a caller, whole', page({ caller: number })],
    ['number that was called, whole', page({ callee: number })],
    ['number that nobody has, whole', page({ caller: '+999' })],
    ['number as typed, 0401234567', page({ text: number.replace('+358', '0') })],
    ['number as typed, 040 123 4567', page({ text: spaced(number.replace('+358', '0')) })],
    ['number as typed, +358 40 123 4567', page({ text: spaced(number) })],
    ['number as typed that nobody has', page({ text: '+358 50 771 9170' })],
    ['number as typed that many call', page({ text: '095551007' })],
    ['number as typed, of a site', page({ text: number, site: ['site-0007'] })],
    ['number as typed, only missed', page({ text: number, missed: true })],
    ['last four digits of a number', page({ text: number.slice(-4) })],
    ['last four digits that nobody has', page({ text: '0#99' })],
    ['extension', page({ text: '101' })],
    ['extension that nobody has', page({ text: '*98' })],
    ['last digit of many numbers', page({ text: '7' })],
    ['name that nobody has', page({ text: 'nobody' })],
    ['first page', page({})],
    ['oldest first', page({}, 'oldest')],
    ['a day 20 days ago', page(day)],
    ['disposition', page({ disposition: ['busy'] })],
    ['two dispositions', page({ disposition: ['busy', 'abandoned'] })],
    ['missed', page({ missed: true })],
    ['queue', page({ queue: 'queue-3' })],
    ['trunk', page({ trunk: 'PJSIP/trunk-1' })],
    ['operator', page({ operator: 'PJSIP/101' })],
    ['site', page({ site: ['site-0007'] })],
    ['operator of a site', page({ operator: 'PJSIP/101', site: ['site-0007'] })],
    ['direction', page({ direction: ['outbound'] })],
    ['a line that nobody called', page({ line: 'Sales' })],
    ['SIP Call-ID within a day', page({ sipCallId: 'dialog@pc33.example.com', ...day })],
    ['one call', async () => `${(await queries.detail(known?.id ?? ''))?.legs.length} legs`],
    ['one call, by its channel', async () => `${(await queries.detail(known?.channel_id ?? ''))?.legs.length} legs`],
  ]
  say('| query | found | first | median | longest |\n|---|---|---|---|---|')
  for (const [name, run] of cases) {
    // A query that fails, because it takes too long, has no figures.
    const begun = await timed(run).catch((error: unknown) => String(error))
    if (typeof begun === 'string') {
      say(`| ${name} | ${begun} | - | - | - |`)
      continue
    }
    const [first, found] = begun
    const times: number[] = []
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      times.push((await timed(run))[0])
    }
    say(
      `| ${name} | ${found} | ${[first, median(times), Math.max(...times)].map((ms) => `${ms.toFixed(0)} ms`).join(' | ')} |`,
    )
  }
  await queries.close()
}

/** As people write it: `040 123 4567`, `+358 40 123 4567`. */
function spaced(number: string): string {
  return number.replace(/^(\+358|0)(\d\d)(\d{3})(\d+)$/, (_, prefix: string, ...groups: readonly string[]) =>
    [prefix === '0' ? `0${groups[0]}` : `${prefix} ${groups[0]}`, groups[1], groups[2]].join(' '),
  )
}

async function timed(run: () => Promise<string>): Promise<readonly [number, string]> {
  const begun = performance.now()
  const found = await run()
  return [performance.now() - begun, found]
}

function progress(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
