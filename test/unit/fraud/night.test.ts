// The night in which the simulated PBX has its calls stolen: the watch finds what the ground truth knows.

import { expect, test } from 'vitest'
import { decodeFrame } from '../../../src/ari/decode.ts'
import { rolesByName } from '../../../src/call/outcome/direction.ts'
import { createTracker } from '../../../src/call/tracker.ts'
import type { TollFact } from '../../../src/fraud/tollCall.ts'
import { createTollWatch } from '../../../src/fraud/tollWatch.ts'
import { destinationOf } from '../../../src/numbers/destination.ts'
import { START_AT, setStage } from '../pbx-sim/playing.ts'

const MINUTE = 60_000

test('every stolen call is an attempt of one phone, and its sums are those of the night', () => {
  const roleOf = rolesByName([])
  const tracker = createTracker({ roleOf, destinationOf: destinationOf('FI') })
  const watch = createTollWatch({ roleOf })
  const stage = setStage({ seed: 4, speed: 1, fraud: true, traffic: 'lean' })
  stage.simulator.startArrivals()
  const told: TollFact[] = []
  let taken = 0
  const peaksAt = (minute: number) => {
    stage.eventQueue.runUntil(START_AT + minute * MINUTE)
    for (; taken < stage.frames.length; taken += 1) {
      const decoded = decodeFrame(stage.frames[taken] ?? '')
      const facts = decoded.kind === 'event' ? tracker.apply(decoded.event) : []
      told.push(...facts.flatMap(watch.apply))
    }
    return watch.peaks(START_AT + minute * MINUTE)
  }
  expect(peaksAt(1)).toMatchObject({ attempts: 0, active: 0 })
  expect(peaksAt(11.9).sequential).toBe(30)
  const { active, talkMs } = peaksAt(30)
  expect(active).toBeGreaterThan(10)
  expect(talkMs.premium).toBeGreaterThan(10 * MINUTE)
  // One conversation of an hour.
  expect(peaksAt(110)).toMatchObject({ attempts: 0, active: 1, talkMs: { premium: 10 * MINUTE } })
  expect(peaksAt(150)).toMatchObject({ attempts: 0, active: 0, talkMs: { premium: 0 } })
  expect(watch.remembered()).toBe(0)
  const { stolen } = stage.simulator.totals()
  const tried = told.filter(({ type }) => type === 'TollCallTried')
  expect(tried).toHaveLength(stolen.calls)
  expect(new Set(tried.map(({ phone }) => phone))).toEqual(new Set(['113']))
  const countries = told.flatMap((fact) => (fact.type === 'CountryFirstCalled' ? fact.country : []))
  expect(countries.toSorted()).toEqual(['CU', 'MV'])
})
