// What was run on which version, as `.ci/matrix` noted it: the table that test/README.md has of it, and the short one of README.

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
/** The READMEs of the program, and the heads of their tables. */
export const SUMMARIES = {
  'README.md': ['component', 'versions'],
  'README.ru.md': ['компонент', 'версии'],
} as const
const BEGIN = '<!-- versions:begin -->\n'
const END = '<!-- versions:end -->'

/** The results that are committed. */
export function readResults(): readonly VersionResult[] {
  return JSON.parse(readFileSync(RESULTS, 'utf8'))
}

/** The part of a document between its marks; by default of test/README.md. */
export function writtenTable(file: string = README): string {
  const text = readFileSync(file, 'utf8')
  return text.slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END))
}

/** Writes the results, and their tables into the documents. */
export function writeResults(results: readonly VersionResult[]): void {
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`)
  writeTable(README, tableOf(results))
  for (const [name, head] of Object.entries(SUMMARIES)) {
    writeTable(fileOf(name), summaryOf(results, head))
  }
}

/** The path of a document at the top level. */
export function fileOf(name: string): string {
  return join(import.meta.dirname, '../..', name)
}

function writeTable(file: string, table: string): void {
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.slice(0, text.indexOf(BEGIN) + BEGIN.length) + table + text.slice(text.indexOf(END)))
}

/** Components and the versions on which no test failed, a table of Markdown. */
export function summaryOf(results: readonly VersionResult[], head: readonly string[]): string {
  const versions = new Map<string, Set<string>>()
  for (const { component, version } of results) {
    const all = results.filter((one) => one.component === component && one.version === version)
    if (all.every(({ counts }) => counts?.failed === 0)) {
      versions.set(component, (versions.get(component) ?? new Set()).add(version))
    }
  }
  const rows = [...versions].map(([component, seen]) => `| ${component} | ${[...seen].join(', ')} |\n`)
  return `| ${head.join(' | ')} |\n|---|---|\n${rows.join('')}`
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
