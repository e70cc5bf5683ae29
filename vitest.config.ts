import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/system/e2e/**', 'test/system/browser/**', 'test/system/noc/**'],
    testTimeout: 20_000,
  },
})
