// `.ci/matrix`: runs the rows that are named, one after the other, and notes what each gave.
//
// Each result is written when its row has ended, so that an interrupted run loses one row, and rows may be run on different days.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { merged, readResults, tableOf, type VersionResult, writeResults } from './results.ts'
import { ROWS, type Row, rowsNamed } from './rows.ts'

const ROOT = join(import.meta.dirname, '../..')
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs')

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly success: boolean
}

async function resultsOf(row: Row): Promise<readonly VersionResult[]> {
  const node = row.node()
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-matrix-'))
  const report = join(folder, 'report.json')
  try {
    const output = await run(
      node,
      [VITEST, 'run', ...row.vitest, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      row.environment,
    )
    const counts = existsSync(report) ? countsOf(JSON.parse(readFileSync(report, 'utf8'))) : null
    const seen = row.seen(output, node)
    const on = new Date().toISOString().slice(0, 10)
    return (seen.length > 0 ? seen : [{ component: row.name, version: 'not seen' }]).map(({ component, version }) => ({
      row: row.name,
      component,
      version,
      tests: row.tests,
      counts,
      on,
    }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// A file that cannot be loaded has no failed test.
function countsOf(report: Report): VersionResult['counts'] {
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped, success } = report
  return success || failed > 0 ? { passed, failed, skipped } : null
}

/** Its output, which is shown too; colours would be part of it. */
function run(node: string, words: readonly string[], environment: Row['environment']): Promise<string> {
  const path = [dirname(node), process.env['PATH']].join(delimiter)
  const env = { ...process.env, ...environment, PATH: path, NO_COLOR: '1' }
  const child = spawn(node, words, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    process.stdout.write(text)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', () => resolve(output))
  })
}

let failed = false
for (const row of rowsNamed(process.argv.slice(2))) {
  process.stdout.write(`\n== ${row.name}: ${row.tests}\n`)
  const fresh = await resultsOf(row)
  const order = ROWS.map(({ name }) => name)
  writeResults(merged(readResults(), row.name, fresh, order))
  failed ||= fresh.some(({ counts, version }) => counts === null || counts.failed > 0 || version === 'not seen')
}
process.stdout.write(`\n${tableOf(readResults())}`)
process.exitCode = failed ? 1 : 0
