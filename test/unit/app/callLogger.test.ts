// The log lines of a call.

import { expect, test } from 'vitest'
import { createCallLogger } from '../../../src/app/callLogger.ts'
import type { CallFact } from '../../../src/call/fact.ts'
import { createLog } from '../../../src/log.ts'
import { eventsOf, fold } from '../call/recording.ts'

function logged(
  facts: readonly CallFact[],
  { maskNumbers = false, level = 'info' } = {},
): readonly Record<string, unknown>[] {
  const written: string[] = []
  const log = createLog({ level, format: 'json' }, { write: (line) => void written.push(line) })
  const logCall = createCallLogger({ maskNumbers }, { log, rowId: () => 7 })
  for (const fact of facts) {
    logCall(fact)
  }
  return written.map((line) => JSON.parse(line))
}

test('logs the start, the answer and the end of a call', () => {
  const lines = logged(fold(eventsOf('internal-answered-caller-hangup')).facts)
  expect(lines.map((line) => line['msg'])).toEqual(['new call 101 -> 102', 'answered 101 -> 102', 'ended 101 -> 102'])
  expect(lines[0]).toMatchObject({ channel: '1795417706.0', row: 7 })
  expect(lines[2]).toMatchObject({
    disposition: 'answered',
    missed: false,
    duration: '3.0 s',
    cause: 16,
    causeText: 'Normal Clearing',
  })
})

test('logs each state of a call at level debug', () => {
  const lines = logged(fold(eventsOf('ring-no-answer')).facts, { level: 'debug' })
  expect(lines.map((line) => line['msg'])).toContain('call 101 -> 102 is ringing')
})

test('masks numbers if configured', () => {
  const lines = logged(fold(eventsOf('inbound-direct-answered')).facts, { maskNumbers: true })
  expect(lines[0]?.['msg']).toBe('new call *******223 -> ****103')
  expect(JSON.stringify(lines)).not.toContain('0401112223')
})
