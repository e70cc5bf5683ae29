// Calls of the simulation have SIP Call-IDs, and those from outside a recording if it is asked to record.

import { expect, test } from 'vitest'
import { decodeEvent } from '../../../src/ari/decode.ts'
import { SCENARIO_NAMES } from '../../../src/pbx-sim/scenarios/catalogue.ts'
import { fold } from '../call/recording.ts'
import { playOut, type Stage } from './playing.ts'

function concluded({ frames }: Stage): ReturnType<typeof fold> {
  const decoded = frames.map((text) => decodeEvent(JSON.parse(text)))
  return fold(decoded.flatMap((one) => (one.kind === 'event' ? [one.event] : [])))
}

test('a call has the Call-ID of its caller, and each leg one of its own', () => {
  const { calls, legs } = concluded(playOut('answered-caller-hangs-up'))
  const [call] = calls.values()
  const [leg] = legs.values()
  expect(call?.sipCallId).toMatch(/^1-\d+-\d+@127\.0\.0\.1$/)
  expect(leg?.sipCallId).toMatch(/^[0-9a-f-]{36}$/)
})

test('a call from outside is recorded, and ends as it does without', () => {
  for (const scenario of SCENARIO_NAMES) {
    const stage = playOut(scenario, {}, { speed: 10, recordings: true })
    const { calls } = concluded(stage)
    for (const { channelId, disposition, missed } of stage.truths) {
      const call = calls.get(channelId)
      expect([scenario, call?.disposition, call?.missed]).toEqual([scenario, disposition, missed])
    }
  }
  const [call] = concluded(playOut('inbound', {}, { recordings: true })).calls.values()
  expect(call?.recording).toBe(`/var/spool/asterisk/monitor/in-5550103-${call?.caller}-${call?.channelId}.wav`)
  expect([...concluded(playOut('inbound')).calls.values()].map(({ recording }) => recording)).toEqual([null])
})
