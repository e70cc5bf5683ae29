// Every scenario seen from any moment on, by the chaos verdict: what the trial would find sooner or later, at once.
//
// No process and no socket: a snapshot of the simulated PBX, and what follows it.

import { expect, test } from 'vitest'
import { decodeFrame } from '../../src/ari/decode.ts'
import type { PbxEvent } from '../../src/call/event.ts'
import { SCENARIO_NAMES, type ScenarioName } from '../../src/pbx-sim/scenarios/catalogue.ts'
import { fold, snapshotAfter } from '../call/recording.ts'
import { playOut } from '../pbx-sim/playing.ts'
import { judge } from './verdict.ts'

const SEEDS = [1, 2, 3]

test.each(SCENARIO_NAMES)('%s', (scenario) => {
  const found = SEEDS.flatMap((seed) => foundLate(scenario, seed))
  expect(found).toEqual([])
})

function foundLate(scenario: ScenarioName, seed: number): readonly string[] {
  const { frames, truths } = playOut(scenario, {}, { seed, speed: 10, noise: false })
  const events = frames.flatMap((frame): PbxEvent[] => {
    const decoded = decodeFrame(frame)
    return decoded.kind === 'event' ? [decoded.event] : []
  })
  return restsOf(events).flatMap(({ cut, at }) => {
    const { calls } = fold([snapshotAfter(events.slice(0, cut), at), ...events.slice(cut)])
    const verdict = judge({
      ...{ played: [{ scenario, truths }], cutOff: [], rows: [...calls.values()], legs: new Set() },
      sights: [{ from: at + 1, certainTo: Number.POSITIVE_INFINITY, to: Number.POSITIVE_INFINITY }],
    })
    const { lost, doubled, open, wrong, madeUp } = verdict
    return [...lost, ...doubled, ...open, ...wrong, ...madeUp].map((text) => `seed ${seed}, frame ${cut}: ${text}`)
  })
}

/** Where nothing happens for a moment: the number of events before it, and the moment. */
function restsOf(events: readonly PbxEvent[]): readonly { readonly cut: number; readonly at: number }[] {
  return events.flatMap(({ at: next }, cut) => {
    const last = events[cut - 1]?.at ?? next
    return next > last ? [{ cut, at: next - 1 }] : []
  })
}
