// Laws of delivery, for any receiver: outages lose nothing and set nothing aside, what is taken once is not sent again, nothing about a
// missed caller overtakes, and an event that is never taken ends without delaying the others. Time is simulated.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Delivery, type OutboxItem, SinkFailure } from '../../../src/shipping/sink.ts'
import { deliverItems, type Receiver } from '../../../src/webhook/delivery.ts'
import { createHeldBack } from '../../../src/webhook/heldBack.ts'
import { orderOf } from '../../../src/webhook/message.ts'
import { failureOf, type Verdict, verdictOn } from '../../../src/webhook/verdict.ts'
import { lawRuns } from '../call/lawRuns.ts'
import { callerItem, callItem } from './items.ts'

const RUNS = lawRuns(40)
const MINUTE = 60_000
const DAY = 1_440 * MINUTE
const LIMITS = { firstDelayMs: 1_000, maxDelayMs: 300_000, attempts: 8, failingMs: 3_600_000 }

/** What the receiver does for a time: takes everything, or answers this to everything. */
interface Phase {
  readonly minutes: number
  readonly status: number | 'unreachable' | 'timeout' | null
}

interface Story {
  /** Ms between two events. */
  readonly gaps: readonly number[]
  readonly phases: readonly Phase[]
  /** Of each event: what the receiver always answers to it; null: it takes it. */
  readonly poison: (index: number) => number | null
}

const STATUSES = [302, 400, 401, 404, 408, 410, 422, 429, 500, 502, 503] as const

/** Plays the loop of the shipping thread; each request takes 20 ms. */
async function play({ gaps, phases, poison }: Story) {
  let at = 0
  const held = createHeldBack(
    LIMITS,
    () => at,
    () => 0.5,
  )
  const receiver: Receiver = { notTaken: new Set(), toldToWait: new Set(), isDown: false, pausedUntil: 0 }
  const taken: { id: number; at: number }[] = []
  const refused: { id: number; at: number }[] = []
  const arrivals: { item: OutboxItem; at: number }[] = []
  for (const [index, gap] of gaps.entries()) {
    const id = index + 1
    const item =
      index % 5 < 2
        ? callerItem(id, 1_000 + Math.floor(index / 5), index % 5 === 0 ? 'opened' : 'closed')
        : callItem(id)
    arrivals.push({ item, at: (arrivals.at(-1)?.at ?? 0) + gap })
  }
  const phaseAt = (time: number): Phase['status'] => {
    let end = 0
    for (const { minutes, status } of phases) {
      end += minutes * MINUTE
      if (time < end) {
        return status
      }
    }
    return null
  }
  const send = async ({ outboxId }: OutboxItem): Promise<Verdict> => {
    const status = phaseAt(at) ?? poison(outboxId - 1) ?? 200
    if (status === 200) {
      taken.push({ id: outboxId, at })
    }
    return verdictOn(
      typeof status === 'number'
        ? { status, retryAfter: status === 429 ? '30' : null }
        : { status: null, reason: status, detail: 'x' },
      0,
    )
  }
  const done = new Set<number>()
  let failures = 0
  while (at < DAY) {
    const waiting = arrivals.filter((one) => one.at <= at && !done.has(one.item.outboxId)).map(({ item }) => item)
    held.keepOnly(waiting.map(({ outboxId }) => outboxId))
    const heldBack = held.orders()
    const items = receiver.isDown ? waiting : waiting.filter((item) => !heldBack.has(orderOf(item)))
    const failure = (verdict: Verdict) => failureOf(verdict, 'http://x')
    const deps = { receiver, held, send, failure, isAborted: () => false, ticks: () => at, connections: 4 }
    const outcome: Delivery | SinkFailure = await deliverItems(items.slice(0, 500), deps).catch((error) => error)
    if (outcome instanceof SinkFailure) {
      failures += 1
      at += Math.max(outcome.retryAfterMs, Math.min(300_000, 500 * 2 ** Math.min(failures, 20)))
      continue
    }
    failures = 0
    for (const id of outcome.delivered) {
      done.add(id)
    }
    for (const { outboxId } of outcome.refused) {
      done.add(outboxId)
      refused.push({ id: outboxId, at })
    }
    if (done.size === gaps.length) {
      break
    }
    // Whatever is never set aside is tried until the story ends.
    if (at > (arrivals.at(-1)?.at ?? 0) + DAY / 4 && phases.length === 0) {
      break
    }
    at += 500
  }
  return { taken, refused, arrivals, endedAt: at }
}

const anyGaps = fc.array(fc.integer({ min: 0, max: 10 * MINUTE }), { minLength: 1, maxLength: 60 })
const anyStatus = fc.constantFrom(null, 'unreachable' as const, 'timeout' as const, ...STATUSES)
const anyPhases = fc.array(fc.record({ minutes: fc.integer({ min: 1, max: 60 }), status: anyStatus }), { maxLength: 8 })

test('outages of any kind: everything is taken once, in order, within minutes of the end of the last one, and nothing is set aside', async () => {
  await fc.assert(
    fc.asyncProperty(anyGaps, anyPhases, async (gaps, phases) => {
      const { taken, refused, arrivals, endedAt } = await play({ gaps, phases, poison: () => null })
      expect(refused).toEqual([])
      expect(taken.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(gaps.map((_, index) => index + 1))
      const orders = new Map<string, number>()
      for (const { id } of taken) {
        const order = orderOf(arrivals[id - 1]?.item ?? callItem(0))
        expect(id).toBeGreaterThan(orders.get(order) ?? 0)
        orders.set(order, id)
      }
      const outages = phases.reduce((minutes, one) => minutes + one.minutes, 0) * MINUTE
      expect(endedAt).toBeLessThanOrEqual(Math.max(outages, arrivals.at(-1)?.at ?? 0) + 12 * MINUTE)
    }),
    { numRuns: RUNS },
  )
})

test('events that are never taken are set aside while others are taken, which arrive at once', async () => {
  const anyPoison = fc.record({
    every: fc.integer({ min: 2, max: 9 }),
    status: fc.constantFrom(400, 404, 422, 500, 502, 503, 408),
  })
  await fc.assert(
    fc.asyncProperty(anyPoison, async ({ every, status }) => {
      const gaps = Array.from({ length: 300 }, () => 20_000)
      const poison = (index: number) => (index % every === 0 && index < 200 ? status : null)
      const { taken, refused, arrivals } = await play({ gaps, phases: [], poison })
      const poisoned = gaps.flatMap((_, index) => (poison(index) === null ? [] : [index + 1]))
      const ids = refused.map(({ id }) => id)
      expect(ids.filter((id) => !poisoned.includes(id))).toEqual([])
      // The last ones may not have been tried for an hour when the story ends. What asks to be sent later is never set aside.
      const fewest = status === 503 || status === 408 ? -1 : status < 500 ? poisoned.length * 0.9 : 0
      expect(ids.length).toBeGreaterThan(fewest)
      // A receiver that asks to wait at every second event may be taken for one that is down.
      const longest = fewest < 0 && every === 2 ? 60_000 : 1_000
      for (const { id, at } of taken.filter((one) => arrivals[one.id - 1]?.item.event === 'answered')) {
        expect(at - (arrivals[id - 1]?.at ?? 0)).toBeLessThanOrEqual(longest)
      }
    }),
    { numRuns: Math.min(RUNS, 10) },
  )
})
