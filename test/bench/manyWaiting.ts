// A call log in which many missed callers wait, as a start finds it.

import { plainKeys } from '../../src/app/callbackOptions.ts'
import { openDatabase } from '../../src/calllog/file/open.ts'
import { batchWriter } from '../../src/calllog/writer/batch.ts'

const HOUR_MS = 3_600_000

/** Makes the database at `path`; so many callers were missed within the last hour, with names and in a queue. */
export function writeManyWaiting(path: string, waiting: number): void {
  const { db, lock } = openDatabase(path)
  const keyOf = plainKeys('FI')
  const from = Date.now() - HOUR_MS
  const callers = Array.from({ length: waiting }, (_, index) => {
    const number = `040${String(1_000_000 + index)}`
    const at = from + Math.floor((index * HOUR_MS) / waiting)
    const caller = {
      id: index + 1,
      key: keyOf(number) ?? number,
      number,
      name: `Caller ${index}`,
      state: 'waiting',
      firstMissAt: at,
      lastMissAt: at,
      attempts: 1,
      tries: 0,
      untriedSince: at,
      queue: 'support',
      called: '100',
      closedAt: null,
      closedBy: null,
      closedByPhone: null,
    } as const
    return { caller, closedByCall: null }
  })
  const none = { calls: [], legs: [], deletedCallIds: [], totals: [], dropped: 0, ended: 0, number: 1, aheadMs: 0 }
  const missedCallers = { callers, deletedIds: [], numberSecret: null }
  batchWriter(db)({ ...none, missedCallers, at: Date.now() })
  db.close()
  lock.close()
}
