// The destination of a call that leaves by a trunk, and the line that was called from outside.

import { describe, expect, test } from 'vitest'
import type { Destination, PbxEvent } from '../../../src/call/event.ts'
import type { CallFact } from '../../../src/call/fact.ts'
import { rolesByName } from '../../../src/call/outcome/direction.ts'
import { linesByNumber } from '../../../src/call/outcome/line.ts'
import { createTracker, type Tracker } from '../../../src/call/tracker.ts'
import { Story } from './story.ts'

// The class is what the number begins with, so that each test shows which number was classed.
const CLASSES: Readonly<Record<string, Destination['class']>> = { '0': 'national', '4': 'mobile', '1': 'emergency' }

function destinationOf(number: string): Destination {
  return number.startsWith('+')
    ? { class: 'international', country: number.slice(1, 3) }
    : { class: CLASSES[number.charAt(0)] ?? 'unknown', country: '' }
}

function newTracker(): Tracker {
  const lineOf = linesByNumber([
    { pattern: '5550101', name: 'Sales' },
    { pattern: '55502*', name: 'Support' },
  ])
  return createTracker({ roleOf: rolesByName(['trunk-*']), lineOf, destinationOf })
}

function factsOf(events: readonly PbxEvent[], tracker = newTracker()): readonly CallFact[] {
  return events.flatMap((event) => [...tracker.apply(event)])
}

function endOf(story: Story) {
  const ends = factsOf(story.events).flatMap((fact) => (fact.type === 'CallEnded' ? [fact.call] : []))
  expect(ends).toHaveLength(1)
  return ends[0]
}

/** The number that was dialed is in the name of the channel, as a story has it: `PJSIP/+EE1@trunk-a-2`. */
const dialedOn = (trunk: string, number: string) => `IAX2/${number}@${trunk}-2`

const outbound = () => new Story().calls('1.1', 'PJSIP/101-1', '9040').runs('1.1', 'Dial', 'IAX2/x')

describe('a call that leaves by a trunk', () => {
  test('has the destination of the number that was dialed on it, not of the extension', () => {
    const story = outbound().rings('1.1', '1.2', dialedOn('trunk-a', '+EE1')).answers('1.1', '1.2', 'b')
    story.isDestroyed('1.2').isDestroyed('1.1')
    expect(endOf(story)).toMatchObject({
      direction: 'outbound',
      trunk: 'trunk-a',
      destination: { class: 'international', country: 'EE' },
    })
  })

  test('tells once, for each attempt, which number was dialed', () => {
    const story = outbound().rings('1.1', '1.2', dialedOn('trunk-a', '112')).isDestroyed('1.2', 34)
    story.rings('1.1', '1.3', dialedOn('trunk-b', '112')).answers('1.1', '1.3', 'b').isDestroyed('1.3')
    const facts = factsOf(story.isDestroyed('1.1').events)
    const dialed = facts.flatMap((fact) => (fact.type === 'NumberDialed' ? [fact.leg] : []))
    expect(dialed.map(({ endpoint, destination }) => [endpoint, destination?.class])).toEqual([
      ['trunk-a', 'emergency'],
      ['trunk-b', 'emergency'],
    ])
    for (const { id } of dialed) {
      const own = facts.filter((fact) => 'leg' in fact && fact.leg.id === id).map(({ type }) => type)
      expect([own.indexOf('LegStarted'), own.indexOf('NumberDialed'), own.at(-1)]).toEqual([0, 1, 'LegEnded'])
    }
  })

  test('has the destination of the last attempt while none is answered', () => {
    const story = outbound().rings('1.1', '1.2', dialedOn('trunk-a', '+EE1')).isDestroyed('1.2', 34)
    story.rings('1.1', '1.3', dialedOn('trunk-b', '0400')).isDestroyed('1.3', 17).isDestroyed('1.1', 17)
    expect(endOf(story)?.destination).toEqual({ class: 'national', country: '' })
  })

  test('has the destination of the attempt that is answered, whatever was dialed after it', () => {
    const story = outbound().rings('1.1', '1.2', dialedOn('trunk-a', '+EE1'))
    story.rings('1.1', '1.3', dialedOn('trunk-b', '0400')).answers('1.1', '1.2', 'b').isDestroyed('1.3', 26)
    story.rings('1.1', '1.4', dialedOn('trunk-b', '400')).isDestroyed('1.4', 17)
    expect(endOf(story.isDestroyed('1.2').isDestroyed('1.1'))?.destination).toEqual({
      class: 'international',
      country: 'EE',
    })
  })

  test('has a destination also if the trunk could not be dialed', () => {
    const story = new Story().calls('1.1', 'PJSIP/101-1', '9040').runs('1.1', 'Dial', 'PJSIP/+SE40@trunk-a,30')
    story.sets('1.1', 'DIALSTATUS', '').sets('1.1', 'DIALSTATUS', 'CHANUNAVAIL').isDestroyed('1.1', 20)
    expect(endOf(story)).toMatchObject({
      direction: 'outbound',
      destination: { class: 'international', country: 'SE' },
    })
  })

  test('is classed by the extension if the dial string has no number', () => {
    const story = new Story().calls('1.1', 'PJSIP/101-1', '4000').runs('1.1', 'Dial', 'DAHDI/g1')
    story.rings('1.1', '1.2', 'PJSIP/trunk-a-2').isDestroyed('1.2', 17).isDestroyed('1.1', 17)
    const withoutNumber = story.events.map((event) =>
      event.type === 'Dialed' ? { ...event, dialString: 'trunk-a' } : event,
    )
    const ends = factsOf(withoutNumber).flatMap((fact) => (fact.type === 'CallEnded' ? [fact.call.destination] : []))
    expect(ends).toEqual([{ class: 'mobile', country: '' }])
  })

  test('has one in transit, of the number that leaves, and no line without a name', () => {
    const story = new Story().calls('1.1', 'PJSIP/trunk-a-1', '5559999').runs('1.1', 'Dial', 'x')
    story.rings('1.1', '1.2', dialedOn('trunk-b', '400')).answers('1.1', '1.2', 'b')
    expect(endOf(story.isDestroyed('1.2').isDestroyed('1.1'))).toMatchObject({
      direction: 'transit',
      line: null,
      destination: { class: 'mobile', country: '' },
    })
  })

  test('has one if an application dials a trunk first', () => {
    const story = new Story().rings(null, '1.2', dialedOn('trunk-a', '+EE1')).isDestroyed('1.2', 17)
    expect(endOf(story)).toMatchObject({
      direction: 'outbound',
      destination: { class: 'international', country: 'EE' },
    })
  })

  test.each(['ringing', 'progress', 'answer'] as const)(
    'by click to call is not classed by the number of the phone that is heard (%s) before the dial begins',
    (sign) => {
      // As phones 101 to 104 where these are emergency numbers too.
      const story = new Story()
        .creates('1.1', 'PJSIP/101-1')
        .runs('1.1', 'AppDial2', '(Outgoing Line)')
        .dials(null, '1.1')
      story.becomes('1.1', 'Up').dials(null, '1.1', 'answer').creates('1.2', 'PJSIP/trunk-a-2')
      story.dials('1.1', '1.2', sign).dials('1.1', '1.2').isDestroyed('1.2', 19).isDestroyed('1.1')
      const events = story.events.map((event): PbxEvent => {
        const isOfCustomer = event.type === 'Dialed' && event.peer.id === '1.2'
        return isOfCustomer ? { ...event, dialString: event.status === 'trying' ? '0409@trunk-a' : '' } : event
      })
      const facts = factsOf(events)
      const dialed = facts.flatMap((fact) => (fact.type === 'NumberDialed' ? [fact.leg.destination?.class] : []))
      expect(dialed).toEqual(['national'])
      expect(facts.flatMap((fact) => (fact.type === 'CallEnded' ? [fact.call.destination?.class] : []))).toEqual([
        'national',
      ])
    },
  )

  test('keeps it over a restart of the exporter, with numbers that are masked since', () => {
    const tracker = newTracker()
    const restored = {
      channelId: '1.1',
      sipCallId: null,
      recording: null,
      caller: '101',
      callee: '**40',
      callerName: '',
      callerEndpoint: '101',
      direction: 'outbound' as const,
      startedAt: 1,
      answeredAt: null,
      answeredBy: [],
      voiceProblem: null,
      line: null,
      destination: { class: 'international' as const, country: 'EE' },
      transfers: 0,
      accountCode: '',
      context: '',
      legs: [
        {
          channelId: '1.2',
          sipCallId: null,
          endpoint: 'trunk-a',
          dialed: '****567@trunk-a',
          startedAt: 2,
          ringingAt: null,
          answeredAt: null,
          voiceProblem: null,
        },
      ],
    }
    const facts = factsOf([{ type: 'OpenCallsRestored', at: 5, calls: [restored] }], tracker)
    expect(facts.filter(({ type }) => type === 'NumberDialed')).toEqual([])
    const kept = [{ destination: { class: 'international', country: 'EE' } }]
    expect([...tracker.live()]).toMatchObject(kept)
    // The attempt is answered after the restart.
    const story = new Story().calls('1.1', 'PJSIP/101-1', '9040').rings('1.1', '1.2', dialedOn('trunk-a', '+EE1'))
    const later = factsOf(
      story.answers('1.1', '1.2', 'b').events.map((event) => ({ ...event, at: event.at + 10 })),
      tracker,
    )
    expect(later.filter(({ type }) => type === 'NumberDialed')).toEqual([])
    expect(later.filter(({ type }) => type === 'CallAnswered')).toMatchObject([{ call: kept[0] }])
  })
})

describe('other calls have no destination', () => {
  test('an internal call', () => {
    const story = new Story().calls('1.1', 'PJSIP/101-1', '102').rings('1.1', '1.2', 'PJSIP/102-2')
    expect(endOf(story.isDestroyed('1.2', 17).isDestroyed('1.1', 17))).toMatchObject({ line: null, destination: null })
  })

  test('an inbound call, also if it rings outside as well; its attempt there has one', () => {
    const story = new Story().calls('1.1', 'PJSIP/trunk-a-1', '5550101').runs('1.1', 'Dial', 'x')
    story.rings('1.1', '1.2', 'PJSIP/102-2').rings('1.1', '1.3', dialedOn('trunk-b', '400'))
    story.isDestroyed('1.2', 17).isDestroyed('1.3', 17).isDestroyed('1.1', 17)
    expect(endOf(story)).toMatchObject({ direction: 'inbound', line: 'Sales', destination: null })
    const dialed = factsOf(story.events).flatMap((fact) => (fact.type === 'NumberDialed' ? [fact.leg.destination] : []))
    expect(dialed).toEqual([{ class: 'mobile', country: '' }])
  })
})

test.each([
  ['5550101', 'Sales'],
  ['5550299', 'Support'],
  ['55501011', null],
  ['5550100', null],
])('a call from outside to %s is on line %s', (called, line) => {
  const story = new Story().calls('1.1', 'PJSIP/trunk-a-1', called).isDestroyed('1.1')
  expect(endOf(story)?.line).toBe(line)
})

test('a call from a phone to the number of a line is not on it', () => {
  expect(endOf(new Story().calls('1.1', 'PJSIP/101-1', '5550101').isDestroyed('1.1'))?.line).toBeNull()
})
