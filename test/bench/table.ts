// The table of a run: as text for the terminal, as Markdown for the README.
//
// Reads the report that is written as JSON and nothing else, so that either can be made from it at any time.

import { factsLine } from './facts.ts'
import type { Figure, Measured, Report } from './report.ts'
import { BENCHMARK_NAMES, GOALS, type Goal, ROWS, type RowKind } from './rows.ts'

const NOT_MEASURED = '-'

/** Columns of figures; the others are text. */
const RIGHT = [1, 2]

/** Rows by benchmark, with the base's value, this one, goal and verdict, then the goals. */
export function textTable(report: Report): string {
  const body = report.rows.map(cells)
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...body.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return RIGHT.includes(column) ? cell.padStart(width) : cell.padEnd(width)
      })
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
  const rows = report.rows.filter(({ found }) => found !== null).map(cells)
  const names = ['what', report.base ?? 'before', report.revision, 'goal', '']
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`
  return [line(names), '|---|---:|---:|---|---|', ...rows.map(line), '', `${machineLine(report)}.`].join('\n')
}

function cells(row: Measured): readonly string[] {
  const { bound, met, goal, found, base, unit } = row
  const wanted = bound === undefined ? '' : `${bound.at === 'most' ? '≤' : '≥'} ${shown(bound.value)}`
  return [
    row.what,
    base === null ? '' : withRange(base),
    found === null ? NOT_MEASURED : `${withRange(found)} ${unit}`.trim(),
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
    return `${goal.padEnd(3)} ${state.padEnd(12)} ${GOALS[goal]}`
  })
}

function machineLine({ machine, quick, seconds, revision, base }: Report): string {
  const compared = base === null ? '' : `, compared with ${base}`
  return `${factsLine(machine)}; ${quick ? 'a quick run' : 'a full run'} of ${Math.round(seconds)} s at ${revision}${compared}`
}

function withRange({ value, range }: Figure): string {
  return range === null ? shown(value) : `${shown(value)} (${shown(range[0])}-${shown(range[1])})`
}

/** Three figures that matter, and no more zeroes than are true. */
export function shown(value: number): string {
  if (Math.abs(value) >= 100) {
    return Math.round(value).toLocaleString('en-US')
  }
  return String(Number(value.toPrecision(3)))
}
