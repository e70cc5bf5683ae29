// A reader that fails harms nobody else, and no more of itself than one fact.

import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createPipeline } from '../../../src/app/pipeline.ts'
import type { CallFact } from '../../../src/call/fact.ts'
import { createTracker } from '../../../src/call/tracker.ts'
import { trackEndpoints } from '../../../src/endpoint/endpoints.ts'
import type { Total } from '../../../src/totals/total.ts'
import { eventsOf, newTracker } from '../call/recording.ts'
import { Story } from '../call/story.ts'

test('a fact that cannot be counted takes nothing from the others: what they added is stored', () => {
  const counted: CallFact['type'][] = []
  const stored: Total[] = []
  const { handleEvent } = createPipeline({
    tracker: newTracker(),
    endpoints: trackEndpoints(),
    log: pino({ level: 'silent' }),
    observe(fact) {
      if (fact.type === 'LegEnded') {
        throw new Error('a bug')
      }
      counted.push(fact.type)
      return [{ name: fact.type, labels: {}, value: 1 }]
    },
    append: (_facts, totals) => stored.push(...totals),
    logCall: () => undefined,
  })
  for (const event of eventsOf('internal-answered-caller-hangup')) {
    handleEvent(event)
  }
  expect(counted).toContain('CallEnded')
  expect(stored.map(({ name }) => name)).toEqual(counted)
})

test('a gap in which everybody hung up is stored in pieces, each with what it was counted as', () => {
  const pieces: { readonly facts: number; readonly totals: number }[] = []
  const { handleEvent } = createPipeline({
    tracker: newTracker(),
    endpoints: trackEndpoints(),
    log: pino({ level: 'silent' }),
    observe: ({ type }) => [{ name: type, labels: {}, value: 1 }],
    append: (facts, totals) => pieces.push({ facts: facts.length, totals: totals.length }),
    logCall: () => undefined,
  })
  const story = new Story()
  for (let n = 0; n < 3_000; n += 1) {
    story.calls(`c${n}`, 'PJSIP/101-1', '102')
  }
  for (const event of story.events) {
    handleEvent(event)
  }
  pieces.length = 0
  handleEvent({ type: 'SnapshotTaken', at: story.now, channels: [], bridges: [], endpoints: [] })
  expect(pieces.reduce((sum, { facts }) => sum + facts, 0)).toBeGreaterThanOrEqual(3_000)
  expect(Math.max(...pieces.map(({ facts }) => facts))).toBeLessThanOrEqual(500)
  expect(pieces.every(({ facts, totals }) => facts === totals)).toBe(true)
})

test('events that come while a gap is told wait their turn: the same facts in the same order, whoever gives the loop back', () => {
  const story = new Story()
  for (let n = 0; n < 3_000; n += 1) {
    story.calls(`c${n}`, 'PJSIP/101-1', '102')
  }
  const gone = { type: 'SnapshotTaken', at: story.now, channels: [], bridges: [], endpoints: [] } as const
  const after = new Story().wait(60_000).calls('new', 'PJSIP/103-1', '104').isDestroyed('new').events

  function told(defer?: (resume: () => void) => void) {
    const facts: CallFact[] = []
    const pipeline = createPipeline({
      tracker: createTracker({ roleOf: () => 'phone', ...(defer && { callsAtOnce: 500 }) }),
      endpoints: trackEndpoints(),
      log: pino({ level: 'silent' }),
      observe: () => [],
      append: (some) => facts.push(...some),
      logCall: () => undefined,
      ...(defer && { defer }),
    })
    for (const event of story.events) {
      pipeline.handleEvent(event)
    }
    facts.length = 0
    for (const event of [gone, ...after]) {
      pipeline.handleEvent(event)
    }
    return { facts, finish: pipeline.finish }
  }

  const whole = told().facts
  const put: (() => void)[] = []
  const split = told((goOn) => put.push(goOn))
  const atOnce = split.facts.length
  expect(atOnce).toBeLessThan(1_000)
  let turns = 0
  for (let goOn = put.shift(); goOn !== undefined; goOn = put.shift()) {
    goOn()
    turns += 1
  }
  expect(turns).toBeGreaterThanOrEqual(5)
  expect(split.facts).toEqual(whole)

  const stopped = told(() => undefined)
  stopped.finish()
  expect(stopped.facts).toEqual(whole)
})
