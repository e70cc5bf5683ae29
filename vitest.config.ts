// One project for each kind of test; `npm test` runs `parts` and `stock`, `npm run test:system` `program` and `load`.

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

/** One file after the other: a browser, an Asterisk or a Prometheus of its own is heavy, and some ports are fixed. */
const HEAVY = { fileParallelism: false, testTimeout: 300_000, hookTimeout: 300_000 }

/** Most of what these files do is wait, so that more of them run at a time than there are cores. */
const WAITING_WORKERS = 3

/** Tests that use ari-client as it is installed. */
const STOCK_CLIENT = ['test/unit/pbx-sim/ari.test.ts']

const parts: TestProjectInlineConfiguration = {
  test: {
    name: 'parts',
    include: ['test/{unit,contract,bench}/**/*.test.ts'],
    exclude: STOCK_CLIENT,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Modules are loaded once for each worker, not once for each file.
    isolate: false,
    maxWorkers: WAITING_WORKERS,
    // Threads of the product start with compiled sources: half the CPU of a start.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'asterisk-ari-exporter-compile-cache') },
    expect: { poll: { timeout: 30_000 } },
  },
}

/** In a process of their own: the product replaces the transport of ari-client for its whole process. */
const stock: TestProjectInlineConfiguration = {
  test: { ...parts.test, name: 'stock', include: STOCK_CLIENT, exclude: [], isolate: true },
}

const program: TestProjectInlineConfiguration = {
  test: {
    name: 'program',
    include: ['test/system/program/**/*.test.ts'],
    isolate: false,
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
    sequence: { groupOrder: 1 },
    include: ['test/system/{chaos,adversary}/**/*.test.ts'],
    fileParallelism: false,
    maxWorkers: 1,
  },
}

const browser: TestProjectInlineConfiguration = {
  test: {
    name: 'browser',
    include: ['test/system/browser/**/*.test.ts'],
    // Each file has a browser and a simulated PBX of its own.
    maxWorkers: WAITING_WORKERS,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 40_000 } },
  },
}

const e2e: TestProjectInlineConfiguration = {
  test: {
    name: 'e2e',
    include: ['test/system/e2e/**/*.test.ts'],
    globalSetup: ['test/system/e2e/lab/lock.ts'],
    ...HEAVY,
    expect: { poll: { timeout: 40_000 } },
  },
}

const noc: TestProjectInlineConfiguration = {
  test: {
    name: 'noc',
    include: ['test/system/noc/**/*.test.ts'],
    globalSetup: ['test/system/noc/setup.ts'],
    ...HEAVY,
  },
}

/** What needs a real PostgreSQL. */
const fleet: TestProjectInlineConfiguration = {
  test: {
    name: 'fleet',
    include: ['test/system/fleet/**/*.test.ts'],
    // Each file has a PostgreSQL of its own.
    maxWorkers: WAITING_WORKERS,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 40_000 } },
  },
}

/** The packages on a bare Debian. */
const packages: TestProjectInlineConfiguration = {
  test: { name: 'packages', include: ['test/system/packages/**/*.test.ts'], ...HEAVY },
}

export default defineConfig({ test: { projects: [parts, stock, program, load, browser, e2e, noc, fleet, packages] } })
