// A reader that fails harms nobody else, and no more of itself than one fact.

import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { CallFact } from '../src/call/fact.ts'
import { trackEndpoints } from '../src/endpoint/endpoints.ts'
import { createPipeline, type Total } from '../src/pipeline.ts'
import { eventsOf, newTracker } from './call/recording.ts'
import { Story } from './call/story.ts'

test('a fact that cannot be counted takes nothing from the others: what they added is stored', () => {
  const counted: CallFact['type'][] = []
  const stored: Total[] = []
  const take = createPipeline({
    tracker: newTracker(),
    endpoints: trackEndpoints(),
    log: pino({ level: 'silent' }),
    observe(fact) {
      if (fact.type === 'LegEnded') throw new Error('a bug')
      counted.push(fact.type)
      return [{ name: fact.type, labels: {}, value: 1 }]
    },
    append: (_facts, totals) => stored.push(...totals),
    narrate: () => undefined,
  })
  for (const event of eventsOf('internal-answered-caller-hangup')) take(event)
  expect(counted).toContain('CallEnded')
  expect(stored.map(({ name }) => name)).toEqual(counted)
})

test('a gap in which everybody hung up is stored in pieces, each with what it was counted as', () => {
  const pieces: { readonly facts: number; readonly totals: number }[] = []
  const take = createPipeline({
    tracker: newTracker(),
    endpoints: trackEndpoints(),
    log: pino({ level: 'silent' }),
    observe: ({ type }) => [{ name: type, labels: {}, value: 1 }],
    append: (facts, totals) => pieces.push({ facts: facts.length, totals: totals.length }),
    narrate: () => undefined,
  })
  const story = new Story()
  for (let n = 0; n < 3_000; n += 1) story.calls(`c${n}`, 'PJSIP/101-1', '102')
  for (const event of story.events) take(event)
  pieces.length = 0
  take({ type: 'SnapshotTaken', at: story.now, channels: [], bridges: [], endpoints: [] })
  expect(pieces.reduce((sum, { facts }) => sum + facts, 0)).toBeGreaterThanOrEqual(3_000)
  expect(Math.max(...pieces.map(({ facts }) => facts))).toBeLessThanOrEqual(500)
  expect(pieces.every(({ facts, totals }) => facts === totals)).toBe(true)
})
