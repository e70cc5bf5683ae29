// Conversations, and what is told of their voices. Times are seconds.

import { describe, expect, test } from 'vitest'
import { BOTH, type Flow, NEITHER, ONLY_RECEIVED, ONLY_SENT, Talks, type Told } from './talks.ts'

interface Row {
  readonly title: string
  readonly play: (talks: Talks) => Talks
  readonly told: readonly Told[]
}

const lossy = (share: number): Flow => ({ received: 50 * (1 - share), sent: 50, receivedLost: 50 * share })

const STORIES: readonly Row[] = [
  {
    title: 'nothing is wrong',
    play: (talks) => talks.talk('a').pass(60),
    told: [[8, 'a', 'none']],
  },
  {
    title: 'no packet since the answer: at the first look',
    play: (talks) => talks.talk('a', ONLY_SENT).pass(60),
    told: [[8, 'a', 'one_way rx']],
  },
  {
    title: 'early media was sent before the answer, and nothing received since',
    play: (talks) => talks.talk('a', ONLY_SENT, { sent: 900 }).pass(20),
    told: [[8, 'a', 'one_way rx']],
  },
  {
    title: 'early media was received, and nothing since the answer: within 15 s of it',
    play: (talks) => talks.talk('a', ONLY_SENT, { received: 40 }).pass(20),
    told: [
      [8, 'a', 'none'],
      [14, 'a', 'one_way rx'],
    ],
  },
  {
    title: 'nothing is sent to the party, which sends: the other leg has the problem',
    play: (talks) => talks.talk('a', ONLY_RECEIVED).pass(30),
    told: [[8, 'a', 'none']],
  },
  {
    title: 'the packets stop during the call: within 15 s; they come back',
    play: (talks) => talks.talk('a').pass(30).flows('a', ONLY_SENT).pass(20).flows('a', BOTH).pass(20),
    told: [
      [8, 'a', 'none'],
      [38, 'a', 'one_way rx'],
      [52, 'a', 'none'],
    ],
  },
  {
    title: 'a phone that suppresses silence pauses for a few seconds',
    play: (talks) => talks.talk('a').pass(12.1).flows('a', ONLY_SENT).pass(5.5).flows('a', BOTH).pass(20),
    told: [[8, 'a', 'none']],
  },
  {
    title: 'neither side sends: direct media, or silence of both',
    play: (talks) => talks.talk('a', NEITHER).pass(60),
    told: [[8, 'a', 'none']],
  },
  {
    title: 'the media begins to flow directly during the call',
    play: (talks) => talks.talk('a').pass(20).flows('a', NEITHER).pass(40),
    told: [[8, 'a', 'none']],
  },
  {
    title: 'one-way audio, and then the other side gives up sending too: nothing is known any more',
    play: (talks) => talks.talk('a', ONLY_SENT).pass(20).flows('a', NEITHER).pass(20),
    told: [
      [8, 'a', 'one_way rx'],
      [22, 'a', 'none'],
    ],
  },
  {
    title: 'only a few packets were sent so far',
    play: (talks) => talks.talk('a', { received: 0, sent: 10 }).pass(9),
    told: [[8, 'a', 'none']],
  },
  {
    title: 'on hold nothing is asked; after it the conversation is a new one',
    play: (talks) =>
      talks.talk('a').pass(20).stops('a').pass(30).talk('a', ONLY_SENT, { received: 1_000, sent: 1_000 }).pass(16),
    told: [
      [8, 'a', 'none'],
      [58, 'a', 'none'],
      [64, 'a', 'one_way rx'],
    ],
  },
  {
    title: 'a call of seven seconds is not looked at',
    play: (talks) => talks.talk('a', ONLY_SENT).pass(7).stops('a').pass(20),
    told: [],
  },
  {
    title: 'the counts of a new session after a re-INVITE are no loss of packets',
    play: (talks) => talks.talk('a').pass(20).restarts('a').pass(30),
    told: [[8, 'a', 'none']],
  },
  {
    title: 'a re-INVITE does not end one-way audio, the packets after it do',
    play: (talks) => talks.talk('a', ONLY_SENT).pass(20).restarts('a').pass(4).flows('a', BOTH).pass(10),
    told: [
      [8, 'a', 'one_way rx'],
      [26, 'a', 'none'],
    ],
  },
  {
    title: 'a re-INVITE after which nothing is received',
    play: (talks) => talks.talk('a').pass(20).restarts('a').flows('a', ONLY_SENT).pass(20),
    told: [
      [8, 'a', 'none'],
      [28, 'a', 'one_way rx'],
    ],
  },
  {
    title: 'a transfer: the leg hears another party, and its conversation is a new one',
    play: (talks) =>
      talks
        .talk('a', ONLY_SENT)
        .pass(10)
        .talk('a', BOTH, { sent: 500 })
        .pass(10)
        .talk('a', BOTH, { sent: 900 })
        .pass(9),
    told: [
      [8, 'a', 'one_way rx'],
      [18, 'a', 'none'],
      [28, 'a', 'none'],
    ],
  },
  {
    title: 'a tenth is lost from the beginning',
    play: (talks) => talks.talk('a', lossy(0.1)).pass(30),
    told: [[8, 'a', 'loss rx']],
  },
  {
    title: 'a tenth is lost from some moment on, and then no more',
    play: (talks) => talks.talk('a').pass(30).flows('a', lossy(0.1)).pass(30).flows('a', BOTH).pass(30),
    told: [
      [8, 'a', 'none'],
      [44, 'a', 'loss rx'],
      [74, 'a', 'none'],
    ],
  },
  {
    title: 'three per cent are lost',
    play: (talks) => talks.talk('a', lossy(0.03)).pass(60),
    told: [[8, 'a', 'none']],
  },
  {
    title: 'the phone reports that it misses a tenth',
    play: (talks) => talks.talk('a', { received: 50, sent: 50, sentLost: 5 }).pass(30),
    told: [[8, 'a', 'loss tx']],
  },
  {
    title: 'less than a hundred packets show no loss',
    play: (talks) => talks.talk('a', { received: 4, sent: 4, receivedLost: 4 }).pass(10),
    told: [[8, 'a', 'none']],
  },
  {
    title: 'a count of losses that fell below 0 is no measurement',
    play: (talks) => talks.talk('a', BOTH, { receivedLost: 2 ** 32 - 3 }).pass(30),
    told: [[8, 'a', 'none']],
  },
  {
    title: 'jitter of 40 ms, at two looks',
    play: (talks) => talks.talk('a', { ...BOTH, receivedJitterMs: 40 }).pass(30),
    told: [
      [8, 'a', 'none'],
      [12, 'a', 'jitter rx'],
    ],
  },
  {
    title: 'jitter of a moment',
    play: (talks) =>
      talks
        .talk('a', { ...BOTH, receivedJitterMs: 760 })
        .pass(8.5)
        .flows('a', BOTH)
        .pass(20),
    told: [[8, 'a', 'none']],
  },
  {
    title: 'jitter that the phone reports, of 30 ms: not more',
    play: (talks) => talks.talk('a', { ...BOTH, sentJitterMs: 30 }).pass(30),
    told: [[8, 'a', 'none']],
  },
  {
    title: 'the worst is told: loss with jitter, then one-way audio',
    play: (talks) =>
      talks
        .talk('a', { ...lossy(0.2), receivedJitterMs: 50 })
        .pass(20)
        .flows('a', ONLY_SENT)
        .pass(20),
    told: [
      [8, 'a', 'loss rx'],
      [26, 'a', 'one_way rx'],
    ],
  },
  {
    title: 'two legs of a call: one cannot be heard',
    play: (talks) => talks.talk('a', ONLY_RECEIVED).talk('b', ONLY_SENT).pass(20),
    told: [
      [8, 'a', 'none'],
      [8.2, 'b', 'one_way rx'],
    ],
  },
]

describe('of this conversation it is told', () => {
  for (const { title, play, told } of STORIES) {
    test(title, () => {
      expect(play(new Talks()).told).toEqual(told)
    })
  }
})

describe('a small budget', () => {
  test('a new conversation is looked at before those that were looked at', () => {
    const talks = new Talks({ perSecond: 1 })
    for (let leg = 0; leg < 30; leg += 1) {
      talks.talk(`old-${leg}`)
    }
    talks.pass(60).talk('new', ONLY_SENT).pass(10)
    expect(talks.told.find(([, leg]) => leg === 'new')).toEqual([68, 'new', 'one_way rx'])
  })

  test('what is in trouble is looked at most often, and all others in turn', () => {
    const talks = new Talks({ perSecond: 2 })
    for (let leg = 0; leg < 20; leg += 1) {
      talks.talk(`leg-${leg}`, leg === 0 ? ONLY_SENT : BOTH)
    }
    talks.pass(40)
    talks.asked.length = 0
    talks.pass(60)
    const times = new Map<string, number>()
    for (const leg of talks.asked) {
      times.set(leg, (times.get(leg) ?? 0) + 1)
    }
    const others = [...times].filter(([leg]) => leg !== 'leg-0').map(([, count]) => count)
    expect(times.get('leg-0')).toBeGreaterThan(25)
    expect(others).toHaveLength(19)
    expect(Math.max(...others) - Math.min(...others)).toBeLessThanOrEqual(1)
  })

  test('with more new conversations than questions, nobody is forgotten', () => {
    const talks = new Talks({ perSecond: 1 })
    for (let leg = 0; leg < 100; leg += 1) {
      talks.talk(`leg-${leg}`)
    }
    talks.pass(120)
    expect(new Set(talks.asked).size).toBe(100)
  })
})

describe('a question that fails', () => {
  test('the channel is gone: it is not asked about again', () => {
    const talks = new Talks().talk('a').pass(8)
    talks.watch.failed({ about: 'voice', channelId: 'a' }, 'gone', T(8))
    talks.asked.length = 0
    expect(talks.pass(30).asked).toEqual([])
  })

  test('no answer: it is asked about again', () => {
    const talks = new Talks().talk('a').pass(7)
    talks.watch.failed({ about: 'voice', channelId: 'a' }, 'no_answer', T(8))
    expect(talks.pass(30).asked.length).toBeGreaterThan(3)
  })

  test('an answer that comes after the conversation ended changes nothing', () => {
    const talks = new Talks().talk('a', ONLY_SENT).pass(7)
    talks.stops('a')
    const counts = { receivedPackets: 0, sentPackets: 500, receivedLost: 0, sentLost: 0 }
    const rest = { receivedJitterMs: null, sentJitterMs: null, roundTripMs: null }
    talks.watch.answered({ about: 'voice', channelId: 'a' }, { about: 'voice', ...counts, ...rest }, T(9))
    expect(talks.told).toEqual([])
    expect(talks.problems()).toEqual([])
  })
})

describe('the legs whose voice is known', () => {
  test('are those that were looked at and still talk', () => {
    const talks = new Talks().talk('a', ONLY_SENT).pass(5).talk('b').pass(4)
    expect(talks.problems()).toEqual(['one_way'])
    expect(talks.pass(10).problems()).toEqual(['one_way', null])
    expect(talks.stops('a').problems()).toEqual([null])
    expect(talks.talk('b').problems()).toEqual([])
  })
})

function T(seconds: number): number {
  return 1_800_000_000_000 + seconds * 1000
}
