// What a request says: the same as the API, no number that is masked, a key that never changes, and a body that is not too large.

import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { maskCall, maskMissedCaller } from '../../../src/app/redact.ts'
import { openCallQueries } from '../../../src/calllog/reader/client.ts'
import { callStory, type LinkTemplates } from '../../../src/query/callStory.ts'
import type { SqlRow } from '../../../src/shipping/sink.ts'
import { bodyOf, idempotencyKey, MAX_BODY_BYTES, orderOf, type PresentItem } from '../../../src/webhook/message.ts'
import { missedCaller } from '../callback/office.ts'
import { endedCall, freshPath, openLog, query, sampleLeg, started, T0 } from '../calllog/samples.ts'
import { callerItem, callItem, LOG_ID } from './items.ts'

const ORIGIN = { logId: LOG_ID, site: 'north' }
const LINKS = { sipTrace: 'https://homer.example.org/?id={call_id}', recording: 'https://rec.example.org/{file}' }
const NO_LINKS = { sipTrace: null, recording: null }

const bodyOfItem = (item: PresentItem, links: LinkTemplates = NO_LINKS) => JSON.parse(bodyOf(ORIGIN, item, links))

/** A call log with a call that 102 answered and handed to 103, and a missed caller; its rows as SQLite has them. */
async function writtenLog() {
  const path = freshPath()
  const { callLog } = await openLog(path, { node: () => 'pbx-1' })
  const quality = {
    rx: { packets: 100, mos: 4.3, lossRatio: 0.01, jitterMs: 2.5 },
    tx: { packets: null, mos: null, lossRatio: null, jitterMs: null },
    roundTripMs: 12.5,
    implausible: 0,
  }
  const call = endedCall({ quality, sipCallId: 'a@b', recording: '/rec/1.wav', transfers: 1, callerName: 'Zoë "Z"\n' })
  const leg = (id: string, endpoint: string, at: number, endedAt: number) =>
    sampleLeg({
      ...{ id, channelId: id, endpoint, startedAt: at, ringingAt: at + 1, answeredAt: at + 2, endedAt, quality },
      ...{ result: 'answered', talkMs: endedAt - at, sipCallId: `${id}@b` },
    })
  callLog.append(
    [
      started(),
      { type: 'LegStarted', at: T0, leg: leg('2', '103', T0 + 9_000, T0 + 27_222) },
      { type: 'LegStarted', at: T0, leg: leg('1', '102', T0 + 2_098, T0 + 10_000) },
      { type: 'CallEnded', at: T0 + 27_222, call },
    ],
    [],
    [{ type: 'MissedCallerOpened', at: T0, caller: missedCaller(1), missedCall: '1772600767.1' }],
  )
  await callLog.flush()
  const [row] = query(path, 'SELECT * FROM calls') as SqlRow[]
  const legs = query(path, 'SELECT * FROM legs ORDER BY id') as SqlRow[]
  const [caller] = query(path, 'SELECT * FROM missed_callers') as SqlRow[]
  const queries = openCallQueries({ path }, { log: pino({ level: 'silent' }) })
  onTestFinished(queries.close)
  return { row, legs, caller, queries }
}

describe('the body', () => {
  test('has the call as the API gives it, and who had it last', async () => {
    const { row, legs, queries } = await writtenLog()
    const detail = await queries.detail(1)
    if (row === undefined || detail === null) {
      throw new Error('no call was written')
    }
    const item: PresentItem = { outboxId: 1, event: 'answered', rowId: 1, row, legs }
    expect(bodyOfItem(item, LINKS)).toEqual({
      ...{ event: 'answered', site: 'north', log_id: LOG_ID, last_agent: '103', legs_omitted: 0 },
      call: JSON.parse(JSON.stringify(callStory(detail, LINKS))),
    })
    expect(detail).toMatchObject({ answered_by: ['102'], caller_name: 'Zoë "Z"\n', legs: [{ endpoint: '102' }, {}] })
    expect(bodyOfItem(item, LINKS).call.recording_url).toBe('https://rec.example.org/1.wav')
  })

  test('has the missed caller as the API gives it', async () => {
    const { caller, queries } = await writtenLog()
    if (caller === undefined) {
      throw new Error('no missed caller was written')
    }
    const item: PresentItem = { outboxId: 2, event: 'missed_caller_opened', rowId: 1, row: caller, legs: [] }
    const page = await queries.missedCallers({ filter: {}, order: 'newest', limit: 1 })
    expect(bodyOfItem(item)).toEqual({
      ...{ event: 'missed_caller_opened', site: 'north', log_id: LOG_ID },
      missed_caller: page.missed_callers[0],
    })
    expect(JSON.stringify(bodyOfItem(item))).not.toContain('number_key')
  })

  test('has no number and no name that was masked when the row was written', () => {
    const call = maskCall(
      endedCall({ caller: '0401234567', callee: '5550101', callerName: 'Alice', recording: '/in-0401234567' }),
    )
    const body = bodyOf(ORIGIN, callItem(1, { ...call, event: 'answered' }), NO_LINKS)
    expect(body).toContain('*******567')
    const opened = { type: 'MissedCallerOpened', at: T0, caller: missedCaller(1), missedCall: 'c' } as const
    const masked = maskMissedCaller(opened)
    const other = bodyOf(ORIGIN, callerItem(1, 1, 'opened', 'caller' in masked ? masked.caller : {}), NO_LINKS)
    expect(`${body}${other}`).not.toMatch(/0401234567|5550101|Alice|Ann|4012340|35840/)
  })

  test('is at most 100,000 bytes: attempts that nobody answered are left out first, the earliest of them first', () => {
    const legs = Array.from({ length: 2_000 }, (_, index) => ({
      ...{ id: `${index}`, endpoint: `phone-${'ä'.repeat(40)}-${index}`, startedAt: T0 + index, endedAt: T0 + index },
      ...(index % 500 === 0 ? { answeredAt: T0 + index, talkMs: 1, result: 'answered' as const } : {}),
    }))
    const body = bodyOf(ORIGIN, callItem(1, { legs }), LINKS)
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_BODY_BYTES)
    expect(Buffer.byteLength(body)).toBeGreaterThan(MAX_BODY_BYTES * 0.9)
    const { legs_omitted: omitted, call } = JSON.parse(body)
    expect(omitted + call.legs.length).toBe(2_000)
    const kept: readonly { answer_time: string | null; start_time: string }[] = call.legs
    expect(kept.filter(({ answer_time }) => answer_time !== null)).toHaveLength(4)
    const rung = kept.filter(({ answer_time }) => answer_time === null)
    expect(Date.parse(rung[0]?.start_time ?? '')).toBe(T0 + 2_000 - rung.length)
  })

  test('keeps within the bound even if whom the call was offered to alone is too much', () => {
    const legs = Array.from({ length: 3_000 }, (_, index) => ({
      id: `${index}`,
      endpoint: `phone-${'x'.repeat(60)}-${index}`,
    }))
    const body = bodyOf(
      ORIGIN,
      callItem(1, { event: 'missed', disposition: 'no_answer', answeredAt: null, legs }),
      NO_LINKS,
    )
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_BODY_BYTES)
    expect(JSON.parse(body)).toMatchObject({ legs_omitted: 3_000, call: { id: 1, tried: [], legs: [] } })
  })
})

describe('the key', () => {
  const keyOf = (item: PresentItem, logId = LOG_ID) => idempotencyKey({ logId }, item)

  test('does not change when what is told later does', () => {
    const item = callItem(1, { event: 'missed' })
    expect(keyOf({ ...item, outboxId: 99, row: { ...item.row, returned_by: 7, returned_after: 60 } })).toBe(keyOf(item))
    const closed = callerItem(5, 1, 'opened', {
      state: 'returned',
      lastMissAt: T0 + 9,
      name: 'other',
      number: '+358 40',
    })
    expect(keyOf(closed)).toBe(keyOf(callerItem(4, 1, 'opened')))
  })

  test('is another one for another event, row or log, and for another call with the row number of an earlier one', () => {
    const others = [
      ...[callItem(1), callItem(2), callItem(1, { event: 'ended' }), callItem(1, { channelId: 'other' })],
      ...[callItem(1, { startedAt: T0 + 1 }), callerItem(1, 1, 'opened'), callerItem(1, 1, 'closed')],
      callerItem(1, 1, 'opened', { key: 'of somebody else' }),
    ].map((item) => keyOf(item))
    expect(new Set([...others, keyOf(callItem(1), 'another-log')]).size).toBe(others.length + 1)
  })

  test('is printable ASCII without spaces, whatever a channel is called', () => {
    expect(keyOf(callItem(1, { channelId: 'ä\r\nX-Evil: "1"' }))).toMatch(/^[\w.-]+$/)
  })
})

test('a call and a missed caller with the same row number have no common order', () => {
  expect(orderOf(callItem(1))).not.toBe(orderOf(callerItem(1, 1, 'opened')))
  expect(orderOf(callerItem(1, 1, 'closed'))).toBe(orderOf(callerItem(1, 1, 'opened')))
})
