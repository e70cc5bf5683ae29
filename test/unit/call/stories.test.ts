// Calls of every kind, built event by event: cases that no recording shows.

import { describe, expect, test } from 'vitest'
import type { PbxEvent } from '../../../src/call/event.ts'
import { fold, newTracker } from './recording.ts'
import { Story, T0 } from './story.ts'

const newStory = () => new Story()

function theCall(story: Story) {
  const { calls, legs, tracker } = fold(story.events)
  expect([...tracker.live()]).toEqual([])
  expect(calls.size).toBe(1)
  const [call] = calls.values()
  return { call, legs: [...legs.values()].map(({ endpoint, result, role }) => ({ endpoint, result, role })) }
}

describe('targets', () => {
  test('an unregistered phone is a leg without a channel, and the call is missed', () => {
    const story = newStory().calls('1.1', 'PJSIP/101-1', '653').runs('1.1', 'Dial', 'PJSIP/105&PJSIP/0401@trunk-a,5')
    story
      .sets('1.1', 'DIALSTATUS', '')
      .sets('1.1', 'DIALSTATUS', 'CHANUNAVAIL')
      .sets('1.1', 'DIALSTATUS', 'CHANUNAVAIL')
    story.hangsUp('1.1', { soft: true }).isDestroyed('1.1', 3)
    const { call, legs } = theCall(story)
    expect(call).toMatchObject({ disposition: 'unreachable', missed: true, direction: 'internal', hungUpBy: 'system' })
    expect(legs).toEqual([
      { endpoint: '105', result: 'unreachable', role: 'callee' },
      { endpoint: 'trunk-a', result: 'unreachable', role: 'callee' },
    ])
  })

  test('an unregistered phone beside a ringing one does not change the outcome', () => {
    const story = newStory()
      .calls('1.1', 'PJSIP/101-1', '600')
      .runs('1.1', 'Dial', 'PJSIP/105&PJSIP/102,5')
      .sets('1.1', 'DIALSTATUS', '')
    story
      .rings('1.1', '1.2', 'PJSIP/102-2')
      .wait(5_000)
      .dials('1.1', '1.2', 'no_answer')
      .sets('1.1', 'DIALSTATUS', 'NOANSWER')
    story.isDestroyed('1.2', 0).isDestroyed('1.1')
    expect(theCall(story)).toMatchObject({
      call: { disposition: 'no_answer' },
      legs: [{ endpoint: '102', result: 'no_answer' }],
    })
  })

  test('a phone that never makes progress is unreachable', () => {
    const story = newStory().calls('1.1', 'PJSIP/101-1', '107').runs('1.1', 'Dial', 'PJSIP/107,5')
    story
      .creates('1.2', 'PJSIP/107-2')
      .dials('1.1', '1.2')
      .wait(5_000)
      .dials('1.1', '1.2', 'no_answer')
      .isDestroyed('1.2', 0)
      .isDestroyed('1.1')
    expect(theCall(story).call).toMatchObject({ disposition: 'unreachable', missed: true, ringMs: null })
  })

  test('a member that is busy while another answers: one answered call, nothing missed', () => {
    const story = newStory()
      .calls('1.1', 'PJSIP/trunk-a-1', '5550102')
      .becomes('1.1', 'Up')
      .runs('1.1', 'Queue', 'support,,,,20')
    story.creates('1.2', 'PJSIP/102-2').dials('1.1', '1.2').hangsUp('1.2', { cause: 17, techCause: 486 })
    story.dials('1.1', '1.2', 'busy').dials('1.1', '1.2', 'cancel').isDestroyed('1.2', 17)
    story
      .rings('1.1', '1.3', 'PJSIP/103-3')
      .wait(1_000)
      .answers('1.1', '1.3', 'b')
      .wait(2_000)
      .hangsUp('1.1')
      .isDestroyed('1.1')
      .isDestroyed('1.3')
    const { call, legs } = theCall(story)
    expect(call).toMatchObject({
      disposition: 'answered',
      missed: false,
      answeredBy: ['103'],
      queue: 'support',
      direction: 'inbound',
    })
    expect(legs).toEqual([
      { endpoint: '102', result: 'busy', role: 'callee' },
      { endpoint: '103', result: 'answered', role: 'callee' },
    ])
  })

  test('the last result of a target counts: busy first, then no answer', () => {
    const story = newStory().calls('1.1', 'PJSIP/101-1', '610').runs('1.1', 'Queue', 'support')
    story
      .creates('1.2', 'PJSIP/102-2')
      .dials('1.1', '1.2')
      .hangsUp('1.2', { cause: 17, techCause: 486 })
      .dials('1.1', '1.2', 'busy')
      .isDestroyed('1.2', 17)
    story
      .rings('1.1', '1.3', 'PJSIP/102-3')
      .wait(3_000)
      .dials('1.1', '1.3', 'no_answer')
      .dials('1.1', '1.3', 'cancel')
      .isDestroyed('1.3', 0)
    story.sets('1.1', 'QUEUESTATUS', 'CONTINUE').isDestroyed('1.1')
    expect(theCall(story).call).toMatchObject({ disposition: 'no_answer', missed: true })
  })

  test('a queue ends a dial twice; the first end counts', () => {
    const story = newStory()
      .calls('1.1', 'PJSIP/101-1', '610')
      .runs('1.1', 'Queue', 'support')
      .rings('1.1', '1.2', 'PJSIP/102-2')
    story
      .dials('1.1', '1.2', 'busy')
      .dials('1.1', '1.2', 'cancel')
      .isDestroyed('1.2', 0)
      .sets('1.1', 'QUEUESTATUS', 'CONTINUE')
      .isDestroyed('1.1')
    expect(theCall(story).legs).toEqual([{ endpoint: '102', result: 'busy', role: 'callee' }])
  })

  test('early media and a refusal by the dialplan', () => {
    const story = newStory()
      .calls('1.1', 'PJSIP/101-1', '645')
      .runs('1.1', 'Progress')
      .runs('1.1', 'Playback', 'beep,noanswer')
      .wait(500)
    story.runs('1.1', 'Hangup', '21').hangsUp('1.1', { soft: true, cause: 21 }).isDestroyed('1.1', 21)
    expect(theCall(story).call).toMatchObject({ disposition: 'rejected', missed: false })
  })

  test('trunk to trunk is transit: two seizures, nothing missed', () => {
    const story = newStory().calls('1.1', 'PJSIP/trunk-a-1', '5550105').runs('1.1', 'Dial', 'PJSIP/0401@trunk-b')
    story
      .rings('1.1', '1.2', 'PJSIP/trunk-b-2')
      .hangsUp('1.2', { cause: 17, techCause: 486 })
      .dials('1.1', '1.2', 'busy')
      .isDestroyed('1.2', 17)
      .isDestroyed('1.1', 17)
    expect(theCall(story).call).toMatchObject({
      direction: 'transit',
      disposition: 'busy',
      missed: false,
      hungUpBy: 'callee',
    })
  })
})

describe('queues', () => {
  test('two rounds in the queue are one call and two waits, which add up', () => {
    const story = newStory()
      .calls('1.1', 'PJSIP/trunk-a-1', '5550102')
      .becomes('1.1', 'Up')
      .runs('1.1', 'Queue', 'support')
    story
      .wait(4_000)
      .sets('1.1', 'QUEUESTATUS', 'TIMEOUT')
      .runs('1.1', 'Playback', 'sorry')
      .wait(1_000)
      .runs('1.1', 'Queue', 'support')
    story.wait(3_000).hangsUp('1.1').isDestroyed('1.1', 0)
    const { facts } = fold(story.events)
    const visits = facts.flatMap((fact) => (fact.type === 'QueueLeft' ? [fact.wait] : []))
    expect(visits.map(({ outcome }) => outcome)).toEqual(['timeout', 'abandoned'])
    expect(theCall(story).call).toMatchObject({ disposition: 'abandoned', missed: true, queueWaitMs: 7_020 })
  })

  test.each([
    ['JOINEMPTY', 'joinempty', 'unreachable'],
    ['LEAVEEMPTY', 'leaveempty', 'unreachable'],
    ['FULL', 'full', 'congestion'],
    ['TIMEOUT', 'timeout', 'no_answer'],
  ])('QUEUESTATUS %s', (status, outcome, disposition) => {
    const story = newStory()
      .calls('1.1', 'PJSIP/trunk-a-1', '613')
      .runs('1.1', 'Queue', 'strict')
      .sets('1.1', 'QUEUESTATUS', status)
    story.hangsUp('1.1', { soft: true }).isDestroyed('1.1')
    const visits = fold(story.events).facts.flatMap((fact) => (fact.type === 'QueueLeft' ? [fact.wait.outcome] : []))
    expect(visits).toEqual([outcome])
    expect(theCall(story).call).toMatchObject({ disposition, missed: true, queue: 'strict' })
  })

  test('members through Local channels: the phone behind answers', () => {
    const story = newStory()
      .calls('1.1', 'PJSIP/trunk-a-1', '5550107')
      .becomes('1.1', 'Up')
      .runs('1.1', 'Queue', 'localq')
    story.creates('1.2', 'Local/102@agents-1;1').creates('1.3', 'Local/102@agents-1;2', 'Ring').dials('1.1', '1.2')
    story
      .runs('1.3', 'Dial', 'PJSIP/102,10')
      .rings('1.3', '1.4', 'PJSIP/102-4')
      .dials('1.1', '1.2', 'ringing')
      .wait(1_000)
    story.becomes('1.4', 'Up').dials('1.3', '1.4', 'answer').enters('1.4', 'far').enters('1.3', 'far')
    story.dials('1.1', '1.2', 'answer').enters('1.2', 'near').enters('1.1', 'near').wait(2_000)
    story.hangsUp('1.4', { cause: 16 }).isDestroyed('1.4').isDestroyed('1.3').isDestroyed('1.2').isDestroyed('1.1')
    const { call, legs } = theCall(story)
    expect(call).toMatchObject({ disposition: 'answered', answeredBy: ['102'], queue: 'localq', hungUpBy: 'callee' })
    expect(legs).toEqual([{ endpoint: '102', result: 'answered', role: 'callee' }])
  })

  test('a caller who is transferred into a queue and hangs up there abandons it, and the call stays answered', () => {
    const story = talking()
      .transfersBlind('1.1', '1.2', '610')
      .leaves('1.2', 'b')
      .isDestroyed('1.1')
      .runs('1.2', 'Queue', 'support')
    story.wait(3_000).hangsUp('1.2').isDestroyed('1.2')
    const visits = fold(story.events).facts.flatMap((fact) => (fact.type === 'QueueLeft' ? [fact.wait.outcome] : []))
    expect(visits).toEqual(['abandoned'])
    expect(theCall(story).call).toMatchObject({ disposition: 'answered', transfers: 1, queue: 'support' })
  })

  test('the caller leaves by a key: exited, and what follows decides', () => {
    const story = newStory()
      .calls('1.1', 'PJSIP/trunk-a-1', '5550102')
      .becomes('1.1', 'Up')
      .runs('1.1', 'Queue', 'support')
      .wait(2_000)
    story.runs('1.1', 'VoiceMail', '102').wait(3_000).hangsUp('1.1').isDestroyed('1.1')
    const visits = fold(story.events).facts.flatMap((fact) => (fact.type === 'QueueLeft' ? [fact.wait.outcome] : []))
    expect(visits).toEqual(['exited'])
    expect(theCall(story).call).toMatchObject({ disposition: 'voicemail', missed: true })
  })
})

describe('a mailbox', () => {
  test.each([
    ['102,u', true],
    ['102@default,b', true],
    ['102,su', true],
    ['102', false],
    ['102,s', false],
    ['102,sd(outside)', false],
    ['102,g(5)d(bulk)', false],
  ])('VoiceMail(%s), with nobody dialed: missed %j', (appData, missed) => {
    const story = newStory()
      .calls('1.1', 'PJSIP/trunk-a-1', '5550102')
      .runs('1.1', 'VoiceMail', appData)
      .becomes('1.1', 'Up')
    story.wait(3_000).hangsUp('1.1').isDestroyed('1.1')
    expect(theCall(story).call).toMatchObject({ disposition: 'voicemail', missed })
  })
})

/** 101 and 102 talk in bridge `b`. */
const talking = () =>
  newStory()
    .calls('1.1', 'PJSIP/101-1', '102')
    .runs('1.1', 'Dial', 'PJSIP/102')
    .rings('1.1', '1.2', 'PJSIP/102-2')
    .answers('1.1', '1.2', 'b')
    .wait(1_000)

describe('transfers and parking', () => {
  test('the channel of a transferer that remains does not keep the call open', () => {
    const story = talking().transfersBlind('1.2', '1.1', '103').leaves('1.1', 'b').runs('1.1', 'Dial', 'PJSIP/103')
    story
      .rings('1.1', '1.3', 'PJSIP/103-3')
      .answers('1.1', '1.3', 'c')
      .wait(2_000)
      .hangsUp('1.1')
      .isDestroyed('1.1')
      .isDestroyed('1.3')
    const { tracker } = fold(story.events)
    expect([...tracker.live()]).toEqual([])
    const late = fold([...story.events, ...new LingeringEnd(story).events])
    expect([...late.calls.values()]).toMatchObject([{ transfers: 1, answeredBy: ['102'], hungUpBy: 'caller' }])
  })

  test('a blind transfer that nobody answers ends the conversation at the transfer', () => {
    const story = talking().transfersBlind('1.2', '1.1', '103').leaves('1.1', 'b').isDestroyed('1.2')
    const leftAt = story.events.find((event) => event.type === 'BridgeLeft')?.at ?? 0
    story
      .rings('1.1', '1.3', 'PJSIP/103-3')
      .wait(5_000)
      .dials('1.1', '1.3', 'no_answer')
      .isDestroyed('1.3', 0)
      .isDestroyed('1.1')
    const { call } = theCall(story)
    expect(call).toMatchObject({ disposition: 'answered', missed: false, transfers: 1 })
    expect((call?.answeredAt ?? 0) + (call?.durationMs ?? 0)).toBe(leftAt)
  })

  test('a transfer by DTMF dials through a Local channel, which joins the call by its bridge', () => {
    const story = talking().creates('1.3', 'Local/103@internal-1;1').creates('1.4', 'Local/103@internal-1;2', 'Ring')
    story
      .leaves('1.2', 'b')
      .enters('1.2', 'consult')
      .runs('1.4', 'Dial', 'PJSIP/103')
      .rings('1.4', '1.5', 'PJSIP/103-5')
    story
      .becomes('1.5', 'Up')
      .dials('1.4', '1.5', 'answer')
      .enters('1.5', 'far')
      .enters('1.4', 'far')
      .enters('1.3', 'consult')
      .wait(1_000)
    story.leaves('1.2', 'consult').leaves('1.3', 'consult').enters('1.3', 'b').isDestroyed('1.2').wait(1_000)
    story.hangsUp('1.1').isDestroyed('1.1').isDestroyed('1.3').isDestroyed('1.4').isDestroyed('1.5')
    const { call, legs } = theCall(story)
    expect(call).toMatchObject({ disposition: 'answered', answeredBy: ['102'], hungUpBy: 'caller' })
    expect(legs.map(({ endpoint }) => endpoint)).toEqual(['102', '103'])
  })

  test('two parked calls in one parking lot stay two calls', () => {
    const story = newStory()
    for (const [n, phone] of [
      [1, '101'],
      [2, '104'],
    ] as const) {
      story.calls(`${n}.1`, `PJSIP/${phone}-${n}`, '700').runs(`${n}.1`, 'Park').enters(`${n}.1`, 'lot', 'parking')
    }
    const { tracker } = fold(story.events)
    expect([...tracker.live()].map(({ state }) => state)).toEqual(['parked', 'parked'])
    story.hangsUp('1.1').isDestroyed('1.1').hangsUp('2.1').isDestroyed('2.1')
    expect(
      [...fold(story.events).calls.values()].map(({ disposition, answeredAt }) => [disposition, answeredAt]),
    ).toEqual([
      ['cancelled', null],
      ['cancelled', null],
    ])
  })
})

describe('originated calls', () => {
  const clickToCall = () =>
    newStory().creates('1.1', 'PJSIP/101-1').runs('1.1', 'AppDial2', '(Outgoing Line)').dials(null, '1.1')

  test('a click-to-call that nobody picks up has tried one phone', () => {
    const story = clickToCall()
      .becomes('1.1', 'Ringing')
      .dials(null, '1.1', 'ringing')
      .wait(5_000)
      .dials(null, '1.1', 'no_answer')
      .isDestroyed('1.1', 0)
    expect(theCall(story)).toMatchObject({
      call: { caller: '101', callee: '101', disposition: 'no_answer', direction: 'internal', answeredBy: [] },
      legs: [{ endpoint: '101', result: 'no_answer', role: 'caller' }],
    })
  })

  test('a click-to-call whose customer is busy', () => {
    const story = clickToCall()
      .becomes('1.1', 'Up')
      .dials(null, '1.1', 'answer')
      .runs('1.1', 'Dial', 'PJSIP/0409@trunk-a', '00409')
    story
      .rings('1.1', '1.2', 'PJSIP/trunk-a-2')
      .hangsUp('1.2', { cause: 17, techCause: 486 })
      .dials('1.1', '1.2', 'busy')
      .isDestroyed('1.2', 17)
      .isDestroyed('1.1', 17)
    expect(theCall(story)).toMatchObject({
      call: {
        caller: '101',
        callee: '00409',
        disposition: 'busy',
        direction: 'outbound',
        answeredAt: null,
        missed: false,
      },
      legs: [
        { endpoint: '101', role: 'caller' },
        { endpoint: 'trunk-a', result: 'busy', role: 'callee' },
      ],
    })
  })

  test.each(['ringing', 'progress', 'answer'] as const)(
    'a customer whose phone is heard (%s) before ARI tells that it was dialed',
    (sign) => {
      const story = clickToCall().becomes('1.1', 'Up').dials(null, '1.1', 'answer').creates('1.2', 'PJSIP/trunk-a-2')
      story.dials('1.1', '1.2', sign).dials('1.1', '1.2').wait(2_000)
      story.isDestroyed('1.2', 19).isDestroyed('1.1')
      const events = story.events.map((event): PbxEvent => {
        const isOfCustomer = event.type === 'Dialed' && event.peer.id === '1.2'
        return isOfCustomer ? { ...event, dialString: event.status === 'trying' ? '0409@trunk-a' : '' } : event
      })
      const { calls, legs } = fold(events)
      expect([...calls.values()]).toMatchObject([{ caller: '101', callee: '0409', direction: 'outbound' }])
      expect([...legs.values()]).toMatchObject([{ endpoint: '101' }, { endpoint: 'trunk-a', dialed: '0409@trunk-a' }])
    },
  )

  test('through a Local channel: the phone behind it is the caller', () => {
    const story = newStory().creates('1.1', 'Local/101@internal-1;1').creates('1.2', 'Local/101@internal-1;2', 'Ring')
    story
      .runs('1.1', 'AppDial2', '(Outgoing Line)')
      .dials(null, '1.1')
      .runs('1.2', 'Dial', 'PJSIP/101')
      .rings('1.2', '1.3', 'PJSIP/101-3')
    story
      .becomes('1.3', 'Up')
      .dials('1.2', '1.3', 'answer')
      .enters('1.3', 'far')
      .enters('1.2', 'far')
      .becomes('1.1', 'Up')
      .dials(null, '1.1', 'answer')
    story
      .runs('1.1', 'Dial', 'PJSIP/103', '103')
      .rings('1.1', '1.4', 'PJSIP/103-4')
      .wait(1_000)
      .answers('1.1', '1.4', 'near')
      .wait(2_000)
    story.hangsUp('1.4').isDestroyed('1.4').isDestroyed('1.1').isDestroyed('1.2').isDestroyed('1.3')
    const { call, legs } = theCall(story)
    expect(call).toMatchObject({
      caller: '101',
      callee: '103',
      disposition: 'answered',
      answeredBy: ['103'],
      direction: 'internal',
      hungUpBy: 'callee',
    })
    expect(legs).toEqual([
      { endpoint: '101', result: 'answered', role: 'caller' },
      { endpoint: '103', result: 'answered', role: 'callee' },
    ])
  })

  test('an agent whom an application called first merges into the call of the caller it is bridged with', () => {
    const story = newStory()
      .creates('1.1', 'PJSIP/102-1')
      .dials(null, '1.1')
      .becomes('1.1', 'Up')
      .dials(null, '1.1', 'answer')
      .enters('1.1', 'app')
      .wait(60_000)
    story
      .calls('1.2', 'PJSIP/trunk-a-2', '5550200')
      .runs('1.2', 'Stasis', 'center')
      .becomes('1.2', 'Up')
      .enters('1.2', 'app')
      .wait(2_000)
    story.hangsUp('1.2').isDestroyed('1.2').isDestroyed('1.1')
    const { calls } = fold(story.events)
    expect(calls.get('1.2')).toMatchObject({
      disposition: 'answered',
      direction: 'inbound',
      answeredBy: ['102'],
      mergedInto: null,
    })
    expect(calls.get('1.1')).toMatchObject({ disposition: 'merged', mergedInto: '1.2' })
  })
})

describe('after a gap', () => {
  const gap = (story: Story): PbxEvent[] => [{ type: 'ConnectionLost', at: story.now }]

  test('a call that ended in the gap ended when it was last observed', () => {
    const story = talking()
    const lost = gap(story)
    const lostAt = story.now
    const after: PbxEvent = { type: 'SnapshotTaken', at: lostAt + 30_000, channels: [], bridges: [], endpoints: [] }
    const { calls, facts } = fold([...story.events, ...lost, after])
    expect(calls.get('1.1')).toMatchObject({ disposition: 'answered', endedAt: lostAt })
    expect(facts.at(0)).toMatchObject({ type: 'CallStarted' })
    expect(facts.find((fact) => fact.type === 'CallsReconciled')).toMatchObject({ kept: 0, adopted: 0, ended: 1 })
  })

  test('a call that was ringing is unknown, and its leg has failed', () => {
    const story = newStory()
      .calls('1.1', 'PJSIP/101-1', '102')
      .runs('1.1', 'Dial', 'PJSIP/102')
      .rings('1.1', '1.2', 'PJSIP/102-2')
      .wait(500)
    const { calls, legs } = fold([
      ...story.events,
      ...gap(story),
      { type: 'SnapshotTaken', at: story.now + 9_000, channels: [], bridges: [], endpoints: [] },
    ])
    expect(calls.get('1.1')).toMatchObject({ disposition: 'unknown', missed: false, durationMs: 0 })
    expect(legs.get('1.2')).toMatchObject({ result: 'failed' })
  })

  test('an answer in the gap is at the creation of its bridge', () => {
    const story = newStory()
      .calls('1.1', 'PJSIP/101-1', '102')
      .runs('1.1', 'Dial', 'PJSIP/102')
      .rings('1.1', '1.2', 'PJSIP/102-2')
    const seen = [...story.events, ...gap(story)]
    story.wait(3_000)
    const answeredAt = story.now + 30
    story.answers('1.1', '1.2', 'b').wait(2_000)
    const { tracker } = fold([...seen, story.snapshot()])
    expect([...tracker.live()]).toMatchObject([{ answeredAt, answeredBy: ['102'], state: 'talking' }])
  })

  test('a call that began in the gap has its real start, answer and legs', () => {
    const story = talking()
    const { tracker, facts } = fold([story.snapshot()])
    expect([...tracker.live()]).toMatchObject([
      { channelId: '1.1', startedAt: T0, caller: '101', state: 'talking', direction: 'internal' },
    ])
    expect(facts.find((fact) => fact.type === 'CallsReconciled')).toMatchObject({ kept: 0, adopted: 1, ended: 0 })
  })

  test('so has a call whose caller has transferred it: two dialed phones talk', () => {
    const story = talking()
      .runs('1.2', 'AppDial', '(Outgoing Line)')
      .creates('1.3', 'PJSIP/103-3')
      .runs('1.3', 'AppDial', '(Outgoing Line)')
      .becomes('1.3', 'Up')
    story.enters('1.3', 'b').isDestroyed('1.1')
    const { tracker } = fold([story.snapshot()])
    expect([...tracker.live()]).toMatchObject([{ channelId: '1.2', state: 'talking' }])
  })

  test('the calls of a previous run are restored, and those that still exist continue in their rows', () => {
    const story = talking()
    const remembered: PbxEvent = {
      type: 'OpenCallsRestored',
      at: story.now,
      calls: ['1.1', '9.9'].map((channelId) => ({
        channelId,
        sipCallId: 'dialog-1',
        recording: 'in.wav',
        line: null,
        destination: null,
        caller: '101',
        callee: '102',
        callerName: '',
        callerEndpoint: '101',
        direction: 'internal' as const,
        startedAt: T0,
        answeredAt: T0 + 90,
        answeredBy: ['102'],
        transfers: 0,
        accountCode: '',
        context: 'test',
        voiceProblem: null,
        legs: [
          {
            channelId: channelId === '1.1' ? '1.2' : '9.8',
            sipCallId: 'dialog-2',
            endpoint: '102',
            dialed: '102',
            startedAt: T0,
            ringingAt: T0 + 30,
            answeredAt: T0 + 50,
            voiceProblem: null,
          },
        ],
      })),
    }
    const tracker = newTracker()
    const facts = [...fold([remembered], tracker).facts, ...fold([story.snapshot()], tracker).facts]
    expect(facts.map(({ type }) => type)).not.toContain('CallStarted')
    expect(facts.filter((fact) => fact.type === 'CallEnded')).toMatchObject([
      { call: { channelId: '9.9', disposition: 'answered' } },
    ])
    expect([...tracker.live()]).toMatchObject([{ channelId: '1.1', state: 'talking', answeredAt: T0 + 90 }])
    const before = story.events.length
    story.wait(5_000).hangsUp('1.2').isDestroyed('1.2').isDestroyed('1.1')
    const { calls } = fold(story.events.slice(before), tracker)
    const leftAt = story.events.find((event) => event.type === 'BridgeLeft')?.at ?? 0
    expect(calls.get('1.1')).toMatchObject({
      disposition: 'answered',
      durationMs: leftAt - (T0 + 90),
      hungUpBy: 'callee',
    })
  })
})

// The transferer's phone hangs up long after the others.
class LingeringEnd {
  readonly events: readonly PbxEvent[]
  constructor(story: Story) {
    const before = story.events.length
    story.wait(30_000).hangsUp('1.2').isDestroyed('1.2')
    this.events = story.events.slice(before)
  }
}
