// Which legs' voices can be judged, and what becomes of a judgement.

import { describe, expect, test } from 'vitest'
import type { PbxEvent } from '../../../src/call/event.ts'
import { rolesByName } from '../../../src/call/outcome/direction.ts'
import { createTracker } from '../../../src/call/tracker.ts'
import { fold } from './recording.ts'
import { Story, T0 } from './story.ts'

const tracker = () => createTracker({ roleOf: rolesByName(['trunk-a']) })
const talking = () =>
  new Story().calls('1', 'PJSIP/101-01', '102').rings('1', '2', 'PJSIP/102-02').answers('1', '2', 'bridge')

interface Row {
  readonly title: string
  readonly story: Story
  /** The channels that can be judged, and since when, in ms of the story. */
  readonly legs: readonly (readonly [channelId: string, role: string, since?: number])[]
}

const ROWS: readonly Row[] = [
  {
    title: 'both parties of a conversation',
    story: talking(),
    legs: [
      ['1', 'caller', 90],
      ['2', 'callee', 90],
    ],
  },
  {
    title: 'nobody while it rings',
    story: new Story().calls('1', 'PJSIP/101-01', '102').rings('1', '2', 'PJSIP/102-02'),
    legs: [],
  },
  {
    title: 'nobody in early media: the callee has not picked up',
    story: new Story()
      .calls('1', 'PJSIP/101-01', '102')
      .becomes('1', 'Up')
      .rings('1', '2', 'PJSIP/102-02')
      .enters('2', 'bridge')
      .enters('1', 'bridge'),
    legs: [],
  },
  { title: 'nobody on hold', story: talking().is(held('Held', '2')), legs: [] },
  {
    title: 'both after a hold, since its end',
    story: talking().is(held('Held', '2')).wait(5_000).is(held('Unheld', '2')),
    legs: [
      ['1', 'caller', 5_110],
      ['2', 'callee', 5_110],
    ],
  },
  {
    title: 'nobody with an announcement',
    story: new Story().calls('1', 'PJSIP/101-01', '100').becomes('1', 'Up').runs('1', 'Playback', 'beep'),
    legs: [],
  },
  {
    title: 'nobody alone in a conference',
    story: new Story().calls('1', 'PJSIP/101-01', '620').becomes('1', 'Up').enters('1', 'room', 'conference'),
    legs: [],
  },
  {
    title: 'everybody in a conference of two',
    story: new Story()
      .calls('1', 'PJSIP/101-01', '620')
      .becomes('1', 'Up')
      .enters('1', 'room', 'conference')
      .calls('2', 'PJSIP/102-02', '620')
      .becomes('2', 'Up')
      .enters('2', 'room', 'conference'),
    legs: [
      ['1', 'caller'],
      ['2', 'caller'],
    ],
  },
  { title: 'nobody in a parking lot', story: talking().leaves('2', 'bridge').enters('1', 'lot', 'parking'), legs: [] },
  { title: 'nobody when the other has left', story: talking().leaves('2', 'bridge').isDestroyed('2'), legs: [] },
  {
    title: 'the two who hear each other after a transfer',
    story: talking().leaves('2', 'bridge').isDestroyed('2').rings('1', '3', 'PJSIP/103-03').answers('1', '3', 'next'),
    legs: [
      ['1', 'caller'],
      ['3', 'callee'],
    ],
  },
]

describe('the legs whose voice can be judged are', () => {
  test.each(ROWS)('$title', ({ story, legs }) => {
    const pbx = tracker()
    fold(story.events, pbx)
    const found = [...pbx.talkingLegs()]
    expect(found.map(({ channelId, role }) => [channelId, role])).toEqual(legs.map(([id, role]) => [id, role]))
    for (const [channelId, , since] of legs) {
      const leg = pbx.talkingLeg(channelId)
      expect(leg).toEqual(found.find((one) => one.channelId === channelId))
      expect(since === undefined || leg?.since === T0 + since, `${leg?.since}`).toBe(true)
    }
    expect(pbx.talkingLeg('9')).toBeNull()
  })
})

const judged =
  (channelId: string, problem: 'one_way' | 'loss' | 'jitter' | null) =>
  (at: number): PbxEvent => ({
    type: 'VoiceJudged',
    at,
    channelId,
    trouble: problem === null ? null : { problem, side: 'rx' },
  })

describe('a judgement', () => {
  test('is in the records of the call and the leg, and told once for each problem', () => {
    const story = talking().is(judged('2', 'loss')).is(judged('2', null)).is(judged('2', 'loss'))
    const { facts, calls, legs } = fold(story.is(judged('2', 'one_way')).events, tracker())
    expect(facts.flatMap((fact) => (fact.type === 'LegInTrouble' ? [fact.trouble.problem] : []))).toEqual([
      'loss',
      'one_way',
    ])
    expect(calls.get('1')?.voice).toEqual({ endpoint: '102', problem: 'one_way', side: 'rx' })
    expect(calls.get('1')?.voiceProblem).toBe('one_way')
    expect(legs.get('2')?.voiceProblem).toBe('one_way')
  })

  test('names the trunk of its leg, and no trunk of a phone', () => {
    const story = new Story()
      .calls('1', 'PJSIP/trunk-a-01', '102')
      .rings('1', '2', 'PJSIP/102-02')
      .answers('1', '2', 'bridge')
    const { facts } = fold(story.is(judged('1', 'loss')).is(judged('2', 'jitter')).events, tracker())
    const troubles = facts.flatMap((fact) => (fact.type === 'LegInTrouble' ? [fact.trouble] : []))
    expect(troubles.map(({ endpoint, trunk, callId }) => ({ endpoint, trunk, callId }))).toEqual([
      { endpoint: 'trunk-a', trunk: 'trunk-a', callId: '1' },
      { endpoint: '102', trunk: null, callId: '1' },
    ])
  })

  test('that nothing is wrong changes nothing', () => {
    const before = fold(talking().events, tracker())
    const after = fold(talking().is(judged('1', null)).events, tracker())
    expect(after.facts).toEqual(before.facts)
  })

  test('shows the worst of the legs, and the other when that is over', () => {
    const story = talking().is(judged('1', 'jitter')).is(judged('2', 'one_way'))
    const pbx = tracker()
    expect(fold(story.events, pbx).calls.get('1')?.voice?.problem).toBe('one_way')
    const [over] = new Story().is(judged('2', null)).events
    expect(fold(over === undefined ? [] : [over], pbx).calls.get('1')?.voice).toMatchObject({ problem: 'jitter' })
  })

  test('is forgotten on hold and when the conversation ends, but not what was', () => {
    const hold = fold(talking().is(judged('2', 'one_way')).is(held('Held', '1')).events, tracker())
    expect(hold.calls.get('1')).toMatchObject({ voice: null, voiceProblem: 'one_way', state: 'held' })
    const end = fold(talking().is(judged('2', 'one_way')).isDestroyed('2').isDestroyed('1').events, tracker())
    expect(end.calls.get('1')).toMatchObject({ voice: null, voiceProblem: 'one_way', disposition: 'answered' })
    expect(end.legs.get('2')).toMatchObject({ voiceProblem: 'one_way', result: 'answered' })
  })

  test('about a channel that is gone changes nothing', () => {
    const story = talking().isDestroyed('2').isDestroyed('1').is(judged('2', 'one_way')).is(judged('7', 'loss'))
    const { facts } = fold(story.events, tracker())
    expect(facts.filter(({ type }) => type === 'LegInTrouble')).toEqual([])
  })

  test('of a call that a previous run counted is not told again', () => {
    const story = talking()
    const leg = { endpoint: '102', dialed: '102', startedAt: T0, ringingAt: null, answeredAt: T0 + 50 }
    const remembered: PbxEvent = {
      type: 'OpenCallsRestored',
      at: story.now,
      calls: [
        {
          channelId: '1',
          caller: '101',
          callee: '102',
          callerName: '',
          callerEndpoint: '101',
          direction: 'internal',
          startedAt: T0,
          answeredAt: T0 + 90,
          answeredBy: ['102'],
          transfers: 0,
          accountCode: '',
          context: 'test',
          voiceProblem: 'one_way',
          sipCallId: null,
          recording: null,
          line: null,
          destination: null,
          legs: [{ channelId: '2', ...leg, voiceProblem: 'loss', sipCallId: null }],
        },
      ],
    }
    const after = new Story().is(judged('1', 'one_way')).is(judged('2', 'loss')).is(judged('2', 'jitter')).events
    const { facts } = fold([remembered, story.snapshot(), ...after], tracker())
    const told = facts.flatMap((fact) => (fact.type === 'LegInTrouble' ? [fact.trouble] : []))
    expect(told).toMatchObject([{ channelId: '2', problem: 'jitter' }])
  })
})

function held(type: 'Held' | 'Unheld', id: string): (at: number) => PbxEvent {
  const channel = { ...talking().snapshot().channels[0], id, name: `PJSIP/10${id}-0${id}` }
  return (at) => ({ type, at, channel }) as PbxEvent
}
