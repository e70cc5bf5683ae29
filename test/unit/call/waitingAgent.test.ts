// Agents who wait on the line, event by event: cases that no recording shows.

import { describe, expect, test } from 'vitest'
import { fold } from './recording.ts'
import { Story } from './story.ts'

/** An agent on phone 203 who has called in, was answered, and is in a holding bridge. */
function waiting(): Story {
  return new Story()
    .calls('1.1', 'PJSIP/203-1', '900')
    .runs('1.1', 'Stasis', 'agents')
    .becomes('1.1', 'Up')
    .enters('1.1', 'room', 'holding')
    .wait(1_000)
}

/** A caller from outside whom the application answers. */
function customer(story: Story, id: string): Story {
  return story
    .calls(id, `PJSIP/trunk-a-${id.slice(2)}`, '5550100')
    .runs(id, 'Stasis', 'agents')
    .becomes(id, 'Up')
    .wait(500)
}

/** Both talk in a bridge of their own for a second. */
function talk(story: Story, id: string): Story {
  return story.leaves('1.1', 'room').enters('1.1', `talk-${id}`).enters(id, `talk-${id}`).wait(1_000)
}

function outcomeOf(story: Story) {
  const { calls, legs, tracker } = fold(story.events)
  expect([...tracker.live()]).toEqual([])
  return {
    calls: [...calls.values()].map(({ channelId, disposition, durationMs, answeredBy, hungUpBy }) => ({
      ...{ channelId, disposition, hungUpBy },
      ...{ seconds: Math.round(durationMs / 1000), answeredBy },
    })),
    legs: [...legs.values()].map(({ callId, endpoint, result, talkMs }) => [
      callId,
      endpoint,
      result,
      Math.round(talkMs / 1000),
    ]),
  }
}

const AGENT = { channelId: '1.1', disposition: 'self_service', seconds: 0, answeredBy: [] }

describe('an agent who waits on the line', () => {
  test('answers each customer’s own call, and waits in between', () => {
    const story = talk(customer(waiting(), '1.2'), '1.2').hangsUp('1.2').isDestroyed('1.2')
    story.leaves('1.1', 'talk-1.2').enters('1.1', 'room', 'holding').wait(2_000)
    talk(customer(story, '1.3'), '1.3').hangsUp('1.3').isDestroyed('1.3')
    story.leaves('1.1', 'talk-1.3').enters('1.1', 'room', 'holding').hangsUp('1.1').isDestroyed('1.1')
    expect(outcomeOf(story)).toEqual({
      calls: [
        { ...AGENT, hungUpBy: 'caller' },
        { channelId: '1.2', disposition: 'answered', hungUpBy: 'caller', seconds: 1, answeredBy: ['203'] },
        { channelId: '1.3', disposition: 'answered', hungUpBy: 'caller', seconds: 1, answeredBy: ['203'] },
      ],
      legs: [
        ['1.2', '203', 'answered', 1],
        ['1.3', '203', 'answered', 1],
      ],
    })
  })

  test('may transfer a customer away, and waits for the next', () => {
    const story = talk(customer(waiting(), '1.2'), '1.2').transfersBlind('1.1', '1.2', '204')
    story.leaves('1.1', 'talk-1.2').enters('1.1', 'room', 'holding').leaves('1.2', 'talk-1.2')
    story.runs('1.2', 'Dial', 'PJSIP/204').rings('1.2', '1.4', 'PJSIP/204-4').answers('1.2', '1.4', 'after').wait(1_000)
    story.hangsUp('1.2').isDestroyed('1.2').isDestroyed('1.4').wait(3_000).hangsUp('1.1').isDestroyed('1.1')
    const { calls, legs } = outcomeOf(story)
    expect(calls).toEqual([
      { ...AGENT, hungUpBy: 'caller' },
      { channelId: '1.2', disposition: 'answered', hungUpBy: 'caller', seconds: 2, answeredBy: ['203'] },
    ])
    expect(legs.map(([call, endpoint, result]) => [call, endpoint, result])).toEqual([
      ['1.2', '203', 'answered'],
      ['1.2', '204', 'answered'],
    ])
  })

  test('who hangs up on a customer ends both', () => {
    const story = talk(customer(waiting(), '1.2'), '1.2').hangsUp('1.1').isDestroyed('1.1').isDestroyed('1.2')
    expect(outcomeOf(story).calls).toEqual([
      { ...AGENT, hungUpBy: 'caller' },
      { channelId: '1.2', disposition: 'answered', hungUpBy: 'callee', seconds: 1, answeredBy: ['203'] },
    ])
  })

  test('is not a waiting caller for whom an application calls an agent', () => {
    const story = customer(new Story(), '1.2').enters('1.2', 'room', 'holding').wait(500)
    story.creates('1.3', 'PJSIP/203-3').dials(null, '1.3').becomes('1.3', 'Up').dials(null, '1.3', 'answer')
    story.leaves('1.2', 'room').enters('1.2', 'talk').enters('1.3', 'talk').wait(1_000)
    story.hangsUp('1.2').isDestroyed('1.2').isDestroyed('1.3')
    expect(outcomeOf(story).calls).toMatchObject([
      { channelId: '1.2', disposition: 'answered', seconds: 1, answeredBy: ['203'] },
      { channelId: '1.3', disposition: 'merged' },
    ])
  })

  test('is recognised after a restart of the exporter during a conversation', () => {
    const story = talk(customer(waiting(), '1.2'), '1.2')
    const { calls, legs } = fold(story.events)
    const open = [...calls.values()].map((call) => ({
      ...call,
      legs: [...legs.values()].flatMap((leg) =>
        leg.callId === call.channelId && leg.channelId !== null ? [{ ...leg, channelId: leg.channelId }] : [],
      ),
    }))
    const snapshot = story.snapshot()
    const { tracker, calls: later } = fold([
      { type: 'OpenCallsRestored', at: story.now, calls: open },
      { ...snapshot, at: story.now + 10 },
    ])
    expect([...tracker.live()].map(({ channelId }) => channelId).toSorted()).toEqual(['1.1', '1.2'])
    expect([...later.values()].filter(({ disposition }) => disposition !== null)).toEqual([])
  })

  test('is not the third caller of one trunk whom an application connects', () => {
    const story = customer(customer(customer(new Story(), '1.1'), '1.2'), '1.3')
    for (const id of ['1.1', '1.2', '1.3']) {
      story.enters(id, 'talk').wait(1_000)
    }
    for (const id of ['1.1', '1.2', '1.3']) {
      story.hangsUp(id).isDestroyed(id)
    }
    const { calls, legs } = outcomeOf(story)
    expect(calls).toMatchObject([
      { channelId: '1.1', disposition: 'answered' },
      { channelId: '1.2', disposition: 'merged' },
      { channelId: '1.3', disposition: 'merged' },
    ])
    expect(legs).toEqual([])
  })
})
