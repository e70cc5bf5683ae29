// Who dialed whom, inferred from a snapshot. Where it does not show that, nothing is guessed: a guess could merge two calls into one.

import { expect, test } from 'vitest'
import type { PbxEvent } from '../../../src/call/event.ts'
import { fold } from './recording.ts'
import { Story } from './story.ts'

type Snapshot = Extract<PbxEvent, { type: 'SnapshotTaken' }>

const twoCallers = () =>
  new Story()
    .calls('1.1', 'PJSIP/trunk-a-1', '5550101')
    .calls('1.2', 'PJSIP/trunk-b-2', '5550101')
    .runs('1.1', 'Dial', 'PJSIP/104')
    .runs('1.2', 'Dial', 'PJSIP/104')

test('a caller who talks already is not the dialer of a phone that rings', () => {
  const story = twoCallers()
    .rings('1.2', '1.3', 'PJSIP/104-3')
    .answers('1.2', '1.3', 'b')
    .rings('1.1', '1.4', 'PJSIP/104-4')
  const { tracker, calls, legs } = fold([story.snapshot()])
  expect(calls.size).toBe(2)
  expect(legs.get('1.4')?.callId).toBe('1.1')
  expect([...tracker.live()]).toMatchObject([{ channelId: '1.2', answeredBy: ['104'] }, { channelId: '1.1' }])
})

test('two callers of one phone stay two calls, and each has its own leg after its Dial event', () => {
  const story = twoCallers().rings('1.1', '1.3', 'PJSIP/104-3').rings('1.2', '1.4', 'PJSIP/104-4')
  const snapshot = story.snapshot()
  const before = story.events.length
  story.answers('1.1', '1.3', 'b').dials('1.2', '1.4', 'cancel').isDestroyed('1.4', 26).isDestroyed('1.2').wait(500)
  story.isDestroyed('1.3').isDestroyed('1.1')
  const { tracker, calls, legs } = fold([snapshot, ...story.events.slice(before)])
  expect([...tracker.live()]).toEqual([])
  expect([...calls.values()].map(({ channelId, disposition }) => [channelId, disposition]).sort()).toEqual([
    ['1.1', 'answered'],
    ['1.2', expect.not.stringMatching('merged')],
  ])
  expect([legs.get('1.3')?.callId, legs.get('1.4')?.callId]).toEqual(['1.1', '1.2'])
})

test('the number that the phone shows decides between them at once', () => {
  const story = twoCallers().rings('1.1', '1.3', 'PJSIP/104-3').rings('1.2', '1.4', 'PJSIP/104-4')
  const { legs } = fold([showing(story.snapshot(), { '1.3': 'trunk-a', '1.4': 'trunk-b' })])
  expect([legs.get('1.3')?.callId, legs.get('1.4')?.callId]).toEqual(['1.1', '1.2'])
})

function showing(snapshot: Snapshot, numbers: Readonly<Record<string, string>>): Snapshot {
  const channels = snapshot.channels.map((one) => ({ ...one, connectedNumber: numbers[one.id] ?? one.connectedNumber }))
  return { ...snapshot, channels }
}
