// Writes a closed database without a thread: ended calls with one leg each, or missed callers.

import type { MissedCaller } from '../../../src/callback/missedCaller.ts'
import { openDatabase } from '../../../src/calllog/file/open.ts'
import { batchWriter } from '../../../src/calllog/writer/batch.ts'
import { endedCall, sampleLeg, T0 } from './samples.ts'

/** Writes calls 1 to `count`; each adds 1 to the total `ended`. */
export function writeCalls(path: string, count: number): void {
  const { db, lock } = openDatabase(path)
  const ids = Array.from({ length: count }, (_, index) => index + 1)
  batchWriter(db)({
    calls: ids.map((id) => ({
      id,
      ended: true,
      createdAt: T0,
      updatedAt: T0,
      node: null,
      call: endedCall({ channelId: `${id}` }),
    })),
    legs: ids.map((id) => ({ id, callId: id, leg: sampleLeg({ id: `${id}-leg`, callId: `${id}` }) })),
    deletedCallIds: [],
    totals: [{ name: 'ended', labels: '{}', value: count }],
    ended: count,
    dropped: 0,
    number: 1,
    at: Date.now(),
    aheadMs: 0,
  })
  db.close()
  lock.close()
}

/** Adds missed callers; the row of a closing call has the id of the missed caller. */
export function writeMissedCallers(path: string, callers: readonly MissedCaller[]): void {
  const { db, lock } = openDatabase(path)
  batchWriter(db)({
    ...{ calls: [], legs: [], deletedCallIds: [], totals: [] },
    ...{ ended: 0, dropped: 0, number: 1, at: T0, aheadMs: 0 },
    missedCallers: {
      callers: callers.map((caller) => ({ caller, closedByCall: caller.closedBy === null ? null : caller.id })),
      deletedIds: [],
      numberSecret: null,
    },
  })
  db.close()
  lock.close()
}
