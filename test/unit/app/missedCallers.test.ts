// Missed callers between the core and the readers: counted and stored with the facts, masked, expired by the time.

import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { missedCallersOf } from '../../../src/app/callbackOptions.ts'
import { createPipeline, type PipelineDependencies } from '../../../src/app/pipeline.ts'
import { MASKED } from '../../../src/app/redact.ts'
import { restore } from '../../../src/app/restore.ts'
import type { CallFact } from '../../../src/call/fact.ts'
import type { MissedCaller, MissedCallerFact } from '../../../src/callback/missedCaller.ts'
import { trackEndpoints } from '../../../src/endpoint/endpoints.ts'
import { newTracker } from '../call/recording.ts'
import { minute, missedCaller, Office } from '../callback/office.ts'

const PLAIN = { country: 'FI', windowMs: 60 * 60_000, maskNumbers: false } as const
const MASKING = { ...PLAIN, maskNumbers: true } as const

/** Of a call log with this secret in which these callers wait. */
const earlier = (waiting: readonly MissedCaller[] = []) => ({ numberSecret: 'secret', waiting })

interface Stored {
  readonly facts: readonly CallFact[]
  readonly totals: readonly string[]
  readonly callers: readonly MissedCallerFact[]
}

/** A pipeline whose core reports these facts, one for each event. */
function pipelineOf(facts: readonly CallFact[], options: Partial<PipelineDependencies> = {}) {
  const left = [...facts]
  const stored: Stored[] = []
  const published: string[] = []
  const pipeline = createPipeline({
    tracker: { ...newTracker(), apply: () => left.splice(0, 1) },
    endpoints: trackEndpoints(),
    log: pino({ level: 'silent' }),
    observe: ({ type }) => [{ name: type, labels: {}, value: 1 }],
    append: (appended, totals, callers) =>
      void stored.push({ facts: appended, totals: totals.map(({ name }) => name), callers }),
    missedCallers: missedCallersOf(PLAIN, earlier()).missedCallers,
    logCall: () => undefined,
    publish: ({ type }) => void published.push(type),
    ...options,
  })
  const run = (): void => {
    for (const { at } of facts) {
      pipeline.handleEvent({ type: 'ConnectionLost', at })
    }
    pipeline.finish()
  }
  return { pipeline, stored, published, run }
}

const MISSED = new Office().misses('c1', '0401234567', 0, 1, { callerName: 'Ann' })

test('what a fact means for missed callers is counted, stored and published together with it', () => {
  const { run, stored, published } = pipelineOf(MISSED.facts)
  run()
  expect(stored.at(-1)).toMatchObject({
    facts: [{ type: 'CallEnded' }],
    totals: ['CallEnded', 'MissedCallerOpened'],
    callers: [{ type: 'MissedCallerOpened', missedCall: 'c1', caller: { number: '0401234567', name: 'Ann' } }],
  })
  expect(published).toEqual(['CallStarted', 'CallEnded', 'MissedCallerOpened'])
})

test('masked: numbers match in any notation, and no reader gets a number or a name', () => {
  const office = new Office().misses('c1', '0401234567', 0, 1, { callerName: 'Ann', callee: '0509998888' })
  office.reaches('c2', '101', '+358401234567@trunk-a', 5)
  const { run, stored } = pipelineOf(office.facts, {
    redact: MASKED,
    missedCallers: missedCallersOf(MASKING, earlier()).missedCallers,
  })
  run()
  const callers = stored.flatMap((each) => each.callers)
  expect(callers.map(({ type }) => type)).toEqual(['MissedCallerOpened', 'MissedCallerClosed'])
  expect(callers[1]).toMatchObject({
    caller: { number: '*******567', name: '', called: '*******888', state: 'returned', closedByPhone: '101' },
  })
  expect(JSON.stringify(stored)).not.toMatch(/1234567|9998888|Ann/)
})

test('time closes those who waited too long, once', () => {
  const { pipeline, run, stored, published } = pipelineOf(MISSED.facts)
  run()
  pipeline.advance(minute(60))
  expect(stored).toHaveLength(2)
  pipeline.advance(minute(61))
  pipeline.advance(minute(62))
  expect(stored.slice(2)).toMatchObject([
    { facts: [], totals: ['MissedCallerClosed'], callers: [{ caller: { state: 'expired', closedAt: minute(61) } }] },
  ])
  expect(published.at(-1)).toBe('MissedCallerClosed')
})

test('an exception is a bug: it stops neither the readers nor the next fact', () => {
  const broken = {
    apply: () => {
      throw new Error('a bug')
    },
    advance: () => {
      throw new Error('a bug')
    },
  }
  const { pipeline, run, stored } = pipelineOf(MISSED.facts, { missedCallers: broken })
  run()
  pipeline.advance(minute(99))
  expect(stored.map(({ totals }) => totals)).toEqual([['CallStarted'], ['CallEnded']])
})

/** Restores those who wait from a log that was written with other settings. */
function restored(waiting: readonly MissedCaller[], settings: typeof PLAIN | typeof MASKING) {
  const { keyOf, missedCallers } = missedCallersOf(settings, earlier(waiting))
  const callLog = { append: () => undefined, status: () => ({ rows: 0 }) }
  restore(
    // Only these two methods are called.
    {
      callLog: callLog as never,
      totals: [],
      restored: { at: 0, calls: [] },
      missedCallers: { lastId: 9, waiting, calls: [], legs: [] },
    },
    {
      metrics: { restore: () => ({ owed: [], ignored: 0, restored: 0 }) },
      missedCallers,
      fraud: { owed: [] },
      keyOf,
      handleEvent: () => undefined,
      log: pino({ level: 'silent' }),
      path: '',
    },
  )
  return { keyOf, missedCallers }
}

test('after a restart with another country, those who wait are matched by it; masked numbers keep their keys', () => {
  const { keyOf, missedCallers } = restored(
    [
      missedCaller(1, { number: '0401234567', key: 'of the last nine digits' }),
      missedCaller(2, { number: '*******568', key: 'of the whole number' }),
      missedCaller(3, { number: '+358401234567', key: 'of another notation' }),
    ],
    MASKING,
  )
  expect([...missedCallers.waiting()].map(({ key }) => key)).toEqual([
    keyOf('0401234567'),
    'of the whole number',
    'of another notation',
  ])
  const again = new Office().misses('c1', '0405556666', 1).facts.flatMap(missedCallers.apply)
  expect(again).toMatchObject([{ caller: { id: 10 } }])
})

describe.each([
  ['masked', MASKING, 'masked', MASKING],
  ['masked', MASKING, 'whole', PLAIN],
  ['whole', PLAIN, 'masked', MASKING],
  ['whole', PLAIN, 'whole', PLAIN],
] as const)('after a run with %s numbers, in one with %s numbers', (_before, before, _after, after) => {
  const number = '0401234567'
  const stored = before.maskNumbers ? { number: '*******567', name: '' } : { number }
  const waiting = [missedCaller(1, { ...stored, key: missedCallersOf(before, earlier()).keyOf(number) ?? '' })]

  test('a caller who waits is called back', () => {
    const { missedCallers } = restored(waiting, after)
    const facts = new Office().reaches('c1', '101', '+358401234567@trunk-a', 5).facts.flatMap(missedCallers.apply)
    expect(facts.map(MASKED.missedCaller)).toMatchObject([
      { type: 'MissedCallerClosed', caller: { number: '*******567', state: 'returned' } },
    ])
  })

  test('a caller who waits and calls again is the same one', () => {
    const { missedCallers } = restored(waiting, after)
    const facts = new Office().misses('c1', '00358401234567', 5).facts.flatMap(missedCallers.apply)
    expect(facts).toMatchObject([{ type: 'MissedCallerChanged', caller: { id: 1, attempts: 2 } }])
  })
})

test('a key is the number where numbers are whole, and says nothing where they are masked', () => {
  expect(missedCallersOf(PLAIN, earlier()).keyOf('040 123 4567')).toBe('+358401234567')
  expect(missedCallersOf(MASKING, earlier()).keyOf('040 123 4567')).toMatch(/^[\w-]{22}$/)
})
