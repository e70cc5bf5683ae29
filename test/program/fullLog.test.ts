// The program whose log cannot be written: it goes on, answers, and ends when it is told to.

import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startPbx } from '../../src/pbx-sim/pbx.ts'
import { eventually, freePort, freshFolder, MAIN, scrape, sumOf } from './program.ts'

async function running(stdout: number | 'pipe') {
  const pbx = await startPbx({ user: 'exporter', password: 'secret', noise: false, callsPerSecond: 20, speed: 20 })
  onTestFinished(() => pbx.stop())
  const port = await freePort()
  const child = spawn(process.execPath, [MAIN], {
    cwd: freshFolder(),
    env: {
      PATH: process.env['PATH'] ?? '',
      ARI_URL: pbx.url,
      ARI_USER: 'exporter',
      ARI_PASSWORD: 'secret',
      DB_PATH: join(freshFolder(), 'calls.db'),
      HTTP_PORT: String(port),
      LOG_LEVEL: 'trace',
    },
    stdio: ['ignore', stdout, 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal)))
  return { port, child, ended }
}

async function goesOnAndEnds({ port, child, ended }: Awaited<ReturnType<typeof running>>): Promise<void> {
  await eventually(
    () => scrape(port),
    (samples) => sumOf(samples, 'asterisk_calls_total') > 40,
    20_000,
  )
  child.kill('SIGTERM')
  expect(await Promise.race([ended, new Promise((resolve) => setTimeout(() => resolve('still there'), 10_000))])).toBe(
    0,
  )
}

test('on a full disk', { timeout: 40_000 }, async () => {
  const full = openSync('/dev/full', 'w')
  onTestFinished(() => closeSync(full))
  await goesOnAndEnds(await running(full))
})

test('into a pipe that nobody reads', { timeout: 40_000 }, async () => {
  await goesOnAndEnds(await running('pipe'))
})

test('into a pipe whose reader has gone', { timeout: 40_000 }, async () => {
  const program = await running('pipe')
  program.child.stdout?.destroy()
  await goesOnAndEnds(program)
})
