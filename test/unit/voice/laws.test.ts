// The laws of the watch, on generated offices of legs that talk, stop, fall silent and begin new sessions.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lawRuns } from '../call/lawRuns.ts'
import { BOTH, type Flow, NEITHER, ONLY_RECEIVED, ONLY_SENT, Talks } from './talks.ts'

const RUNS = lawRuns(60)
const FLOWS: readonly Flow[] = [
  BOTH,
  ONLY_SENT,
  ONLY_RECEIVED,
  NEITHER,
  { ...BOTH, receivedLost: 8 },
  { ...BOTH, sentLost: 8 },
  { ...BOTH, receivedJitterMs: 45 },
]

type Step =
  | { readonly kind: 'talk' | 'flows'; readonly leg: number; readonly flow: number }
  | { readonly kind: 'stops' | 'restarts'; readonly leg: number }
  | { readonly kind: 'pass'; readonly seconds: number }

const leg = fc.nat({ max: 5 })
const flow = fc.nat({ max: FLOWS.length - 1 })
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('talk', 'flows'), leg, flow }),
  fc.record({ kind: fc.constantFrom('stops', 'restarts'), leg }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass'), seconds: fc.integer({ min: 1, max: 25 }) }) },
)
const anyDay = fc.array(anyStep, { maxLength: 40 })
const anyBudget = fc.constantFrom(1, 2, 5)

function step(talks: Talks, one: Step): void {
  switch (one.kind) {
    case 'talk':
      talks.talk(`leg-${one.leg}`, FLOWS[one.flow])
      break
    case 'flows':
      talks.flows(`leg-${one.leg}`, FLOWS[one.flow] ?? BOTH)
      break
    case 'stops':
      talks.stops(`leg-${one.leg}`)
      break
    case 'restarts':
      talks.restarts(`leg-${one.leg}`)
      break
    case 'pass':
      talks.pass(one.seconds)
      break
  }
}

/** After each step of the day. */
function holds(law: (talks: Talks) => void): void {
  fc.assert(
    fc.property(anyDay, anyBudget, (day, perSecond) => {
      const talks = new Talks({ perSecond })
      for (const one of day) {
        step(talks, one)
        law(talks)
      }
    }),
    { numRuns: RUNS },
  )
}

describe('the watch of voices', () => {
  test('asks only about legs that talk, and not before 8 seconds', () => {
    holds((talks) => {
      for (const { leg, talkedMs } of talks.questions) {
        expect(talkedMs, leg).toBeGreaterThanOrEqual(8_000)
      }
    })
  })

  test('asks at most one question at a time, and no leg twice within two seconds', () => {
    holds((talks) => {
      const last = new Map<string, number>()
      for (const { leg, at, since } of talks.questions) {
        const key = `${leg} ${since}`
        expect(at - (last.get(key) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(2_000)
        last.set(key, at)
      }
    })
  })

  test('knows only legs that talk', () => {
    holds((talks) => {
      expect(talks.problems().length).toBeLessThanOrEqual(talks.talking)
    })
  })

  test('tells what the gauge shows', () => {
    holds((talks) => {
      const shown = talks.problems().map((problem) => problem ?? 'none')
      expect(shown.toSorted()).toEqual(talks.latestTold().toSorted())
    })
  })

  test('never tells of one-way audio while packets arrive', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 2, 3, 4, 5, 6), { maxLength: 10 }), (flows) => {
        const talks = new Talks().talk('a', BOTH)
        for (const one of flows) {
          const chosen = FLOWS[one] ?? BOTH
          talks.flows('a', chosen).pass(20)
        }
        expect(talks.told.filter(([, , trouble]) => trouble.startsWith('one_way'))).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })

  test('keeps nothing of legs that are gone', () => {
    const talks = new Talks({ perSecond: 5 })
    for (let round = 0; round < 50; round += 1) {
      talks.talk(`leg-${round}`, ONLY_SENT).pass(10).stops(`leg-${round}`)
    }
    expect(talks.pass(1).problems()).toEqual([])
  })
})
