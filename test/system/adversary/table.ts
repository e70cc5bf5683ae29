// What a run comes to: its attacks as a table, for the terminal and for SECURITY.md, and whether all of it holds.

import type { Result, Row } from './adversary.ts'

/** Memory a while after all attacks, to that before them. */
export const MOST_GROWTH = 1.1

/** What did not hold of the whole; nothing when it is as promised. */
export function faultsOf(result: Result): readonly string[] {
  const { rows, lost, doubled, broken, disconnects, memoryMb } = result
  const [before, after] = memoryMb
  return [
    ...rows.filter(({ verdict }) => verdict === 'fell').map(({ point, name }) => `${point} ${name}: fell`),
    ...lost.map((text) => `lost: ${text}`),
    ...doubled.map((text) => `doubled: ${text}`),
    ...broken.map((text) => `broken: ${text}`),
    ...(disconnects > 0 ? [`the session ended ${disconnects} times`] : []),
    ...(after > before * MOST_GROWTH ? [`memory: ${before} MB before, ${after} MB after`] : []),
  ]
}

const HEADS = [
  '',
  'attack',
  'tried',
  'slowest /metrics',
  'loop stop',
  'event lag',
  'memory',
  'lost',
  'verdict',
] as const
const NUMBERS: ReadonlySet<number> = new Set([3, 4, 5, 6, 7])

/** Columns of even width. */
export function textTable(rows: readonly Row[]): string {
  const lines = [HEADS, ...rows.map((row) => cells(row))]
  const widths = HEADS.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  const pad = (cell: string, column: number): string =>
    NUMBERS.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n')
}

/** For a document. */
export function markdownTable(rows: readonly Row[]): string {
  const line = (some: readonly string[]): string => `| ${some.join(' | ')} |`
  return [
    line(HEADS),
    `|${HEADS.map((_, column) => (NUMBERS.has(column) ? '---:' : '---')).join('|')}|`,
    ...rows.map((row) => line(cells(row).map((cell) => cell.replaceAll('|', '\\|')))),
  ].join('\n')
}

/** The whole in a few lines. */
export function summary({ rows, seconds, calls, lost, doubled, wrong, disconnects, memoryMb }: Result): string {
  const [before, after] = memoryMb
  const leastShare = Math.min(1, ...rows.map(({ share }) => share))
  const held = rows.filter(({ verdict }) => verdict === 'held').length
  return [
    `${held} of ${rows.length} attacks held, in ${seconds} s`,
    `${calls} calls of the PBX: ${lost.length} lost, ${doubled.length} doubled, ${wrong.length} recorded wrongly`,
    `the session with the PBX ended ${disconnects} times but for the starts of the script`,
    `both processes had a processor for ${Math.round(leastShare * 100)} % of the time that they wanted one, under the unluckiest attack`,
    `resident memory: ${before} MB before the attacks, ${after} MB after`,
  ].join('\n')
}

function cells({ point, name, tried, metricsMs, loopStopMs, eventLagMs, memoryMb, lost, verdict }: Row): string[] {
  return [
    ...[String(point), name, tried, `${metricsMs.toLocaleString('en-US')} ms`],
    ...[loopStopMs === null ? '-' : `${loopStopMs.toLocaleString('en-US')} ms`, lagOf(eventLagMs)],
    ...[`${memoryMb} MB`, String(lost ?? 0), verdict],
  ]
}

function lagOf(ms: number | null): string {
  if (ms === null || ms === 0) {
    return '-'
  }
  return ms === Number.POSITIVE_INFINITY ? '> 30 s' : `≤ ${ms.toLocaleString('en-US')} ms`
}
