// Replay: listeners receive a complete recording, in order, at the requested speed and with the requested times.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Pbx, startPbx } from '../../../src/pbx-sim/pbx.ts'
import { framesOf } from '../call/recording.ts'
import { ask, type HeardEvent, listenToCalls, PASSWORD, USER, until } from './listening.ts'

let pbx: Pbx

beforeEach(async () => {
  pbx = await startPbx({ user: USER, password: PASSWORD })
})

afterEach(async () => {
  await pbx.stop()
})

const timeOf = (raw: unknown): number => Date.parse(typeof raw === 'object' && raw ? Reflect.get(raw, 'timestamp') : '')

const trace = (name: string): readonly { readonly t: number; readonly raw: unknown }[] =>
  framesOf(name).map((raw) => ({ t: timeOf(raw), raw }))

test('with kept times, only the name of the application changes', async () => {
  const listener = await listenToCalls(pbx.url, 'tester')
  const frames = trace('queue-answered-after-wait')
  expect(await pbx.replayTrace(frames, { speed: 0, timestamps: 'kept' })).toBe(frames.length)
  await until(() => listener.texts.length === frames.length)
  expect(listener.events()).toEqual(frames.map(({ raw }) => ({ ...Object(raw), application: 'tester' })))
  expect(Object.keys(listener.events()[0] ?? {})).toEqual(Object.keys(Object(frames[0]?.raw)))
})

test('shifted times start now and keep their distances', async () => {
  const listener = await listenToCalls(pbx.url, 'tester')
  const frames = trace('busy-486')
  const before = Date.now()
  await pbx.replayTrace(frames, { speed: 0 })
  await until(() => listener.texts.length === frames.length)
  const [first] = listener.events()
  expect(timeOf(first)).toBeGreaterThanOrEqual(before)
  const distance = (events: readonly (HeardEvent | unknown)[]): readonly number[] =>
    events.map((event) => timeOf(event) - timeOf(events[0]))
  expect(distance(listener.events())).toEqual(distance(frames.map(({ raw }) => raw)))
  expect(listener.texts[0]).toContain(`"creationtime":"${first?.['timestamp']}"`)
})

test('the pace is that of the recording, divided by the speed', async () => {
  const frames = trace('busy-486')
  const startedAt = performance.now()
  await pbx.replayTrace(frames, { speed: 5 })
  const recorded = (frames.at(-1)?.t ?? 0) - (frames[0]?.t ?? 0)
  expect(performance.now() - startedAt).toBeGreaterThan(recorded / 5 - 10)
})

test('all of 40,000 frames arrive at a listener that reads', async () => {
  const listener = await listenToCalls(pbx.url, 'tester')
  await ask(pbx.url, 'PUT /applications/tester/eventFilter', { body: { disallowed: [{ type: 'ChannelVarset' }] } })
  const frames = trace('load-50cps-30s').slice(0, 40_000)
  expect(await pbx.replayTrace(frames, { speed: 0, timestamps: 'kept' })).toBe(frames.length)
  const wanted = frames.filter(({ raw }) => Object(raw).type !== 'ChannelVarset').length
  await until(() => listener.texts.length === wanted)
  expect(pbx.listeners()).toBe(1)
})

test('lines without an event are left out', async () => {
  const frames = [
    { t: 1, raw: null },
    { t: 2, raw: { no: 'type' } },
    { t: 3, raw: { type: 'Dial' } },
  ]
  expect(await pbx.replayTrace(frames, { speed: 0 })).toBe(1)
})
