// What waits is handled in its order, in short slices, and bounded in bytes; with a clock and turns of the event loop that the test makes.

import { expect, test } from 'vitest'
import { createArrivalQueue } from '../../../src/ari/arrivalQueue.ts'

interface Item {
  readonly name: string
  /** How long it takes. */
  readonly ms?: number
  /** So many parts of work follow it. */
  readonly parts?: number
}

function queueOf({ maxBytes = Number.POSITIVE_INFINITY } = {}) {
  let now = 1_000
  let parts = 0
  const turns: (() => void)[] = []
  const handled: string[] = []
  const behind: boolean[] = []
  const queue = createArrivalQueue<Item>(
    { maxBytes },
    {
      handle(item) {
        handled.push(item.name)
        now += item.ms ?? 0
        parts = item.parts ?? 0
      },
      hasMore: () => parts > 0,
      more() {
        handled.push(`part ${parts}`)
        parts -= 1
        now += 2
      },
      onBehind: (isBehind) => behind.push(isBehind),
      ticks: () => now,
      nextTurn: (run) => turns.push(run),
    },
  )
  /** Ends the turn: what was scheduled in it runs. */
  const turn = (): readonly string[] => {
    const before = handled.length
    for (const run of turns.splice(0)) {
      run()
    }
    return handled.slice(before)
  }
  return {
    queue,
    handled,
    behind,
    turn,
    isIdle: () => turns.length === 0,
    turnsUntilIdle() {
      let count = 0
      for (; turns.length > 0; count += 1) {
        turn()
      }
      return count
    },
    wait: (ms: number) => (now += ms),
  }
}

const named = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`)

test('handles an item at once while nothing waits', () => {
  const { queue, handled, turn, isIdle } = queueOf()
  queue.put({ name: 'a', ms: 1 })
  queue.put({ name: 'b', ms: 1 })
  expect(handled).toEqual(['a', 'b'])
  expect(queue.queued()).toEqual({ bytes: 0, oldestMs: 0 })
  turn()
  expect(isIdle()).toBe(true)
})

test('handles a few milliseconds of items in a turn, the others in later turns and in their order', () => {
  const { queue, handled, turnsUntilIdle } = queueOf()
  const names = named('item', 100)
  for (const name of names) {
    queue.put({ name, ms: 1 })
  }
  expect(handled).toEqual(names.slice(0, 5))
  expect(turnsUntilIdle()).toBeGreaterThanOrEqual(19)
  expect(handled).toEqual(names)
  expect(queue.queued()).toEqual({ bytes: 0, oldestMs: 0 })
})

test('does not let an item overtake those that wait, however long ago the turn began', () => {
  const { queue, handled, turn, wait } = queueOf()
  queue.put({ name: 'slow', ms: 10 })
  queue.put({ name: 'waits', ms: 10 })
  wait(60)
  queue.put({ name: 'last' })
  expect(handled).toEqual(['slow'])
  expect(turn()).toEqual(['waits'])
  expect(turn()).toEqual(['last'])
})

test('handles one item in a turn even if it takes longer than a turn should', () => {
  const { queue, turn } = queueOf()
  queue.put({ name: 'first', ms: 5 })
  queue.put({ name: 'slow', ms: 500 })
  queue.put({ name: 'next' })
  expect(turn()).toEqual(['slow'])
  expect(turn()).toEqual(['next'])
})

test('divides the work of one item among turns; the next item comes after all of it', () => {
  const { queue, handled, turn, turnsUntilIdle } = queueOf()
  queue.put({ name: 'snapshot', parts: 7 })
  queue.put({ name: 'event' })
  expect(handled).toEqual(['snapshot'])
  expect(turn()).toEqual(['part 7', 'part 6', 'part 5'])
  expect(turnsUntilIdle()).toBeGreaterThanOrEqual(2)
  expect(handled.slice(4)).toEqual(['part 4', 'part 3', 'part 2', 'part 1', 'event'])
})

test('collects while it is held, and handles the first item of the release before what was collected', () => {
  const { queue, handled, turn, isIdle } = queueOf()
  queue.hold()
  queue.add({ name: 'a' }, 10)
  queue.put({ name: 'b' })
  expect(isIdle()).toBe(true)
  expect(handled).toEqual([])
  queue.release({ name: 'snapshot' })
  queue.put({ name: 'c' })
  turn()
  expect(handled).toEqual(['snapshot', 'a', 'b', 'c'])
})

test('says when the bound is reached; what waits then is handled all the same', () => {
  const { queue, handled, turnsUntilIdle } = queueOf({ maxBytes: 3_000 })
  queue.put({ name: 'slow', ms: 10 })
  expect([1_000, 1_000, 1_000].map((bytes, index) => queue.add({ name: `big${index}` }, bytes))).toEqual([
    true,
    true,
    false,
  ])
  expect(queue.queued().bytes).toBeGreaterThanOrEqual(3_000)
  turnsUntilIdle()
  expect(handled).toEqual(['slow', 'big0', 'big1', 'big2'])
  expect(queue.queued()).toEqual({ bytes: 0, oldestMs: 0 })
})

test('handles for longer in one turn the more waits: Asterisk waits for moments before the bound is reached', () => {
  const handledInATurn = (maxBytes: number): number => {
    const { queue, handled, turn } = queueOf({ maxBytes })
    queue.hold()
    for (const name of named('item', 100)) {
      queue.add({ name, ms: 1 }, 1_000)
    }
    queue.release({ name: 'snapshot' })
    turn()
    return handled.length - 1
  }
  const [almostEmpty, eighth, full] = [Number.POSITIVE_INFINITY, 960_000, 130_000].map(handledInATurn)
  expect(almostEmpty).toBe(5)
  expect(eighth).toBeGreaterThan(10)
  expect(eighth).toBeLessThan(20)
  expect(full).toBe(30)
})

test('counts what tiny items take in memory', () => {
  const { queue } = queueOf({ maxBytes: 100_000 })
  queue.hold()
  let accepted = 0
  while (queue.add({ name: 'x' }, 2)) {
    accepted += 1
  }
  expect(accepted).toBeLessThan(1_000)
})

test('reports the age of the oldest item that waits', () => {
  const { queue, turn, wait } = queueOf()
  queue.hold()
  queue.add({ name: 'a', ms: 10 }, 1)
  wait(300)
  queue.add({ name: 'b', ms: 10 }, 1)
  wait(200)
  expect(queue.queued().oldestMs).toBe(500)
  queue.release({ name: 'snapshot' })
  turn()
  expect(queue.queued().oldestMs).toBe(210)
  turn()
  expect(queue.queued().oldestMs).toBe(0)
})

test('is behind when an item has waited for more than a second, until nothing waits; each is said once', () => {
  const { queue, behind, turn, turnsUntilIdle } = queueOf()
  queue.put({ name: 'first', ms: 5 })
  for (const name of named('slow', 40)) {
    queue.put({ name, ms: 100 })
  }
  for (let count = 0; count < 10; count += 1) {
    turn()
  }
  expect(behind).toEqual([])
  turn()
  turn()
  expect(behind).toEqual([true])
  turnsUntilIdle()
  expect(behind).toEqual([true, false])
})

test('is not behind because a snapshot took long', () => {
  const { queue, behind, turnsUntilIdle, wait } = queueOf()
  queue.hold()
  queue.add({ name: 'a' }, 1)
  wait(20_000)
  queue.release({ name: 'snapshot', ms: 100 })
  turnsUntilIdle()
  expect(behind).toEqual([])
})

test('forgets what was collected, and is free again', () => {
  const { queue, handled, turn } = queueOf()
  queue.hold()
  queue.add({ name: 'lost' }, 1)
  expect(queue.newest()).toEqual({ name: 'lost' })
  queue.discard()
  expect(queue.newest()).toBeNull()
  expect(queue.queued()).toEqual({ bytes: 0, oldestMs: 0 })
  queue.put({ name: 'next' })
  turn()
  expect(handled).toEqual(['next'])
})

test('is drained when nothing waits and no work is left', async () => {
  const { queue, turn } = queueOf()
  let isDrained = false
  await queue.drained()
  queue.put({ name: 'snapshot', ms: 5, parts: 2 })
  const drained = queue.drained().then(() => {
    isDrained = true
  })
  turn()
  await Promise.resolve()
  expect(isDrained).toBe(false)
  turn()
  turn()
  await drained
})
