// An uncaught exception ends the program with a line in its log that says what to do. In one of its threads it ends only that
// thread, and the program starts another.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually, freePort, freshFolder, get, startProgram } from './program.ts'

const BOOM = '(()=>{throw(Error("boom"))})'

/** Loaded before the program: runs `throws` in the thread that finds the file first, and takes the file away. */
const preloadOf = (file: string, inThread: boolean, throws: string): string => `
import { EventEmitter } from 'node:events'
import { rmSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
const looks = setInterval(() => {
  try {
    rmSync(${JSON.stringify(file)})
  } catch {
    return
  }
  clearInterval(looks)
  ${throws}
}, 20)
if (isMainThread === ${inThread}) clearInterval(looks)
`

/** A program that serves, and what makes it throw. */
async function programThatThrows(throws: string, where: { readonly inThread: boolean } = { inThread: false }) {
  const port = await freePort()
  const folder = freshFolder()
  const signal = join(folder, 'throw')
  const preload = preloadOf(signal, where.inThread, throws)
  const program = startProgram([], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}`,
    ARI_URL: `http://127.0.0.1:${await freePort()}`,
    ARI_USER: 'exporter',
    ARI_PASSWORD: 'secret',
    DB_PATH: join(folder, 'calls.db'),
    HTTP_PORT: String(port),
  })
  onTestFinished(() => void program.child.kill('SIGKILL'))
  await eventually(
    () => get(port, '/-/healthy'),
    ({ status }) => status === 200,
  )
  return { ...program, port, throwNow: () => writeFileSync(signal, '') }
}

test.each([
  ['a timer', `setTimeout(${BOOM})`],
  ['a repeated timer', `setInterval(${BOOM})`],
  ['setImmediate', `setImmediate(${BOOM})`],
  ['a promise without a handler', `Promise.resolve().then(${BOOM})`],
  ['a listener of an emitter', `new EventEmitter().on('a', ${BOOM}).emit('a')`],
])('an exception in %s is logged with its stack and what to do, and the exit code is 1', async (_, throws) => {
  const program = await programThatThrows(throws)
  program.throwNow()
  expect(await program.ended).toBe(1)
  expect(program.output()).toMatch(/"level":60,.*boom.*start it again/)
})

test('an exception in a timer of a thread ends that thread only, and the program logs it and starts another', async () => {
  const program = await programThatThrows(`setTimeout(${BOOM})`, { inThread: true })
  program.throwNow()
  await eventually(
    () => program.output(),
    (output) => output.includes('boom'),
  )
  expect(await get(program.port, '/-/healthy')).toMatchObject({ status: 200 })
  expect(program.child.exitCode).toBeNull()
})
