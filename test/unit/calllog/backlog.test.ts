// The queue between facts and writer: order, coalescing, what is given up when too much waits.

import { describe, expect, test } from 'vitest'
import type { Batch, Recall } from '../../../src/calllog/writer/protocol.ts'
import type { Total } from '../../../src/calllog/writer/total.ts'
import { Backlog, type Writes } from '../../../src/calllog/writer/writeQueue.ts'
import { endedCall, sampleCall, sampleLeg, T0 } from './samples.ts'

const NEW: Recall = {
  lastCallId: 0,
  lastLegId: 0,
  ended: 0,
  dropped: 0,
  number: 0,
  at: 0,
  aheadMs: 0,
  totals: [],
  open: [],
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

function see(backlog: Backlog, at: number, now = at): void {
  backlog.see({ at, now, aheadMs: 0 })
}

function total(value: number): Total {
  return { name: 'n', labels: { b: '2', a: '1' }, value }
}

function take(backlog: Backlog): Batch {
  const batch = backlog.next()
  if (batch === undefined) {
    throw new Error('nothing waits')
  }
  return batch
}

function ids(batch: Batch): number[] {
  return batch.calls.map(({ id }) => id)
}

describe('batches', () => {
  test('hold the last record of a call', () => {
    const backlog = new Backlog(NEW, 10)
    backlog.append(call(1, false, 'first'))
    backlog.append(call(1, false, 'second'))
    const batch = take(backlog)
    expect(batch.calls).toHaveLength(1)
    expect(batch.calls[0]?.call.callee).toBe('second')
  })

  test('are handed out unchanged until they are settled, and what comes later follows', () => {
    const backlog = new Backlog(NEW, 10)
    backlog.append(call(1, true))
    const batch = take(backlog)
    backlog.append(call(2, true))
    expect(take(backlog)).toEqual(batch)
    backlog.settle()
    expect(ids(take(backlog))).toEqual([2])
    backlog.settle()
    expect(backlog.isEmpty).toBe(true)
  })

  test('are bounded, and keep one append whole', () => {
    const backlog = new Backlog(NEW, 1_000_000)
    for (let id = 1; id <= 2500; id += 1) {
      backlog.append(call(id, true))
    }
    expect(backlog.batchesToGo).toBe(3)
    expect(ids(take(backlog))).toHaveLength(1000)
    const big = new Backlog(NEW, 1_000_000)
    big.append({
      calls: Array.from({ length: 3000 }, (_, id) => call(id + 1, true).calls).flat(),
      legs: [],
      totals: [],
    })
    expect(ids(take(big))).toHaveLength(3000)
  })

  test('carry sums, in the order of addition, not amounts', () => {
    const backlog = new Backlog({ ...NEW, totals: [{ ...total(0.1), labels: { a: '1', b: '2' } }] }, 10)
    backlog.append({ calls: [], legs: [], totals: [total(0.2), total(0.3)] })
    expect(take(backlog).totals).toEqual([{ name: 'n', labels: '{"a":"1","b":"2"}', value: 0.1 + 0.2 + 0.3 }])
  })

  test('an amount that is no number changes nothing', () => {
    const backlog = new Backlog(NEW, 10)
    backlog.append({ calls: [], legs: [], totals: [total(2), total(Number.NaN)] })
    expect(take(backlog).totals[0]?.value).toBe(2)
  })
})

test('rows and pending change together, when a batch is settled', () => {
  const backlog = new Backlog({ ...NEW, ended: 40 }, 10)
  backlog.append(call(1, true))
  backlog.append(call(2, false))
  expect([backlog.rows, backlog.pending]).toEqual([40, 1])
  expect(take(backlog).ended).toBe(41)
  backlog.append(call(2, true))
  expect([backlog.rows, backlog.pending]).toEqual([40, 2])
  backlog.settle()
  expect([backlog.rows, backlog.pending]).toEqual([41, 1])
})

describe('when more ended calls wait than may', () => {
  test('the oldest lose their rows and legs, and are still counted', () => {
    const backlog = new Backlog(NEW, 2)
    backlog.append({ ...leg(1, 1), totals: [total(1)] })
    expect(backlog.append(call(1, true))).toBe(0)
    expect(backlog.append(call(2, true))).toBe(0)
    expect(backlog.append(call(3, true))).toBe(1)
    const batch = take(backlog)
    expect(ids(batch)).toEqual([2, 3])
    expect(batch.legs).toEqual([])
    expect(batch).toMatchObject({ ended: 3, dropped: 1, forgotten: [], totals: [{ value: 1 }] })
    expect([backlog.rows, backlog.pending, backlog.dropped]).toEqual([0, 3, 1])
  })

  test('what the writer already has stays, and rows that it began are taken back', () => {
    const backlog = new Backlog(NEW, 1)
    backlog.append(call(1, false))
    backlog.append(call(9, true))
    const failing = take(backlog)
    backlog.append(call(1, true))
    expect(backlog.dropped).toBe(1)
    backlog.append(call(2, true))
    expect(backlog.dropped).toBe(2)
    expect(take(backlog)).toEqual({ ...failing, dropped: 2 })
    backlog.settle()
    const rest = take(backlog)
    expect(rest).toMatchObject({ calls: [], forgotten: [1], ended: 3, dropped: 2 })
    backlog.settle()
    expect([backlog.rows, backlog.pending]).toEqual([3, 0])
  })

  test('rows of an earlier run are taken back too', () => {
    const remembered = { id: 5, legIds: [], call: { ...sampleCall(), legs: [] } }
    const backlog = new Backlog({ ...NEW, open: [remembered] }, 0)
    backlog.append(call(5, true))
    expect(take(backlog).forgotten).toEqual([5])
  })

  test('open calls and totals of an emptied batch go on with the next one, the newer record first', () => {
    const backlog = new Backlog(NEW, 1)
    backlog.append({ ...call(7, false, 'old'), totals: [total(1)] })
    backlog.append(call(8, false, 'only'))
    for (let id = 100; id < 2000; id += 1) {
      backlog.append(call(id, true))
    }
    backlog.append(call(7, false, 'new'))
    expect(backlog.batchesToGo).toBe(1)
    const batch = take(backlog)
    expect(batch.calls.map(({ id, call: { callee } }) => [id, callee])).toEqual([
      [7, 'new'],
      [8, 'only'],
      [1999, '102'],
    ])
    expect(batch).toMatchObject({ ended: 1900, dropped: 1899, forgotten: [], totals: [{ value: 1 }] })
  })
})

describe('a file that is another one', () => {
  function file(changes: Partial<Recall> = {}): Recall {
    return { ...NEW, ...changes }
  }

  function write(backlog: Backlog, ...writes: readonly Writes[]): void {
    for (const one of writes) {
      backlog.append(one)
    }
    while (backlog.next() !== undefined) {
      backlog.settle()
    }
  }

  test('is told sums, counters and open calls with their legs as they were written; then what waits', () => {
    const backlog = new Backlog(NEW, 10)
    see(backlog, T0 + 2)
    write(
      backlog,
      { ...call(1, false, 'first'), totals: [total(1)] },
      leg(1, 1),
      { ...call(2, false), totals: [total(2)] },
      leg(2, 2),
      call(1, false, 'second'),
      call(2, true),
    )
    backlog.append({ ...call(1, true, 'third'), totals: [total(4)] })
    const waiting = take(backlog)
    expect(backlog.resume(file({ open: [{ id: 9, legIds: [], call: { ...sampleCall(), legs: [] } }] }))).toBe(1)
    const carried = take(backlog)
    expect(carried).toMatchObject({ forgotten: [9], totals: [{ value: 3 }], ended: 1, dropped: 0, at: T0 + 2 })
    expect(carried.calls.map(({ id, call: { callee } }) => [id, callee])).toEqual([[1, 'second']])
    expect(carried.legs.map(({ id }) => id)).toEqual([1])
    expect(take(backlog)).toEqual(carried)
    expect([backlog.rows, backlog.pending, backlog.batchesToGo]).toEqual([1, 1, 1])
    backlog.settle()
    expect(take(backlog)).toEqual(waiting)
    backlog.settle()
    expect([backlog.rows, backlog.pending, backlog.isEmpty]).toEqual([2, 0, true])
  })

  test('is told a great many open calls in several batches', () => {
    const backlog = new Backlog(NEW, 10)
    write(backlog, ...Array.from({ length: 1200 }, (_, id) => call(id + 1, false)))
    backlog.resume(file())
    const carried: [size: number, number: number][] = []
    for (let batch = backlog.next(); batch !== undefined; batch = backlog.next()) {
      carried.push([batch.calls.length, batch.number])
      backlog.settle()
    }
    expect(carried).toEqual([
      [500, 0],
      [500, 0],
      [200, 2],
    ])
  })

  test('is told all of it again when it is lost before it was told all', () => {
    const backlog = new Backlog(NEW, 10)
    write(backlog, ...Array.from({ length: 600 }, (_, id) => call(id + 1, false)))
    backlog.resume(file())
    const first = take(backlog)
    backlog.settle()
    backlog.resume(file({ ended: first.ended, number: first.number, at: first.at }))
    expect(take(backlog).calls).toHaveLength(500)
    backlog.settle()
    expect(take(backlog).calls).toHaveLength(100)
  })

  test('is told nothing when it is the same after all, though more of it is written than is known', () => {
    const backlog = new Backlog(NEW, 10)
    write(backlog, call(1, true), call(2, false))
    backlog.append(call(2, true))
    const waiting = take(backlog)
    expect(backlog.resume(file({ ended: 2, number: waiting.number }))).toBe(0)
    expect(take(backlog)).toEqual(waiting)
  })

  test('that is an older copy is told what it lacks, and open calls of an earlier run stay in it', () => {
    const remembered = { id: 5, legIds: [], call: { ...sampleCall(), legs: [] } }
    const backlog = new Backlog({ ...NEW, open: [remembered] }, 10)
    write(backlog, call(7, false))
    see(backlog, T0 + 99)
    backlog.stir()
    backlog.next()
    backlog.settle()
    backlog.resume(file({ number: 1, at: T0 + 7, open: [remembered] }))
    expect(take(backlog)).toMatchObject({ forgotten: [], at: T0 + 99 })
    expect(ids(take(backlog))).toEqual([7])
  })

  test.each([
    ['an older copy that tells of as many ended calls, and of a later sight', { number: 1, at: T0 + 86_400_000 }],
    ['another log that was written more often', { number: 99_999 }],
  ])('%s is told the sums', (_, changes) => {
    const backlog = new Backlog(NEW, 10)
    write(backlog, { ...call(1, false), totals: [total(1)] })
    write(backlog, { ...call(2, false), totals: [total(1)] })
    backlog.resume(file(changes))
    expect(take(backlog).totals).toMatchObject([{ value: 2 }])
  })
})

describe('until when the PBX was seen', () => {
  const DAY = 86_400_000

  function sightIn(backlog: Backlog): number {
    backlog.stir()
    const { at } = take(backlog)
    backlog.settle()
    return at
  }

  test('is never beyond now, whatever an event says, and goes on from there', () => {
    const backlog = new Backlog(NEW, 10)
    see(backlog, T0 + DAY, T0)
    expect(sightIn(backlog)).toBe(T0)
    see(backlog, T0 - DAY, T0 + 1000)
    expect(sightIn(backlog)).toBe(T0)
    see(backlog, Number.POSITIVE_INFINITY, T0 + 2000.5)
    expect(sightIn(backlog)).toBe(T0 + 2000)
  })

  test('is taken back by a clock that is set back', () => {
    const backlog = new Backlog({ ...NEW, at: T0 + DAY }, 10)
    expect(backlog.hasNewSight).toBe(false)
    see(backlog, 0, T0)
    expect(backlog.hasNewSight).toBe(true)
    expect(sightIn(backlog)).toBe(T0)
  })

  test('is no later than what a batch tells, when others wait behind it', () => {
    const backlog = new Backlog(NEW, 10)
    see(backlog, T0)
    backlog.append(call(1, false))
    take(backlog)
    see(backlog, T0 + 5000)
    backlog.append(call(1, true))
    expect(take(backlog).at).toBe(T0)
    backlog.settle()
    see(backlog, T0 + 6000)
    expect(take(backlog).at).toBe(T0 + 6000)
  })
})
