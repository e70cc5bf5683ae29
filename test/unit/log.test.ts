import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createCallLogger } from '../../src/app/callLogger.ts'
import { masked, maskFact } from '../../src/app/redact.ts'
import type { CallFact } from '../../src/call/fact.ts'
import { createLog, printable } from '../../src/log.ts'
import { eventsOf, fold } from './call/recording.ts'

function lines(run: (log: ReturnType<typeof createLog>) => void, level = 'info'): Record<string, unknown>[] {
  const written: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk))
      done()
    },
  })
  run(createLog({ level, format: 'json' }, sink))
  return written.map((line) => JSON.parse(line))
}

function narrated(
  facts: readonly CallFact[],
  options = { maskNumbers: false, level: 'info' },
): Record<string, unknown>[] {
  return lines((log) => {
    const narrate = createCallLogger(options, { log, rowId: () => 7 })
    for (const fact of facts) {
      narrate(fact)
    }
  }, options.level)
}

test('a call is told in three lines: new, answered, ended', () => {
  const told = narrated(fold(eventsOf('internal-answered-caller-hangup')).facts)
  expect(told.map((line) => line['msg'])).toEqual(['new call 101 -> 102', 'answered 101 -> 102', 'ended 101 -> 102'])
  expect(told[0]).toMatchObject({ channel: '1795417706.0', row: 7 })
  expect(told[2]).toMatchObject({
    disposition: 'answered',
    missed: false,
    duration: '3.0 s',
    cause: 16,
    causeText: 'Normal Clearing',
  })
})

test('what a call is doing is told at debug', () => {
  const told = narrated(fold(eventsOf('ring-no-answer')).facts, { maskNumbers: false, level: 'debug' })
  expect(told.map((line) => line['msg'])).toContain('call 101 -> 102 is ringing')
})

test('numbers are masked when asked for', () => {
  const told = narrated(fold(eventsOf('inbound-direct-answered')).facts, { maskNumbers: true, level: 'info' })
  expect(told[0]?.['msg']).toBe('new call *******223 -> ****103')
  expect(JSON.stringify(told)).not.toContain('0401112223')
})

test('masking leaves the last three characters of a number, and an extension as it is', () => {
  expect(['', '112', '1234', '12345', '+420601234567'].map(masked)).toEqual([
    '',
    '112',
    '1234',
    '**345',
    '**********567',
  ])
})

test('masked facts hold no full number and no name, and are the same otherwise', () => {
  const { facts } = fold([...eventsOf('caller-ids'), ...eventsOf('outbound-answered')])
  const text = JSON.stringify(facts.map(maskFact))
  for (const secret of ['+420601234567', '0405550001', '00401234567', '0401234567', 'Žofie', 'Alice']) {
    expect(JSON.stringify(facts)).toContain(secret)
    expect(text).not.toContain(secret)
  }
  expect(text).toContain('*******567@trunk-a')
  expect(facts.map(maskFact).map(({ type }) => type)).toEqual(facts.map(({ type }) => type))
})

test('what could steer a terminal or turn a line around is made visible', () => {
  expect(printable('a\u001b[31m\nb\u202ec\u0000\u2028\ud800 ž📞')).toBe(
    'a\\u001b[31m\\u000ab\\u202ec\\u0000\\u2028\\ud800 ž📞',
  )
})
