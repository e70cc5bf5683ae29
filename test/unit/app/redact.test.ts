// Masked numbers keep their last digits; masked facts contain no full number and no name.

import { expect, test } from 'vitest'
import { masked, maskFact } from '../../../src/app/redact.ts'
import { eventsOf, fold } from '../call/recording.ts'

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
