// The program without free file descriptors: the log names the cause, and the program reconnects when there are some.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startPbx } from '../../../src/pbx-sim/pbx.ts'
import { eventually, freePort, freshFolder, startProgram } from './program.ts'

const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0

/** New descriptors get numbers from 3 on: those that the program has at its start stay below this. */
const NONE_MORE = 10
const ENOUGH = 1024

function limit(pid: number | undefined, files: number): void {
  expect(spawnSync('prlimit', ['--pid', String(pid), `--nofile=${files}:`]).status).toBe(0)
}

test.skipIf(!hasPrlimit)(
  'logs the limit of descriptors, not Asterisk, as the cause when it cannot open a connection',
  { timeout: 90_000 },
  async () => {
    const pbx = await startPbx({ user: 'exporter', password: 'secret', traffic: 'lean' })
    onTestFinished(() => pbx.stop())
    const { child, output } = startProgram([], {
      // By name: a look-up that can open nothing says that there is no such name.
      ARI_URL: pbx.url.replace('127.0.0.1', 'localhost'),
      ARI_USER: 'exporter',
      ARI_PASSWORD: 'secret',
      DB_PATH: join(freshFolder(), 'calls.db'),
      HTTP_PORT: String(await freePort()),
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const connections = () => output().split('"msg":"listening"').length - 1
    await eventually(connections, (times) => times === 1)
    limit(child.pid, NONE_MORE)
    pbx.dropSockets()
    await eventually(output, (text) => text.includes('no connection to Asterisk'))
    expect(output()).toMatch(/"reason":"no_descriptors".*LimitNOFILE.*ulimit -n/)
    expect(output()).not.toContain('cannot reach Asterisk')
    limit(child.pid, ENOUGH)
    await eventually(connections, (times) => times === 2)
  },
)
