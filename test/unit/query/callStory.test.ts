// Links to SIP traces and recordings: what callers choose cannot change where they lead.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callStory, type LinkTemplates } from '../../../src/query/callStory.ts'
import type { CallDetail, LegEntry } from '../../../src/query/schema.ts'
import { entry } from '../http/client/entries.ts'

const LEG: LegEntry = {
  ...{ endpoint: '102', endpoint_role: 'phone', role: 'callee', dialed: '102', talk_seconds: 0 },
  ...{ start_time: '2026-11-29T16:13:42.000Z', ringing_time: null, answer_time: null, end_time: null },
  ...{ result: null, cause: null, quality: null, voice_problem: null, sip_call_id: 'b7' },
}

const CALL: CallDetail = {
  ...entry(1),
  ...{ account_code: '', context: '', caller_endpoint: '101', quality: null, node: null },
  start_time: '2026-11-29T16:13:41.924Z',
  sip_call_id: 'a84b4c76e66710@pc33.example.com',
  recording: '/var/spool/asterisk/monitor/2026/11/29/in 5550101#1.wav',
  legs: [LEG, { ...LEG, sip_call_id: null }],
}

const NONE: LinkTemplates = { sipTrace: null, recording: null }

const sipTrace = (template: string, id: string | null) =>
  callStory({ ...CALL, sip_call_id: id }, { ...NONE, sipTrace: template }).sip_trace_url
const recording = (template: string, file: string | null) =>
  callStory({ ...CALL, recording: file }, { ...NONE, recording: template }).recording_url

test('without templates, and without what they need, there are none', () => {
  expect(callStory(CALL, NONE)).toEqual({
    ...CALL,
    sip_trace_url: null,
    recording_url: null,
    legs: CALL.legs.map((leg) => ({ ...leg, sip_trace_url: null })),
  })
  expect(sipTrace('https://homer/?id={call_id}', null)).toBeNull()
  expect(recording('https://rec/{file}', null)).toBeNull()
  expect(recording('https://rec/{file}', '/monitor/')).toBeNull()
})

test('the call and each leg have a SIP trace of their own, with their own start', () => {
  const story = callStory(CALL, { ...NONE, sipTrace: 'https://homer.example.org/s?id={call_id}&at={start}' })
  expect([story.sip_trace_url, ...story.legs.map((leg) => leg.sip_trace_url)]).toEqual([
    'https://homer.example.org/s?id=a84b4c76e66710%40pc33.example.com&at=2026-11-29T16%3A13%3A41.924Z',
    'https://homer.example.org/s?id=b7&at=2026-11-29T16%3A13%3A42.000Z',
    null,
  ])
})

test('the recording is its file, or its path', () => {
  const template = 'https://rec.example.org/calls/{file}?full={path}&at={start}'
  expect(callStory(CALL, { ...NONE, recording: template }).recording_url).toBe(
    'https://rec.example.org/calls/in%205550101%231.wav?full=%2Fvar%2Fspool%2Fasterisk%2Fmonitor%2F2026%2F11%2F29%2Fin%205550101%231.wav&at=2026-11-29T16%3A13%3A41.924Z',
  )
  expect(recording('https://rec/{file}', 'plain.wav')).toBe('https://rec/plain.wav')
})

describe('a value', () => {
  test.each([
    ['javascript:alert(1)', 'javascript%3Aalert(1)'],
    ['../../admin', '..%2F..%2Fadmin'],
    ['x?y=1#z', 'x%3Fy%3D1%23z'],
    ['//evil.example', '%2F%2Fevil.example'],
    ['a\\b', 'a%5Cb'],
    ['$&{start}', '%24%26%7Bstart%7D'],
    ['%2e%2e', '%252e%252e'],
    ['\t\r\n', '%09%0D%0A'],
    ['\ud800', '%EF%BF%BD'],
  ])('%j becomes one part of the path', (value, part) => {
    expect(sipTrace('https://homer/calls/{call_id}/flow', value)).toBe(`https://homer/calls/${part}/flow`)
  })

  test.each(['.', '..'])('that is %s is no link, because it would lead to another path', (value) => {
    expect(sipTrace('https://homer/calls/{call_id}', value)).toBeNull()
    expect(sipTrace('https://homer/calls/{call_id}/flow', value)).toBeNull()
    expect(sipTrace('https://homer/?id={call_id}', value)).toBe(`https://homer/?id=${value}`)
    expect(recording('https://rec/{file}', `/monitor/${value}`)).toBeNull()
  })

  test('never changes scheme, host, depth of the path or the rest of the address', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[./\\%2eE?#:@&=]{1,8}$/))
    fc.assert(
      fc.property(text, (value) => {
        const url = sipTrace('https://homer.example.org:8443/a/{call_id}/b?id={call_id}&x=1#end', value)
        if (url === null) {
          expect(['', '.', '..']).toContain(value)
          return
        }
        const { origin, pathname, searchParams, hash } = new URL(url)
        const [, a, part = '', b, ...more] = pathname.split('/')
        expect([origin, a, decodeURIComponent(part), b, more]).toEqual([
          ...['https://homer.example.org:8443', 'a', value.toWellFormed(), 'b', []],
        ])
        expect([...searchParams]).toEqual([
          ['id', value.toWellFormed()],
          ['x', '1'],
        ])
        expect(hash).toBe('#end')
      }),
    )
  })
})
