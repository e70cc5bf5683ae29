// Who had a call last, in recordings of real calls: transfers, queues, pickups, parking, conferences.

import { expect, test } from 'vitest'
import { DETAILED, LEG_FIELDS, RECORDED } from '../../../src/query/callFields.ts'
import { apiOf } from '../../../src/query/fields.ts'
import { lastAgent } from '../../../src/webhook/lastAgent.ts'
import { EXPECTED, eventsOf, fold } from '../call/recording.ts'

/** The last agent of each call of a recording that was not merged, in order of start. */
function lastAgentsOf(name: string): readonly (string | null)[] {
  const { calls, legs } = fold(eventsOf(name))
  return [...calls.values()]
    .filter(({ disposition }) => disposition !== 'merged')
    .map((call) => {
      const own = [...legs.values()].filter(({ callId }) => callId === call.channelId)
      return lastAgent({
        ...apiOf(RECORDED, call),
        ...apiOf(DETAILED, call),
        legs: own.map((leg) => apiOf(LEG_FIELDS, leg)),
      })
    })
}

test.each([
  ['attended-transfer', '103'],
  ['asterisk-16/attended-transfer', '103'],
  ['atxfer-keys-blond', '3243'],
  ['field/ami-atxfer', '203'],
  ['field/attended-by-caller-outbound', '203'],
  ['field/attended-to-queue-answered', '203'],
  ['field/keys-attended-to-queue-second-round', '204'],
  ['field/keys-three-way', '203'],
  ['kinds/attended-with-an-older-consultation', '71652'],
  ['blind-transfer-by-callee', '103'],
  ['field/ami-blindtransfer', '203'],
  ['queue-blind-transfer', '3082'],
  // Nobody took it: the first agent was the last.
  ['transfer-no-answer', '3192'],
  ['field/blind-transfer-to-voicemail', '202'],
  ['call-pickup', '103'],
  ['queue-pickup', '3112'],
  ['queue-answered-after-wait', '102'],
  ['field/queue-survey-c', '202'],
  ['internal-answered-caller-hangup', '102'],
  ['outbound-answered', '101'],
  ['originate-ari-extension', '101'],
  // The supervisor left before the agent did.
  ['kinds/ari-bot-media-then-agent-then-supervisor', '71901'],
  ['park-comeback', '3292'],
  // Whoever took it out of the parking lot has no leg.
  ['park-and-pickup', null],
  ['field/ami-redirect-both-to-conference', null],
  ['ring-no-answer', null],
  ['inbound-ivr-only', null],
])('the first call of %s: %s', (name, agent) => {
  expect(lastAgentsOf(name)[0]).toBe(agent)
})

type Told = Parameters<typeof lastAgent>[0]

/** A call of ten seconds of conversation; the phone 101 had it from the first to the last of them. */
const LEG: Told['legs'][number] = {
  ...{ endpoint: '101', endpoint_role: 'phone', role: 'callee', talk_seconds: 10 },
  ...{ answer_time: '2026-11-23T07:00:00.000Z', end_time: '2026-11-23T07:00:10.000Z' },
}
const CALL: Told = {
  ...{ disposition: 'answered', direction: 'inbound', answer_time: LEG.answer_time, duration: 10, transfers: 0 },
  ...{ caller_endpoint: 'trunk-a', answered_by: ['101'], legs: [LEG] },
}
const LATER: Told['legs'][number] = { ...LEG, endpoint: '102', answer_time: '2026-11-23T07:00:05.000Z' }

const TOLD: readonly (readonly [string, Partial<Told>, string | null])[] = [
  ['one phone', {}, '101'],
  ['a later phone that stays as long', { legs: [LEG, LATER] }, '102'],
  ['a phone that was paged', { legs: [LEG, { ...LATER, role: 'paged' }] }, '101'],
  ['a phone that never spoke with the caller', { legs: [LEG, { ...LATER, talk_seconds: 0 }] }, '101'],
  ['nobody but phones that were paged', { legs: [{ ...LEG, role: 'paged' }] }, null],
  ['a trunk', { legs: [LEG, { ...LATER, endpoint_role: 'trunk' }] }, '101'],
  ['an outbound call', { direction: 'outbound', caller_endpoint: '103', legs: [] }, '103'],
  [
    'one that was handed to somebody without a leg',
    { direction: 'outbound', caller_endpoint: '103', transfers: 1, legs: [] },
    null,
  ],
]

test.each(TOLD)('%s', (_, changes, agent) => {
  expect(lastAgent({ ...CALL, ...changes })).toBe(agent)
})

test('in every recording, it is a phone of the call, and nobody if the call was not answered', () => {
  for (const [name, { calls }] of Object.entries(EXPECTED)) {
    const told = lastAgentsOf(name)
    const ended = calls.filter(({ disposition }) => disposition !== 'merged')
    for (const [index, call] of ended.entries()) {
      const agent = told[index] ?? null
      expect(`${name} ${agent}`).not.toMatch(/ (tk|trunk)-/)
      const legs = call.legs.map((leg) => leg.split(' ')).filter(([, result]) => result === 'answered')
      const answered = [...legs.map(([endpoint]) => endpoint), call.caller, ...call.answered_by]
      expect([name, agent, call.disposition === 'answered' ? [...answered, null] : [null]]).toEqual([
        name,
        agent,
        expect.arrayContaining([agent]),
      ])
    }
  }
})
