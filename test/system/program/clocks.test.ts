// The wall clock is set while Asterisk is unreachable: the program continues, no counter falls, and the disconnected time is
// the true one.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { startPbx } from '../../../src/pbx-sim/pbx.ts'
import { eventually, freePort, freshFolder, get, scrape, startProgram } from './program.ts'

type Samples = ReadonlyMap<string, number>

const DISCONNECTED = 'asterisk_exporter_disconnected_seconds_total'

// In every thread of the program: its wall clock is moved by what the file says.
const MOVED = `
import { readFileSync } from 'node:fs'
const [now, file] = [Date.now, new URL('./by', import.meta.url)]
Date.now = () => now() + Number(readFileSync(file, 'utf8'))
`

function movableClock(): { readonly preload: string; readonly move: (ms: number) => void } {
  const folder = freshFolder()
  const move = (ms: number): void => writeFileSync(join(folder, 'by'), String(ms))
  move(0)
  writeFileSync(join(folder, 'moved.mjs'), MOVED)
  return { preload: pathToFileURL(join(folder, 'moved.mjs')).href, move }
}

/** Counters that are less than they were, or are there no more. */
function fallen(earlier: Samples, later: Samples): readonly string[] {
  const isCounter = (series: string) => /_(total|count|sum|bucket)(\{|$)/.test(series)
  const isLess = ([series, value]: readonly [string, number]) => !((later.get(series) ?? -1) >= value)
  return [...earlier].filter((sample) => isCounter(sample[0]) && isLess(sample)).map(([series]) => series)
}

test.each([
  ['back', -3_600_000],
  ['ahead', 3_600_000],
])('counts the true disconnected time when the wall clock is set %s while Asterisk is unreachable', async (_, byMs) => {
  const account = { user: 'exporter', password: 'secret', traffic: 'lean' } as const
  const pbx = await startPbx({ ...account, callsPerSecond: 5 })
  onTestFinished(pbx.stop)
  const { preload, move } = movableClock()
  const port = await freePort()
  const startedAt = performance.now()
  const program = startProgram([], {
    NODE_OPTIONS: `--import=${preload}`,
    ARI_URL: pbx.url,
    ARI_USER: account.user,
    ARI_PASSWORD: account.password,
    DB_PATH: join(freshFolder(), 'calls.db'),
    HTTP_PORT: String(port),
  })
  onTestFinished(() => void program.child.kill('SIGKILL'))
  const isReady = (is: boolean) =>
    eventually(
      () => get(port, '/-/ready'),
      ({ status }) => (status === 200) === is,
      60_000,
    )
  await isReady(true)

  const before = await scrape(port)
  await pbx.stop()
  await isReady(false)
  move(byMs)
  const unreachable = await eventually(
    () => scrape(port),
    (samples) => (samples.get(DISCONNECTED) ?? 0) >= (before.get(DISCONNECTED) ?? 0) + 2,
  )
  const back = await startPbx({ ...account, callsPerSecond: 5, port: Number(new URL(pbx.url).port) })
  onTestFinished(back.stop)
  await isReady(true)
  const after = await scrape(port)
  const lifeSeconds = (performance.now() - startedAt) / 1000

  expect([...fallen(before, unreachable), ...fallen(unreachable, after)]).toEqual([])
  const disconnected = (after.get(DISCONNECTED) ?? 0) - (before.get(DISCONNECTED) ?? 0)
  expect(disconnected).toBeGreaterThanOrEqual(2)
  expect(disconnected).toBeLessThanOrEqual(lifeSeconds)
  expect(program.child.exitCode).toBeNull()
})
