// Rewriting a row stores its latest values, whichever of its columns have changed.

import { expect, onTestFinished, test } from 'vitest'
import type { CallRecord, LegRecord } from '../../../src/call/fact.ts'
import { openDatabase } from '../../../src/calllog/file/open.ts'
import { batchWriter } from '../../../src/calllog/writer/batch.ts'
import type { Batch } from '../../../src/calllog/writer/protocol.ts'
import type { CallWrite, LegWrite } from '../../../src/calllog/writer/recordToRow.ts'
import { endedCall, freshPath, sampleCall, sampleLeg, storedCall, storedLeg, T0 } from './samples.ts'

const QUALITY = {
  rx: { packets: 1, mos: 4, lossRatio: 0, jitterMs: 1 },
  tx: { packets: 2, mos: 4, lossRatio: 0, jitterMs: 1 },
  roundTripMs: 3,
  implausible: 0,
}

const CALL_CHANGES: readonly Partial<CallRecord>[] = [
  { channelId: 'another' },
  { caller: '109' },
  { callee: '108' },
  { direction: 'outbound' },
  { startedAt: T0 - 60_000 },
  { callerEndpoint: 'desk' },
  { trunk: 'trunk-a' },
  { queue: 'sales', queueWaitMs: 7 },
  { answeredAt: T0 + 5, answerDelayMs: 5, answeredBy: ['102'] },
  { disposition: 'no_answer', missed: true, offered: true },
  { callerName: 'Bob', accountCode: 'acme', context: 'other' },
  { ringMs: 4, holdMs: 6, transfers: 1, quality: QUALITY },
  endedCall({ mergedInto: '1772600767.9' }),
]

const LEG_CHANGES: readonly Partial<LegRecord>[] = [
  { channelId: 'another', dialed: '102@trunk-a', direction: 'outbound' },
  { endpoint: '107' },
  { endpointRole: 'trunk' },
  { role: 'caller' },
  { startedAt: T0 + 1 },
  { progressAt: T0 + 2, ringingAt: T0 + 3, answeredAt: T0 + 4 },
  { endedAt: T0 + 9, talkMs: 5, result: 'answered', cause: 16, quality: QUALITY },
]

function openStore() {
  const { db, lock } = openDatabase(freshPath())
  onTestFinished(() => {
    db.close()
    lock.close()
  })
  const write = batchWriter(db)
  return {
    write: (rows: Partial<Pick<Batch, 'calls' | 'legs'>>) =>
      write({
        calls: [],
        legs: [],
        deletedCallIds: [],
        totals: [],
        ended: 0,
        dropped: 0,
        number: 1,
        at: T0,
        aheadMs: 0,
        ...rows,
      }),
    rows: (table: 'calls' | 'legs') => db.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all(),
    soundness: () => db.pragma('integrity_check', { simple: true }),
  }
}

function callWrite(changes: Partial<CallRecord>, updatedAt = T0): CallWrite {
  const call = sampleCall(changes)
  return { id: 1, ended: call.endedAt !== null, createdAt: T0, updatedAt, node: null, call }
}

function legWrite(changes: Partial<LegRecord>, callId = 1): LegWrite {
  return { id: 1, callId, leg: sampleLeg(changes) }
}

test('an update of a call writes every changed column, also one that changes back', () => {
  const { write, rows, soundness } = openStore()
  write({ calls: [callWrite({})] })
  for (const changes of CALL_CHANGES) {
    for (const next of [changes, {}]) {
      const changed = callWrite(next, T0 + 1_000)
      expect(write({ calls: [changed] })).toEqual([])
      expect(rows('calls')).toEqual([storedCall(changed)])
    }
  }
  expect(soundness()).toBe('ok')
})

test('an update of a leg writes every changed column, also one that changes back', () => {
  const { write, rows, soundness } = openStore()
  const call = callWrite({})
  write({ calls: [call], legs: [legWrite({})] })
  for (const changes of LEG_CHANGES) {
    for (const next of [changes, {}]) {
      const changed = legWrite(next)
      expect(write({ legs: [changed] })).toEqual([])
      expect(rows('legs')).toEqual([{ ...storedLeg(changed), call_start_time: storedCall(call)['start_time'] }])
    }
  }
  expect(soundness()).toBe('ok')
})

test('call_start_time of a leg is updated when the leg moves to another call or its call gets another start', () => {
  const { write, rows } = openStore()
  const other: CallWrite = { ...callWrite({ channelId: 'other', startedAt: T0 + 40 }), id: 2 }
  write({ calls: [callWrite({}), other], legs: [legWrite({})] })
  write({ legs: [legWrite({}, 2)] })
  expect(rows('legs')).toMatchObject([{ call_id: 2, call_start_time: storedCall(other)['start_time'] }])
  const earlier: CallWrite = { ...other, call: { ...other.call, startedAt: T0 - 40 } }
  write({ calls: [earlier], legs: [legWrite({}, 2)] })
  expect(rows('legs')).toMatchObject([{ call_id: 2, call_start_time: storedCall(earlier)['start_time'] }])
})

test('a change of an indexed column writes the other changed columns too', () => {
  const { write, rows } = openStore()
  write({ calls: [callWrite({})] })
  const changed = callWrite({ callee: '108', trunk: 'trunk-a', ringMs: 5, transfers: 2 }, T0 + 9)
  write({ calls: [changed] })
  expect(rows('calls')).toEqual([storedCall(changed)])
})
