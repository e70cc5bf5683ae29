// Every scenario with a gap in the connection at every possible place.
//
// No process and no socket: the events before the gap, a snapshot of the simulated PBX, the events after it, and the
// comparison of the fault trial.

import { describe, expect, test } from 'vitest'
import { decodeFrame } from '../../../src/ari/decode.ts'
import type { PbxEvent } from '../../../src/call/event.ts'
import type { CallRecord } from '../../../src/call/fact.ts'
import { SCENARIO_NAMES, type ScenarioName } from '../../../src/pbx-sim/scenarios/catalogue.ts'
import { fold, snapshotAfter } from '../../unit/call/recording.ts'
import { playOut, START_AT } from '../../unit/pbx-sim/playing.ts'
import { judge } from './compareWithTruth.ts'
import type { ObservedInterval } from './observedIntervals.ts'

const SEEDS = [1, 2, 3]
const FOR_EVER = Number.POSITIVE_INFINITY

describe.each(SCENARIO_NAMES)('%s', (scenario) => {
  test('is recorded correctly across a lost connection', () => {
    expect(foundByGaps(scenario, lostSession)).toEqual([])
  })

  test('is recorded correctly across a restart of the program', () => {
    expect(foundByGaps(scenario, restart)).toEqual([])
  })
})

/** The calls of a program that received `before`, nothing since `lostAt`, and then `after`, which begins with a snapshot. */
type Gap = (before: readonly PbxEvent[], lostAt: number, after: readonly PbxEvent[]) => readonly CallRecord[]

const lostSession: Gap = (before, lostAt, after) => [
  ...fold([...before, { type: 'ConnectionLost', at: lostAt }, ...after]).calls.values(),
]

/** The open rows of the call log come back first. */
const restart: Gap = (before, lostAt, after) => {
  const { calls, legs } = fold(before)
  const open = [...calls.values()].filter(({ endedAt }) => endedAt === null)
  const openLegs = [...legs.values()].flatMap((leg) =>
    leg.endedAt === null && leg.channelId !== null ? [{ ...leg, channelId: leg.channelId }] : [],
  )
  const remembered = open.map((call) => ({
    ...call,
    legs: openLegs.filter(({ callId }) => callId === call.channelId),
  }))
  const later = fold([{ type: 'OpenCallsRestored', at: lostAt, calls: remembered }, ...after]).calls
  return [...new Map([...calls, ...later]).values()]
}

function foundByGaps(scenario: ScenarioName, gap: Gap): readonly string[] {
  return SEEDS.flatMap((seed) => {
    const { frames, truths } = playOut(scenario, {}, { seed, speed: 10, traffic: 'lean' })
    const events = frames.flatMap((frame): PbxEvent[] => {
      const decoded = decodeFrame(frame)
      return decoded.kind === 'event' ? [decoded.event] : []
    })
    return gapsIn(events).flatMap(({ lost, back }) => {
      const after = [snapshotAfter(events.slice(0, back.cut), back.at), ...events.slice(back.cut)]
      const rows = gap(events.slice(0, lost.cut), lost.lastAt, after)
      const observed: readonly ObservedInterval[] = [
        { from: START_AT - 1, certainTo: lost.lastAt, to: lost.lastAt },
        { from: back.at + 1, certainTo: FOR_EVER, to: FOR_EVER },
      ]
      const verdict = judge({ played: [{ scenario, truths }], cutOff: [], rows, legs: new Set(), observed })
      const { lost: missing, doubled, open, wrong, madeUp } = verdict
      return [...missing, ...doubled, ...open, ...wrong, ...madeUp].map(
        (text) => `seed ${seed}, disconnected from frame ${lost.cut} to ${back.cut}: ${text}`,
      )
    })
  })
}

/** A moment at which nothing happens: after so many events, of which the last was at `lastAt`. */
interface Rest {
  readonly cut: number
  readonly lastAt: number
  readonly at: number
}

/** From any rest to any later one: before all events, between two that are apart, or after all. */
function gapsIn(events: readonly PbxEvent[]): readonly { readonly lost: Rest; readonly back: Rest }[] {
  const edges = [START_AT - 2, ...events.map(({ at }) => at)]
  const rests = edges.flatMap((lastAt, cut): Rest[] => {
    const next = events[cut]?.at ?? lastAt + 1_000
    return next > lastAt ? [{ cut, lastAt, at: Math.floor((lastAt + next) / 2) }] : []
  })
  return rests.flatMap((lost, index) => rests.slice(index).map((back) => ({ lost, back })))
}
