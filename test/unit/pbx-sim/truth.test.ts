// The expected results of each scenario are what the decoder and the tracker conclude from its frames.

import { describe, expect, test } from 'vitest'
import { decodeEvent } from '../../../src/ari/decode.ts'
import { rolesByName } from '../../../src/call/outcome/direction.ts'
import { createTracker } from '../../../src/call/tracker.ts'
import { destinationOf } from '../../../src/numbers/destination.ts'
import { isScenarioName, SCENARIO_NAMES } from '../../../src/pbx-sim/scenarios/catalogue.ts'
import { fold } from '../call/recording.ts'
import { playOut, type Stage } from './playing.ts'

function concluded(stage: Stage): ReturnType<typeof fold> {
  return fold(
    stage.frames.flatMap((text) => {
      const decoded = decodeEvent(JSON.parse(text))
      return decoded.kind === 'event' ? [decoded.event] : []
    }),
    createTracker({ roleOf: rolesByName([]), destinationOf: inFinland }),
  )
}

const inFinland = destinationOf('FI')

describe.each(SCENARIO_NAMES)('%s', (scenario) => {
  test.each([1, 2, 3])('with seed %i', (seed) => {
    const stage = playOut(scenario, {}, { seed, speed: 10 })
    const { calls, tracker } = concluded(stage)
    expect(stage.truths).not.toHaveLength(0)
    expect([...calls.keys()].sort()).toEqual(stage.truths.map((truth) => truth.channelId).sort())
    expect([...tracker.live()]).toHaveLength(0)
    for (const truth of stage.truths) {
      const { hungUpBy, endedAt: _endedAt, distinct: _d, bridgeMadeAt: _b, callerGoneAt: _c, ...wanted } = truth
      expect(calls.get(truth.channelId)).toMatchObject({ ...wanted, ...(hungUpBy && { hungUpBy }) })
    }
  })

  test('leaves no channels or bridges', () => {
    const { world } = playOut(scenario, {}, { speed: 10 }).simulator
    expect([world.channels.size, world.bridges.size, world.waiting.size]).toEqual([0, 0, 0])
    expect([...world.byEndpoint.values()].every((channels) => channels.size === 0)).toBe(true)
  })
})

test('a missed call is one that was offered and not answered', () => {
  const missed = SCENARIO_NAMES.filter((name) => playOut(name).truths.some((truth) => truth.missed))
  expect(missed).toEqual([
    'no-answer',
    'cancelled',
    'busy',
    'rejected',
    'congestion',
    'unreachable',
    'silent-phone',
    'ring-group-nobody',
    'inbound-cancelled',
    'inbound-no-answer',
    'queue-abandoned',
    'queue-timeout',
    'voicemail',
    'stasis-early-bridge-nobody',
    'empty-dial',
    'unavailable-voicemail',
    'unavailable-congestion',
    'ring-group-off',
    'redirect-to-voicemail',
    'not-available',
    'cancelled-with-reason',
    'busy-then-queue-abandoned',
    'declined-then-menu',
    'queue-left-by-key',
  ])
})

test('scenario names are recognised', () => {
  expect(isScenarioName('queue-abandoned')).toBe(true)
  expect(isScenarioName('toString')).toBe(false)
})
