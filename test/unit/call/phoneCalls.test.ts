// Whom a phone talks with, or who makes it ring.

import { describe, expect, test } from 'vitest'
import { EMPTY_SNAPSHOT } from '../../../src/call/model/channel.ts'
import { rolesByName } from '../../../src/call/outcome/direction.ts'
import { createTracker } from '../../../src/call/tracker.ts'
import { EXPECTED, eventsOf, fold, newTracker } from './recording.ts'
import { Story, T0 } from './story.ts'

const rings = () => new Story().calls('1', 'PJSIP/101-01', '102').rings('1', '2', 'PJSIP/102-02')
const talking = () => rings().answers('1', '2', 'bridge')
const outbound = () =>
  new Story().calls('1', 'PJSIP/101-01', '0401234567').rings('1', '2', 'PJSIP/trunk-a-02').answers('1', '2', 'bridge')

interface Row {
  readonly title: string
  readonly story: Story
  readonly phone: string
  /** The other party, and since when, in ms of the story; null: the phone has no call. */
  readonly partner: readonly [number: string, since?: number] | null
}

const ROWS: readonly Row[] = [
  { title: 'a phone without a call', story: rings(), phone: '103', partner: null },
  { title: 'who rings', story: rings(), phone: '102', partner: ['101', 10] },
  { title: 'whom a phone calls', story: rings(), phone: '101', partner: ['102', 0] },
  {
    title: 'with whom the called phone talks, since it answered',
    story: talking(),
    phone: '102',
    partner: ['101', 60],
  },
  { title: 'with whom the caller talks', story: talking(), phone: '101', partner: ['102', 0] },
  { title: 'whom a phone called outside', story: outbound(), phone: '101', partner: ['0401234567'] },
  {
    title: 'the one who called, after the first was transferred away',
    story: talking().leaves('2', 'bridge').isDestroyed('2').rings('1', '3', 'PJSIP/103-03').answers('1', '3', 'next'),
    phone: '103',
    partner: ['101'],
  },
  {
    title: 'the number outside that a colleague had called and handed over',
    story: outbound()
      .transfersBlind('1', '2', '103')
      .leaves('1', 'bridge')
      .isDestroyed('1')
      .rings('2', '3', 'PJSIP/103-03')
      .answers('2', '3', 'next'),
    phone: '103',
    partner: ['0401234567'],
  },
  {
    title: 'the call that does not wait on hold',
    story: talking()
      .is((at) => ({
        type: 'Held',
        at,
        channel: { ...EMPTY_SNAPSHOT, id: '2', name: 'PJSIP/102-02', state: 'Up', createdAt: T0 },
      }))
      .calls('3', 'PJSIP/102-03', '104'),
    phone: '102',
    partner: ['104'],
  },
  {
    title: 'nobody when the call has ended',
    story: talking().isDestroyed('2').isDestroyed('1'),
    phone: '102',
    partner: null,
  },
]

describe('phoneCall tells', () => {
  test.each(ROWS)('$title', ({ story, phone, partner }) => {
    const pbx = createTracker({ roleOf: rolesByName(['trunk-a']) })
    fold(story.events, pbx)
    const found = pbx.phoneCall(phone)
    expect(found?.number ?? null).toBe(partner?.[0] ?? null)
    if (partner?.[1] !== undefined) {
      expect(found?.since).toBe(T0 + partner[1])
    }
  })
})

// Recordings of a few calls: each phone is asked about after each event.
test.each(Object.keys(EXPECTED).filter((name) => !name.startsWith('load-')))(
  'a phone that rings or talks has a live call: %s',
  (name) => {
    const tracker = newTracker()
    for (const event of eventsOf(name)) {
      tracker.apply(event)
      const live = new Set([...tracker.live()].map(({ channelId }) => channelId))
      for (const { key } of tracker.liveCounts()) {
        if (key.family === 'phone') {
          expect(live.has(tracker.phoneCall(key.endpoint)?.callId ?? '')).toBe(true)
        }
      }
    }
  },
)
