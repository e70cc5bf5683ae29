// An ended call is shipped once and for all: nothing in its row or in its legs changes after its end, except who called back, and each end
// is in the outbox exactly once. So no correction is ever needed, whatever is transferred, merged, reconciled or restarted afterwards.

import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { PbxEvent } from '../../../src/call/event.ts'
import type { SinkEvents } from '../../../src/calllog/writer/outbox.ts'
import type { Batch } from '../../../src/calllog/writer/protocol.ts'
import { lawRuns } from '../call/lawRuns.ts'
import { EXPECTED, eventsOf, snapshotAfter } from '../call/recording.ts'
import { anyMix, playMix } from '../pbx-sim/playing.ts'
import { Disk, startRun } from './restarting.ts'

beforeAll(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterAll(() => void vi.useRealTimers())

const RUNS = lawRuns(25)

const SINKS: readonly SinkEvents[] = [
  { sink: 'postgres', events: ['call', 'missed_caller'], backFill: 'here' },
  { sink: 'webhook', events: ['answered', 'missed', 'ended'], backFill: null },
]

type Rows = Readonly<Record<string, unknown>>

/** Keeps each ended call with its legs as the transaction left it that ended it. */
class WatchedDisk extends Disk {
  readonly atTheirEnd = new Map<number, Rows>()

  constructor() {
    super(new Database(':memory:'), SINKS)
  }

  override write(batch: Batch): void {
    super.write(batch)
    const ended = this.db.prepare<[], number>('SELECT id FROM calls WHERE end_time IS NOT NULL').pluck().all()
    for (const id of ended) {
      if (!this.atTheirEnd.has(id)) {
        this.atTheirEnd.set(id, this.now(id))
      }
    }
  }

  /** What is shipped of a call. */
  now(id: number): Rows {
    const call = this.db.prepare<[number], Rows>('SELECT * FROM calls WHERE id = ?').get(id)
    const { returned_by: _by, returned_after: _after, ...row } = call ?? {}
    const legs = this.db.prepare<[number], Rows>('SELECT * FROM legs WHERE call_id = ? ORDER BY id').all(id)
    return { ...row, legs }
  }

  entries(): readonly string[] {
    return this.db
      .prepare<[], string>(
        "SELECT sink || ' ' || row_id || ' ' || count(*) FROM outbox WHERE event <> 'missed_caller' GROUP BY sink, row_id",
      )
      .pluck()
      .all()
  }

  merged(id: number): boolean {
    return this.now(id)['disposition'] === 'merged'
  }
}

/** `after`: how many events the exporter sees until it ends; `missed`: how many it misses until it is connected again. */
interface Restart {
  readonly after: number
  readonly missed: number
  readonly kill: boolean
}

async function live(events: readonly PbxEvent[], restarts: readonly Restart[]): Promise<WatchedDisk> {
  const disk = new WatchedDisk()
  let now = events[0]?.at ?? 0
  const start = () => startRun(disk, { labelLimit: 100, now: () => now })
  let run = await start()
  let next = 0
  const takeUntil = (end: number): void => {
    for (const event of events.slice(next, end)) {
      now = Math.max(now, event.at)
      run.take(event)
    }
    next = Math.max(next, Math.min(end, events.length))
  }
  for (const { after, missed, kill } of restarts) {
    takeUntil(next + after)
    if (kill) {
      run.kill()
    } else {
      await run.stop()
    }
    run = await start()
    next = Math.min(events.length, next + missed)
    now = Math.max(now, events[next - 1]?.at ?? 0)
    run.take(snapshotAfter(events.slice(0, next), now))
  }
  takeUntil(events.length)
  await run.flush()
  // Whoever is left ends now.
  now += 1_000
  run.take({ type: 'SnapshotTaken', at: now, channels: [], bridges: [], endpoints: [] })
  await run.flush()
  await run.stop()
  return disk
}

function check(disk: WatchedDisk): void {
  const ids = [...disk.atTheirEnd.keys()]
  expect(ids.map((id) => disk.now(id))).toEqual([...disk.atTheirEnd.values()])
  const wanted = ids.flatMap((id) => [`postgres ${id} 1`, ...(disk.merged(id) ? [] : [`webhook ${id} 1`])])
  expect(disk.entries().toSorted()).toEqual(wanted.toSorted())
  disk.close()
}

const NAMES = Object.keys(EXPECTED).filter((name) => eventsOf(name).length > 0)

describe('nothing changes after the end of a call, and it is put into the outbox once', () => {
  test.each(NAMES)('%s', async (name) => {
    const disk = await live(eventsOf(name), [])
    expect(disk.atTheirEnd.size).toBe(disk.db.prepare('SELECT count(*) FROM calls').pluck().get())
    check(disk)
  })

  test('the recordings have calls that become part of others', async () => {
    const disk = await live(eventsOf('attended-transfer'), [])
    expect([...disk.atTheirEnd.keys()].filter((id) => disk.merged(id))).not.toEqual([])
    disk.close()
  })

  const restarts = fc.array(
    fc.record({
      after: fc.nat({ max: 60 }),
      missed: fc.oneof(fc.constant(0), fc.nat({ max: 20 })),
      kill: fc.boolean(),
    }),
    { maxLength: 6 },
  )

  test('law: in the recordings, with restarts and gaps anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...NAMES.filter((name) => name !== 'overlapping-50')),
        restarts,
        async (name, ends) => check(await live(eventsOf(name), ends)),
      ),
      { numRuns: RUNS },
    )
  })

  test('law: in any mix of generated calls, with restarts and gaps anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), anyMix(10), restarts, async (seed, mix, ends) =>
        check(await live(playMix(seed, mix).events, ends)),
      ),
      { numRuns: RUNS },
    )
  })
})
