// Every scenario with a gap in the sight of it, at any place: what the trial would find sooner or later, at once.
//
// No process and no socket: what was seen, a snapshot of the simulated PBX, and what follows it, by the chaos verdict.

import { expect, test } from 'vitest'
import { decodeFrame } from '../../src/ari/decode.ts'
import type { PbxEvent } from '../../src/call/event.ts'
import { SCENARIO_NAMES, type ScenarioName } from '../../src/pbx-sim/scenarios/catalogue.ts'
import { fold, snapshotAfter } from '../call/recording.ts'
import { playOut, START_AT } from '../pbx-sim/playing.ts'
import { ON_ITS_WAY_MS, type Sight } from './sight.ts'
import { judge } from './verdict.ts'

const SEEDS = [1, 2, 3]
const FOR_EVER = Number.POSITIVE_INFINITY

test.each(SCENARIO_NAMES)('%s', (scenario) => {
  const found = SEEDS.flatMap((seed) => foundByGaps(scenario, seed))
  expect(found).toEqual([])
})

function foundByGaps(scenario: ScenarioName, seed: number): readonly string[] {
  const { frames, truths } = playOut(scenario, {}, { seed, speed: 10, noise: false })
  const events = frames.flatMap((frame): PbxEvent[] => {
    const decoded = decodeFrame(frame)
    return decoded.kind === 'event' ? [decoded.event] : []
  })
  const rests = restsOf(events)
  return rests.flatMap((lost, index) =>
    rests.slice(index).flatMap((back) => {
      const { calls } = fold([
        ...events.slice(0, lost.cut),
        { type: 'SightLost', at: lost.lastAt },
        snapshotAfter(events.slice(0, back.cut), back.at),
        ...events.slice(back.cut),
      ])
      const sights: readonly Sight[] = [
        { from: START_AT - 1, certainTo: lost.lastAt - ON_ITS_WAY_MS, to: lost.lastAt },
        { from: back.at + 1, certainTo: FOR_EVER, to: FOR_EVER },
      ]
      const rows = [...calls.values()]
      const verdict = judge({ played: [{ scenario, truths }], cutOff: [], rows, legs: new Set(), sights })
      const { lost: missing, doubled, open, wrong, madeUp } = verdict
      return [...missing, ...doubled, ...open, ...wrong, ...madeUp].map(
        (text) => `seed ${seed}, blind from frame ${lost.cut} to ${back.cut}: ${text}`,
      )
    }),
  )
}

/** A moment at which nothing happens: after so many events, of which the last was at `lastAt`. */
interface Rest {
  readonly cut: number
  readonly lastAt: number
  readonly at: number
}

/** Before all events, between any two that are apart, and after all. */
function restsOf(events: readonly PbxEvent[]): readonly Rest[] {
  const edges = [START_AT - 2, ...events.map(({ at }) => at)]
  return edges.flatMap((lastAt, cut) => {
    const next = events[cut]?.at ?? lastAt + 1_000
    return next > lastAt ? [{ cut, lastAt, at: Math.floor((lastAt + next) / 2) }] : []
  })
}
