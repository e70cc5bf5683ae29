// An exception that nobody caught, in a timer: it ends the program with a line in its log that says what to do.

import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort, freshFolder, startProgram } from './program.ts'

const THROW_LATER =
  'import{isMainThread}from"node:worker_threads";if(isMainThread)setTimeout(()=>{throw(Error("boom"))},1500)'

test('an exception in a timer is a line with its stack and what to do, and exit code 1', async () => {
  const program = startProgram([], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(THROW_LATER)}`,
    ARI_URL: `http://127.0.0.1:${await freePort()}`,
    ARI_USER: 'exporter',
    ARI_PASSWORD: 'secret',
    DB_PATH: join(freshFolder(), 'calls.db'),
    HTTP_PORT: String(await freePort()),
  })
  onTestFinished(() => void program.child.kill('SIGKILL'))
  expect(await program.ended).toBe(1)
  expect(program.output()).toMatch(/"level":60,.*boom.*start it again/)
})
