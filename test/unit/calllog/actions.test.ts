// What was done over HTTP in the table `actions`: on disk before the answer, the outcome later, and deleted with the calls of its time.

import Database from 'better-sqlite3'
import { expect, test, vi } from 'vitest'
import type { Action } from '../../../src/control/action.ts'
import { formatInstant } from '../../../src/time/format.ts'
import { PATIENCE } from '../patience.ts'
import { ended, freshPath, openLog, query, T0 } from './samples.ts'

const ACTION: Action = {
  ...{ id: 'one', at: T0, who: 'anna', action: 'call', channelId: 'control-1', phone: '101' },
  ...{ number: '0401234567', numberKind: 'mobile', outcome: 'requested', detail: null },
}
const actions = (path: string) => query(path, 'SELECT * FROM actions ORDER BY at, id')

test('has a row at once, whose outcome follows', async () => {
  const path = freshPath()
  const { callLog } = await openLog(path)
  expect(await callLog.noteAction(ACTION)).toBeNull()
  const row = {
    ...{
      id: 'one',
      at: formatInstant(T0),
      who: 'anna',
      action: 'call',
      channel_id: 'control-1',
      phone: '101',
    },
    ...{ number: '0401234567', number_kind: 'mobile', outcome: 'requested', detail: null },
  }
  expect(actions(path)).toEqual([row])
  expect(await callLog.noteAction({ ...ACTION, outcome: 'failed', detail: 'refused: HTTP 500' })).toBeNull()
  expect(actions(path)).toEqual([{ ...row, outcome: 'failed', detail: 'refused: HTTP 500' }])
})

test('why it cannot be written is told, while the disk fails and after the log is closed', async () => {
  const path = freshPath()
  const { callLog } = await openLog(path)
  const other = new Database(path)
  other.exec('BEGIN IMMEDIATE')
  expect(await callLog.noteAction(ACTION)).toMatch('locked')
  other.exec('ROLLBACK')
  other.close()
  expect(await callLog.noteAction(ACTION)).toBeNull()
  await callLog.close()
  expect(await callLog.noteAction(ACTION)).not.toBeNull()
})

test('is deleted after the retention period', async () => {
  const path = freshPath()
  const first = await openLog(path)
  await first.callLog.noteAction(ACTION)
  await first.callLog.noteAction({ ...ACTION, id: 'later', at: T0 + 86_400_000 * 9 })
  first.callLog.append([ended({ endedAt: T0 + 86_400_000 * 10 })], [])
  first.callLog.noteLastSeen(T0 + 86_400_000 * 10)
  await first.callLog.close()
  await openLog(path, { retentionDays: 5 })
  await vi.waitFor(() => expect(actions(path).map(({ id }) => id)).toEqual(['later']), PATIENCE)
})
