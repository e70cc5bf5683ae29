// The laws of missed callers, on generated weeks of calls from and to a few numbers.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CallFact } from '../../../src/call/fact.ts'
import type { MissedCaller, MissedCallerFact } from '../../../src/callback/missedCaller.ts'
import { lawRuns } from '../call/lawRuns.ts'
import { applyAll, HOUR, listOf, MINUTE, minute, missedCallersOf, Office } from './office.ts'

const RUNS = lawRuns(200)
const WEEK = 7 * 24 * HOUR
const WINDOW = 72 * HOUR
const NUMBERS = ['+358401234567', '+358507654321', '+4930901820', '4567', '+12125550123']

interface Call {
  readonly number: number
  readonly kind: 'missed' | 'answered' | 'reached' | 'tried'
  /** Minutes. */
  readonly start: number
  readonly rings: number
  readonly talks: number
}

const anyCall: fc.Arbitrary<Call> = fc.record({
  number: fc.nat({ max: NUMBERS.length - 1 }),
  kind: fc.constantFrom('missed', 'missed', 'answered', 'reached', 'tried'),
  // Many at once, so that calls of one number overlap.
  start: fc.oneof(fc.nat({ max: WEEK }), fc.nat({ max: 60 }), fc.integer({ min: WEEK - 60, max: WEEK })),
  rings: fc.integer({ min: 1, max: 30 }),
  talks: fc.integer({ min: 1, max: 60 }),
})
const anyWeek = fc.array(anyCall, { maxLength: 40 })

/** No two calls begin, are answered or end at the same time. */
const later = (at: number, index: number): number => at + index / 1_000

function factsOf({ number, kind, ...times }: Call, index: number): readonly CallFact[] {
  const [id, person] = [`c${index}`, NUMBERS[number] ?? '']
  const start = later(times.start, index)
  const answer = later(times.start + times.rings, index)
  const end = later(times.start + times.rings + times.talks, index)
  switch (kind) {
    case 'missed':
      return new Office().misses(id, person, start, answer).facts
    case 'answered':
      return new Office().calls(id, person, start).answers(id, answer).ends(id, end).facts
    case 'reached': {
      const office = new Office().dials(id, '101', `${person}@trunk-a`, start).picksUp(id, answer)
      return renamed(office.answers(id, answer, 'trunk-a').ends(id, end).facts, id)
    }
    case 'tried':
      return renamed(new Office().dials(id, '101', `${person}@trunk-a`, start).givesUp(id, end).ends(id, end).facts, id)
  }
}

function renamed(facts: readonly CallFact[], id: string): readonly CallFact[] {
  return facts.map((fact) => ('leg' in fact ? { ...fact, leg: { ...fact.leg, id: `${id}-leg` } } : fact))
}

function inOrder(week: readonly Call[]): readonly CallFact[] {
  return week.flatMap(factsOf).sort((one, other) => one.at - other.at)
}

/** Without ids: they depend on the order between numbers. */
function summary(list: readonly MissedCaller[]): readonly object[] {
  return list
    .map(({ id: _, ...rest }) => rest)
    .sort((one, other) => one.key.localeCompare(other.key) || one.firstMissAt - other.firstMissAt)
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

type Defined = 'key' | 'state' | 'attempts' | 'tries' | 'untriedSince'

/** What the definition says, computed from the whole week at once. */
function byDefinition(week: readonly Call[]): readonly Pick<MissedCaller, Defined>[] {
  const list: (Writable<Pick<MissedCaller, Defined>> & { last: number })[] = []
  const instants = week.map(({ start, rings, talks, ...call }, index) => {
    const [at, answer, end] = [start, start + rings, start + rings + talks].map((time) => later(time, index))
    return { ...call, start: at ?? 0, answer: answer ?? 0, end: end ?? 0 }
  })
  const talks = instants.filter(({ kind }) => kind === 'answered' || kind === 'reached')
  const happened = instants
    .map((call) => ({ call, at: call.kind === 'tried' ? call.end : call.answer }))
    .sort((one, other) => one.at - other.at)
  for (const { call, at } of [...happened, null].map((next) => next ?? { call: null, at: WEEK + 2 * HOUR })) {
    for (const entry of list.filter(({ state, last }) => state === 'waiting' && last + WINDOW <= at)) {
      close(entry, 'expired')
    }
    const key = NUMBERS[call?.number ?? -1] ?? ''
    const entry = list.find((each) => each.key === key && each.state === 'waiting')
    if (call?.kind === 'missed') {
      const spoken = talks.some(
        (talk) => talk.number === call.number && talk.answer < at && (talk.answer >= call.start || talk.end > at),
      )
      if (entry !== undefined && !spoken) {
        entry.attempts += 1
        entry.last = at
        entry.untriedSince ??= minute(at)
      } else if (!spoken) {
        list.push({ key, state: 'waiting', attempts: 1, tries: 0, untriedSince: minute(at), last: at })
      }
    } else if (entry !== undefined && call?.kind === 'tried') {
      entry.tries += 1
      entry.untriedSince = null
    } else if (entry !== undefined && call !== null) {
      close(entry, call.kind === 'reached' ? 'returned' : 'called_again')
    }
  }
  return list.map(({ last: _, ...entry }) => entry)
}

function close(entry: Writable<Pick<MissedCaller, Defined>>, state: MissedCaller['state']): void {
  entry.state = state
  entry.untriedSince = null
}

describe('missed callers', () => {
  test('are those of the definition', () => {
    fc.assert(
      fc.property(anyWeek, (week) => {
        const callers = missedCallersOf()
        const facts = [...applyAll(callers, inOrder(week)), ...callers.advance(minute(WEEK + 2 * HOUR))]
        const list = listOf(facts).map(({ key, state, attempts, tries, untriedSince }) => {
          return { key, state, attempts, tries, untriedSince }
        })
        expect(list).toEqual(byDefinition(week))
      }),
      { numRuns: RUNS },
    )
  })

  test('wait until they are closed, once: waiting = opened - closed', () => {
    fc.assert(
      fc.property(anyWeek, (week) => {
        const callers = missedCallersOf()
        const open = new Map<number, MissedCaller>()
        for (const fact of inOrder(week).flatMap((one) => applyAll(callers, [one]))) {
          if (fact.type === 'UnknownCallerMissed') {
            continue
          }
          expect(open.has(fact.caller.id)).toBe(fact.type !== 'MissedCallerOpened')
          open.set(fact.caller.id, fact.caller)
          if (fact.type === 'MissedCallerClosed') {
            open.delete(fact.caller.id)
            expect(fact.caller.closedAt).toBeGreaterThanOrEqual(fact.caller.firstMissAt)
          }
        }
        expect([...callers.waiting()]).toHaveLength(open.size)
        expect(new Set(callers.waiting())).toEqual(new Set(open.values()))
      }),
      { numRuns: RUNS },
    )
  })

  test('are the same in every order of the numbers', () => {
    fc.assert(
      fc.property(anyWeek, fc.array(fc.nat({ max: NUMBERS.length - 1 })), (week, turns) => {
        const facts = inOrder(week)
        const queues = NUMBERS.map((_, number) =>
          facts.filter((fact) => week[Number(callOf(fact).slice(1))]?.number === number),
        )
        const mixed = turns.flatMap((number) => queues[number]?.splice(0, 1) ?? [])
        const plain = facts.flatMap(missedCallersOf().apply)
        const other = [...mixed, ...queues.flat()].flatMap(missedCallersOf().apply)
        expect(summary(listOf(other))).toEqual(summary(listOf(plain)))
      }),
      { numRuns: RUNS },
    )
  })

  test('are the same after a restart at any fact', () => {
    fc.assert(
      fc.property(anyWeek, fc.nat(), (week, place) => {
        const facts = inOrder(week)
        const cut = place % (facts.length + 1)
        const whole = missedCallersOf()
        const expected = facts.flatMap((fact) => applyAll(whole, [fact]))
        const first = missedCallersOf()
        const before = applyAll(first, facts.slice(0, cut))
        const second = missedCallersOf()
        second.restore(stateAfter(facts.slice(0, cut), before, [...first.waiting()]))
        expect([...before, ...applyAll(second, facts.slice(cut))]).toEqual(expected)
        expect(new Set(second.waiting())).toEqual(new Set(whole.waiting()))
      }),
      { numRuns: RUNS },
    )
  })

  test('are never more than the bound', () => {
    fc.assert(
      fc.property(anyWeek, fc.integer({ min: 1, max: 4 }), (week, limit) => {
        const callers = missedCallersOf({ limit })
        const happened: MissedCallerFact[] = []
        for (const fact of inOrder(week)) {
          happened.push(...applyAll(callers, [fact]))
          expect([...callers.waiting()].length).toBeLessThanOrEqual(limit)
        }
        const count = (type: MissedCallerFact['type']) => happened.filter((fact) => fact.type === type).length
        expect(count('MissedCallerOpened') - count('MissedCallerClosed')).toBe([...callers.waiting()].length)
      }),
      { numRuns: RUNS },
    )
  })
})

test('a fact costs the same with a hundred thousand callers that wait', () => {
  const callers = missedCallersOf()
  for (let index = 0; index < 100_000; index += 1) {
    applyAll(callers, new Office().misses(`m${index}`, `+35840${1_000_000 + index}`, index / 100).facts)
  }
  expect([...callers.waiting()]).toHaveLength(100_000)
  // Each of them would go through the list if a fact did: ten thousand million steps.
  for (let index = 0; index < 100_000; index += 1) {
    applyAll(callers, new Office().misses(`n${index}`, `+35840${1_000_000 + index}`, 1_000 + index / 100).facts)
  }
  expect([...callers.waiting()].every(({ attempts }) => attempts === 2)).toBe(true)
  expect(callers.advance(minute(3_000) + 72 * HOUR * MINUTE)).toHaveLength(100_000)
})

function callOf(fact: CallFact): string {
  if ('call' in fact) {
    return fact.call.channelId
  }
  return 'leg' in fact ? fact.leg.callId : ''
}

/** What the call log has after these facts. */
function stateAfter(
  facts: readonly CallFact[],
  callers: readonly MissedCallerFact[],
  waiting: readonly MissedCaller[],
) {
  const calls = new Map(facts.flatMap((fact) => ('call' in fact ? [[fact.call.channelId, fact.call] as const] : [])))
  const legs = new Map(facts.flatMap((fact) => ('leg' in fact ? [[fact.leg.id, fact.leg] as const] : [])))
  const open = [...calls.values()].filter(({ endedAt }) => endedAt === null)
  const oldest = Math.min(...open.map(({ startedAt }) => startedAt))
  const since = [...calls.values()].filter(({ answeredAt, endedAt }) => endedAt !== null && (answeredAt ?? 0) >= oldest)
  return {
    lastId: Math.max(0, ...listOf(callers).map(({ id }) => id)),
    waiting,
    calls: [...open, ...since.toSorted((one, other) => (one.answeredAt ?? 0) - (other.answeredAt ?? 0))],
    legs: [...legs.values()],
  }
}
