// The figures of queues and of trunks, compared with plain sums over all calls.

import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { queueFiguresReader } from '../../../src/calllog/reader/queueFigures.ts'
import { trunkFiguresReader } from '../../../src/calllog/reader/trunkFigures.ts'
import { queueFigures } from '../../../src/query/queueFigures.ts'
import { TRUNK_FAULTS } from '../../../src/query/trunkFigures.ts'
import { makeCalls, writeKnown } from './manyCalls.ts'
import { endedCall, freshPath, sampleLeg, T0 } from './samples.ts'

const PERIOD = { from: T0 + 20_000, to: T0 + 260_000 }

test('the sums of each queue, of the calls that began in the period and have ended', () => {
  const known = makeCalls(1_000)
  const path = freshPath()
  writeKnown(path, known)
  const offered = known
    .map(({ call }) => call)
    .filter(({ startedAt, disposition }) => {
      const counts = disposition !== null && disposition !== 'merged' && disposition !== 'unknown'
      return counts && startedAt >= PERIOD.from && startedAt < PERIOD.to
    })
  const wanted = ['sales', 'support'].map((queue) => {
    const own = offered.filter((call) => call.queue === queue)
    const answered = own.filter(({ disposition }) => disposition === 'answered')
    return {
      queue,
      offered: own.length,
      answered: answered.length,
      abandoned: own.filter(({ disposition }) => disposition === 'abandoned').length,
      answered_within: answered.filter(({ queueWaitMs }) => (queueWaitMs ?? 0) <= 20_000).length,
      waited: expect.closeTo(
        own.reduce((sum, { queueWaitMs }) => sum + (queueWaitMs ?? 0) / 1000, 0),
        3,
      ),
    }
  })
  const read = queueFiguresReader(new Database(path, { readonly: true }))
  expect(read({ ...PERIOD, within: 20 })).toEqual(wanted)
  expect(wanted[0]?.answered_within).toBeGreaterThan(0)
  expect(read({ from: 0, to: 1, within: 20 })).toEqual([])
})

test('an answer after exactly so many seconds is within them', () => {
  const path = freshPath()
  const common = { queue: 'sales', disposition: 'answered' } as const
  const calls = [10_000, 20_000, 20_001].map((queueWaitMs, index) => ({
    id: index + 1,
    call: endedCall({ ...common, channelId: `c${index}`, queueWaitMs }),
    legs: [],
  }))
  writeKnown(path, calls)
  const [sums] = queueFiguresReader(new Database(path, { readonly: true }))({ from: T0, to: T0 + 1, within: 20 })
  expect(queueFigures(sums)).toEqual({
    ...{ offered: 3, answered: 3, abandoned: 0, exited: 0 },
    ...{ average_wait_seconds: 16.667, service_level: 2 / 3 },
  })
  const none = { offered: 0, answered: 0, abandoned: 0, exited: 0, average_wait_seconds: null, service_level: null }
  expect(queueFigures()).toEqual(none)
})

test('the attempts on each trunk, and its last fault', () => {
  const known = makeCalls(1_000)
  const path = freshPath()
  writeKnown(path, known)
  const legs = known
    .filter(({ call: { startedAt } }) => startedAt >= PERIOD.from && startedAt < PERIOD.to)
    .sort((one, other) => one.call.startedAt - other.call.startedAt || one.id - other.id)
    .flatMap((each) => each.legs)
  const wanted = ['trunk-a', 'trunk-b'].map((trunk) => {
    const own = legs.filter(({ endpoint, result }) => endpoint === trunk && result !== null)
    const fault = own.findLast(({ result }) => TRUNK_FAULTS.some((one) => one === result))
    return {
      trunk,
      attempts: own.length,
      answered: own.filter(({ result }) => result === 'answered').length,
      lastFault: { at: fault?.endedAt ?? fault?.startedAt, result: fault?.result, cause: fault?.cause },
    }
  })
  const read = trunkFiguresReader(new Database(path, { readonly: true }))
  expect(read(PERIOD)).toEqual(wanted)
  expect(read({ from: 0, to: 1 })).toEqual([])
})

test('a trunk whose attempts reached the network has no fault; an attempt that goes on counts for nothing', () => {
  const path = freshPath()
  const leg = (id: string, result: 'busy' | 'answered' | null) =>
    sampleLeg({ id, callId: 'c1', channelId: id, endpoint: 'trunk-a', endpointRole: 'trunk', result })
  const legs = [leg('1', 'busy'), leg('2', 'answered'), leg('3', null)]
  writeKnown(path, [{ id: 1, call: endedCall({ channelId: 'c1' }), legs }])
  const read = trunkFiguresReader(new Database(path, { readonly: true }))
  expect(read({ from: T0, to: T0 + 1 })).toEqual([{ trunk: 'trunk-a', attempts: 2, answered: 1, lastFault: null }])
})
