// kill -9 at a random moment: every call that ended 100 ms earlier is stored, and no transaction is stored in part.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freshPath, openLog, query } from './samples.ts'

const PROGRAM = join(import.meta.dirname, 'killedProgram.ts')

test('after kill -9, every call older than 100 ms is stored, and the next start continues at once', {
  timeout: 30_000,
  // On a busy machine the disk may be late once; a defect is late every time.
  retry: 2,
}, async () => {
  const path = freshPath()
  let rows = 0
  for (const lifeMs of [150, 290]) {
    const { killedAt, appended } = await runAndKill(path, lifeMs)
    const safe = appended.filter(({ at }) => at < killedAt - 100).map(({ number }) => number)
    expect(safe.length).toBeGreaterThan(0)

    const { callLog, totals } = await openLog(path)
    rows = callLog.status().rows
    expect(rows).toBeGreaterThanOrEqual(safe.at(-1) ?? 0)
    expect(totals).toEqual([{ name: 'ended', labels: {}, value: rows }])
    await callLog.close()
    expect(query(path, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(query(path, 'SELECT count(*) AS n, max(id) AS m FROM calls WHERE end_time IS NOT NULL')).toEqual([
      { n: rows, m: rows },
    ])
    expect(query(path, 'SELECT count(*) AS n FROM legs WHERE call_id = id')).toEqual([{ n: rows }])
  }
})

test('a second program is refused while the first one runs', { timeout: 30_000 }, async () => {
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

async function runAndKill(
  path: string,
  lifeMs: number,
): Promise<{ killedAt: number; appended: { number: number; at: number }[] }> {
  const child = start(path)
  let said = ''
  let begun: () => void = () => undefined
  const running = new Promise<void>((resolve) => {
    begun = resolve
  })
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text
    begun()
  })
  await running
  await new Promise((resolve) => setTimeout(resolve, lifeMs))
  const killedAt = Date.now()
  child.kill('SIGKILL')
  await once(child, 'close')
  const appended = said
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' ').map(Number))
    .map(([number = 0, at = 0]) => ({ number, at }))
  return { killedAt, appended }
}
