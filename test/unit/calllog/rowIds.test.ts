// Row ids of calls and legs: assigned at once, only rising, across restarts, merges and second dials.

import { expect, test } from 'vitest'
import type { SavedState } from '../../../src/calllog/writer/protocol.ts'
import { RowIds } from '../../../src/calllog/writer/rowIds.ts'
import { endedCall, NO_MISSED_CALLERS, sampleCall, sampleLeg, T0 } from './samples.ts'

const RECALL: SavedState = {
  lastCallId: 40,
  lastLegId: 70,
  ended: 0,
  dropped: 0,
  number: 0,
  at: T0,
  aheadMs: 0,
  totals: [],
  ...NO_MISSED_CALLERS,
  open: [
    {
      id: 12,
      call: {
        ...sampleCall({ channelId: 'old' }),
        legs: [
          {
            channelId: 'old-leg',
            sipCallId: null,
            endpoint: '102',
            dialed: '102',
            startedAt: T0,
            ringingAt: null,
            answeredAt: null,
            voiceProblem: null,
          },
        ],
      },
      legIds: [33],
    },
  ],
}

function begin(rows: RowIds, channelId: string): number {
  return rows.call(sampleCall({ channelId }), { at: T0, ended: false, node: null }).id
}

function end(rows: RowIds, channelId: string, mergedInto: string | null = null): number {
  return rows.call(endedCall({ channelId, mergedInto }), { at: T0, ended: true, node: null }).id
}

test('a call keeps its row until it ends, and the next one has a higher row', () => {
  const rows = new RowIds(RECALL)
  expect(rows.rowId('a')).toBeUndefined()
  expect(begin(rows, 'a')).toBe(41)
  expect(begin(rows, 'a')).toBe(41)
  expect(rows.rowId('a')).toBe(41)
  expect(end(rows, 'a')).toBe(41)
  expect(rows.rowId('a')).toBeUndefined()
  expect(begin(rows, 'a')).toBe(42)
})

test('created_at is the time of the first fact', () => {
  const rows = new RowIds(RECALL)
  rows.call(sampleCall(), { at: T0 + 1, ended: false, node: null })
  expect(rows.call(sampleCall(), { at: T0 + 9, ended: false, node: null })).toMatchObject({
    createdAt: T0 + 1,
    updatedAt: T0 + 9,
  })
})

test('restored calls and legs keep their rows', () => {
  const rows = new RowIds(RECALL)
  expect(rows.rowId('old')).toBe(12)
  expect(rows.leg(sampleLeg({ id: 'old-leg', callId: 'old' }), false)).toMatchObject({ id: 33, callId: 12 })
  expect(rows.leg(sampleLeg({ id: 'new-leg', callId: 'old' }), true)).toMatchObject({ id: 71, callId: 12 })
})

test('a leg of a call that is not open has no row', () => {
  const rows = new RowIds(RECALL)
  begin(rows, 'a')
  end(rows, 'a')
  expect(rows.leg(sampleLeg({ callId: 'a' }), true)).toBeUndefined()
})

test('a leg that moves to another call keeps its row, before and after the merge', () => {
  const rows = new RowIds(RECALL)
  begin(rows, 'a')
  begin(rows, 'b')
  const before = rows.leg(sampleLeg({ id: 'x', callId: 'a' }), true)
  rows.leg(sampleLeg({ id: 'y', callId: 'a' }), true)
  expect(rows.leg(sampleLeg({ id: 'x', callId: 'b' }), false)).toMatchObject({ id: before?.id, callId: 42 })
  end(rows, 'a', 'b')
  expect(rows.leg(sampleLeg({ id: 'x', callId: 'b' }), false)).toMatchObject({ id: 71, callId: 42 })
  expect(rows.leg(sampleLeg({ id: 'y', callId: 'b' }), false)).toMatchObject({ id: 72, callId: 42 })
})

test('a channel that is dialed again after its leg ended gets a second leg', () => {
  const rows = new RowIds(RECALL)
  begin(rows, 'a')
  expect(rows.leg(sampleLeg({ callId: 'a' }), true)?.id).toBe(71)
  expect(rows.leg(sampleLeg({ callId: 'a', endedAt: T0 }), false)?.id).toBe(71)
  expect(rows.leg(sampleLeg({ callId: 'a', endedAt: T0 }), false)?.id).toBe(71)
  expect(rows.leg(sampleLeg({ callId: 'a' }), true)?.id).toBe(72)
})

test('a file with row ids that were not assigned here is not covered', () => {
  const rows = new RowIds(RECALL)
  begin(rows, 'a')
  rows.leg(sampleLeg({ callId: 'a' }), true)
  expect(rows.covers({ ...RECALL, lastCallId: 41, lastLegId: 71 })).toBe(true)
  expect(rows.covers({ ...RECALL, lastCallId: 42 })).toBe(false)
  expect(rows.covers({ ...RECALL, lastLegId: 72 })).toBe(false)
})

test('a moved leg stays after its former call has ended', () => {
  const rows = new RowIds(RECALL)
  begin(rows, 'a')
  begin(rows, 'b')
  const before = rows.leg(sampleLeg({ id: 'x', callId: 'a' }), true)
  rows.leg(sampleLeg({ id: 'x', callId: 'b' }), false)
  end(rows, 'a')
  expect(rows.leg(sampleLeg({ id: 'x', callId: 'b' }), false)?.id).toBe(before?.id)
})
