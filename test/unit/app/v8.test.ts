// The young generation stays small: V8 gives no promise that the flag goes on existing or meaning this.

import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const MODULE = new URL('../../../src/app/v8.ts', import.meta.url).href

function youngSpaceBytes(before: string): number {
  const program = `${before}
    const live = []
    for (let n = 0; n < 2e6; n += 1) live[n % 100_000] = { n, list: [n] }
    const space = (await import('node:v8')).getHeapSpaceStatistics().find((one) => one.space_name === 'new_space')
    process.stdout.write(String(space.space_size))`
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }))
}

test('it does not grow, while without this it would', () => {
  expect(youngSpaceBytes(`(await import('${MODULE}')).keepYoungSpaceSmall()`)).toBeLessThan(4_000_000)
  expect(youngSpaceBytes('')).toBeGreaterThan(8_000_000)
})
