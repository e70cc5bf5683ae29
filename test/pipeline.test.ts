// A reader that fails harms nobody else, and no more of itself than one fact.

import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { CallFact } from '../src/call/fact.ts'
import { trackEndpoints } from '../src/endpoint/endpoints.ts'
import { createPipeline, type Total } from '../src/pipeline.ts'
import { eventsOf, newTracker } from './call/recording.ts'

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
