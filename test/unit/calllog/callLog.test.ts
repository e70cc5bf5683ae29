// The interface of the call log, with a real file and a real thread.

import { execFileSync } from 'node:child_process'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { CallFact } from '../../../src/call/fact.ts'
import { PATIENCE } from '../patience.ts'
import {
  ended,
  endedCall,
  freshPath,
  openLog,
  query,
  sampleCall,
  sampleLeg,
  started,
  storedCall,
  storedLeg,
  T0,
} from './samples.ts'

const SEED_COLUMNS = [
  'id',
  'channel_id',
  'caller',
  'callee',
  'direction',
  'status',
  'start_time',
  'answer_time',
  'end_time',
  'duration',
  'created_at',
  'updated_at',
]

function count(name: string, value: number) {
  return { name, labels: { kind: 'x' }, value }
}

describe('the tables', () => {
  test('SELECT * begins with the twelve documented columns, and every column is written', async () => {
    const path = freshPath()
    const { callLog } = await openLog(path, { node: () => 'pbx-1' })
    const leg = sampleLeg({ result: 'answered', answeredAt: T0 + 2100, endedAt: T0 + 27_222, talkMs: 25_122 })
    callLog.append([started(), { type: 'LegStarted', at: T0, leg }, ended()], [])
    await callLog.flush()
    const [row] = query(path, 'SELECT * FROM calls')
    const wanted = storedCall({
      id: 1,
      ended: true,
      node: 'pbx-1',
      createdAt: T0,
      updatedAt: T0 + 27_222,
      call: endedCall(),
    })
    expect(Object.keys(row ?? {}).slice(0, 12)).toEqual(SEED_COLUMNS)
    expect(row).toEqual(wanted)
    expect(Object.keys(row ?? {}).toSorted()).toEqual(Object.keys(wanted).toSorted())
    const [legged] = query(path, 'SELECT * FROM legs')
    const wantedLeg = { ...storedLeg({ id: 1, callId: 1, leg }), call_start_time: wanted['start_time'] }
    expect(legged).toEqual(wantedLeg)
    expect(Object.keys(legged ?? {}).toSorted()).toEqual(Object.keys(wantedLeg).toSorted())
  })

  test('a row is inserted when the call starts and updated while it lasts', async () => {
    const path = freshPath()
    const { callLog } = await openLog(path)
    callLog.append([started()], [])
    expect(callLog.rowId(sampleCall().channelId)).toBe(1)
    await callLog.flush()
    const statuses = () => query(path, 'SELECT id, status, end_time, updated_at FROM calls')
    expect(statuses()).toEqual([{ id: 1, status: 'ringing', end_time: null, updated_at: '2026-03-04 05:06:07.089' }])
    callLog.append([{ type: 'CallAnswered', at: T0 + 2100, call: sampleCall({ answeredAt: T0 + 2100 }) }], [])
    await callLog.flush()
    expect(statuses()).toMatchObject([{ status: 'answered', updated_at: '2026-03-04 05:06:09.189' }])
    callLog.append([ended()], [])
    expect(callLog.rowId(sampleCall().channelId)).toBeUndefined()
    await callLog.flush()
    expect(statuses()).toMatchObject([{ status: 'completed', end_time: '2026-03-04 05:06:34.311' }])
    expect(query(path, 'SELECT created_at FROM calls')).toEqual([{ created_at: '2026-03-04 05:06:07.089' }])
  })

  test('receive facts without a call of flush', async () => {
    const path = freshPath()
    const { callLog, writes } = await openLog(path, { flushMs: 5 })
    callLog.append([started()], [])
    await vi.waitFor(() => expect(query(path, 'SELECT id FROM calls')).toHaveLength(1), PATIENCE)
    callLog.append([ended()], [])
    await vi.waitFor(() => expect(callLog.status()).toMatchObject({ rows: 1, pending: 0 }), PATIENCE)
    expect(writes).toHaveLength(2)
    expect(writes.every((seconds) => seconds > 0 && seconds < 20)).toBe(true)
  })

  test('a leg moves to the call that its own call merges into', async () => {
    const path = freshPath()
    const { callLog } = await openLog(path)
    const leg = (callId: string, type: 'LegStarted' | 'LegChanged'): CallFact => ({
      type,
      at: T0,
      leg: sampleLeg({ callId }),
    })
    callLog.append([started({ channelId: 'a' }), started({ channelId: 'b' }), leg('b', 'LegStarted')], [])
    await callLog.flush()
    expect(query(path, 'SELECT id, call_id FROM legs')).toEqual([{ id: 1, call_id: 2 }])
    callLog.append([leg('a', 'LegChanged'), ended({ channelId: 'b', disposition: 'merged', mergedInto: 'a' })], [])
    await callLog.flush()
    expect(query(path, 'SELECT id, call_id FROM legs')).toEqual([{ id: 1, call_id: 1 }])
    expect(query(path, "SELECT merged_into FROM calls WHERE status = 'merged'")).toEqual([{ merged_into: 'a' }])
  })

  test('store hostile strings unchanged', async () => {
    const path = freshPath()
    const { callLog } = await openLog(path)
    const names = [
      `'); DROP TABLE calls; --`,
      '"\n\r\t\\',
      'a\0b',
      '\ud800',
      '<script>',
      '\u202eevil',
      '🙂'.repeat(5000),
      '@id $1 ?',
    ]
    const facts = names.map((name, index) =>
      ended({ channelId: `${index}`, callerName: name, caller: name, answeredBy: [name] }),
    )
    callLog.append(facts, [])
    await callLog.flush()
    const shown = names.map((name) => name.replace('\0', '\uFFFD').replace('\ud800', '\uFFFD'))
    expect(query(path, 'SELECT caller_name AS n FROM calls ORDER BY id').map(({ n }) => n)).toEqual(shown)
    expect(
      query(path, "SELECT json_extract(answered_by, '$[0]') AS n FROM calls ORDER BY id").map(({ n }) => n),
    ).toEqual(shown)
  })

  test('can be read by other programs while the log is open', async () => {
    const path = freshPath()
    const { callLog } = await openLog(path)
    callLog.append([ended()], [])
    await callLog.flush()
    const other =
      "const D = require('better-sqlite3'); console.log(new D(process.argv[1]).prepare('SELECT caller FROM calls').pluck().get())"
    expect(execFileSync(process.execPath, ['-e', other, path], { encoding: 'utf8' }).trim()).toBe('101')
  })

  test('have an index for lists by time, number, disposition and endpoint', async () => {
    const path = freshPath()
    await openLog(path)
    const plan = (sql: string): string =>
      query(path, `EXPLAIN QUERY PLAN ${sql}`)
        .map(({ detail }) => detail)
        .join('; ')
    const plans = [
      ['SELECT * FROM calls ORDER BY start_time DESC, id DESC LIMIT 50', 'calls_by_start'],
      ["SELECT * FROM calls WHERE caller = '1' ORDER BY start_time DESC LIMIT 50", 'calls_by_caller (caller=?)'],
      ["SELECT * FROM calls WHERE callee = '1' ORDER BY start_time DESC LIMIT 50", 'calls_by_callee (callee=?)'],
      [
        "SELECT * FROM calls WHERE disposition = 'busy' ORDER BY start_time LIMIT 50",
        'calls_by_disposition (disposition=?)',
      ],
      ["SELECT * FROM calls WHERE channel_id = '1.1'", 'calls_by_channel (channel_id=?)'],
      ['SELECT * FROM calls WHERE end_time IS NULL ORDER BY start_time, id', 'calls_open'],
      [
        "SELECT id FROM calls WHERE start_time < '2' AND end_time < '2' ORDER BY start_time LIMIT 500",
        'calls_by_start (start_time<?)',
      ],
      ['SELECT * FROM legs WHERE call_id = 1', 'legs_by_call (call_id=?)'],
      [
        "SELECT * FROM legs WHERE endpoint = '101' ORDER BY call_start_time DESC LIMIT 50",
        'legs_by_operator (endpoint=?)',
      ],
    ] as const
    for (const [sql, index] of plans) {
      expect(plan(sql)).toContain(index)
      expect(plan(sql)).not.toContain('TEMP B-TREE')
    }
  })
})

describe('after a restart', () => {
  test('open calls are restored with their open legs and keep their rows', async () => {
    const path = freshPath()
    const first = await openLog(path)
    expect(first.restored).toEqual({ at: 0, calls: [] })
    expect(first.totals).toEqual([])
    const legs: CallFact[] = [
      { type: 'LegStarted', at: T0 + 1, leg: sampleLeg({ callId: 'open', id: 'gone', channelId: 'gone' }) },
      {
        type: 'LegEnded',
        at: T0 + 2,
        leg: sampleLeg({ callId: 'open', id: 'gone', channelId: 'gone', endedAt: T0 + 2 }),
      },
      {
        type: 'LegStarted',
        at: T0 + 3,
        leg: sampleLeg({ callId: 'open', id: 'there', channelId: 'there', sipCallId: 'b7', ringingAt: T0 + 4 }),
      },
    ]
    first.callLog.append([started({ channelId: 'done' }), ended({ channelId: 'done' })], [])
    first.callLog.append(
      [
        started(
          {
            channelId: 'open',
            answeredAt: T0 + 9,
            answeredBy: ['102'],
            sipCallId: 'a84',
            recording: 'in.wav',
            line: 'Sales',
            destination: { class: 'international', country: 'EE' },
          },
          T0 + 50_000,
        ),
        ...legs,
      ],
      [],
    )
    await first.callLog.close()

    const { callLog, restored } = await openLog(path)
    expect(restored.at).toBe(T0 + 50_000)
    expect(restored.calls).toEqual([
      {
        channelId: 'open',
        sipCallId: 'a84',
        recording: 'in.wav',
        line: 'Sales',
        destination: { class: 'international', country: 'EE' },
        caller: '101',
        callee: '102',
        callerName: 'Alice',
        callerEndpoint: '101',
        direction: 'internal',
        startedAt: T0,
        answeredAt: T0 + 9,
        answeredBy: ['102'],
        transfers: 0,
        accountCode: '',
        context: 'internal',
        voiceProblem: null,
        legs: [
          {
            channelId: 'there',
            sipCallId: 'b7',
            endpoint: '102',
            dialed: '102',
            startedAt: T0 + 50,
            ringingAt: T0 + 4,
            answeredAt: null,
            voiceProblem: null,
          },
        ],
      },
    ])
    expect(callLog.rowId('open')).toBe(2)
    expect(callLog.rowId('done')).toBeUndefined()
    const leg = sampleLeg({ callId: 'open', id: 'there', channelId: 'there', endedAt: T0 + 60_000 })
    callLog.append(
      [{ type: 'LegEnded', at: T0 + 60_000, leg }, ended({ channelId: 'open' }), started({ channelId: 'new' })],
      [],
    )
    await callLog.flush()
    expect(query(path, 'SELECT id, channel_id, status FROM calls ORDER BY id')).toEqual([
      { id: 1, channel_id: 'done', status: 'completed' },
      { id: 2, channel_id: 'open', status: 'completed' },
      { id: 3, channel_id: 'new', status: 'ringing' },
    ])
    expect(query(path, 'SELECT channel_id FROM legs WHERE end_time IS NULL')).toEqual([])
    expect(query(path, 'SELECT id FROM legs')).toHaveLength(2)
  })

  test('row ids and totals continue', async () => {
    const path = freshPath()
    const first = await openLog(path)
    first.callLog.append([ended({ channelId: 'a' })], [count('calls', 1), count('seconds', 0.1)])
    first.callLog.append([ended({ channelId: 'b' })], [count('calls', 1), count('seconds', 0.2)])
    await first.callLog.close()

    const second = await openLog(path)
    expect(second.callLog.status()).toEqual({ rows: 2, pending: 0, dropped: 0, writable: true })
    expect(second.totals).toEqual([count('calls', 2), count('seconds', 0.1 + 0.2)])
    second.callLog.append([ended({ channelId: 'c' })], [count('calls', 1), count('seconds', 0.7)])
    await second.callLog.close()

    const third = await openLog(path)
    expect(third.totals).toEqual([count('calls', 3), count('seconds', 0.1 + 0.2 + 0.7)])
    expect(third.callLog.status().rows).toBe(3)
  })

  test('a second close has no effect, and a closed log ignores facts', async () => {
    const path = freshPath()
    const { callLog } = await openLog(path)
    callLog.append([started()], [])
    await Promise.all([callLog.close(), callLog.close()])
    callLog.append([ended()], [])
    await callLog.flush()
    expect(callLog.status()).toMatchObject({ rows: 0, pending: 0 })
    expect(query(path, 'SELECT status FROM calls')).toEqual([{ status: 'ringing' }])
  })
})

describe('a burst', () => {
  test('of 50,000 facts is written completely, with the last record of each call', async () => {
    const path = freshPath()
    const { callLog } = await openLog(path)
    let endedCalls = 0
    for (let call = 0; call < 12_500; call += 1) {
      const channelId = `${call}`
      const leg = sampleLeg({ callId: channelId, id: `${call}-leg` })
      callLog.append([started({ channelId })], [count('started', 1)])
      callLog.append([{ type: 'LegStarted', at: T0, leg }], [])
      callLog.append([{ type: 'LegEnded', at: T0, leg: { ...leg, endedAt: T0, result: 'busy' } }], [])
      callLog.append([ended({ channelId, callee: `${call}`, transfers: call % 7 })], [count('ended', 1)])
      endedCalls += 1
      const { rows, pending } = callLog.status()
      expect(rows + pending).toBe(endedCalls)
    }
    await callLog.flush()
    expect(callLog.status()).toMatchObject({ rows: 12_500, pending: 0 })
    const wrong =
      'WHERE id <> channel_id + 1 OR callee <> channel_id OR transfers <> channel_id % 7 OR end_time IS NULL'
    expect(query(path, `SELECT count(*) AS n FROM calls ${wrong}`)).toEqual([{ n: 0 }])
    expect(query(path, 'SELECT count(*) AS n FROM calls')).toEqual([{ n: 12_500 }])
    expect(query(path, "SELECT count(*) AS n FROM legs WHERE result = 'busy' AND call_id = id")).toEqual([
      { n: 12_500 },
    ])
    expect(query(path, 'SELECT name, value FROM totals ORDER BY name')).toEqual([
      { name: 'ended', value: 12_500 },
      { name: 'started', value: 12_500 },
    ])
  })

  test('changes rows and pending together, and writes facts and totals together', async () => {
    const path = freshPath()
    const { callLog } = await openLog(path, { flushMs: 1 })
    const reader = new Database(path, { readonly: true })
    onTestFinished(() => void reader.close())
    const state = reader.prepare<[], { rows: number; total: number }>(
      `SELECT (SELECT count(*) FROM calls WHERE end_time IS NOT NULL) AS rows,
         coalesce((SELECT value FROM totals), 0) AS total`,
    )
    const seen = new Set<number>()
    for (let call = 1; call <= 300; call += 1) {
      callLog.append([ended({ channelId: `${call}` })], [count('ended', 1)])
      const { rows, pending } = callLog.status()
      expect(rows + pending).toBe(call)
      const onDisk = state.get()
      expect(onDisk?.total).toBe(onDisk?.rows)
      expect(onDisk?.rows).toBeGreaterThanOrEqual(rows)
      seen.add(rows)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    expect(seen.size).toBeGreaterThan(3)
  })
})
