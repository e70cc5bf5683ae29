// Changes of live calls wait for a while; what ends a call, a leg or a wait does not, and takes along what waits of the same call.

import { describe, expect, test, vi } from 'vitest'
import type { CallFact } from '../../../src/call/fact.ts'
import type { Batch, SavedState } from '../../../src/calllog/writer/protocol.ts'
import { WriteQueue, type Writes } from '../../../src/calllog/writer/writeQueue.ts'
import type { Total } from '../../../src/totals/total.ts'
import { PATIENCE } from '../patience.ts'
import {
  ended,
  endedCall,
  freshPath,
  NO_MISSED_CALLERS,
  openLog,
  query,
  sampleCall,
  sampleLeg,
  started,
  T0,
} from './samples.ts'

const NEW: SavedState = {
  ...{ lastCallId: 0, lastLegId: 0, ended: 0, dropped: 0, number: 0, at: 0, aheadMs: 0 },
  totals: [],
  open: [],
  ...NO_MISSED_CALLERS,
}

const STARTED: Total = { name: 'started', labels: {}, value: 1 }
const ENDED: Total = { name: 'ended', labels: {}, value: 1 }

function change(
  id: number,
  { callee = '102', legs = [] as readonly number[], totals = [] as readonly Total[] },
): Writes {
  return {
    calls: [{ id, ended: false, node: null, createdAt: T0, updatedAt: T0, call: sampleCall({ callee }) }],
    legs: legs.map((leg) => ({ id: leg, callId: id, leg: sampleLeg() })),
    totals,
    mayWait: true,
  }
}

function end(...ids: readonly number[]): Writes {
  const calls = ids.map((id) => ({ id, ended: true, node: null, createdAt: T0, updatedAt: T0, call: endedCall() }))
  return { calls, legs: [], totals: ids.map(() => ENDED), mayWait: false }
}

/** What a batch writes: the calls, the legs with their calls, the sums. */
function contentOf(batch: Batch | undefined) {
  return {
    calls: batch?.calls.map(({ id, call }) => [id, call.callee]),
    legs: batch?.legs.map(({ id, callId }) => [id, callId]),
    totals: batch?.totals.map(({ name, value }) => [name, value]),
  }
}

describe('changes of a live call', () => {
  test('are in no batch until they are collected, and then once, with the last record of each row', () => {
    const queue = new WriteQueue(NEW, 10)
    queue.append(change(1, { callee: 'first', totals: [STARTED] }))
    queue.append(change(1, { callee: 'second', legs: [5] }))
    queue.append(change(2, { callee: 'other', totals: [STARTED] }))
    expect([queue.isEmpty, queue.hasWaiting]).toEqual([true, true])
    queue.collect()
    expect(queue.hasWaiting).toBe(false)
    expect(contentOf(queue.next())).toEqual({
      calls: [
        [1, 'second'],
        [2, 'other'],
      ],
      legs: [[5, 1]],
      totals: [['started', 2]],
    })
  })

  test('go with the end of the call; those of other calls go on waiting, rows and amounts alike', () => {
    const queue = new WriteQueue(NEW, 10)
    queue.append(change(1, { legs: [5], totals: [STARTED] }))
    queue.append(change(2, { legs: [6], totals: [STARTED] }))
    queue.append(end(1))
    const written = { calls: [[1, '102']], legs: [[5, 1]] }
    expect(contentOf(queue.next())).toEqual({
      ...written,
      totals: [
        ['started', 1],
        ['ended', 1],
      ],
    })
    queue.acknowledge()
    expect(queue.isEmpty).toBe(true)
    queue.collect()
    expect(contentOf(queue.next())).toEqual({ calls: [[2, '102']], legs: [[6, 2]], totals: [['started', 2]] })
  })

  test('go with the end of another call that changes with them', () => {
    const queue = new WriteQueue(NEW, 10)
    queue.append(change(1, { totals: [STARTED] }))
    queue.append({ ...end(2), calls: [...end(2).calls, ...change(1, { callee: 'merged' }).calls] })
    expect(contentOf(queue.next()).calls).toEqual([
      [1, 'merged'],
      [2, '102'],
    ])
    expect(queue.hasWaiting).toBe(false)
  })

  test('do not come back after a leg has moved to another call', () => {
    const queue = new WriteQueue(NEW, 10)
    queue.append(change(1, { legs: [5] }))
    queue.append(change(2, { legs: [5] }))
    queue.append(change(1, { callee: 'later' }))
    queue.collect()
    expect(contentOf(queue.next())).toMatchObject({
      calls: [
        [1, 'later'],
        [2, '102'],
      ],
      legs: [[5, 2]],
    })
  })

  test('of several calls at once are written at once', () => {
    const queue = new WriteQueue(NEW, 10)
    const calls = [...change(1, {}).calls, ...change(2, {}).calls]
    queue.append({ calls, legs: [], totals: [STARTED, STARTED], mayWait: true })
    expect(contentOf(queue.next()).calls).toHaveLength(2)
  })
})

describe('a call log', () => {
  const answer: CallFact = { type: 'CallAnswered', at: T0 + 9, call: sampleCall({ answeredAt: T0 + 9 }) }

  test('writes changes of live calls together, after a while', async () => {
    const path = freshPath()
    const { callLog, writes } = await openLog(path, { flushMs: 1, deferMs: 20 })
    callLog.append([started()], [STARTED])
    callLog.append([answer], [])
    await vi.waitFor(() => expect(query(path, 'SELECT status FROM calls')).toEqual([{ status: 'answered' }]), PATIENCE)
    await callLog.flush()
    expect(writes).toHaveLength(1)
  })

  test('writes the end of a call, a leg or a wait without the delay', async () => {
    const path = freshPath()
    const { callLog } = await openLog(path, { deferMs: 1e9 })
    const leg = (type: 'LegStarted' | 'LegEnded', callId: string): CallFact => {
      const endedAt = type === 'LegEnded' ? T0 + 9 : null
      return { type, at: T0, leg: sampleLeg({ id: `${callId}-leg`, callId, endedAt }) }
    }
    for (const channelId of ['lives', 'ends', 'leg ends']) {
      callLog.append([started({ channelId })], [STARTED])
      callLog.append([leg('LegStarted', channelId)], [])
    }
    callLog.append([leg('LegEnded', 'leg ends')], [])
    callLog.append([ended({ channelId: 'ends' })], [ENDED])
    await vi.waitFor(() => expect(callLog.status()).toMatchObject({ rows: 1, pending: 0 }), PATIENCE)
    const stored = () => query(path, 'SELECT channel_id FROM calls ORDER BY id').map((row) => row['channel_id'])
    expect(stored()).toEqual(['ends', 'leg ends'])
    expect(query(path, 'SELECT value FROM totals ORDER BY name')).toEqual([{ value: 1 }, { value: 2 }])
    await callLog.flush()
    expect(stored()).toEqual(['lives', 'ends', 'leg ends'])
    expect(query(path, 'SELECT value FROM totals ORDER BY name')).toEqual([{ value: 1 }, { value: 3 }])
  })

  test('writes the changes of live calls when it is closed', async () => {
    const path = freshPath()
    const { callLog } = await openLog(path, { deferMs: 1e9 })
    callLog.append([started()], [STARTED])
    callLog.append([answer], [])
    await callLog.close()
    const next = await openLog(path)
    expect(next.totals).toEqual([STARTED])
    expect(next.restored.calls).toMatchObject([{ answeredAt: T0 + 9 }])
  })
})
