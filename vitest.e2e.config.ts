import { defineConfig } from 'vitest/config'

// One after the other: there is one Asterisk, and its ports are fixed.
export default defineConfig({
  test: {
    include: ['test/system/e2e/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
