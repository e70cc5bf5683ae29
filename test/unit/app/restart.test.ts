// Counters survive restarts: no series decreases or disappears, however and whenever the program ends.

import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { PbxEvent } from '../../../src/call/event.ts'
import { APPLICATION_ID, MIGRATIONS } from '../../../src/calllog/file/migrations.ts'
import { catalogueEntries } from '../../../src/metrics/catalogue/catalogue.ts'
import { lawRuns } from '../call/lawRuns.ts'
import { EXPECTED, eventsOf, snapshotAfter } from '../call/recording.ts'
import { anyMix, playMix } from '../pbx-sim/playing.ts'
import { Disk, type Run, startRun } from './restarting.ts'

beforeAll(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterAll(() => void vi.useRealTimers())

const RUNS = lawRuns(25)

const NAMES = Object.keys(EXPECTED).filter((name) => name !== 'overlapping-50' && eventsOf(name).length > 0)
const STREAMS = new Map(NAMES.map((name) => [name, eventsOf(name)]))

/** A few recordings, interleaved: `turn` events of each in turn. */
const recorded = fc.record({
  kind: fc.constant('recorded' as const),
  names: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }),
  turn: fc.integer({ min: 1, max: 30 }),
})

const generated = fc.record({ kind: fc.constant('generated' as const), seed: fc.nat(), calls: anyMix(8) })

/**
 * `stop`, `kill`: the program ends and starts again, and misses `missed` events. `fail`: the disk fails until `recover`.
 * `copy`, `replace`: the open file is replaced by an earlier copy, or by an empty file. `refuse`: the next rows get lost.
 */
const ACTS = ['scrape', 'write', 'stop', 'kill', 'fail', 'recover', 'copy', 'replace', 'refuse'] as const

const acts = fc.array(
  fc.record({
    after: fc.nat({ max: 999 }),
    act: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom('scrape' as const, 'stop' as const, 'kill' as const) },
      { weight: 2, arbitrary: fc.constantFrom(...ACTS) },
    ),
    missed: fc.oneof(fc.constant(0), fc.nat({ max: 20 })),
  }),
  { minLength: 2, maxLength: 10 },
)

const plan = fc.record({
  stream: fc.oneof(recorded, generated),
  acts,
  /** Used by the runs in turn. */
  labelLimits: fc.array(fc.constantFrom(1, 2, 100), { minLength: 1, maxLength: 3 }),
})

type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never

function eventsFor({ stream }: Plan): readonly PbxEvent[] {
  if (stream.kind === 'generated') {
    return playMix(stream.seed, stream.calls).events
  }
  const queues = stream.names.map((name) => [...(STREAMS.get(name) ?? [])])
  const events: PbxEvent[] = []
  while (queues.some((queue) => queue.length > 0)) {
    for (const queue of queues) {
      events.push(...queue.splice(0, stream.turn))
    }
  }
  return events
}

const STARTED = 'asterisk_calls_started_total'

const PERSISTED = new Set(
  catalogueEntries().flatMap(([, entry]) => {
    if (entry.type === 'gauge' || !(entry.persisted || entry.name === STARTED)) {
      return []
    }
    return entry.type === 'counter' ? [entry.name] : ['_bucket', '_sum', '_count'].map((part) => entry.name + part)
  }),
)

interface Samples {
  readonly persisted: ReadonlyMap<string, number>
  readonly active: number
  readonly waiting: number
}

/** The samples of persisted metrics in an exposition, and the numbers of active calls and of missed callers who wait. */
function read(text: string): Samples {
  const persisted = new Map<string, number>()
  let active = 0
  let waiting = 0
  for (const line of text.split('\n')) {
    if (!line.startsWith('asterisk_')) {
      continue
    }
    const end = line.lastIndexOf(' ')
    const brace = line.indexOf('{')
    const name = line.slice(0, brace < 0 ? end : brace)
    if (PERSISTED.has(name)) {
      persisted.set(line.slice(0, end), Number(line.slice(end + 1)))
    } else if (name === 'asterisk_calls_active') {
      active += Number(line.slice(end + 1))
    } else if (name === 'asterisk_missed_callers_waiting') {
      waiting += Number(line.slice(end + 1))
    }
  }
  return { persisted, active, waiting }
}

function total(persisted: ReadonlyMap<string, number>, name: string): number {
  let sum = 0
  for (const [series, value] of persisted) {
    if (series.startsWith(`${name}{`)) {
      sum += value
    }
  }
  return sum
}

/** Compares each scrape with the one before, and the missed callers who wait with the rows of the disk. */
function createScrapeCheck(disk: Disk) {
  let last: ReadonlyMap<string, number> = new Map()
  return async (run: Run): Promise<void> => {
    const { persisted, active, waiting } = read(await run.scrape())
    if (!disk.isFailing) {
      expect(waiting).toBe(disk.db.prepare("SELECT count(*) FROM missed_callers WHERE state = 'waiting'").pluck().get())
    }
    const decreased = [...last].filter(([series, value]) => !((persisted.get(series) ?? -1) >= value))
    expect(decreased.map(([series, value]) => `${series}: ${value} -> ${persisted.get(series)}`)).toEqual([])
    expect(total(persisted, STARTED)).toBe(total(persisted, 'asterisk_calls_total') + active)
    last = persisted
  }
}

async function live(plan: Plan): Promise<void> {
  const events = eventsFor(plan)
  const disk = new Disk()
  const check = createScrapeCheck(disk)
  let now = events[0]?.at ?? 0
  let starts = 0
  const start = () => {
    starts += 1
    return startRun(disk, { labelLimit: plan.labelLimits[starts % plan.labelLimits.length] ?? 100, now: () => now })
  }
  let run = await start()
  let next = 0

  const connect = (): void => run.take(snapshotAfter(events.slice(0, next), now))
  const takeUntil = (end: number): void => {
    for (; next < Math.min(end, events.length); next += 1) {
      const event = events[next]
      if (event === undefined) {
        return
      }
      now = Math.max(now, event.at)
      run.take(event)
    }
  }
  const restart = async (missed: number): Promise<void> => {
    run = await start()
    await check(run)
    next = Math.min(events.length, next + missed)
    now = Math.max(now, events[next - 1]?.at ?? 0)
    connect()
  }
  const recover = async (): Promise<void> => {
    disk.isFailing = false
    await run.wait()
    await run.flush()
  }

  const perform = async ({ act, missed }: Plan['acts'][number]): Promise<void> => {
    // What a failing disk has not stored is lost with the process, which is not a fault.
    if (disk.isFailing && act !== 'scrape') {
      await recover()
    }
    switch (act) {
      case 'scrape':
        // A scrape does not wait for a log that is known to fail.
        if (disk.isFailing) {
          await run.wait()
        }
        return await check(run)
      case 'write':
        return await run.flush()
      case 'stop':
        await run.stop()
        return await restart(missed)
      case 'kill':
        run.kill()
        return await restart(missed)
      case 'fail':
        disk.isFailing = true
        return
      case 'recover':
        return await recover()
      case 'copy':
        return disk.copy()
      case 'replace':
        disk.replace()
        return await recover()
      case 'refuse':
        disk.refusesRows = true
        return
    }
  }

  connect()
  for (const one of plan.acts.toSorted((a, b) => a.after - b.after)) {
    takeUntil(Math.floor((one.after / 1000) * events.length))
    await perform(one)
  }
  takeUntil(events.length)
  await perform({ act: 'scrape', after: 0, missed: 0 })
  await perform({ act: 'kill', after: 0, missed: 0 })
  await check(run)
  await run.stop()
  disk.close()
}

test('law: no counter or histogram decreases or disappears over restarts, and started = ended + active', {
  timeout: Math.max(60_000, RUNS * 200),
}, async () => {
  await fc.assert(fc.asyncProperty(plan, live), { numRuns: RUNS })
})

const MINUTE = 60_000
const DAY = 86_400_000

/** Seconds of talk that the metrics show. */
async function talkSeconds(run: Run): Promise<number> {
  return total(read(await run.scrape()).persisted, 'asterisk_call_duration_seconds_sum')
}

test('an event dated a day ahead adds no talk time', async () => {
  const events = eventsOf('internal-answered-caller-hangup')
  const answered = events.findLastIndex(({ type }) => type === 'BridgeEntered')
  const last = events[answered]
  if (last?.type !== 'BridgeEntered') {
    throw new Error('the recording has no bridge')
  }
  const disk = new Disk()
  let now = last.at + 5_000
  const first = await startRun(disk, { labelLimit: 100, now: () => now })
  for (const event of events.slice(0, answered + 1)) {
    first.take(event)
  }
  first.take({ type: 'Held', at: now + DAY, channel: last.channel })
  await first.flush()
  first.kill()
  now += 10 * MINUTE
  const second = await startRun(disk, { labelLimit: 100, now: () => now })
  second.take({ type: 'SnapshotTaken', at: now, channels: [], bridges: [], endpoints: [] })
  expect(await talkSeconds(second)).toBeCloseTo(5, 0)
  second.kill()
})

/** A file of the first version, which stored no started calls: with an open call, and a heartbeat in the future. */
const OLD_FILE = `
  ${MIGRATIONS[0]}
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = 1;
  INSERT INTO calls (id, channel_id, caller, callee, direction, status, start_time, duration, created_at, updated_at,
    missed, hold_seconds, answered_by, transfers, caller_name, caller_endpoint, account_code, context, answer_time)
  VALUES (7, '1772600767.7', '101', '102', 'internal', 'answered', '2026-03-04 05:06:07.089', 0,
    '2026-03-04 05:06:07.089', '2026-03-04 05:06:20.000', 0, 0, '["102"]', 0, 'Ann', '101', '', 'internal',
    '2026-03-04 05:06:10.000');
  INSERT INTO legs (id, call_id, channel_id, endpoint, endpoint_role, role, dialed, direction, start_time, answer_time,
    talk_seconds)
  VALUES (9, 7, '1772600767.8', '102', 'phone', 'callee', '102', 'internal', '2026-03-04 05:06:08.000',
    '2026-03-04 05:06:10.000', 0);
  INSERT INTO totals VALUES
    ('asterisk_calls_total', '{"direction":"internal","disposition":"answered"}', 4),
    ('asterisk_calls_total', '{"direction":"outbound","disposition":"busy"}', 2);
  INSERT INTO counters VALUES ('ended', 6), ('dropped', 0), ('at', ${Date.UTC(2026, 2, 5, 5, 6, 7)});
`

test('restores a call log of the first version: started calls, and an end that is not later than the last observation', async () => {
  const db = new Database(':memory:')
  db.exec(OLD_FILE)
  const disk = new Disk(db)
  const now = Date.UTC(2026, 2, 4, 6, 0, 0)
  const options = { labelLimit: 100, now: () => now }
  const check = createScrapeCheck(disk)
  for (const ended of [6, 7, 7]) {
    const run = await startRun(disk, options)
    await check(run)
    const { persisted } = read(await run.scrape())
    expect([total(persisted, STARTED), total(persisted, 'asterisk_calls_total')]).toEqual([7, ended])
    expect(persisted.get(`${STARTED}{direction="internal"}`)).toBe(5)
    run.take({ type: 'SnapshotTaken', at: now, channels: [], bridges: [], endpoints: [] })
    expect(await talkSeconds(run)).toBe(10)
    run.kill()
  }
})
