// The table of a run: as text for the terminal, as Markdown for the README.
//
// Reads the report that is written as JSON and nothing else, so that either can be made from it at any time.

import { factsLine } from './facts.ts'
import type { Measured, Report } from './report.ts'
import { BENCHMARK_NAMES, GOALS, type Goal, ROWS, type RowKind } from './rows.ts'

const NOT_MEASURED = '-'

/** Rows by benchmark, with goal, value and verdict, then the goals. */
export function textTable(report: Report): string {
  const body = report.rows.map(cells)
  const widths = [0, 1, 2, 3].map((column) => Math.max(...body.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  const parts = BENCHMARK_NAMES.flatMap((name) => {
    const rows = report.rows.flatMap((row, index) => (row.benchmark === name ? [line(body[index] ?? [])] : []))
    return rows.length === 0 ? [] : [name, ...rows.map((row) => `  ${row}`), '']
  })
  const skipped = report.skipped.map(({ benchmark, why }) => `${benchmark} was left out: ${why}`)
  return [...parts, ...goalLines(report), ...skipped, machineLine(report)].join('\n')
}

/** The same for the README, rows that were measured only. */
export function markdownTable(report: Report): string {
  const rows = report.rows.filter(({ value }) => value !== null).map(cells)
  return [
    '| what | measured | goal | |',
    '|---|---:|---|---|',
    ...rows.map(([what, value, goal, verdict]) => `| ${what} | ${value} | ${goal} | ${verdict} |`),
    '',
    `${machineLine(report)}.`,
  ].join('\n')
}

function cells(row: Measured): readonly string[] {
  const { bound, value, met, goal } = row
  const wanted = bound === undefined ? '' : `${bound.at === 'most' ? '≤' : '≥'} ${shown(bound.value)}`
  return [
    row.what,
    value === null ? NOT_MEASURED : `${shown(value)} ${row.unit}`,
    [goal ?? '', wanted].filter((part) => part !== '').join(' '),
    met === null ? '' : met ? 'met' : 'missed',
  ]
}

function goalLines(report: Report): readonly string[] {
  return (Object.keys(GOALS) as Goal[]).map((goal) => {
    const kinds: readonly RowKind[] = ROWS
    const rows = kinds.filter((kind) => kind.goal === goal).map(({ key }) => report.rows.find((row) => row.key === key))
    const state = rows.some((row) => row?.met === false)
      ? 'missed'
      : rows.every((row) => row?.met === true)
        ? 'met'
        : 'not measured'
    return `${goal} ${state.padEnd(12)} ${GOALS[goal]}`
  })
}

function machineLine({ machine, quick, seconds, revision }: Report): string {
  return `${factsLine(machine)}; ${quick ? 'a quick run' : 'a full run'} of ${Math.round(seconds)} s at ${revision}`
}

/** Three figures that matter, and no more zeroes than are true. */
export function shown(value: number): string {
  if (Math.abs(value) >= 100) {
    return Math.round(value).toLocaleString('en-US')
  }
  return String(Number(value.toPrecision(3)))
}
