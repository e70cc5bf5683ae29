// The metric tables of src/metrics/README.md, of an exporter and of a fleet, made from the catalogue, and read back from a README.
//
// Run by itself it prints both tables: node test/contract/metricTable.ts
// A label's closed list is spelled out unless it is the one that was last spelled out for that label; others are named only.

import { catalogueEntries } from '../../src/metrics/catalogue/catalogue.ts'
import type { MetricEntry, OwnMetric } from '../../src/metrics/catalogue/entry.ts'
import { FLEET_CATALOGUE } from '../../src/metrics/catalogue/fleet.ts'

/** A table: what is around it, and what is in it. */
export interface MetricTable {
  readonly begin: string
  readonly end: string
  readonly entries: readonly OwnMetric[]
}

export const EXPORTER_TABLE: MetricTable = {
  begin: '<!-- metrics:begin -->',
  end: '<!-- metrics:end -->',
  entries: catalogueEntries().map(([, entry]) => entry),
}

export const FLEET_TABLE: MetricTable = {
  begin: '<!-- fleet-metrics:begin -->',
  end: '<!-- fleet-metrics:end -->',
  entries: FLEET_CATALOGUE,
}

/** One metric as the README and the catalogue can be compared. `values`: label -> its closed list, where spelled out. */
export interface MetricRow {
  readonly name: string
  readonly type: string
  readonly stability: string
  readonly labels: readonly string[]
  readonly values: ReadonlyMap<string, string>
}

/** What the catalogue says. */
export function catalogueRows({ entries }: MetricTable): readonly MetricRow[] {
  return entries.map(({ name, type, stability, labels }) => ({
    name,
    type,
    stability,
    labels: Object.keys(labels),
    values: new Map(
      Object.entries(labels).flatMap(([label, values]) =>
        typeof values === 'string' ? [] : [[label, values.join(' ')] as const],
      ),
    ),
  }))
}

/** The rows between the two markers; null without markers. A line that is no row of a metric is reported as such. */
export function readmeRows(
  readme: string,
  table: MetricTable,
): { readonly rows: readonly MetricRow[]; readonly strange: string[] } | null {
  const begin = readme.indexOf(table.begin)
  const end = readme.indexOf(table.end)
  if (begin < 0 || end < begin) {
    return null
  }
  const rows: MetricRow[] = []
  const strange: string[] = []
  for (const line of readme.slice(begin + table.begin.length, end).split('\n')) {
    if (line.trim() === '' || /^\| *(name|-+) *\|/.test(line)) {
      continue
    }
    const row = parseRow(line)
    if (row === null) {
      strange.push(line)
    } else {
      rows.push(row)
    }
  }
  return { rows, strange }
}

function parseRow(line: string): MetricRow | null {
  const [, nameCell, type, stability, labelsCell, meaning] = line.split(' | ').length === 5 ? splitCells(line) : []
  const name = /^`([a-z0-9_]+)`$/.exec(nameCell ?? '')?.[1]
  if (name === undefined || type === undefined || stability === undefined || labelsCell === undefined || !meaning) {
    return null
  }
  const labels = labelsCell === '-' ? [] : labelsCell.split(', ').map((cell) => cell.split('='))
  return {
    name,
    type,
    stability,
    labels: labels.map(([label = '']) => label.replaceAll('`', '')),
    values: new Map(
      labels.flatMap(([label = '', values]) =>
        values === undefined ? [] : [[label.replaceAll('`', ''), values.replaceAll('`', '')] as const],
      ),
    ),
  }
}

function splitCells(line: string): string[] {
  return line.split('|').map((cell) => cell.trim())
}

/** The table as Markdown, markers included. */
export function metricTable({ begin, end, entries }: MetricTable): string {
  const spelled = new Map<string, string>()
  const rows = entries.map((entry) => {
    const { name, type, stability, help } = entry
    return `| \`${name}\` | ${type} | ${stability} | ${labelsCell(entry, spelled)} | ${help} |`
  })
  return [begin, '| name | type | stability | labels | meaning |', '|---|---|---|---|---|', ...rows, end, ''].join('\n')
}

function labelsCell({ labels }: MetricEntry, spelled: Map<string, string>): string {
  const cells = Object.entries(labels).map(([label, values]) => {
    if (typeof values === 'string') {
      return `\`${label}\``
    }
    const list = values.join(' ')
    if (spelled.get(label) === list) {
      return `\`${label}\``
    }
    spelled.set(label, list)
    return `\`${label}\`=\`${list}\``
  })
  return cells.length === 0 ? '-' : cells.join(', ')
}

if (import.meta.main) {
  process.stdout.write([EXPORTER_TABLE, FLEET_TABLE].map(metricTable).join('\n'))
}
