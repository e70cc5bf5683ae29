import { defineConfig } from 'vitest/config'

// One after the other: each has a browser of its own, and a browser is heavy.
export default defineConfig({
  test: {
    include: ['test/system/browser/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 40_000 } },
  },
})
