// The simulated Asterisk compared with recordings of a real one: the same frames, with the same fields in the same order.
//
// Compared are the set of frames (Asterisk’s threads race within a millisecond), and the events of each channel in exact order. Device
// states and contacts are left out, because they depend on the rest of the PBX.

import { describe, expect, test } from 'vitest'
import type { ScenarioName } from '../../../src/pbx-sim/scenarios/catalogue.ts'
import type { PlaceOptions } from '../../../src/pbx-sim/simulator.ts'
import { framesOf } from '../call/recording.ts'
import { playOut } from './playing.ts'
import { coursesOf, ofTheCall, shapesOf } from './shape.ts'

const TIMES = { ringMs: 1000, talkMs: 6000, dialTimeoutMs: 4000, patienceMs: 3000 }
const DIALED = { number: '0401234567', destination: { class: 'mobile', country: '' } } as const
const TO_102: PlaceOptions = {
  ...{ ...TIMES, dialed: DIALED },
  ...{ caller: '101', callee: '102', third: '103', trunk: 'trunk-a' },
}
const GROUP: PlaceOptions = { ...TIMES, caller: '104', callee: '101', third: '102', answerer: '102' }
const QUEUE: PlaceOptions = { ...TIMES, caller: '101', queue: 'support', answerer: '102' }

const FIELD: PlaceOptions = { ...TO_102, caller: '104', queue: 'support', answerer: '102' }
const FROM_107: PlaceOptions = { ...FIELD, callee: '107' }

const PAIRS: readonly (readonly [recording: string, scenario: ScenarioName, PlaceOptions])[] = [
  ['internal-answered-caller-hangup', 'answered-caller-hangs-up', TO_102],
  ['internal-answered-callee-hangup', 'answered-callee-hangs-up', TO_102],
  ['ring-no-answer', 'no-answer', TO_102],
  ['caller-cancels', 'cancelled', TO_102],
  ['busy-486', 'busy', TO_102],
  ['declined-603', 'rejected', TO_102],
  ['callee-404', 'invalid-number', TO_102],
  ['congestion-503', 'congestion', TO_102],
  ['chanunavail-unregistered', 'unreachable', TO_102],
  ['dialplan-congestion', 'dialplan-congestion', TO_102],
  ['parallel-ring-one-answers', 'ring-group', GROUP],
  ['parallel-ring-nobody', 'ring-group-nobody', GROUP],
  ['hunt-second-answers', 'hunt', TO_102],
  ['forward-302', 'forward', TO_102],
  ['local-channel-optimized', 'local-channel', TO_102],
  ['inbound-direct-answered', 'inbound', TO_102],
  ['inbound-direct-missed', 'inbound-cancelled', TO_102],
  ['inbound-ivr-only', 'inbound-ivr-only', TO_102],
  ['inbound-ivr-dial-answered', 'inbound-ivr-then-phone', TO_102],
  ['outbound-answered', 'outbound', TO_102],
  ['outbound-busy', 'outbound-busy', TO_102],
  ['queue-answered-after-wait', 'queue-answered', QUEUE],
  ['queue-abandoned', 'queue-abandoned', QUEUE],
  ['queue-timeout-no-agent', 'queue-timeout', QUEUE],
  ['voicemail-after-no-answer', 'voicemail', TO_102],
  ['blind-transfer-by-callee', 'blind-transfer', TO_102],
  ['attended-transfer', 'attended-transfer', TO_102],
  ['hold-by-caller', 'hold', TO_102],
  ['park-and-pickup', 'parking', TO_102],
  ['call-pickup', 'pickup', { ...TO_102, callee: '104' }],
  ['confbridge-three', 'conference', TO_102],
  ['originate-ari-extension', 'click-to-call', TO_102],
  ['field/originate-application-dial', 'originate-dial', FIELD],
  ['field/page-nobody-answers', 'page-nobody', { ...FIELD, talkMs: 900 }],
  ['field/page-from-trunk-missed-operators', 'page-from-trunk', FIELD],
  ['field/agentlogin-two-customers', 'agent-login', FIELD],
  ['field/ari-create-bridge-dial-no-answer', 'stasis-early-bridge-nobody', FIELD],
  ['field/ari-create-dial-then-bridge', 'stasis-dial-then-bridge', FIELD],
  ['field/ari-recorded-bot-then-agent', 'bot-then-agent', FIELD],
  ['field/unregistered-dial-contacts-after-answer', 'empty-dial', FIELD],
  ['field/unregistered-no-dial-then-voicemail', 'unavailable-voicemail', FIELD],
  ['field/ring-group-local-contacts-all-off', 'ring-group-off', FIELD],
  ['field/ami-redirect-agent-away', 'redirect-to-queue', FROM_107],
  ['field/ami-redirect-queue-to-queue-answered', 'redirect-queue-to-queue', FROM_107],
  ['field/ami-redirect-both-to-conference', 'redirect-to-conference', FIELD],
  ['field/refused-480', 'not-available', FIELD],
  ['field/cancel-with-reason-17', 'cancelled-with-reason', FIELD],
  ['field/busy-then-queue-abandoned', 'busy-then-queue-abandoned', FROM_107],
  ['field/declined-then-menu-caller-leaves', 'declined-then-menu', FIELD],
  ['field/queue-key-callback-agents-busy', 'queue-left-by-key', FIELD],
  ['field/early-media-announcement-only', 'announcement-only', FIELD],
  ['field/attended-to-queue-while-waiting-abandoned', 'attended-transfer-to-queue', FROM_107],
]

describe.each(PAIRS)('%s as %s', (recording, scenario, fixed) => {
  const real = ofTheCall(framesOf(recording))
  const simulated = ofTheCall(playOut(scenario, fixed).frames.map((text): unknown => JSON.parse(text)))

  test('sends the same frames', () => {
    expect([...shapesOf(simulated)].sort()).toEqual([...shapesOf(real)].sort())
  })

  test('sends the events of each channel in the same order', () => {
    expect(coursesOf(simulated)).toEqual(coursesOf(real))
  })
})

test('ids, names and times have Asterisk’s format', () => {
  const [first = ''] = playOut('answered-caller-hangs-up', TO_102).frames
  expect(JSON.parse(first)).toMatchObject({
    timestamp: '2026-11-23T07:00:00.000+0000',
    channel: { id: '1795417200.0', name: 'PJSIP/101-00000000', creationtime: '2026-11-23T07:00:00.000+0000' },
  })
})

test('times are written in the zone of the PBX', () => {
  const [east = ''] = playOut('busy', TO_102, { zoneOffsetMinutes: 540 }).frames
  const [west = ''] = playOut('busy', TO_102, { zoneOffsetMinutes: -210 }).frames
  expect(JSON.parse(east)).toMatchObject({ timestamp: '2026-11-23T16:00:00.000+0900' })
  expect(JSON.parse(west)).toMatchObject({ timestamp: '2026-11-23T03:30:00.000-0330' })
})
