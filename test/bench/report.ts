// What a run leaves behind: the machine, each row with its value, and what was left out. Written as JSON.

import { readFileSync } from 'node:fs'
import type { MachineFacts } from './facts.ts'
import { BENCHMARK_NAMES, type BenchmarkName, type Figures, ROWS, type RowKind } from './rows.ts'

/** A row with what was found; `value` and `met` are null when it was not measured. */
export interface Measured extends RowKind {
  readonly value: number | null
  readonly met: boolean | null
}

export interface Report {
  readonly machine: MachineFacts
  /** ISO 8601. */
  readonly startedAt: string
  readonly seconds: number
  readonly quick: boolean
  /** Version of the program that was measured. */
  readonly revision: string
  readonly rows: readonly Measured[]
  readonly skipped: readonly { readonly benchmark: BenchmarkName; readonly why: string }[]
}

/** The report of the benchmarks that ran. */
export function makeReport(
  about: Omit<Report, 'rows'>,
  found: { readonly figures: Figures; readonly ran: readonly BenchmarkName[] },
): Report {
  const kinds: readonly RowKind[] = ROWS
  const figures: Readonly<Record<string, number | undefined>> = found.figures
  const rows = kinds
    .filter(({ benchmark }) => found.ran.includes(benchmark))
    .map((kind) => {
      const figure = figures[kind.key]
      const value = figure === undefined || !Number.isFinite(figure) ? null : figure
      return { ...kind, value, met: verdictOf(kind, value) }
    })
  return { ...about, rows }
}

/** Whether a value is within its bound; null without a bound or a value. */
export function verdictOf({ bound }: RowKind, value: number | null): boolean | null {
  if (bound === undefined || value === null) {
    return null
  }
  return bound.at === 'most' ? value <= bound.value : value >= bound.value
}

/** Reads a report that was written. Throws when the file is not a report. */
export function readReport(path: string): Report {
  const report: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (!isReport(report)) {
    throw new Error(`${path} is no report of the benchmarks`)
  }
  return report
}

function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'rows' in value && 'machine' in value && 'skipped' in value
}

/** True for a benchmark's name as it is written on the command line. */
export function isBenchmarkName(word: string): word is BenchmarkName {
  return BENCHMARK_NAMES.some((name) => name === word)
}
