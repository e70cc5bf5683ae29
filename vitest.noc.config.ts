import { defineConfig } from 'vitest/config'

// Real Prometheus and Alertmanager servers: one file after the other, so that they do not starve each other.
export default defineConfig({
  test: {
    include: ['test/system/noc/**/*.test.ts'],
    globalSetup: ['test/system/noc/setup.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
