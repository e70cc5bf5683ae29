// The metric table of src/metrics/README.md and the catalogue agree, both ways: names, types, stability, labels and closed lists.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { catalogueRows, EXPORTER_TABLE, FLEET_TABLE, type MetricRow, metricTable, readmeRows } from './metricTable.ts'

const README = join(import.meta.dirname, '../../src/metrics/README.md')

const described = ({ name, type, stability, labels }: MetricRow) =>
  `${name} ${type} ${stability} {${[...labels].sort().join(', ')}}`

/** What differs between a README and the catalogue; empty when nothing does. */
function differences(readme: string, of = EXPORTER_TABLE): string[] {
  const table = readmeRows(readme, of)
  if (table === null) {
    return [`src/metrics/README.md has no table between ${of.begin} and ${of.end}`]
  }
  const known = new Map(catalogueRows(of).map((row) => [row.name, row]))
  const written = table.rows.map(described)
  const meant = [...known.values()].map(described)
  return [
    ...table.strange.map((line) => `not a row of a metric: ${line}`),
    ...written.filter((row, index) => written.indexOf(row) !== index).map((row) => `twice in README.md: ${row}`),
    ...written.filter((row) => !meant.includes(row)).map((row) => `not in the catalogue: ${row}`),
    ...meant.filter((row) => !written.includes(row)).map((row) => `not in README.md: ${row}`),
    ...table.rows.flatMap(({ name, values }) =>
      [...values]
        .filter(([label, list]) => known.get(name)?.values.get(label) !== list)
        .map(([label, list]) => `${name}: ${label} has not the values ${list}`),
    ),
  ]
}

test('src/metrics/README.md describes the metrics that there are', () => {
  const readme = readFileSync(README, 'utf8')
  expect(differences(readme)).toEqual([])
  expect(differences(readme, FLEET_TABLE)).toEqual([])
  expect(catalogueRows(FLEET_TABLE).length).toBeGreaterThan(3)
})

test('the table made from the catalogue has no difference, and each kind of change is one', () => {
  const table = metricTable(EXPORTER_TABLE)
  expect(differences(`# Title\n\n${table}\nmore`)).toEqual([])
  const changes: [string | RegExp, string][] = [
    ['`asterisk_up`', '`asterisk_down`'],
    ['`asterisk_calls_total` | counter', '`asterisk_calls_total` | gauge'],
    ['`asterisk_calls_total` | counter | stable', '`asterisk_calls_total` | counter | experimental'],
    ['`queue`, `outcome`', '`outcome`'],
    ['rx tx', 'rx'],
    [/^\| `asterisk_leg_mos`.*\n/m, ''],
    [EXPORTER_TABLE.end, `plain words\n${EXPORTER_TABLE.end}`],
    [EXPORTER_TABLE.begin, ''],
  ]
  for (const [from, to] of changes) {
    expect(table.replace(from, to)).not.toBe(table)
    expect(differences(table.replace(from, to)), String(from)).not.toEqual([])
  }
})
