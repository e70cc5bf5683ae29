// The work for an event is bounded, whatever an attacker or a faulty application sends.

import { expect, test } from 'vitest'
import { createTracker } from '../../../src/call/tracker.ts'
import { operationsOf } from './operations.ts'
import { newTracker } from './recording.ts'
import { Story, T0 } from './story.ts'

type Scene = (story: Story, size: number) => void

function operations(scene: Scene, size: number): number {
  const story = new Story()
  scene(story, size)
  const tracker = newTracker()
  return operationsOf(() => {
    for (const event of story.events) {
      tracker.apply(event)
    }
  })
}

const rounds: Scene = (story, size) => {
  story.calls('c', 'PJSIP/trunk-a-1', '600').runs('c', 'Queue', 'support')
  for (let n = 0; n < size; n += 10) {
    const legs = Array.from({ length: 10 }, (_, k) => `l${n + k}`)
    for (const [k, id] of legs.entries()) {
      story.rings('c', id, `PJSIP/10${k}-${n}`)
    }
    for (const id of legs) {
      story.dials('c', id, 'no_answer')
    }
    for (const id of legs) {
      story.isDestroyed(id)
    }
  }
}

const atOnce: Scene = (story, size) => {
  story.calls('c', 'PJSIP/trunk-a-1', '600').runs('c', 'Dial', 'PJSIP/100')
  const legs = Array.from({ length: size }, (_, k) => `l${k}`)
  for (const [k, id] of legs.entries()) {
    story.creates(id, `PJSIP/1${k}-1`).dials('c', id)
  }
  for (const id of legs) {
    story.becomes(id, 'Ringing').dials('c', id, 'ringing')
  }
  for (const id of legs) {
    story.dials('c', id, 'no_answer')
  }
  for (const id of legs) {
    story.isDestroyed(id)
  }
}

const bridgeOf =
  (kind: 'talk' | 'holding' | 'conference' | 'parking', name = (k: number) => `PJSIP/1${k}-1`): Scene =>
  (story, size) => {
    const ids = Array.from({ length: size }, (_, k) => `c${k}`)
    for (const [k, id] of ids.entries()) {
      story.calls(id, name(k), '600').becomes(id, 'Up')
    }
    for (const id of ids) {
      story.enters(id, 'b', kind)
    }
    for (const id of ids) {
      story.leaves(id, 'b')
    }
    for (const id of ids) {
      story.isDestroyed(id)
    }
  }

const stays: Scene = (story, size) => {
  story.calls('c', 'PJSIP/trunk-a-1', '600')
  for (let n = 0; n < size; n += 1) {
    story.runs('c', 'Queue', `q${n}`).sets('c', 'QUEUESTATUS', 'TIMEOUT')
  }
}

const allGone: Scene = (story, size) => {
  for (let k = 0; k < size; k += 1) {
    story.calls(`c${k}`, `PJSIP/2${k}-1`, '600')
  }
  story.is((at) => ({ type: 'SnapshotTaken', at, channels: [], bridges: [], endpoints: [] }))
}
const unreachable: Scene = (story, size) => {
  story.calls('c', 'PJSIP/trunk-a-1', '600')
  for (let n = 0; n < size; n += 1) {
    story.runs('c', 'Dial', `PJSIP/1${n}`).sets('c', 'DIALSTATUS', 'CHANUNAVAIL')
  }
}
const transfers: Scene = (story, size) => {
  story.calls('c', 'PJSIP/trunk-a-1', '600')
  for (let k = 0; k < size; k += 1) {
    story.rings('c', `l${k}`, `PJSIP/1${k}-1`).answers('c', `l${k}`, `b${k}`).transfersBlind(`l${k}`, 'c', `9${k}`)
    story.leaves('c', `b${k}`).isDestroyed(`l${k}`)
  }
}

/** The first snapshot of a PBX: all its calls are inferred. */
const adopted =
  (happens: Scene): Scene =>
  (story, size) => {
    happens(story, size)
    const snapshot = story.snapshot()
    story.events.length = 0
    story.is(() => snapshot)
  }

/** Calls that ring: `phone` and `number` say which phone each of them calls, and what it shows. */
const ringing =
  (phone: (k: number) => string, number: (k: number) => string): Scene =>
  (story, size) => {
    for (let k = 0; k < size; k += 1) {
      story.calls(`c${k}`, `PJSIP/${number(k)}-1`, '600').runs(`c${k}`, 'Dial', `PJSIP/${phone(k)},30`)
      story.rings(`c${k}`, `l${k}`, `PJSIP/${phone(k)}-${k}`)
    }
  }
const own = (k: number): string => `1${k}`
const same = (): string => '100'

// Both are dialed, and their dialers are in no bridge.
const strangers: Scene = (story, size) => {
  ringing(same, own)(story, size)
  for (let k = 0; k + 1 < size; k += 2) {
    story.enters(`l${k}`, `b${k}`).enters(`l${k + 1}`, `b${k}`)
  }
}

const paging: Scene = (story, size) => {
  for (let k = 0; k < size; k += 1) {
    story.calls(`c${k}`, `PJSIP/1${k}-1`, '600').runs(`c${k}`, 'Page', `PJSIP/2${k}`)
  }
  for (let k = 0; k < size; k += 1) {
    story.creates(`l${k}`, `PJSIP/3${k}-1`).dials(null, `l${k}`)
  }
}

const queues: Scene = (story, size) => {
  for (let k = 0; k < size; k += 1) {
    story.calls(`c${k}`, `PJSIP/${k}${k}-1`, '600').runs(`c${k}`, 'Queue', `queue-${k}`)
    story.rings(`c${k}`, `l${k}`, `PJSIP/agent-of-${k}-1`)
  }
}

const merged: Scene = (story, size) => {
  for (let k = 0; k < size; k += 1) {
    story.calls(`c${k}`, `PJSIP/1${k}-1`, '600')
  }
  for (let k = 1; k < size; k += 1) {
    story.dials(`c${k - 1}`, `c${k}`)
  }
}

/** For twice as much input, how many times the work. */
function growth(scene: Scene, size: number): number {
  return operations(scene, 2 * size) / operations(scene, size)
}

// The same for each event, whatever has happened to the call before.
test.each([
  ['a queue that tries its agents again and again for one caller', rounds],
  ['a dialplan that dials phones which cannot be reached, without end', unreachable],
  ['a caller who goes from queue to queue', stays],
  ['a call that is transferred again and again', transfers],
  ['a holding bridge', bridgeOf('holding')],
  ['a parking lot', bridgeOf('parking')],
  ['a conference', bridgeOf('conference')],
  ['calls that all end in one gap', allGone],
  ['a snapshot of calls that ring, each its own phone', adopted(ringing(own, own))],
  ['a snapshot of calls that ring one phone, from numbers of their own', adopted(ringing(same, own))],
  ['a snapshot of calls that ring one phone and show one number', adopted(ringing(same, same))],
  ['a snapshot of dialed phones that talk without their callers', adopted(strangers)],
  ['a snapshot of a bridge', adopted(bridgeOf('talk'))],
  ['a snapshot of a holding bridge', adopted(bridgeOf('holding'))],
  ['a snapshot of callers who page', adopted(paging)],
  ['pagers at a time', paging],
  ['queues and endpoints, each of another name', queues],
])('%s: twice as many are twice the work', (_name, scene) => {
  expect(growth(scene, 200)).toBeLessThan(2.1)
})

// Each event of a bridge names all its channels, so that its frame grows with them too.
test.each([
  ['everybody in one bridge where people talk', bridgeOf('talk'), 8],
  ['everybody in one bridge, over one trunk', bridgeOf('talk', (k) => `PJSIP/trunk-a-${k}`), 8],
  ['everybody in one bridge, from one phone', bridgeOf('talk', (k) => `PJSIP/101-${k}`), 8],
  ['one Dial with hundreds of phones', atOnce, 3],
  ['calls that become one, one after the other', merged, 5],
] as const)('%s: the work for one event grows with those who are there, and no faster', (_name, scene, factor) => {
  expect(growth(scene, 100)).toBeLessThan(4.1)
  const story = new Story()
  scene(story, 200)
  expect(operations(scene, 200) / story.events.length).toBeLessThan(200 * factor)
})

test('thousands of calls within one millisecond, as from a stopped clock, are no more work for each', () => {
  const story = new Story()
  for (let n = 0; n < 2_000; n += 1) {
    story.calls(`c${n}`, `PJSIP/1${n}-1`, '600').isDestroyed(`c${n}`)
  }
  const work = (calls: number) => {
    const tracker = newTracker()
    return operationsOf(() => {
      for (const event of story.events.slice(0, 2 * calls)) {
        tracker.apply({ ...event, at: T0 })
      }
    })
  }
  expect(work(2_000) / work(1_000)).toBeLessThan(2.4)
})

test('bridges whose end is never reported are removed when their last channel leaves', () => {
  const story = new Story()
  for (let n = 0; n < 500; n += 1) {
    story.calls(`c${n}`, 'PJSIP/101-1', '102').enters(`c${n}`, `b${n}`).isDestroyed(`c${n}`)
  }
  const tracker = newTracker()
  for (const event of story.events) {
    tracker.apply(event)
  }
  const { at } = story.snapshot()
  const work = operationsOf(() =>
    tracker.apply({ type: 'SnapshotTaken', at, channels: [], bridges: [], endpoints: [] }),
  )
  expect(work).toBeLessThan(100)
})

/** Two calls that talk; only for the second one do more events come. */
function lostEnd() {
  const story = new Story()
  story.calls('a', 'PJSIP/101-1', '102').rings('a', 'b', 'PJSIP/102-1').answers('a', 'b', 'br')
  story.calls('c', 'PJSIP/103-1', '104')
  const tracker = newTracker()
  for (const event of story.events) {
    tracker.apply(event)
  }
  const list = (minutes: number, ids: string[]) => {
    const facts = tracker.apply({ type: 'ChannelsListed', at: T0 + minutes * 60_000, ids })
    return facts.flatMap((fact) => (fact.type === 'CallEnded' ? [fact.call] : []))
  }
  return { tracker, list }
}

test('a call whose end was never reported ends when two lists in a row lack it, at the time when a list last had it', () => {
  const { tracker, list } = lostEnd()
  expect(list(5, ['a', 'b', 'c'])).toEqual([])
  expect(list(10, ['c'])).toEqual([])
  expect(list(15, ['a', 'b', 'c'])).toEqual([])
  expect(list(20, ['c'])).toEqual([])
  const [call, ...others] = list(25, ['c', 'new'])
  expect(others).toEqual([])
  expect(call).toMatchObject({ channelId: 'a', disposition: 'answered', endedAt: T0 + 15 * 60_000 })
  expect([...tracker.live()].map(({ channelId }) => channelId)).toEqual(['c'])
})

test('late events about it change nothing, and a call that began after the list continues', () => {
  const { tracker, list } = lostEnd()
  list(5, ['c'])
  const late = new Story().wait(600_000).calls('d', 'PJSIP/105-1', '106').becomes('d', 'Up').events
  for (const event of late) {
    tracker.apply(event)
  }
  expect(list(10, ['c']).map(({ channelId }) => channelId)).toEqual(['a'])
  expect(list(15, ['c', 'd'])).toEqual([])
  for (const event of new Story().calls('a', 'PJSIP/101-1', '102').isDestroyed('a').events) {
    tracker.apply(event)
  }
  expect([...tracker.live()].map(({ channelId }) => channelId)).toEqual(['c', 'd'])
})

test('more channels than any PBX has: the oldest are tracked no longer, and started = ended + active', () => {
  const tracker = createTracker({ roleOf: () => 'phone', maxChannels: 100 })
  const story = new Story()
  for (let n = 0; n < 1_000; n += 1) {
    story.calls(`c${n}`, 'PJSIP/101-1', '102')
  }
  const facts = story.events.flatMap((event) => tracker.apply(event))
  const ended = facts.flatMap((fact) => (fact.type === 'CallEnded' ? [fact.call.disposition] : []))
  expect([...tracker.live()]).toHaveLength(100)
  expect(ended).toEqual(Array.from({ length: 900 }, () => 'unknown'))
})
