// Some of the attacks in short, on the sources, and that the list is whole; `npm run adversary` makes them all.

import { expect, test } from 'vitest'
import { type Row, runAdversary } from './adversary.ts'
import { ATTACKS } from './attacks.ts'
import { faultsOf, markdownTable, summary, textTable } from './table.ts'

/** Those of a few seconds. */
const SHORT = [8, 11]

test('each point has attacks with unique names', () => {
  expect([...new Set(ATTACKS.map(({ point }) => point))].sort((one, other) => one - other)).toEqual(
    Array.from({ length: 13 }, (_, index) => index + 1),
  )
  expect(new Set(ATTACKS.map(({ name }) => name)).size).toBe(ATTACKS.length)
})

const attacks = ATTACKS.filter(({ point }) => SHORT.includes(point))

test('the attacks are withstood, and no call is lost', { timeout: 300_000 }, async () => {
  const said: string[] = []
  const result = await runAdversary({
    ...{ attacks, callsPerSecond: 20, known: 5_000, warmUpMs: 0, restMs: 0 },
    say: (line) => said.push(line),
  })
  // Only the long run compares memory.
  // The table and the summary are there to be read when the test fails.
  expect([faultsOf({ ...result, memoryMb: [1, 1] }), textTable(result.rows), summary(result)]).toEqual([
    [],
    expect.any(String),
    expect.any(String),
  ])
  expect(result.rows).toHaveLength(attacks.length)
  expect(said).toHaveLength(2 * attacks.length)
  expect(result.calls).toBeGreaterThan(20)
})

const ROW: Row = {
  ...{ point: 5, name: 'many | at once', tried: '10 of them', lost: 0, verdict: 'held', share: 1 },
  ...{ metricsMs: 1_234, loopStopMs: 56, eventLagMs: Number.POSITIVE_INFINITY, memoryMb: 200 },
}

test('the table has a row for each, as text and as Markdown', () => {
  expect(textTable([ROW])).toMatch(/^ .*\n5 +many \| at once +10 of them +1,234 ms +56 ms +> 30 s +200 MB +0 +held$/)
  expect(markdownTable([ROW]).split('\n')[2]).toBe(
    '| 5 | many \\| at once | 10 of them | 1,234 ms | 56 ms | > 30 s | 200 MB | 0 | held |',
  )
})

test('a broken law of the whole run is a fault', () => {
  const good = { rows: [ROW], lost: [], doubled: [], wrong: [], broken: [], disconnects: 0, seconds: 1, calls: 1 }
  expect(faultsOf({ ...good, memoryMb: [100, 110] })).toEqual([])
  for (const bad of [
    { rows: [{ ...ROW, verdict: 'fell' as const }] },
    { lost: ['one'] },
    { doubled: ['one'] },
    { broken: ['one'] },
    { disconnects: 1 },
    { memoryMb: [100, 111] as const },
  ]) {
    expect(faultsOf({ ...good, memoryMb: [100, 100], ...bad })).toHaveLength(1)
  }
})
