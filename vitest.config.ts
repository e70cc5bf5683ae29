// One project for each kind of test; `npm test` runs `parts` and `program`, the others have a script each.

import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

/** One file after the other: a browser, an Asterisk or a Prometheus of its own is heavy, and some ports are fixed. */
const HEAVY = { fileParallelism: false, testTimeout: 300_000, hookTimeout: 300_000 }

/** Most of what these files do is wait, so that more of them run at a time than there are cores. */
const WAITING_WORKERS = 3

const parts: TestProjectInlineConfiguration = {
  test: {
    name: 'parts',
    include: ['test/{unit,contract,bench}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Modules are loaded once for each worker, not once for each file.
    isolate: false,
    maxWorkers: WAITING_WORKERS,
    expect: { poll: { timeout: 30_000 } },
  },
}

const program: TestProjectInlineConfiguration = {
  test: {
    name: 'program',
    // After the parts, not beside them: what a program does under load is to be seen, not what a crowded machine does to it.
    sequence: { groupOrder: 1 },
    include: ['test/system/{program,chaos,adversary}/**/*.test.ts'],
    testTimeout: 90_000,
    hookTimeout: 90_000,
    maxWorkers: WAITING_WORKERS,
    expect: { poll: { timeout: 30_000 } },
  },
}

const browser: TestProjectInlineConfiguration = {
  test: {
    name: 'browser',
    include: ['test/system/browser/**/*.test.ts'],
    ...HEAVY,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 40_000 } },
  },
}

const e2e: TestProjectInlineConfiguration = {
  test: { name: 'e2e', include: ['test/system/e2e/**/*.test.ts'], ...HEAVY, expect: { poll: { timeout: 40_000 } } },
}

const noc: TestProjectInlineConfiguration = {
  test: {
    name: 'noc',
    include: ['test/system/noc/**/*.test.ts'],
    globalSetup: ['test/system/noc/setup.ts'],
    ...HEAVY,
  },
}

export default defineConfig({ test: { projects: [parts, program, browser, e2e, noc] } })
