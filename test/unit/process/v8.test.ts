// The limits of the heap take effect: V8 does not guarantee that a flag continues to exist or keeps its meaning.

import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const LIMIT = `(await import('${new URL('../../../src/process/v8.ts', import.meta.url).href}')).limitHeapGrowth()`

/** Runs JavaScript in another process. */
function run(program: string): { readonly output: string; readonly errors: string } {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  return { output: stdout, errors: stderr }
}

function youngSpaceBytes(before: string): number {
  const { output } = run(`${before}
    const live = []
    for (let n = 0; n < 2e6; n += 1) live[n % 100_000] = { n, list: [n] }
    const space = (await import('node:v8')).getHeapSpaceStatistics().find((one) => one.space_name === 'new_space')
    process.stdout.write(String(space.space_size))`)
  return Number(output)
}

test('uses flags that V8 knows', () => {
  expect(run(LIMIT)).toEqual({ output: '', errors: '' })
})

test('keeps the space for young objects small, which grows without the limit', () => {
  expect(youngSpaceBytes(LIMIT) * 1.5).toBeLessThan(youngSpaceBytes(''))
})
