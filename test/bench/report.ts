// What a run leaves behind: the machine, each row with its value, and what was left out. Written as JSON.

import { readFileSync } from 'node:fs'
import type { MachineFacts } from './facts.ts'
import { median } from './figures.ts'
import { BENCHMARK_NAMES, type BenchmarkName, type Figures, ROWS, type RowKind } from './rows.ts'

/** A figure: the median of its repetitions, and the least and the most of them where there were several. */
export interface Figure {
  readonly value: number
  readonly range: readonly [least: number, most: number] | null
}

/** A row with what was found, here and in the checkout that it is compared with; null when it was not measured. */
export interface Measured extends RowKind {
  readonly found: Figure | null
  readonly base: Figure | null
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
  /** Version of the program that it is compared with. */
  readonly base: string | null
  readonly rows: readonly Measured[]
  readonly skipped: readonly { readonly benchmark: BenchmarkName; readonly why: string }[]
}

/** The report of the benchmarks that ran. */
export function makeReport(
  about: Omit<Report, 'rows'>,
  found: { readonly figures: Figures; readonly base: Figures; readonly ran: readonly BenchmarkName[] },
): Report {
  const kinds: readonly RowKind[] = ROWS
  const rows = kinds
    .filter(({ benchmark }) => found.ran.includes(benchmark))
    .map((kind) => {
      const figure = figureOf(found.figures, kind.key)
      return { ...kind, found: figure, base: figureOf(found.base, kind.key), met: verdictOf(kind, figure) }
    })
  return { ...about, rows }
}

function figureOf(figures: Readonly<Record<string, Figures[keyof Figures]>>, key: string): Figure | null {
  const values = [figures[key] ?? []].flat().filter(Number.isFinite)
  if (values.length === 0) {
    return null
  }
  const range = values.length === 1 ? null : ([Math.min(...values), Math.max(...values)] as const)
  return { value: median(values), range }
}

/** Whether a value is within its bound; null without a bound or a value. */
export function verdictOf({ bound }: RowKind, figure: Pick<Figure, 'value'> | null): boolean | null {
  if (bound === undefined || figure === null) {
    return null
  }
  return bound.at === 'most' ? figure.value <= bound.value : figure.value >= bound.value
}

/** One report of several runs of the same version; of a benchmark that ran twice, the later run counts. */
export function mergeReports(reports: readonly [Report, ...Report[]]): Report {
  const kinds: readonly RowKind[] = ROWS
  const [first] = reports
  const other = reports.find(({ revision }) => revision !== first.revision)
  if (other !== undefined) {
    throw new Error(`the reports are of two versions, ${first.revision} and ${other.revision}`)
  }
  const latest = new Map(reports.flatMap(({ rows }) => rows.map((row) => [row.key, row])))
  const rows = kinds.flatMap(({ key }) => latest.get(key) ?? [])
  const ran = new Set(rows.filter(({ found }) => found !== null).map(({ benchmark }) => benchmark))
  return {
    ...first,
    seconds: reports.reduce((sum, { seconds }) => sum + seconds, 0),
    quick: reports.some(({ quick }) => quick),
    base: reports.find(({ base }) => base !== null)?.base ?? null,
    rows,
    skipped: reports.flatMap(({ skipped }) => skipped).filter(({ benchmark }) => !ran.has(benchmark)),
  }
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
  return typeof value === 'object' && value !== null && 'rows' in value && 'machine' in value && 'base' in value
}

/** True for a benchmark's name as it is written on the command line. */
export function isBenchmarkName(word: string): word is BenchmarkName {
  return BENCHMARK_NAMES.some((name) => name === word)
}
