// The laws that every stream of events must keep: recorded calls, interleaved, repeated, cut, and joined late.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PbxEvent } from '../../../src/call/event.ts'
import type { CallFact } from '../../../src/call/fact.ts'
import { anyMix, playMix } from '../pbx-sim/playing.ts'
import { lawRuns } from './lawRuns.ts'
import { EXPECTED, eventsOf, fold, newTracker, snapshotAfter } from './recording.ts'

const RUNS = lawRuns(40)

const NAMES = Object.keys(EXPECTED).filter((name) => name !== 'overlapping-50' && eventsOf(name).length > 0)
const STREAMS = new Map(NAMES.map((name) => [name, eventsOf(name)]))

/** During one operation of the PBX (a transfer, a hangup) channels remain that are no call any more. */
const AT_REST_MS = 100

/** What no snapshot shows: it then has one call less, and never one more. */
const UNSHOWN: ReadonlyMap<string, string> = new Map([
  [
    'field/followme-cell-unconfirmed-desk-answers',
    'a phone that is asked to confirm outlives all who could have called it',
  ],
  ['field/followme-cell-unconfirmed-nobody', 'a phone that is asked to confirm outlives all who could have called it'],
  ['kinds/ari-waiting-agent-three-customers', 'an agent of an application, while connected, looks like any callee'],
  ['kinds/ari-both-wait-the-customer-came-first', 'an agent of an application, while connected, looks like any callee'],
])

const anyName = fc.constantFrom(...NAMES)
const stream = (name: string) => STREAMS.get(name) ?? []

/** Repeated frames: which one, and how many frames later it is repeated. */
const copies = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 40 })), { maxLength: 30 })

/** What no two channels of one PBX have in common at a time: their ids, and the names of Local pairs. */
const IDENTITIES = new Map(NAMES.map((name) => [name, new Set(stream(name).flatMap(identitiesIn))]))

function identitiesIn(event: PbxEvent): string[] {
  if (event.type !== 'ChannelCreated') {
    return []
  }
  const { id, name } = event.channel
  return name.startsWith('Local/') ? [id, name] : [id]
}

/** Recordings of different runs may use the same id: those that cannot happen at the same time are left out. */
function together(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.filter((name) => {
    const own = [...(IDENTITIES.get(name) ?? [])]
    if (own.some((identity) => taken.has(identity))) {
      return false
    }
    for (const identity of own) {
      taken.add(identity)
    }
    return true
  })
}

/** A few recordings at once, and the random numbers that interleave them. */
const recorded = fc.record({
  kind: fc.constant('recorded' as const),
  names: fc.uniqueArray(anyName, { minLength: 1, maxLength: 4 }).map(together),
  dice: fc.integer(),
  copies,
})

/** Calls of the simulated PBX, any of its scenarios, begun at any time within five seconds. */
const generated = fc.record({
  kind: fc.constant('generated' as const),
  seed: fc.nat(),
  calls: anyMix(8),
  copies,
})

const plan = fc.oneof(recorded, generated)

type Recorded = typeof recorded extends fc.Arbitrary<infer T> ? T : never
type Generated = typeof generated extends fc.Arbitrary<infer T> ? T : never
type Plan = Recorded | Generated

function woven(plan: Plan): PbxEvent[] {
  return plan.kind === 'recorded' ? weave(plan) : playMix(plan.seed, plan.calls).events
}

/** Each recording in its own order, any order between them. */
function weave({ names, dice }: Recorded): PbxEvent[] {
  const random = xorshift(dice)
  const queues = names.map((name) => [...stream(name)])
  const events: PbxEvent[] = []
  for (;;) {
    const open = queues.filter((queue) => queue.length > 0)
    const next = open[random() % Math.max(1, open.length)]?.shift()
    if (next === undefined) {
      return events
    }
    events.push(next)
  }
}

/** Some frames are repeated: at once, or a little later. */
function doubled(plan: Plan): PbxEvent[] {
  const events = woven(plan)
  for (const [at, delay] of plan.copies) {
    const from = at % events.length
    const copy = events[from]
    if (copy !== undefined) {
      events.splice(Math.min(events.length, from + 1 + delay), 0, copy)
    }
  }
  return events
}

function xorshift(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

function count(facts: readonly CallFact[], type: CallFact['type']): number {
  return facts.filter((fact) => fact.type === type).length
}

describe('the laws', () => {
  test('1: started = ended + active at every step, and nothing is active in the end', () => {
    fc.assert(
      fc.property(plan, (plan) => {
        const tracker = newTracker()
        let balance = 0
        for (const event of doubled(plan)) {
          const facts = tracker.apply(event)
          balance += count(facts, 'CallStarted') - count(facts, 'CallEnded')
          expect([...tracker.live()]).toHaveLength(balance)
        }
        expect(balance).toBe(0)
        expect([...tracker.liveCounts()]).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })

  test('2: one end for each start, nothing about a call after its end, and its legs end before it', () => {
    fc.assert(
      fc.property(plan, (plan) => {
        const open = new Set<string>()
        const over = new Set<string>()
        const legs = new Map<string, string>()
        const legsOver = new Set<string>()
        for (const fact of fold(doubled(plan)).facts) {
          if ('call' in fact) {
            const id = fact.call.channelId
            expect(over.has(id)).toBe(false)
            expect(open.has(id)).toBe(fact.type !== 'CallStarted')
            open.add(id)
            if (fact.type !== 'CallEnded') {
              continue
            }
            over.add(id)
            expect([...legs.values()]).not.toContain(id)
          }
          if ('leg' in fact) {
            expect(over.has(fact.leg.callId)).toBe(false)
            if (fact.type === 'LegEnded') {
              legs.delete(fact.leg.id)
            }
            // An ended leg moves with its call, and is reported once more.
            else if (legsOver.has(fact.leg.id)) {
              expect(fact.leg.result).not.toBeNull()
            } else {
              legs.set(fact.leg.id, fact.leg.callId)
            }
            if (fact.type === 'LegEnded') {
              legsOver.add(fact.leg.id)
            }
          }
        }
        expect(legs.size).toBe(0)
      }),
      { numRuns: RUNS },
    )
  })

  test('3: spans are never negative and fit into the call', () => {
    fc.assert(
      fc.property(plan, (plan) => {
        for (const call of fold(doubled(plan)).calls.values()) {
          const length = (call.endedAt ?? 0) - call.startedAt
          for (const span of [
            length,
            call.durationMs,
            call.ringMs ?? 0,
            call.answerDelayMs ?? 0,
            call.holdMs,
            call.queueWaitMs ?? 0,
          ]) {
            expect(span).toBeGreaterThanOrEqual(0)
          }
          expect(call.durationMs + (call.ringMs ?? 0)).toBeLessThanOrEqual(length)
          if (call.durationMs > 0) {
            expect(call.disposition).toBe('answered')
          }
          expect(call.disposition === 'answered').toBe(call.answeredAt !== null)
        }
      }),
      { numRuns: RUNS },
    )
  })

  test('4: repeated and late frames change nothing', () => {
    fc.assert(
      fc.property(plan, (plan) => {
        expect(Object.fromEntries(fold(doubled(plan)).calls)).toEqual(Object.fromEntries(fold(woven(plan)).calls))
      }),
      { numRuns: RUNS },
    )
  })

  test('5: the events of other calls never change a call', () => {
    fc.assert(
      fc.property(recorded, (plan) => {
        const together = fold(woven(plan)).calls
        for (const name of plan.names) {
          const alone = fold(stream(name)).calls
          for (const [id, call] of alone) {
            expect(together.get(id)).toEqual(call)
          }
        }
      }),
      { numRuns: RUNS },
    )
  })

  test('5b: calls among others are as the simulator made them', () => {
    fc.assert(
      fc.property(generated, (plan) => {
        const { events, truths } = playMix(plan.seed, plan.calls)
        const { calls } = fold(events)
        expect(calls.size).toBe(truths.length)
        for (const { channelId, disposition, missed, direction, durationMs } of truths) {
          expect(calls.get(channelId)).toMatchObject({ disposition, missed, direction, durationMs })
        }
      }),
      { numRuns: RUNS },
    )
  })

  test('6: a snapshot at any point and the events after it give the same as all events', () => {
    fc.assert(
      fc.property(plan, fc.nat(), (plan, seed) => {
        const events = woven(plan)
        const cut = seed % events.length
        const before = events.slice(0, cut)
        const at = events[cut]?.at ?? 0
        const all = fold(before).tracker
        const late = fold([snapshotAfter(before, at)]).tracker
        for (const event of events.slice(cut)) {
          all.apply(event)
          late.apply(event)
        }
        expect([...late.live()]).toEqual([])
        expect([...all.live()]).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })

  // As many, not the same: after a caller has transferred their call, nothing shows who began it.
  test('6b: a snapshot of a PBX at rest shows as many calls as were active', () => {
    for (const name of NAMES) {
      const events = stream(name)
      for (let cut = 0; cut <= events.length; cut += 1) {
        const before = events.slice(0, cut)
        const at = before.at(-1)?.at ?? 0
        if ((events[cut]?.at ?? Number.POSITIVE_INFINITY) - at < AT_REST_MS) {
          continue
        }
        const seen = [...fold(before).tracker.live()].length
        const { tracker } = fold([snapshotAfter(before, at)])
        const shown = [...tracker.live()].length
        if (UNSHOWN.has(name) && shown === seen - 1) {
          continue
        }
        expect([name, cut, shown]).toEqual([name, cut, seen])
      }
    }
  })

  test('a stream that is cut anywhere throws nothing and leaves nothing behind once the PBX is empty', () => {
    fc.assert(
      fc.property(plan, fc.nat(), (plan, seed) => {
        const events = doubled(plan)
        const cut = seed % events.length
        const { tracker, facts } = fold(events.slice(cut))
        const at = events.at(-1)?.at ?? 0
        const last = tracker.apply({ type: 'SnapshotTaken', at, channels: [], bridges: [], endpoints: [] })
        expect([...tracker.live()]).toEqual([])
        expect(count(facts, 'CallStarted')).toBe(count(facts, 'CallEnded') + count(last, 'CallEnded'))
      }),
      { numRuns: RUNS },
    )
  })
})
