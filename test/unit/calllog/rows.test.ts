// Records become rows, and open rows become records again: every column, and hostile strings.

import { describe, expect, test } from 'vitest'
import type { CallRecord, LegRecord, VoiceQuality } from '../../../src/call/fact.ts'
import { restoredCall } from '../../../src/calllog/writer/rowToRecord.ts'
import { callStatus } from '../../../src/query/callFields.ts'
import { formatInstant, parseInstant } from '../../../src/time/format.ts'
import { endedCall, sampleCall, sampleLeg, storedCall, storedLeg, T0 } from './samples.ts'

const QUALITY: VoiceQuality = {
  rx: { packets: 1500, mos: 4.2, lossRatio: 0.013, jitterMs: 0.4321 },
  tx: { packets: null, mos: null, lossRatio: null, jitterMs: null },
  roundTripMs: 23.5,
  implausible: 0,
}

const QUALITY_TEXT =
  '{"rx":{"packets":1500,"mos":4.2,"loss_ratio":0.013,"jitter_seconds":0.000432},' +
  '"tx":{},"round_trip_seconds":0.0235}'

function rowOf(call: CallRecord) {
  return storedCall({
    id: 7,
    ended: call.endedAt !== null,
    node: null,
    createdAt: T0 + 3,
    updatedAt: T0 + 27_300,
    call,
  })
}

describe('instants', () => {
  test('are UTC text with milliseconds, and are read back', () => {
    expect(formatInstant(T0)).toBe('2026-03-04 05:06:07.089')
    expect(parseInstant('2026-03-04 05:06:07.089')).toBe(T0)
  })

  test('match Date in every part', () => {
    const whole = [Date.UTC(2024, 1, 29), Date.UTC(2026, 8, 9, 9, 9, 9, 9), Date.UTC(2026, 11, 31, 23, 59, 59, 999)]
    const odd = [0, -1, 10, 100, Date.UTC(999, 11, 31), Date.UTC(1000, 0), Date.UTC(9999, 11, 31), Date.UTC(10_000, 0)]
    for (const at of [...whole, ...odd]) {
      expect(formatInstant(at)).toBe(new Date(at).toISOString().replace('T', ' ').slice(0, -1))
    }
    expect(() => formatInstant(Number.NaN)).toThrow(RangeError)
  })

  test('other text is read as null', () => {
    expect(parseInstant(null)).toBeNull()
    expect(parseInstant('yesterday')).toBeNull()
  })
})

describe('a call', () => {
  test('that was answered and ended fills every column', () => {
    const call = endedCall({
      direction: 'inbound',
      holdMs: 1500.4,
      queue: 'sales',
      queueWaitMs: 1999,
      answeredBy: ['102', '103'],
      trunk: 'trunk-a',
      line: 'Sales',
      destination: { class: 'international', country: 'EE' },
      transfers: 1,
      accountCode: 'acc',
      quality: QUALITY,
      voiceProblem: 'loss',
      sipCallId: 'a84b4c76e66710@pc33.example.com',
      recording: '/var/spool/asterisk/monitor/in.wav',
    })
    expect(rowOf(call)).toEqual({
      id: 7,
      channel_id: '1772600767.1',
      caller: '101',
      callee: '102',
      direction: 'inbound',
      status: 'completed',
      start_time: '2026-03-04 05:06:07.089',
      answer_time: '2026-03-04 05:06:09.189',
      end_time: '2026-03-04 05:06:34.311',
      duration: 25.122,
      created_at: '2026-03-04 05:06:07.092',
      updated_at: '2026-03-04 05:06:34.389',
      disposition: 'answered',
      missed: 0,
      cause: 16,
      cause_text: 'Normal Clearing',
      cause_class: 'normal',
      hangup_by: 'caller',
      ring_seconds: 2,
      answer_delay: 2.1,
      hold_seconds: 1.5,
      queue: 'sales',
      queue_wait: 1.999,
      answered_by: '["102","103"]',
      trunk: 'trunk-a',
      line: 'Sales',
      destination_class: 'international',
      destination_country: 'EE',
      transfers: 1,
      caller_name: 'Alice',
      caller_endpoint: '101',
      account_code: 'acc',
      context: 'internal',
      quality: QUALITY_TEXT,
      merged_into: null,
      node: null,
      missed_caller: null,
      returned_by: null,
      returned_after: null,
      offered: 1,
      voice_problem: 'loss',
      sip_call_id: 'a84b4c76e66710@pc33.example.com',
      recording: '/var/spool/asterisk/monitor/in.wav',
    })
  })

  test('that is active has no end, no disposition and no duration', () => {
    const row = rowOf(sampleCall({ answeredAt: T0 + 1, durationMs: 4000 }))
    expect(row).toMatchObject({ status: 'answered', duration: 0, end_time: null, disposition: null, quality: null })
    expect(row).toMatchObject({ ring_seconds: null, answer_delay: null, queue_wait: null, cause: null })
  })

  test('has the status ringing, answered, then completed or its disposition', () => {
    expect(callStatus(sampleCall())).toBe('ringing')
    expect(callStatus(sampleCall({ answeredAt: T0 }))).toBe('answered')
    expect(callStatus(endedCall())).toBe('completed')
    expect(callStatus(endedCall({ answeredAt: null, disposition: 'busy' }))).toBe('busy')
    expect(callStatus(endedCall({ disposition: 'merged', mergedInto: '1.1' }))).toBe('merged')
  })

  test('that was missed has missed = 1', () => {
    expect(rowOf(endedCall({ disposition: 'no_answer', missed: true, mergedInto: null }))).toMatchObject({ missed: 1 })
  })

  test('that was offered has offered = 1', () => {
    const call = endedCall({ direction: 'outbound', disposition: 'busy', offered: true, mergedInto: null })
    expect(rowOf(call)).toMatchObject({ offered: 1, missed: 0 })
  })

  test('keeps quotes and newlines, and replaces characters that SQLite text cannot hold', () => {
    const row = rowOf(
      sampleCall({ callerName: `a'b"c\n--;`, caller: 'x\0y', answeredBy: ['\ud800z'], queue: '🙂\udc00' }),
    )
    expect(row).toMatchObject({ caller_name: `a'b"c\n--;`, caller: 'x\uFFFDy', answered_by: '["\uFFFDz"]' })
    expect(row['queue']).toBe('🙂\uFFFD')
  })
})

test('a leg fills every column', () => {
  const leg: LegRecord = sampleLeg({
    progressAt: T0 + 90,
    ringingAt: T0 + 100,
    answeredAt: T0 + 2100,
    endedAt: T0 + 27_222,
    talkMs: 25_122,
    result: 'answered',
    cause: 16,
    quality: QUALITY,
    voiceProblem: 'one_way',
    sipCallId: 'b7',
  })
  expect(storedLeg({ id: 3, callId: 7, leg })).toEqual({
    id: 3,
    call_id: 7,
    channel_id: '1772600767.2',
    endpoint: '102',
    endpoint_role: 'phone',
    role: 'callee',
    dialed: '102',
    direction: 'internal',
    start_time: '2026-03-04 05:06:07.139',
    alive_time: '2026-03-04 05:06:07.179',
    ringing_time: '2026-03-04 05:06:07.189',
    answer_time: '2026-03-04 05:06:09.189',
    end_time: '2026-03-04 05:06:34.311',
    talk_seconds: 25.122,
    result: 'answered',
    cause: 16,
    quality: QUALITY_TEXT,
    voice_problem: 'one_way',
    sip_call_id: 'b7',
  })
})

describe('a restored call', () => {
  const row = {
    id: 7,
    channel_id: '1.1',
    caller: '101',
    callee: '102',
    caller_name: 'Alice',
    caller_endpoint: '101',
    direction: 'outbound',
    start_time: formatInstant(T0),
    answer_time: formatInstant(T0 + 5),
    answered_by: '["102"]',
    transfers: 2,
    account_code: 'acc',
    context: 'from-phones',
    voice_problem: 'loss',
    sip_call_id: 'a84',
    recording: 'in.wav',
    line: 'Sales',
    destination_class: 'international',
    destination_country: 'EE',
  }

  test('has the values of its row', () => {
    const leg = {
      id: 1,
      call_id: 7,
      channel_id: '1.2',
      sip_call_id: 'b7',
      endpoint: '102',
      dialed: '102@trunk',
      start_time: formatInstant(T0 + 1),
      ringing_time: formatInstant(T0 + 2),
      answer_time: null,
      voice_problem: 'one_way',
    }
    expect(restoredCall(row, [leg])).toEqual({
      channelId: '1.1',
      sipCallId: 'a84',
      recording: 'in.wav',
      caller: '101',
      callee: '102',
      callerName: 'Alice',
      callerEndpoint: '101',
      direction: 'outbound',
      startedAt: T0,
      answeredAt: T0 + 5,
      answeredBy: ['102'],
      transfers: 2,
      accountCode: 'acc',
      context: 'from-phones',
      voiceProblem: 'loss',
      line: 'Sales',
      destination: { class: 'international', country: 'EE' },
      legs: [
        {
          channelId: '1.2',
          sipCallId: 'b7',
          endpoint: '102',
          dialed: '102@trunk',
          startedAt: T0 + 1,
          ringingAt: T0 + 2,
          answeredAt: null,
          voiceProblem: 'one_way',
        },
      ],
    })
  })

  test('can be read from a row that somebody edited', () => {
    const edited = { ...row, direction: 'sideways', start_time: 'soon', answered_by: '{' }
    expect(restoredCall(edited, [])).toMatchObject({ direction: 'internal', startedAt: 0, answeredBy: [] })
    expect(restoredCall({ ...row, answered_by: '{"a":1}' }, []).answeredBy).toEqual([])
    expect(restoredCall({ ...row, destination_class: 'far away' }, []).destination).toBeNull()
    expect(restoredCall({ ...row, destination_class: 'mobile', destination_country: null }, []).destination).toEqual({
      class: 'mobile',
      country: '',
    })
  })
})
