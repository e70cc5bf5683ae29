// What the tests against real servers share in one run: a folder for the history, which is costly to make, and for the
// count of what was executed, which is printed when all is done.
//
// The folder is empty at first, is filled by the first test that needs it, and goes when the run ends, however it ends.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { summary } from './executionReport.ts'
import { findTools, missingHalf } from './servers.ts'

/** Called by vitest once, before all tests; what it returns, after them. */
export function setup({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-noc-'))
  provide('nocFolder', folder)
  return () => {
    const missing = missingHalf(findTools())
    process.stdout.write(`\nExecuted on real servers:\n${summary(folder)}${missing === null ? '' : `${missing}\n`}`)
    rmSync(folder, { recursive: true, force: true })
  }
}
