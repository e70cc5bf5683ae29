// The loop of one sink: what it delivers and when, what it repeats, and how it ends. Time is counted in the test.

import { describe, expect, test } from 'vitest'
import type { OutboxReader } from '../../../src/calllog/outbox/outboxReader.ts'
import type { Settled } from '../../../src/calllog/writer/outbox.ts'
import { type LoopReport, runLoop } from '../../../src/shipping/loop.ts'
import { type Choice, type Delivery, type Parcel, type Sink, SinkFailure } from '../../../src/shipping/sink.ts'

const OPTIONS = { parcelSize: 3, waitMs: 5_000, pollMs: 1_000, idleMs: 30_000 }

type Answer = Delivery | 'all' | Error

interface Course {
  /** What the sink answers, in order; then it takes everything. */
  readonly answers?: readonly Answer[]
  /** What removing answers, in order; then it is done. */
  readonly problems?: readonly (string | null)[]
  /** Ids in the outbox at the start. */
  readonly outbox?: readonly number[]
  /** What happens at a time (ms). */
  readonly at?: Readonly<Record<number, (world: World) => void>>
  readonly until: number
}

interface World {
  outbox: number[]
  logId: string
  isUnreadable: boolean
  /** What the sink holds back now. */
  held: readonly number[]
}

interface Happened {
  /** `time ids` of each delivery. */
  readonly deliveries: readonly string[]
  readonly reports: readonly LoopReport[]
  readonly closed: readonly number[]
  readonly left: readonly number[]
}

async function run({ answers = [], problems = [], outbox = [], at = {}, until }: Course): Promise<Happened> {
  const world: World = { outbox: [...outbox], logId: 'log', isUnreadable: false, held: [] }
  const [deliveries, closed, reports]: [string[], number[], LoopReport[]] = [[], [], []]
  const [toAnswer, toSettle] = [[...answers], [...problems]]
  const stop = new AbortController()
  let now = 0
  const ready = (choice: Choice | null = null): readonly number[] =>
    world.outbox.filter((id) => choice?.isHeldBack({ outboxId: id, event: 'call', rowId: id }) !== true)
  const parcel = (most: number, choice?: Choice | null): Parcel => ({
    logId: world.logId,
    site: 'here',
    items: ready(choice)
      .slice(0, most)
      .map((outboxId) => ({ outboxId, event: 'call', rowId: outboxId, row: null, legs: [] })),
  })
  const reader: OutboxReader = {
    isCurrent: () => true,
    get logId() {
      return world.logId
    },
    count: (_, most, choice) => Math.min(most, ready(choice).length),
    waiting: () => ({ rows: world.outbox.length, since: null }),
    parcel: (_, most, choice) => parcel(most, choice),
    close: () => undefined,
  }
  const sink: Sink = {
    name: 'postgres',
    choice: () => ({ isHeldBack: ({ outboxId }) => world.held.includes(outboxId), newest: 0 }),
    async deliver({ items }) {
      const ids = items.map(({ outboxId }) => outboxId)
      deliveries.push(`${now} ${ids.join(' ')}`)
      const answer = toAnswer.shift() ?? 'all'
      if (answer instanceof Error) {
        throw answer
      }
      return answer === 'all' ? { delivered: ids, refused: [] } : answer
    },
    close: async () => void closed.push(now),
  }
  await runLoop(
    OPTIONS,
    {
      sink,
      reader: () => {
        if (world.isUnreadable) {
          throw new Error('no such file')
        }
        return reader
      },
      settle: async ({ delivered, refused }: Settled) => {
        const problem = toSettle.shift() ?? null
        if (problem === null) {
          const gone = [...delivered, ...refused.map(({ outboxId }) => outboxId)]
          world.outbox = world.outbox.filter((id) => !gone.includes(id))
        }
        return problem
      },
      report: (report) => void reports.push(report),
      ticks: () => now,
      random: () => 1,
      async sleep(ms) {
        const end = now + ms
        for (const [time, happen] of Object.entries(at)) {
          if (Number(time) > now && Number(time) <= end) {
            happen(world)
          }
        }
        now = end
        if (now >= until) {
          stop.abort()
        }
      },
    },
    stop.signal,
  )
  return { deliveries, reports, closed, left: world.outbox }
}

const failuresOf = ({ reports }: Happened) => reports.flatMap((one) => (one.type === 'failed' ? [one] : []))

test('a full parcel goes at once, and the next one behind it; fewer entries wait five seconds for others', async () => {
  const happened = await run({ outbox: [1, 2, 3, 4, 5, 6, 7], until: 10_000 })
  expect(happened.deliveries).toEqual(['0 1 2 3', '0 4 5 6', '5000 7'])
  expect(happened.left).toEqual([])
  expect(happened.reports.filter(({ type }) => type === 'shipped')).toMatchObject([
    { entries: 3 },
    { entries: 3 },
    { entries: 1 },
  ])
})

test('the wait ends early when a parcel is full', async () => {
  const at = { 2000: ({ outbox }: World) => void outbox.push(2, 3) }
  expect((await run({ outbox: [1], at, until: 8_000 })).deliveries).toEqual(['2000 1 2 3'])
})

test('a failed delivery is repeated with all that waits, after 1 s, 2 s, 4 s …, and begins with 1 s after a success', async () => {
  const down = new SinkFailure('unreachable', 'no connection')
  const happened = await run({
    outbox: [1, 2, 3],
    answers: [down, down, down, 'all', down],
    at: { 20000: ({ outbox }) => void outbox.push(4, 5, 6) },
    until: 30_000,
  })
  expect(happened.deliveries).toEqual([
    '0 1 2 3',
    '1000 1 2 3',
    '3000 1 2 3',
    '7000 1 2 3',
    '20000 4 5 6',
    '21000 4 5 6',
  ])
  expect(failuresOf(happened)).toEqual(
    Array(4).fill({ type: 'failed', reason: 'unreachable', detail: 'no connection', isFinal: false }),
  )
})

test('what waits is told while deliveries fail, and after they were given up', async () => {
  const failures = [new SinkFailure('unreachable', 'x'), new SinkFailure('copied', 'x', { isFinal: true })]
  const at = { 900: ({ outbox }: World) => void outbox.push(4), 9000: ({ outbox }: World) => void outbox.push(5) }
  const { reports } = await run({ outbox: [1, 2, 3], answers: failures, at, until: 20_000 })
  expect(reports.map((one) => (one.type === 'waiting' ? one.rows : one.type))).toEqual([
    ...[3, 'failed', 4, 'failed', 5],
  ])
})

test('what the sink took a part of, the rest follows; what it refused does not come again', async () => {
  const happened = await run({
    outbox: [1, 2, 3],
    answers: [{ delivered: [1], refused: [{ outboxId: 3, detail: 'no' }] }],
    until: 10_000,
  })
  expect(happened.deliveries).toEqual(['0 1 2 3', '5000 2'])
  expect(happened.reports).toContainEqual({ type: 'shipped', entries: 1, refused: [{ outboxId: 3, detail: 'no' }] })
})

test('a sink that holds everything back is asked at each look, and that is no failure', async () => {
  const none = { delivered: [], refused: [] }
  const happened = await run({ outbox: [1, 2, 3], answers: [none, none], until: 4_000 })
  expect(happened.deliveries).toEqual(['0 1 2 3', '1000 1 2 3', '2000 1 2 3'])
  expect(failuresOf(happened)).toEqual([])
})

describe('a sink that holds entries back', () => {
  const bad = new SinkFailure('status', 'status 500')
  const OTHERS = { delivered: [1, 3], refused: [] }

  const hold =
    (...ids: readonly number[]) =>
    (world: World) => {
      world.held = ids
    }

  test('is asked again when they are due; meanwhile others are shipped, and what failed is reported', async () => {
    const happened = await run({
      outbox: [1, 2, 3],
      answers: [{ ...OTHERS, later: { pauseMs: 0, failures: [bad, bad] } }],
      at: {
        1: hold(2),
        20000: ({ outbox }) => void outbox.push(4, 5),
        28000: hold(),
      },
      until: 60_000,
    })
    expect(happened.deliveries).toEqual(['0 1 2 3', '25000 4 5', '33000 2'])
    const failure = { reason: 'status', detail: 'status 500' }
    expect(happened.reports.filter(({ type }) => type === 'heldBack')).toEqual([
      { type: 'heldBack', failures: [failure, failure] },
    ])
    expect(failuresOf(happened)).toEqual([])
  })

  test('gets newer ones, however many it holds back', async () => {
    const at = { 1: hold(1, 2, 3, 4, 5, 6), 10000: ({ outbox }: World) => void outbox.push(7, 8, 9, 10) }
    const none = { delivered: [], refused: [], later: { pauseMs: 0, failures: [bad, bad, bad] } }
    const happened = await run({ outbox: [1, 2, 3, 4, 5, 6], answers: [none], at, until: 20_000 })
    expect(happened.deliveries).toEqual(['0 1 2 3', '10000 7 8 9', '15000 10'])
    expect(happened.left).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('is asked at once after the others are removed', async () => {
    const answers = [{ delivered: [1], refused: [], later: { pauseMs: 0, failures: [bad] } }]
    const happened = await run({ outbox: [1, 2, 3, 4], answers, until: 3_000 })
    expect(happened.deliveries).toEqual(['0 1 2 3', '0 2 3 4'])
  })

  test('is sent nothing while it asks to wait, whatever comes', async () => {
    const answers = [{ delivered: [1], refused: [], later: { pauseMs: 30_000, failures: [bad] } }]
    const at = { 9000: ({ outbox }: World) => void outbox.push(5, 6, 7) }
    const happened = await run({ outbox: [1, 2, 3, 4], answers, at, until: 40_000 })
    expect(happened.deliveries).toEqual(['0 1 2 3', '30000 2 3 4', '30000 5 6 7'])
  })
})

test('a receiver that asks to wait is not asked sooner', async () => {
  const busy = new SinkFailure('status', 'status 429', { retryAfterMs: 90_000 })
  const happened = await run({ outbox: [1, 2, 3], answers: [busy], until: 100_000 })
  expect(happened.deliveries).toEqual(['0 1 2 3', '90000 1 2 3'])
})

test('what was delivered and could not be removed is delivered again, after a pause', async () => {
  const happened = await run({ outbox: [1, 2, 3], problems: ['disk is full', null], until: 5_000 })
  expect(happened.deliveries).toEqual(['0 1 2 3', '1000 1 2 3'])
  expect(failuresOf(happened)).toMatchObject([{ reason: 'outbox', detail: expect.stringContaining('disk is full') }])
})

test('a copied log is not shipped any more, until another file takes its place', async () => {
  const copied = new SinkFailure('copied', 'two files have one id', { isFinal: true })
  const happened = await run({
    outbox: [1, 2, 3],
    answers: [copied],
    at: {
      60000: (world) => {
        world.logId = 'another'
      },
    },
    until: 90_000,
  })
  expect(happened.deliveries).toEqual(['0 1 2 3', '60000 1 2 3'])
  expect(failuresOf(happened)).toMatchObject([{ reason: 'copied', isFinal: true }])
})

test('a file that cannot be read, and an error of the sink that it did not expect, are failures like others', async () => {
  const happened = await run({
    outbox: [1, 2, 3],
    answers: [new TypeError('x is undefined')],
    at: {
      2000: (world) => {
        world.isUnreadable = true
        world.outbox.push(4)
      },
      5000: (world) => {
        world.isUnreadable = false
      },
    },
    until: 20_000,
  })
  expect(failuresOf(happened).map(({ reason, detail }) => `${reason}: ${detail}`)).toEqual([
    'other: x is undefined',
    'outbox: no such file',
    'outbox: no such file',
  ])
  expect(happened.left).toEqual([])
})

test('connections are closed half a minute after the last delivery, once, and at the end', async () => {
  const happened = await run({ outbox: [1, 2, 3], until: 100_000 })
  expect(happened.closed).toEqual([30_000, 100_000])
})

test('says how many entries wait whenever that has changed', async () => {
  const at = { 1000: ({ outbox }: World) => void outbox.push(1) }
  const happened = await run({ at, until: 10_000 })
  const rows = happened.reports.flatMap((one) => (one.type === 'waiting' ? [one.rows] : []))
  expect(rows).toEqual([0, 1, 0])
})
