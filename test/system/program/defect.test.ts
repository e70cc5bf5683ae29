// An exception that nobody caught, wherever it is thrown: it ends the program with a line in its log that says what to do. In one of its
// threads it ends that thread, and the program goes on with another.

import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually, freePort, freshFolder, get, startProgram } from './program.ts'

const BOOM = '(()=>{throw(Error("boom"))})'

async function programWith(preload: string) {
  const port = await freePort()
  const program = startProgram([], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`import{isMainThread,parentPort}from"node:worker_threads";${preload}`)}`,
    ARI_URL: `http://127.0.0.1:${await freePort()}`,
    ARI_USER: 'exporter',
    ARI_PASSWORD: 'secret',
    DB_PATH: join(freshFolder(), 'calls.db'),
    HTTP_PORT: String(port),
  })
  onTestFinished(() => void program.child.kill('SIGKILL'))
  return { ...program, port }
}

test.each([
  ['a timer', `setTimeout(${BOOM},1500)`],
  ['a timer that comes again', `setInterval(${BOOM},1500)`],
  ['what is done when the loop is free', `setTimeout(()=>setImmediate(${BOOM}),1500)`],
  ['a promise that nobody waits for', `setTimeout(async()=>{${BOOM}()},1500)`],
  [
    'whoever listens to an emitter',
    `import{EventEmitter}from"node:events";setTimeout(()=>new EventEmitter().on("a",${BOOM}).emit("a"),1500)`,
  ],
])('an exception in %s is a line with its stack and what to do, and exit code 1', async (_, throws) => {
  const program = await programWith(
    `if(isMainThread){${throws}}`.replace(/^if\(isMainThread\)\{(import.*?;)/, '$1if(isMainThread){'),
  )
  expect(await program.ended).toBe(1)
  expect(program.output()).toMatch(/"level":60,.*boom.*start it again/)
})

test('an exception in a timer of a thread ends that thread alone: another goes on, and the program says so', async () => {
  const program = await programWith(`if(!isMainThread)setTimeout(${BOOM},1500)`)
  await eventually(
    () => program.output(),
    (output) => output.includes('boom'),
  )
  expect(await get(program.port, '/-/healthy')).toMatchObject({ status: 200 })
  expect(program.child.exitCode).toBeNull()
})
