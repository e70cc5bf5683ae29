// One project for each kind of test; `npm test` runs `parts`, `ari`, `program` and `load`, the others have a script each.

import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

/** One file after the other: a browser, an Asterisk or a Prometheus of its own is heavy, and some ports are fixed. */
const HEAVY = { fileParallelism: false, testTimeout: 300_000, hookTimeout: 300_000 }

/** Most of what these files do is wait, so that more of them run at a time than there are cores. */
const WAITING_WORKERS = 3

const ARI = ['test/unit/{ari,pbx-sim}/**/*.test.ts']

const parts: TestProjectInlineConfiguration = {
  test: {
    name: 'parts',
    include: ['test/{unit,contract,bench}/**/*.test.ts'],
    exclude: ARI,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Modules are loaded once for each worker, not once for each file.
    isolate: false,
    maxWorkers: WAITING_WORKERS,
    expect: { poll: { timeout: 30_000 } },
  },
}

/** Isolated: the product replaces parts of ari-client for its whole process, and one test wants it as it is. */
const ari: TestProjectInlineConfiguration = {
  test: { ...parts.test, name: 'ari', include: ARI, exclude: [], isolate: true },
}

const program: TestProjectInlineConfiguration = {
  test: {
    name: 'program',
    // After the parts: beside them a program gets a fraction of a processor.
    sequence: { groupOrder: 1 },
    include: ['test/system/program/**/*.test.ts'],
    testTimeout: 90_000,
    hookTimeout: 90_000,
    maxWorkers: WAITING_WORKERS,
    expect: { poll: { timeout: 30_000 } },
  },
}

/** Faults and attacks under load, one file at a time: they compare instants, which a second load beside them would shift. */
const load: TestProjectInlineConfiguration = {
  test: {
    ...program.test,
    name: 'load',
    sequence: { groupOrder: 2 },
    include: ['test/system/{chaos,adversary}/**/*.test.ts'],
    fileParallelism: false,
    maxWorkers: 1,
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

export default defineConfig({ test: { projects: [parts, ari, program, load, browser, e2e, noc] } })
