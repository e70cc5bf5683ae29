// Asterisk is asked only while the session is in sync and what was received is handled.

import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startQuestions } from '../../../src/app/questions.ts'
import type { Session } from '../../../src/ari/session.ts'

type Phase = ReturnType<Session['status']>['phase']

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

test.each<[Phase, number, boolean]>([
  ['in_sync', 0, true],
  ['in_sync', 100, true],
  ['in_sync', 101, false],
  ['connecting', 0, false],
  ['syncing', 0, false],
  ['waiting', 0, false],
  ['stopped', 0, false],
])('%s, events wait for %i ms: %s', async (phase, oldestMs, asks) => {
  const asterisk = { version: '22.10.1', entityId: 'e', startedAt: 0 }
  const asked = vi.fn()
  const ask = vi.fn<Session['ask']>(async () => ({ ok: false, failure: 'gone', detail: 'HTTP 404' }))
  const questions = startQuestions(5, {
    session: {
      ask,
      status: () => ({ phase, asterisk, problem: null, readOnly: false }),
      queued: () => ({ bytes: 0, oldestMs }),
    },
    sources: [{ next: () => ({ about: 'voice', channelId: '1.1' }), answered: vi.fn(), failed: vi.fn() }],
    asked,
    pbxNow: () => 0,
    log: pino({ level: 'silent' }),
  })
  await vi.advanceTimersByTimeAsync(1_000)
  questions.stop()
  expect(ask.mock.calls.length > 0).toBe(asks)
  expect(asked).toHaveBeenCalledTimes(ask.mock.calls.length)
})
