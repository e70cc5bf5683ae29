// Masked numbers keep their last digits; masked facts contain no full number and no name.

import { expect, test } from 'vitest'
import { masked, maskFact, maskPhoneCall } from '../../../src/app/redact.ts'
import { eventsOf, fold } from '../call/recording.ts'
import { endedCall } from '../calllog/samples.ts'

test('keeps the last three characters of a number, and a whole extension', () => {
  expect(['', '112', '1234', '12345', '+420601234567'].map(masked)).toEqual([
    '',
    '112',
    '1234',
    '**345',
    '**********567',
  ])
})

test('removes full numbers and names from facts, and leaves the rest unchanged', () => {
  const { facts } = fold([...eventsOf('caller-ids'), ...eventsOf('outbound-answered')])
  const text = JSON.stringify(facts.map(maskFact))
  for (const secret of ['+420601234567', '0405550001', '00401234567', '0401234567', 'Žofie', 'Alice']) {
    expect(JSON.stringify(facts)).toContain(secret)
    expect(text).not.toContain(secret)
  }
  expect(text).toContain('*******567@trunk-a')
  expect(facts.map(maskFact).map(({ type }) => type)).toEqual(facts.map(({ type }) => type))
})

test('leaves out the names of recordings, which often contain the number, and keeps SIP Call-IDs', () => {
  const file = '/monitor/in-5550101-0401234567-20261129.wav'
  const call = endedCall({ recording: file, sipCallId: 'a84b4c76e66710@pc33.example.com' })
  for (const type of ['CallStarted', 'CallChanged', 'CallAnswered', 'CallEnded'] as const) {
    const fact = maskFact({ type, at: 0, call })
    expect(fact).toMatchObject({ call: { recording: null, sipCallId: 'a84b4c76e66710@pc33.example.com' } })
    expect(JSON.stringify(fact)).not.toContain('1234567')
  }
})

test('removes the number and the name from the call of a phone', () => {
  const call = { callId: 'c1', number: '0401234567', name: 'Ann Example', since: 1 }
  expect(maskPhoneCall(call)).toEqual({ ...call, number: '*******567', name: '' })
  expect(maskPhoneCall({ ...call, number: '102' }).number).toBe('102')
})
