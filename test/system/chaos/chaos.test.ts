// The fault trial, short: one round of faults. `npm run chaos` is the long one.

import { expect, test } from 'vitest'
import { runChaos } from './chaos.ts'
import type { FaultKind } from './faults.ts'
import { faultsFound } from './report.ts'

// The short ones: a lost registration or a half-open socket takes ten seconds and more to be detected.
const FAULTS: readonly FaultKind[] = [
  'hostile frames',
  'socket dropped',
  'SIGKILL',
  'database locked',
  'database deleted',
  'PBX killed',
  'SIGSTOP',
  'SIGTERM',
  'name taken over',
]

test('no call is lost, doubled, leaked or recorded wrongly, and no counter falls', { timeout: 240_000 }, async () => {
  const outcome = await runChaos({
    ...{ seed: 7, callsPerSecond: 30, longestTalkMs: 3_000, faults: FAULTS, calls: 300, longestRestMs: 1_000 },
    say: () => undefined,
  })
  expect(faultsFound(outcome)).toEqual({
    ...{ lost: [], doubled: [], leaked: [], wrong: [], madeUp: [], broken: [], fallen: [] },
  })
  expect(outcome.disconnectedSeconds).toBeGreaterThan(1)
  expect(outcome.cut).toBeGreaterThan(0)
  // Proves that calls were compared at all.
  expect(outcome.observedThroughout).toBeGreaterThan(50)
  expect(outcome.seen + outcome.unobserved.length + outcome.onTheEdge.length + outcome.takenIn.length).toBe(
    outcome.made,
  )
})
