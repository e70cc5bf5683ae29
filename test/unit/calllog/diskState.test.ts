// The batch that gives a new file the open calls.

import { expect, test } from 'vitest'
import { DiskState } from '../../../src/calllog/writer/diskState.ts'
import type { SavedState } from '../../../src/calllog/writer/protocol.ts'
import type { LegWrite } from '../../../src/calllog/writer/recordToRow.ts'
import { NO_MISSED_CALLERS, sampleCall, sampleLeg, T0 } from './samples.ts'

const NEW: SavedState = {
  lastCallId: 0,
  lastLegId: 0,
  ended: 0,
  dropped: 0,
  number: 0,
  at: 0,
  aheadMs: 0,
  totals: [],
  open: [],
  ...NO_MISSED_CALLERS,
}

test('a new file gets each leg of an open call once, with its latest record', () => {
  const disk = new DiskState(NEW)
  const common = { deletedCallIds: [], totals: [], ended: 0, dropped: 0, number: 1, at: T0, aheadMs: 0 }
  const call = { id: 1, ended: false, createdAt: T0, updatedAt: T0, node: null, call: sampleCall() }
  const leg = (id: number, talkMs: number): LegWrite => ({ id, callId: 1, leg: sampleLeg({ id: `${id}`, talkMs }) })
  disk.apply({ ...common, calls: [call], legs: [leg(1, 0), leg(2, 0)] })
  disk.apply({ ...common, calls: [], legs: [leg(1, 5), leg(3, 0)] })
  const [batch] = disk.batchesFor(NEW)
  expect(batch?.calls).toEqual([call])
  expect(batch?.legs).toEqual([leg(1, 5), leg(2, 0), leg(3, 0)])
})
