// Callers who were missed call again or are called back: the ground truth and the module of missed callers agree about them.

import { expect, test } from 'vitest'
import { decodeFrame } from '../../../src/ari/decode.ts'
import { createMissedCallers } from '../../../src/callback/missedCallers.ts'
import { numberMatcher } from '../../../src/numbers/phoneNumber.ts'
import { fold } from '../call/recording.ts'
import { START_AT, type Stage, setStage } from './playing.ts'

const MINUTE = 60_000
const DAYS_MS = 3 * 24 * 60 * MINUTE

/** What the module of missed callers makes of the frames. */
function missedCallersOf({ frames }: Stage) {
  const missedCallers = createMissedCallers({ keyOf: numberMatcher('FI'), windowMs: DAYS_MS, limit: 100_000 })
  const events = frames.flatMap((frame) => {
    const decoded = decodeFrame(frame)
    return decoded.kind === 'event' ? [decoded.event] : []
  })
  const facts = fold(events).facts.flatMap((fact) => missedCallers.apply(fact))
  const count = (isCounted: (fact: (typeof facts)[number]) => boolean): number => facts.filter(isCounted).length
  const closed = (state: string) => count((fact) => fact.type === 'MissedCallerClosed' && fact.caller.state === state)
  return {
    opened: count(({ type }) => type === 'MissedCallerOpened'),
    waiting: [...missedCallers.waiting()].length,
    returned: closed('returned'),
    calledAgain: closed('called_again'),
    tries: count((fact) => fact.type === 'MissedCallerChanged' && fact.missedCall === null),
  }
}

test.each([1, 2, 3])('in the mix, with seed %i', (seed) => {
  const stage = setStage({ seed, speed: 12, callsPerSecond: 1, callBacks: true, traffic: 'lean' })
  stage.simulator.startArrivals()
  stage.eventQueue.runUntil(START_AT + 5 * MINUTE)
  const { opened, waiting, returned, calledAgain, tries } = stage.simulator.totals().missedCallers
  expect(waiting).toBe(opened - returned - calledAgain)
  expect(opened).toBeGreaterThan(20)
  // The truth counts a conversation at the end of its call, the module at its beginning.
  expect(missedCallersOf(stage)).toMatchObject({ opened, tries })
})

test('everybody who was missed is spoken with at last, and the truth knows how', () => {
  const stage = setStage({ speed: 12, callBacks: true, traffic: 'lean' })
  for (let caller = 0; caller < 200; caller += 1) {
    stage.eventQueue.at(START_AT + caller * 1000, () => void stage.simulator.place('inbound-no-answer'))
  }
  stage.eventQueue.runUntil(START_AT + DAYS_MS)
  const { missedCallers } = stage.simulator.totals()
  expect(missedCallersOf(stage)).toEqual(missedCallers)
  expect(missedCallers).toMatchObject({ opened: 200, waiting: 0 })
  for (const kind of ['returned', 'calledAgain', 'tries'] as const) {
    expect([kind, missedCallers[kind]]).toEqual([kind, expect.toSatisfy((count: number) => count > 20)])
  }
})

test('in the demo somebody waits within a minute, and somebody is called back', () => {
  const stage = setStage({ seed: 1, speed: 12, callsPerSecond: 2, callBacks: true, traffic: 'lean' })
  stage.simulator.startArrivals()
  stage.eventQueue.runUntil(START_AT + MINUTE)
  const { waiting, returned } = stage.simulator.totals().missedCallers
  expect(waiting).toBeGreaterThan(0)
  expect(returned).toBeGreaterThan(0)
})

test('without call backs, nobody calls again', () => {
  const stage = setStage({ traffic: 'lean' })
  stage.simulator.place('inbound-no-answer', { outside: { number: '0401234567' } })
  stage.eventQueue.runUntil(START_AT + DAYS_MS)
  const { scenarios, missedCallers } = stage.simulator.totals()
  expect(scenarios).toMatchObject({ started: 1, live: 0 })
  expect(missedCallers).toEqual({ opened: 1, waiting: 1, returned: 0, calledAgain: 0, tries: 0 })
})

test('a call back in another notation is to the same person', () => {
  const stage = setStage({ traffic: 'lean' })
  const place = (scenario: 'inbound-no-answer' | 'outbound-busy' | 'outbound', number: string): void => {
    stage.simulator.place(scenario, { outside: { number } })
    stage.eventQueue.runUntil(stage.eventQueue.now() + 2 * 60 * MINUTE)
  }
  place('inbound-no-answer', '0401234567')
  place('outbound-busy', '+358401234567')
  expect(stage.simulator.totals().missedCallers).toMatchObject({ waiting: 1, tries: 1 })
  place('outbound', '00358401234567')
  const truth = { opened: 1, waiting: 0, returned: 1, calledAgain: 0, tries: 1 }
  expect(stage.simulator.totals().missedCallers).toEqual(truth)
  expect(missedCallersOf(stage)).toEqual(truth)
})
