// kill -9 between and during writes: every call that was reported as written is stored and in the outbox, and no
// transaction is stored in part.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { SinkEvents } from '../../../src/calllog/writer/outbox.ts'
import { freshPath, openLog, query } from './samples.ts'

/** As in the program. */
const SINKS: readonly SinkEvents[] = [{ sink: 'postgres', events: ['call', 'missed_caller'], backFill: 'db' }]

const PROGRAM = join(import.meta.dirname, 'killedProgram.ts')

/** Writes that the program reports before it is killed, in its first run and in its second. */
const WRITES = [2, 5]

test('after kill -9, every call that was reported as written is stored, and the next start continues at once', async () => {
  const path = freshPath()
  let rows = 0
  for (const writes of WRITES) {
    const reported = await killAfter(path, writes)
    expect(reported).toBeGreaterThan(rows)

    const entries = (event: string) =>
      query(path, `SELECT count(*) AS n FROM outbox WHERE event = '${event}'`)[0]?.['n']
    const shipped = [entries('call'), entries('missed_caller')]
    const { callLog, totals, missedCallers } = await openLog(path, { sinks: SINKS })
    rows = callLog.status().rows
    expect(rows).toBeGreaterThanOrEqual(reported)
    expect(shipped).toEqual([rows, rows])
    expect(totals).toEqual([{ name: 'ended', labels: {}, value: rows }])
    expect(missedCallers).toMatchObject({ lastId: rows, waiting: { length: rows } })
    await callLog.close()
    expect(query(path, 'SELECT count(*) AS n FROM calls WHERE missed_caller = id')).toEqual([{ n: rows }])
    expect(query(path, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(query(path, 'SELECT count(*) AS n, max(id) AS m FROM calls WHERE end_time IS NOT NULL')).toEqual([
      { n: rows, m: rows },
    ])
    expect(query(path, 'SELECT count(*) AS n FROM legs WHERE call_id = id')).toEqual([{ n: rows }])
  }
})

test('a second program is refused while the first one runs', async () => {
  const path = freshPath()
  const child = start(path)
  await once(child, 'spawn')
  if (child.stdout !== null) {
    await once(child.stdout, 'data')
  }
  await expect(openLog(path)).rejects.toMatchObject({ reason: 'in_use' })
  child.kill('SIGKILL')
  await once(child, 'exit')
  await openLog(path)
})

function start(path: string): ChildProcess {
  const child = spawn(process.execPath, [PROGRAM, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Kills the program after that many reported writes; resolves with the number of calls in the last report. */
async function killAfter(path: string, writes: number): Promise<number> {
  const child = start(path)
  let output = ''
  const reports = (): string[] => output.split('\n').slice(0, -1)
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (reports().length >= writes) {
      child.kill('SIGKILL')
    }
  })
  await once(child, 'close')
  return Number(reports().at(-1))
}
