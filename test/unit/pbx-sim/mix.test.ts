// The random mix: repeatable from its seed, plausible, cheap for many simultaneous calls, with a consistent ground truth.

import { expect, test } from 'vitest'
import { DESTINATION_CLASSES } from '../../../src/call/event.ts'
import { createEventQueue } from '../../../src/pbx-sim/clock/eventQueue.ts'
import { startPbx } from '../../../src/pbx-sim/pbx.ts'
import { createRandom } from '../../../src/pbx-sim/random.ts'
import { listenToCalls, PASSWORD, USER, until } from './listening.ts'
import { START_AT, type Stage, setStage } from './playing.ts'

const HOUR = 3_600_000

function runMix(options: Parameters<typeof setStage>[0], forMs: number): Stage {
  const stage = setStage(options)
  stage.simulator.startArrivals()
  stage.eventQueue.runUntil(START_AT + forMs)
  return stage
}

test('the same seed gives the same frames, another seed other frames', () => {
  const frames = (seed: number): readonly string[] => runMix({ seed, callsPerSecond: 2, speed: 20 }, 20_000).frames
  const once = frames(5)
  expect(once.length).toBeGreaterThan(500)
  expect(frames(5)).toEqual(once)
  expect(frames(6)).not.toEqual(once)
})

test('is plausible: most calls are answered, some are long, arrivals are random', () => {
  const { simulator, truths } = runMix({ callsPerSecond: 0.5, traffic: 'lean' }, 3 * HOUR)
  const { byDisposition, byDirection, calls, scenarios } = simulator.totals()
  const answered = truths.filter((truth) => truth.disposition === 'answered')
  const talks = answered.map((truth) => truth.durationMs).sort((one, other) => one - other)
  expect(scenarios.started / (3 * 3600 * 0.5)).toBeGreaterThan(0.95)
  expect(scenarios.started / (3 * 3600 * 0.5)).toBeLessThan(1.05)
  expect(answered.length / calls).toBeGreaterThan(0.55)
  expect(answered.length / calls).toBeLessThan(0.7)
  expect(talks[Math.floor(talks.length / 2)]).toBeGreaterThan(45_000)
  expect(talks[Math.floor(talks.length / 2)]).toBeLessThan(110_000)
  expect(Math.max(...talks)).toBeGreaterThan(1_000_000)
  expect(Object.keys(byDisposition).length).toBeGreaterThanOrEqual(11)
  expect(Object.keys(byDirection).sort()).toEqual(['inbound', 'internal', 'outbound'])
})

test('speed shortens human durations', () => {
  const longest = (speed: number): number =>
    Math.max(...runMix({ speed, callsPerSecond: 1, traffic: 'lean' }, 600_000).truths.map((truth) => truth.durationMs))
  expect(longest(60)).toBeLessThan(61_000)
  expect(longest(1)).toBeGreaterThan(61_000)
})

test('no call is started above the limit', () => {
  const stage = setStage({ callsPerSecond: 50, maxConcurrent: 10, traffic: 'lean' })
  stage.simulator.startArrivals()
  for (let second = 1; second <= 60; second += 1) {
    stage.eventQueue.runUntil(START_AT + second * 1000)
    expect(stage.simulator.totals().scenarios.live).toBeLessThanOrEqual(10)
  }
  expect(stage.simulator.totals().scenarios.live).toBe(10)
})

test('the counts agree with the expected results of the calls', () => {
  const { simulator, truths } = runMix({ callsPerSecond: 5, speed: 30, traffic: 'lean' }, 120_000)
  const totals = simulator.totals()
  const sum = (of: (truth: (typeof truths)[number]) => number): number =>
    truths.reduce((total, truth) => total + of(truth), 0)
  expect(totals.calls).toBe(truths.length)
  expect(totals.talkMs).toBe(sum((truth) => truth.durationMs))
  expect(totals.answerDelayMs).toBe(sum((truth) => truth.answerDelayMs ?? 0))
  expect(totals.missed).toBe(sum((truth) => (truth.missed ? 1 : 0)))
  expect(Object.values(totals.byDisposition).reduce((total, number) => total + number, 0)).toBe(totals.calls)
  expect(Object.values(totals.byScenario).reduce((total, number) => total + number, 0)).toBe(totals.scenarios.ended)
  expect(totals.scenarios.started).toBe(totals.scenarios.ended + totals.scenarios.live)
})

test('calls leave by a trunk to every kind of number that is known', () => {
  const { simulator, truths } = runMix({ callsPerSecond: 1, traffic: 'lean' }, 2 * HOUR)
  const { byDestination, byCountry } = simulator.totals()
  const out = truths.filter(({ direction, disposition }) => direction === 'outbound' && disposition !== 'merged')
  const known = DESTINATION_CLASSES.filter((kind) => kind !== 'unknown')
  expect(Object.keys(byDestination).sort()).toEqual([...known].sort())
  expect(Object.values(byDestination).reduce((total, number) => total + number, 0)).toBe(out.length)
  const { '': _home, ...abroad } = byCountry
  expect(Object.values(abroad).reduce((total, number) => total + number, 0)).toBe(byDestination.international)
  expect(Object.keys(abroad).sort()).toEqual(['DE', 'EE', 'GB', 'RU', 'SE', 'US'])
})

// No limit on the send buffer: on a busy machine the listener is slow.
test('500 calls placed at once end over a real socket', async () => {
  const pbx = await startPbx({ user: USER, password: PASSWORD, traffic: 'lean', maxBufferedBytes: 1_000_000_000 })
  const listener = await listenToCalls(pbx.url, 'tester')
  const times = { ringMs: 200, talkMs: 400 }
  const placed = Array.from({ length: 500 }, () => pbx.place('answered-caller-hangs-up', times))
  const truths = (await Promise.all(placed.map(({ ended }) => ended))).flat()
  await until(() => listener.types().filter((type) => type === 'ChannelDestroyed').length === 1000)
  expect(new Set(truths.map((truth) => truth.channelId)).size).toBe(500)
  expect(pbx.truth()).toMatchObject({
    scenarios: { started: 500, ended: 500, cut: 0, live: 0 },
    byDisposition: { answered: 500 },
    talkMs: 500 * times.talkMs,
  })
  expect(pbx.liveChannels()).toEqual([])
  await pbx.stop()
})

test('the mix runs after the start of the PBX, and after a restart', async () => {
  const pbx = await startPbx({ user: USER, password: PASSWORD, callsPerSecond: 200, speed: 100 })
  await until(() => pbx.truth().scenarios.ended > 5)
  await pbx.restart()
  const { started } = pbx.truth().scenarios
  await until(() => pbx.truth().scenarios.started > started + 5)
  await pbx.stop()
})

test('steps run in the order of their times, those of one instant in the order in which they were planned', () => {
  const random = createRandom(3)
  const eventQueue = createEventQueue(0)
  const ran: (readonly [number, number])[] = []
  for (let order = 0; order < 500; order += 1) {
    const when = random.whole(0, 50)
    eventQueue.at(when, () => ran.push([when, order]))
  }
  expect(eventQueue.runUntil(25, 100)).toBe(false)
  expect(ran).toHaveLength(100)
  eventQueue.runUntil(50)
  expect(ran).toEqual([...ran].sort(([a, one], [b, other]) => a - b || one - other))
  expect(ran).toHaveLength(500)
  expect([eventQueue.now(), eventQueue.nextAt()]).toEqual([50, Number.POSITIVE_INFINITY])
})

test('random numbers are uniform, skewed and repeatable as documented', () => {
  const random = createRandom(11)
  const draws = Array.from({ length: 20_000 }, () => random.whole(1, 6))
  for (const face of [1, 2, 3, 4, 5, 6]) {
    expect(draws.filter((draw) => draw === face).length / draws.length).toBeCloseTo(1 / 6, 1.7)
  }
  const tails = Array.from({ length: 20_000 }, () => random.skewed(100, 1)).sort((one, other) => one - other)
  expect(tails[10_000]).toBeGreaterThan(95)
  expect(tails[10_000]).toBeLessThan(105)
  expect(tails.reduce((sum, draw) => sum + draw, 0) / tails.length).toBeGreaterThan(150)
  expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const fork = random.fork(4).next()
  random.next()
  expect(random.fork(4).next()).toBe(fork)
  expect(random.fork(5).next()).not.toBe(fork)
})
