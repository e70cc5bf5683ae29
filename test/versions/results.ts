// What was run on which version, as `.ci/matrix` noted it, and the table that test/README.md has of it.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One run of tests on one version of one component. */
export interface VersionResult {
  /** The row of `.ci/matrix` that made it. */
  readonly row: string
  readonly component: string
  /** As it was seen while the tests ran, such as `22.10.1`. */
  readonly version: string
  readonly tests: string
  /** null: the tests did not run to their end. */
  readonly counts: { readonly passed: number; readonly failed: number; readonly skipped: number } | null
  /** The day, such as `2026-11-30`. */
  readonly on: string
}

const RESULTS = join(import.meta.dirname, 'results.json')
const README = join(import.meta.dirname, '../README.md')
const BEGIN = '<!-- versions:begin -->\n'
const END = '<!-- versions:end -->'

/** The results that are committed. */
export function readResults(): readonly VersionResult[] {
  return JSON.parse(readFileSync(RESULTS, 'utf8'))
}

/** The part of test/README.md between its marks. */
export function writtenTable(): string {
  const text = readFileSync(README, 'utf8')
  return text.slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END))
}

/** Writes the results, and their table into test/README.md. */
export function writeResults(results: readonly VersionResult[]): void {
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`)
  const text = readFileSync(README, 'utf8')
  writeFileSync(
    README,
    text.slice(0, text.indexOf(BEGIN) + BEGIN.length) + tableOf(results) + text.slice(text.indexOf(END)),
  )
}

/** The results with those of one row replaced, in the order of the rows. */
export function merged(
  results: readonly VersionResult[],
  row: string,
  fresh: readonly VersionResult[],
  order: readonly string[],
): readonly VersionResult[] {
  return [...results.filter((result) => result.row !== row), ...fresh]
    .filter((result) => order.includes(result.row))
    .sort((a, b) => order.indexOf(a.row) - order.indexOf(b.row))
}

/** A table of Markdown, a row for each result. */
export function tableOf(results: readonly VersionResult[]): string {
  const rows = results.map(
    ({ component, version, tests, counts, on }) =>
      `| ${component} | ${version} | ${tests} | ${outcomeOf(counts)} | ${on} |\n`,
  )
  return `| component | version | tests | result | on |\n|---|---|---|---|---|\n${rows.join('')}`
}

function outcomeOf(counts: VersionResult['counts']): string {
  if (counts === null) {
    return '**failed**: ended early'
  }
  const { passed, failed, skipped } = counts
  const left = skipped === 0 ? '' : `, ${skipped} skipped`
  return failed === 0 ? `${passed} passed${left}` : `**${failed} failed**, ${passed} passed${left}`
}
