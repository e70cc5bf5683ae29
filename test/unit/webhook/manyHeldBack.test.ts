// The sink, the loop and the outbox together: what the receiver does not take now keeps nothing else back, however much it is.

import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../../src/calllog/file/open.ts'
import { openOutboxReader } from '../../../src/calllog/outbox/outboxReader.ts'
import { batchWriter } from '../../../src/calllog/writer/batch.ts'
import { type SinkEvents, settle } from '../../../src/calllog/writer/outbox.ts'
import { runLoop } from '../../../src/shipping/loop.ts'
import { endedCall, freshPath, T0 } from '../calllog/samples.ts'
import { testSink } from './items.ts'
import { type Reply, startReceiver } from './receiver.ts'

const SINKS: readonly SinkEvents[] = [{ sink: 'webhook', events: ['answered', 'missed'], backFill: null }]

interface Office {
  /** Calls that end now: `missed` and `answered` by turns, or one kind. */
  end(count: number, kind?: 'missed' | 'answered'): void
  /** Lets so much time pass, in steps of half a second. */
  pass(ms: number): Promise<void>
  /** Events that were taken. */
  taken(kind: string): number
  /** Requests about an event of this kind. */
  requests(kind: string): number
  /** Reports of failures that made the loop wait. */
  readonly failed: string[]
}

/** `answer`: to each event, by its kind. */
async function office(answer: (event: string) => Reply): Promise<Office> {
  const receiver = await startReceiver()
  receiver.answer = ({ message: { event } }) => answer(event)
  const path = freshPath()
  const { db, lock } = openDatabase(path)
  const write = batchWriter(db, SINKS)
  const reader = openOutboxReader(path)
  const sink = testSink(receiver)
  const stop = new AbortController()
  const failed: string[] = []
  let [at, until, id] = [0, 0, 0]
  const ended = runLoop(
    { parcelSize: 500, waitMs: 0, pollMs: 500, idleMs: 30_000 },
    {
      ...{ sink, reader: () => reader, ticks: () => at, random: () => 1 },
      settle: async (settled) => (settle(db, settled, T0) ? null : 'not done'),
      report: (report) => void (report.type === 'failed' && failed.push(`${at} ${report.detail}`)),
      async sleep(ms) {
        while (at >= until && !stop.signal.aborted) {
          await setImmediate()
        }
        at += ms
        sink.pass(ms)
      },
    },
    stop.signal,
  )
  onTestFinished(async () => {
    stop.abort()
    await ended
    reader.close()
    db.close()
    lock.close()
  })
  return {
    failed,
    end(count, only) {
      const calls = Array.from({ length: count }, () => {
        id += 1
        const kind = only ?? (id % 2 === 0 ? 'answered' : 'missed')
        const outcome = kind === 'missed' ? { disposition: 'no_answer' as const, missed: true } : {}
        const call = endedCall({ channelId: `${T0 / 1000}.${id}`, ...outcome })
        return { id, ended: true, createdAt: T0, updatedAt: T0, node: null, call }
      })
      write({ calls, legs: [], deletedCallIds: [], totals: [], ended: 0, dropped: 0, number: id, at: T0, aheadMs: 0 })
    },
    async pass(ms) {
      until += ms
      while (at < until) {
        await setImmediate()
      }
    },
    taken: (kind) => receiver.taken.filter(({ message }) => message.event === kind).length,
    requests: (kind) => receiver.requests.filter(({ message }) => message.event === kind).length,
  }
}

test.each([500, 404, 503])(
  '%i to seven hundred events does not keep newer ones of another kind back',
  async (status) => {
    const { end, pass, taken, requests, failed } = await office((event) => (event === 'missed' ? status : 200))
    end(1400)
    await pass(10_000)
    expect([taken('answered'), taken('missed')]).toEqual([700, 0])
    expect(requests('missed')).toBeGreaterThanOrEqual(700)
    for (let round = 1; round <= 20; round += 1) {
      end(1, 'answered')
      await pass(1_000)
      expect(taken('answered')).toBe(700 + round)
    }
    expect(failed).toEqual([])
  },
)

test('of an outbox that begins with five hundred and more of them, the newer ones arrive', async () => {
  const { end, pass, taken } = await office((event) => (event === 'missed' ? 500 : 200))
  end(600, 'missed')
  await pass(60_000)
  end(50, 'answered')
  await pass(600_000)
  expect(taken('answered')).toBe(50)
})

test('one event that gets 503 for good does not make the others wait', async () => {
  const { end, pass, taken, requests, failed } = await office((event) => (event === 'missed' ? 503 : 200))
  end(1, 'missed')
  await pass(1_000)
  for (let round = 1; round <= 120; round += 1) {
    end(3, 'answered')
    await pass(1_000)
    expect(taken('answered')).toBe(3 * round)
  }
  expect(failed).toEqual([])
  // At 0, 1, 3, 7, 15, 31 and 63 s.
  expect(requests('missed')).toBe(7)
})

test('nor does it ask for a pause for all of them more than once', async () => {
  const answer = { status: 503, headers: { 'retry-after': '60' } }
  const { end, pass, taken, requests } = await office((event) => (event === 'missed' ? answer : 200))
  end(1, 'missed')
  await pass(90_000)
  for (let round = 1; round <= 120; round += 1) {
    end(1, 'answered')
    await pass(1_000)
  }
  expect(requests('missed')).toBeLessThan(10)
  expect(taken('answered')).toBe(120)
  for (let round = 1; round <= 120; round += 1) {
    end(1, 'answered')
    await pass(1_000)
    expect(taken('answered')).toBe(120 + round)
  }
})
