// A failing reader affects neither the other readers nor other facts; many facts are stored in batches and passed on in parts; events that
// arrive together mean the same as one after the other.

import { pino } from 'pino'
import { expect, test } from 'vitest'
import { missedCallersOf } from '../../../src/app/callbackOptions.ts'
import { createPipeline, type Pipeline, type PipelineDependencies } from '../../../src/app/pipeline.ts'
import type { CallFact } from '../../../src/call/fact.ts'
import { createTracker } from '../../../src/call/tracker.ts'
import { trackEndpoints } from '../../../src/endpoint/endpoints.ts'
import type { Total } from '../../../src/totals/total.ts'
import { EXPECTED, eventsOf, newTracker } from '../call/recording.ts'
import { Story } from '../call/story.ts'

const CALLBACK = { country: 'FI', windowMs: 3_600_000, maskNumbers: false }

/** Without readers but these. */
function pipelineOf(readers: Partial<PipelineDependencies>): Pipeline {
  return createPipeline({
    tracker: newTracker(),
    endpoints: trackEndpoints(),
    log: pino({ level: 'silent' }),
    observe: () => [],
    append: () => undefined,
    logCall: () => undefined,
    ...readers,
  })
}

test('stores the totals of all other facts if counting one fact fails', () => {
  const counted: string[] = []
  const stored: Total[] = []
  const { handleEvent, finish } = pipelineOf({
    observe(fact) {
      if (fact.type === 'LegEnded') {
        throw new Error('a bug')
      }
      counted.push(fact.type)
      return [{ name: fact.type, labels: {}, value: 1 }]
    },
    append: (_facts, totals) => stored.push(...totals),
  })
  for (const event of eventsOf('internal-answered-caller-hangup')) {
    handleEvent(event)
  }
  finish()
  expect(counted).toContain('CallEnded')
  expect(stored.map(({ name }) => name)).toEqual(counted)
})

test('neither stores nor shows what cannot be redacted, and says which reader failed', () => {
  const [passedOn, failures]: [string[], unknown[]] = [[], []]
  const bug = (): never => {
    throw new Error('a bug')
  }
  const { handleEvent, finish } = pipelineOf({
    log: pino({}, { write: (line) => failures.push(JSON.parse(line).reader) }),
    append: (facts, _totals, callers) => passedOn.push(...[...facts, ...callers].map(({ type }) => type)),
    missedCallers: {
      apply: ({ type, at }) => (type === 'CallEnded' ? [{ type: 'UnknownCallerMissed', at, missedCall: '1.1' }] : []),
      advance: bug,
    },
    publish: ({ type }) => passedOn.push(type),
    redact: { call: (fact) => fact, missedCaller: bug },
  })
  for (const event of eventsOf('internal-answered-caller-hangup')) {
    handleEvent(event)
  }
  finish()
  expect(passedOn).toContain('CallEnded')
  expect(passedOn).not.toContain('UnknownCallerMissed')
  expect(new Set(failures)).toEqual(new Set(['redaction']))
})

test('stores the ends of thousands of calls in batches, each with its totals', () => {
  const batches: { readonly facts: number; readonly totals: number }[] = []
  const { handleEvent, finish } = pipelineOf({
    observe: ({ type }) => [{ name: type, labels: {}, value: 1 }],
    append: (facts, totals) => batches.push({ facts: facts.length, totals: totals.length }),
  })
  const story = new Story()
  for (let n = 0; n < 3_000; n += 1) {
    story.calls(`c${n}`, 'PJSIP/101-1', '102')
  }
  for (const event of story.events) {
    handleEvent(event)
  }
  finish()
  batches.length = 0
  handleEvent({ type: 'SnapshotTaken', at: story.now, channels: [], bridges: [], endpoints: [] })
  expect(batches.reduce((sum, { facts }) => sum + facts, 0)).toBeGreaterThanOrEqual(3_000)
  expect(Math.max(...batches.map(({ facts }) => facts))).toBeLessThanOrEqual(500)
  expect(batches.every(({ facts, totals }) => facts === totals)).toBe(true)
})

test('passes on the facts about some calls at a time if asked to: the facts and their order stay the same', () => {
  const story = new Story()
  for (let n = 0; n < 3_000; n += 1) {
    story.calls(`c${n}`, 'PJSIP/101-1', '102')
  }
  const allEnded = { type: 'SnapshotTaken', at: story.now, channels: [], bridges: [], endpoints: [] } as const
  const after = new Story().wait(60_000).calls('new', 'PJSIP/103-1', '104').isDestroyed('new').events

  function factsWith(callsAtOnce: number, complete: (pipeline: Pipeline) => void): readonly CallFact[] {
    const facts: CallFact[] = []
    const pipeline = pipelineOf({
      tracker: createTracker({ roleOf: () => 'phone', callsAtOnce }),
      append: (some) => facts.push(...some),
    })
    for (const event of story.events) {
      pipeline.handleEvent(event)
    }
    pipeline.finish()
    facts.length = 0
    pipeline.handleEvent(allEnded)
    complete(pipeline)
    for (const event of after) {
      pipeline.handleEvent(event)
    }
    pipeline.finish()
    return facts
  }

  const whole = factsWith(Infinity, (pipeline) => expect(pipeline.hasMore()).toBe(false))
  let parts = 0
  const divided = factsWith(100, (pipeline) => {
    for (; pipeline.hasMore(); parts += 1) {
      pipeline.more()
    }
  })
  expect(parts).toBeGreaterThanOrEqual(29)
  expect(divided).toEqual(whole)
  expect(factsWith(100, (pipeline) => pipeline.finish())).toEqual(whole)
  // The next event passes on what is left.
  expect(factsWith(100, () => undefined)).toEqual(whole)
})

test.each(Object.keys(EXPECTED))('events that arrive together mean the same as one after the other: %s', (name) => {
  // What each reader gets.
  function passedOn(isAlone: boolean): readonly unknown[] {
    const counted: unknown[] = []
    const stored: unknown[] = []
    const shown: unknown[] = []
    const written: unknown[] = []
    const { handleEvent, finish } = pipelineOf({
      observe(fact) {
        counted.push(fact)
        return [{ name: fact.type, labels: {}, value: 1 }]
      },
      append: (...batch) => stored.push(batch),
      missedCallers: missedCallersOf(CALLBACK, { numberSecret: 'secret', waiting: [] }).missedCallers,
      publish: (fact) => shown.push(fact),
      logCall: (fact) => written.push(fact),
    })
    for (const event of eventsOf(name)) {
      handleEvent(event)
      if (isAlone) {
        finish()
      }
    }
    finish()
    return [counted, stored, shown, written]
  }

  expect(passedOn(false)).toEqual(passedOn(true))
})

test('events are handled when the code that delivers them returns', async () => {
  const stored: CallFact[] = []
  const { handleEvent, hasMore } = pipelineOf({ append: (facts) => stored.push(...facts) })
  for (const event of new Story().calls('c1', 'PJSIP/101-1', '102').events) {
    handleEvent(event)
  }
  expect(stored.filter(({ type }) => type === 'CallStarted')).toEqual([])
  await Promise.resolve()
  expect(stored.filter(({ type }) => type === 'CallStarted')).toHaveLength(1)
  expect(hasMore()).toBe(false)
})

test('what an event leaves to do is done in the same turn of the event loop', async () => {
  const events = eventsOf('attended-transfer')
  async function factsWith(callsAtOnce: number): Promise<readonly CallFact[]> {
    const facts: CallFact[] = []
    const tracker = createTracker({ roleOf: () => 'phone', callsAtOnce })
    let parts = 0
    const more = (): readonly CallFact[] => {
      parts += 1
      return tracker.more()
    }
    const { handleEvent, hasMore } = pipelineOf({
      tracker: { ...tracker, more },
      append: (some) => facts.push(...some),
    })
    for (const event of events) {
      handleEvent(event)
      await Promise.resolve()
      expect(hasMore()).toBe(false)
    }
    expect(parts > 0).toBe(callsAtOnce < Infinity)
    return facts
  }

  expect(await factsWith(1)).toEqual(await factsWith(Infinity))
})

test('a snapshot is passed on in parts, also right after other events', async () => {
  const { handleEvent, hasMore } = pipelineOf({ tracker: createTracker({ roleOf: () => 'phone', callsAtOnce: 3 }) })
  const story = new Story()
  for (let n = 0; n < 20; n += 1) {
    story.calls(`c${n}`, 'PJSIP/101-1', '102')
  }
  for (const event of story.events) {
    handleEvent(event)
  }
  handleEvent({ type: 'SnapshotTaken', at: story.now, channels: [], bridges: [], endpoints: [] })
  await Promise.resolve()
  expect(hasMore()).toBe(true)
})
