// The queue between facts and writer: order, merging of records, and what is dropped when it is full.

import { describe, expect, test } from 'vitest'
import type { Batch, SavedState } from '../../../src/calllog/writer/protocol.ts'
import { WriteQueue, type Writes } from '../../../src/calllog/writer/writeQueue.ts'
import type { Total } from '../../../src/totals/total.ts'
import { endedCall, NO_MISSED_CALLERS, sampleCall, sampleLeg, T0 } from './samples.ts'

const NEW: SavedState = {
  lastCallId: 0,
  lastLegId: 0,
  ended: 0,
  dropped: 0,
  number: 0,
  at: 0,
  aheadMs: 0,
  totals: [],
  open: [],
  ...NO_MISSED_CALLERS,
}

function call(id: number, ended: boolean, callee = '102'): Writes {
  const record = ended ? endedCall({ callee }) : sampleCall({ callee })
  return {
    calls: [{ id, ended, node: null, createdAt: T0, updatedAt: T0, call: record }],
    legs: [],
    totals: [],
  }
}

function leg(id: number, callId: number): Writes {
  return { calls: [], legs: [{ id, callId, leg: sampleLeg() }], totals: [] }
}

function see(queue: WriteQueue, at: number, now = at): void {
  queue.setLastSeen({ at, now, aheadMs: 0 })
}

function total(value: number): Total {
  return { name: 'n', labels: { b: '2', a: '1' }, value }
}

function take(queue: WriteQueue): Batch {
  const batch = queue.next()
  if (batch === undefined) {
    throw new Error('nothing waits')
  }
  return batch
}

function ids(batch: Batch): number[] {
  return batch.calls.map(({ id }) => id)
}

describe('batches', () => {
  test('contain the last record of a call', () => {
    const queue = new WriteQueue(NEW, 10)
    queue.append(call(1, false, 'first'))
    queue.append(call(1, false, 'second'))
    const batch = take(queue)
    expect(batch.calls).toHaveLength(1)
    expect(batch.calls[0]?.call.callee).toBe('second')
  })

  test('are handed out unchanged until they are acknowledged; later records follow', () => {
    const queue = new WriteQueue(NEW, 10)
    queue.append(call(1, true))
    const batch = take(queue)
    queue.append(call(2, true))
    expect(take(queue)).toEqual(batch)
    queue.acknowledge()
    expect(ids(take(queue))).toEqual([2])
    queue.acknowledge()
    expect(queue.isEmpty).toBe(true)
  })

  test('have a limited size, and keep one append together', () => {
    const queue = new WriteQueue(NEW, 1_000_000)
    for (let id = 1; id <= 2500; id += 1) {
      queue.append(call(id, true))
    }
    expect(queue.batchesToGo).toBe(3)
    expect(ids(take(queue))).toHaveLength(1000)
    const big = new WriteQueue(NEW, 1_000_000)
    big.append({
      calls: Array.from({ length: 3000 }, (_, id) => call(id + 1, true).calls).flat(),
      legs: [],
      totals: [],
    })
    expect(ids(take(big))).toHaveLength(3000)
  })

  test('contain sums in the order of addition, not amounts', () => {
    const queue = new WriteQueue({ ...NEW, totals: [{ ...total(0.1), labels: { a: '1', b: '2' } }] }, 10)
    queue.append({ calls: [], legs: [], totals: [total(0.2), total(0.3)] })
    expect(take(queue).totals).toEqual([{ name: 'n', labels: '{"a":"1","b":"2"}', value: 0.1 + 0.2 + 0.3 }])
  })

  test('ignore NaN and infinite amounts', () => {
    const queue = new WriteQueue(NEW, 10)
    queue.append({ calls: [], legs: [], totals: [total(2), total(Number.NaN)] })
    expect(take(queue).totals[0]?.value).toBe(2)
  })
})

test('rows and pending change together when a batch is acknowledged', () => {
  const queue = new WriteQueue({ ...NEW, ended: 40 }, 10)
  queue.append(call(1, true))
  queue.append(call(2, false))
  expect([queue.rows, queue.pending]).toEqual([40, 1])
  expect(take(queue).ended).toBe(41)
  queue.append(call(2, true))
  expect([queue.rows, queue.pending]).toEqual([40, 2])
  queue.acknowledge()
  expect([queue.rows, queue.pending]).toEqual([41, 1])
})

describe('beyond maxPendingCalls', () => {
  test('the oldest calls lose their rows and legs and are still counted', () => {
    const queue = new WriteQueue(NEW, 2)
    queue.append({ ...leg(1, 1), totals: [total(1)] })
    expect(queue.append(call(1, true))).toBe(0)
    expect(queue.append(call(2, true))).toBe(0)
    expect(queue.append(call(3, true))).toBe(1)
    const batch = take(queue)
    expect(ids(batch)).toEqual([2, 3])
    expect(batch.legs).toEqual([])
    expect(batch).toMatchObject({ ended: 3, dropped: 1, deletedCallIds: [], totals: [{ value: 1 }] })
    expect([queue.rows, queue.pending, queue.dropped]).toEqual([0, 3, 1])
  })

  test('batches that the writer has are kept, and rows that were partly written are deleted', () => {
    const queue = new WriteQueue(NEW, 1)
    queue.append(call(1, false))
    queue.append(call(9, true))
    const failing = take(queue)
    queue.append(call(1, true))
    expect(queue.dropped).toBe(1)
    queue.append(call(2, true))
    expect(queue.dropped).toBe(2)
    expect(take(queue)).toEqual({ ...failing, dropped: 2 })
    queue.acknowledge()
    const rest = take(queue)
    expect(rest).toMatchObject({ calls: [], deletedCallIds: [1], ended: 3, dropped: 2 })
    queue.acknowledge()
    expect([queue.rows, queue.pending]).toEqual([3, 0])
  })

  test('rows of an earlier run are deleted too', () => {
    const restored = { id: 5, legIds: [], call: { ...sampleCall(), legs: [] } }
    const queue = new WriteQueue({ ...NEW, open: [restored] }, 0)
    queue.append(call(5, true))
    expect(take(queue).deletedCallIds).toEqual([5])
  })

  test('open calls and totals of an emptied batch move to the next one, where the newer record wins', () => {
    const queue = new WriteQueue(NEW, 1)
    queue.append({ ...call(7, false, 'old'), totals: [total(1)] })
    queue.append(call(8, false, 'only'))
    for (let id = 100; id < 2000; id += 1) {
      queue.append(call(id, true))
    }
    queue.append(call(7, false, 'new'))
    expect(queue.batchesToGo).toBe(1)
    const batch = take(queue)
    expect(batch.calls.map(({ id, call: { callee } }) => [id, callee])).toEqual([
      [7, 'new'],
      [8, 'only'],
      [1999, '102'],
    ])
    expect(batch).toMatchObject({ ended: 1900, dropped: 1899, deletedCallIds: [], totals: [{ value: 1 }] })
  })
})

describe('a reopened file', () => {
  function file(changes: Partial<SavedState> = {}): SavedState {
    return { ...NEW, ...changes }
  }

  function write(queue: WriteQueue, ...writes: readonly Writes[]): void {
    for (const one of writes) {
      queue.append(one)
    }
    while (queue.next() !== undefined) {
      queue.acknowledge()
    }
  }

  test('gets sums, counters and open calls with their legs as last written, then the queue', () => {
    const queue = new WriteQueue(NEW, 10)
    see(queue, T0 + 2)
    write(
      queue,
      { ...call(1, false, 'first'), totals: [total(1)] },
      leg(1, 1),
      { ...call(2, false), totals: [total(2)] },
      leg(2, 2),
      call(1, false, 'second'),
      call(2, true),
    )
    queue.append({ ...call(1, true, 'third'), totals: [total(4)] })
    const waiting = take(queue)
    expect(queue.reopen(file({ open: [{ id: 9, legIds: [], call: { ...sampleCall(), legs: [] } }] }))).toBe(1)
    const carried = take(queue)
    expect(carried).toMatchObject({ deletedCallIds: [9], totals: [{ value: 3 }], ended: 1, dropped: 0, at: T0 + 2 })
    expect(carried.calls.map(({ id, call: { callee } }) => [id, callee])).toEqual([[1, 'second']])
    expect(carried.legs.map(({ id }) => id)).toEqual([1])
    expect(take(queue)).toEqual(carried)
    expect([queue.rows, queue.pending, queue.batchesToGo]).toEqual([1, 1, 1])
    queue.acknowledge()
    expect(take(queue)).toEqual(waiting)
    queue.acknowledge()
    expect([queue.rows, queue.pending, queue.isEmpty]).toEqual([2, 0, true])
  })

  test('gets a large number of open calls in several batches', () => {
    const queue = new WriteQueue(NEW, 10)
    write(queue, ...Array.from({ length: 1200 }, (_, id) => call(id + 1, false)))
    queue.reopen(file())
    const carried: [size: number, number: number][] = []
    for (let batch = queue.next(); batch !== undefined; batch = queue.next()) {
      carried.push([batch.calls.length, batch.number])
      queue.acknowledge()
    }
    expect(carried).toEqual([
      [500, 0],
      [500, 0],
      [200, 2],
    ])
  })

  test('gets all of it again if it is lost before it has everything', () => {
    const queue = new WriteQueue(NEW, 10)
    write(queue, ...Array.from({ length: 600 }, (_, id) => call(id + 1, false)))
    queue.reopen(file())
    const first = take(queue)
    queue.acknowledge()
    queue.reopen(file({ ended: first.ended, number: first.number, at: first.at }))
    expect(take(queue).calls).toHaveLength(500)
    queue.acknowledge()
    expect(take(queue).calls).toHaveLength(100)
  })

  test('gets nothing if it is the same file, even if a batch was written without an acknowledgement', () => {
    const queue = new WriteQueue(NEW, 10)
    write(queue, call(1, true), call(2, false))
    queue.append(call(2, true))
    const waiting = take(queue)
    expect(queue.reopen(file({ ended: 2, number: waiting.number }))).toBe(0)
    expect(take(queue)).toEqual(waiting)
  })

  test('that is an older copy gets what it lacks, and keeps open calls of an earlier run', () => {
    const restored = { id: 5, legIds: [], call: { ...sampleCall(), legs: [] } }
    const queue = new WriteQueue({ ...NEW, open: [restored] }, 10)
    write(queue, call(7, false))
    see(queue, T0 + 99)
    queue.ensureBatch()
    queue.next()
    queue.acknowledge()
    queue.reopen(file({ number: 1, at: T0 + 7, open: [restored] }))
    expect(take(queue)).toMatchObject({ deletedCallIds: [], at: T0 + 99 })
    expect(ids(take(queue))).toEqual([7])
  })

  test.each([
    ['an older copy with as many ended calls and a later last-seen time', { number: 1, at: T0 + 86_400_000 }],
    ['another log that was written more often', { number: 99_999 }],
  ])('%s gets the sums', (_, changes) => {
    const queue = new WriteQueue(NEW, 10)
    write(queue, { ...call(1, false), totals: [total(1)] })
    write(queue, { ...call(2, false), totals: [total(1)] })
    queue.reopen(file(changes))
    expect(take(queue).totals).toMatchObject([{ value: 2 }])
  })
})

describe('the last-seen time', () => {
  const DAY = 86_400_000

  function lastSeenIn(queue: WriteQueue): number {
    queue.ensureBatch()
    const { at } = take(queue)
    queue.acknowledge()
    return at
  }

  test('is never later than the present, whatever time an event has, and continues from there', () => {
    const queue = new WriteQueue(NEW, 10)
    see(queue, T0 + DAY, T0)
    expect(lastSeenIn(queue)).toBe(T0)
    see(queue, T0 - DAY, T0 + 1000)
    expect(lastSeenIn(queue)).toBe(T0)
    see(queue, Number.POSITIVE_INFINITY, T0 + 2000.5)
    expect(lastSeenIn(queue)).toBe(T0 + 2000)
  })

  test('is set back when the clock is set back', () => {
    const queue = new WriteQueue({ ...NEW, at: T0 + DAY }, 10)
    expect(queue.hasNewLastSeen).toBe(false)
    see(queue, 0, T0)
    expect(queue.hasNewLastSeen).toBe(true)
    expect(lastSeenIn(queue)).toBe(T0)
  })

  test('of a batch is that of its last record if further batches are queued', () => {
    const queue = new WriteQueue(NEW, 10)
    see(queue, T0)
    queue.append(call(1, false))
    take(queue)
    see(queue, T0 + 5000)
    queue.append(call(1, true))
    expect(take(queue).at).toBe(T0)
    queue.acknowledge()
    see(queue, T0 + 6000)
    expect(take(queue).at).toBe(T0 + 6000)
  })
})
