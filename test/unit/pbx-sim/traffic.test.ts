// Real and lean traffic: the first is like that of a real Asterisk in kind and size, the second means the same with fewer frames.

import { expect, test } from 'vitest'
import { decodeFrame, USED_FRAME_TYPES } from '../../../src/ari/decode.ts'
import { isUnusedVariable } from '../../../src/ari/unusedVariable.ts'
import { SCENARIO_NAMES } from '../../../src/pbx-sim/scenarios/catalogue.ts'
import { fold, framesOf } from '../call/recording.ts'
import { playOut } from './playing.ts'

/** Of the sizes of frames: names, numbers and times of a call differ in length. */
const MARGIN = 0.1

const PLAIN = { caller: '101', callee: '102', ringMs: 1000, talkMs: 6000 } as const

test('a plain call is as many events of each type as on a real Asterisk, of the same size', () => {
  // A phone registered while the call was recorded.
  const { ContactStatusChange: _, ...recorded } = sizesOf(
    framesOf('internal-answered-caller-hangup').map((frame) => JSON.stringify(frame)),
  )
  const simulated = sizesOf(playOut('answered-caller-hangs-up', PLAIN).frames)
  const counts = (sizes: Sizes) => Object.entries(sizes).map(([type, { count }]) => [type, count])
  expect(counts(simulated).sort()).toEqual(counts(recorded).sort())
  for (const [type, { bytes }] of Object.entries(recorded)) {
    expect((simulated[type]?.bytes ?? 0) / bytes, type).toBeGreaterThan(1 - MARGIN)
    expect((simulated[type]?.bytes ?? 0) / bytes, type).toBeLessThan(1 + MARGIN)
  }
})

test('variables have the form by which the exporter recognizes those that it does not use', () => {
  const { frames } = playOut('answered-caller-hangs-up', PLAIN)
  const unused = frames.filter((text) => decodeFrame(text).kind === 'ignored' && text.includes('"ChannelVarset"'))
  expect(unused.length).toBeGreaterThan(40)
  expect(unused.filter((text) => !isUnusedVariable(Buffer.from(text)))).toEqual([])
})

test('lean traffic leaves out the variables that say nothing about a call', () => {
  const lean = playOut('answered-caller-hangs-up', PLAIN, { traffic: 'lean' }).frames.map((text) => JSON.parse(text))
  const variables = new Set(lean.flatMap((frame) => (frame.type === 'ChannelVarset' ? [frame.variable] : [])))
  expect([...variables].sort()).toEqual(['DIALSTATUS', 'RTPAUDIOQOS'])
})

test.each(SCENARIO_NAMES)('%s has the same facts in real and in lean traffic', (scenario) => {
  const [real, lean] = (['real', 'lean'] as const).map((traffic) => {
    const events = playOut(scenario, {}, { traffic }).frames.flatMap((text) => {
      const decoded = decodeFrame(text)
      return decoded.kind === 'event' ? [decoded.event] : []
    })
    return fold(events).facts
  })
  expect(lean?.length).toBeGreaterThan(0)
  expect(lean).toEqual(real)
})

type Sizes = Readonly<Record<string, { readonly count: number; readonly bytes: number }>>

/** How many frames of each type the exporter's filter lets through, and their bytes. */
function sizesOf(frames: readonly string[]): Sizes {
  const sizes: Record<string, Sizes[string]> = {}
  for (const text of frames) {
    const type = String(JSON.parse(text).type)
    if (USED_FRAME_TYPES.includes(type)) {
      const { count, bytes } = sizes[type] ?? { count: 0, bytes: 0 }
      sizes[type] = { count: count + 1, bytes: bytes + text.length }
    }
  }
  return sizes
}
