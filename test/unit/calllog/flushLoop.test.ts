// Retries: any failure is retried in order and logged once per change of the reason; rows and pending are right.

import { pino } from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { FailureReason } from '../../../src/calllog/file/writeError.ts'
import { FlushLoop } from '../../../src/calllog/writer/flushLoop.ts'
import type { Batch, WriteOutcome } from '../../../src/calllog/writer/protocol.ts'
import { WriteQueue } from '../../../src/calllog/writer/writeQueue.ts'
import { endedCall, NO_MISSED_CALLERS, T0 } from './samples.ts'

function failed(reason: FailureReason): WriteOutcome {
  return { type: 'failed', reason, detail: 'words' }
}

interface Bench {
  readonly flushLoop: FlushLoop
  readonly queue: WriteQueue
  readonly tried: number[][]
  readonly lines: Record<string, unknown>[]
  readonly errors: string[]
  end(id: number): void
}

/** A flush loop whose writes take `writeMs` and have the given outcomes; later writes succeed. */
function bench(outcomes: WriteOutcome[], writeMs = 0): Bench {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const tried: number[][] = []
  const lines: Record<string, unknown>[] = []
  const errors: string[] = []
  const nothing = {
    lastCallId: 0,
    lastLegId: 0,
    ended: 0,
    dropped: 0,
    number: 0,
    at: 0,
    aheadMs: 0,
    totals: [],
    open: [],
    ...NO_MISSED_CALLERS,
  }
  const queue = new WriteQueue(nothing, 10)
  const flushLoop = new FlushLoop(
    { flushMs: 20, deferMs: 1000, lastSeenMs: 1000 },
    {
      queue,
      log: pino({ base: null }, { write: (line) => lines.push(JSON.parse(line)) }),
      write: async (batch: Batch) => {
        tried.push(batch.calls.map(({ id }) => id))
        await new Promise((resolve) => setTimeout(resolve, writeMs))
        return outcomes.shift() ?? { type: 'written', seconds: 0.001, refused: [] }
      },
      onWrite: () => undefined,
      onWriteError: (reason) => errors.push(reason),
      onReopened: () => undefined,
    },
  )
  const end = (id: number): void => {
    const call = { id, ended: true, createdAt: T0, updatedAt: T0, node: null, call: endedCall() }
    queue.append({ calls: [call], legs: [], totals: [] })
    flushLoop.schedule()
  }
  return { flushLoop, queue, tried, lines, errors, end }
}

test('a new reason is logged while writing fails, and the recovery once', async () => {
  const { flushLoop, queue, tried, lines, errors, end } = bench([failed('readonly'), failed('readonly'), failed('io')])
  end(1)
  await vi.advanceTimersByTimeAsync(25)
  end(2)
  expect([flushLoop.writable, queue.rows, queue.pending]).toEqual([false, 0, 2])
  await vi.advanceTimersByTimeAsync(50 + 100)
  end(3)
  await vi.advanceTimersByTimeAsync(200)
  expect([flushLoop.writable, queue.rows, queue.pending]).toEqual([true, 3, 0])
  expect(tried).toEqual([[1], [1], [1], [1], [2, 3]])
  expect(errors).toEqual(['readonly', 'readonly', 'io'])
  expect(lines.map(({ reason, msg }) => [reason, msg])).toEqual([
    ['readonly', 'the call log cannot be written; calls wait in memory'],
    ['io', 'the call log cannot be written; calls wait in memory'],
    [undefined, 'the call log is written again'],
  ])
})

test('a failing batch with records is logged even if the last-seen time was due meanwhile', async () => {
  const { flushLoop, queue, errors, end } = bench([failed('full')], 2000)
  queue.setLastSeen({ at: T0 + 1, now: T0 + 1, aheadMs: 0 })
  flushLoop.noteLastSeen()
  end(1)
  await vi.advanceTimersByTimeAsync(2030)
  expect([flushLoop.writable, errors]).toEqual([false, ['full']])
})
