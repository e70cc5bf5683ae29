// A row for each value of one label, a column for each question.
//
// The questions are asked once and joined by their labels. Labels that the table does not name are left out.

import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common'
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard'
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table'
import { PROMETHEUS } from '../dataSource.ts'
import { refIdOf, rows } from '../query.ts'
import { type Face, grafanaUnit, type Steps, thresholds, type Unit } from './face.ts'
import { wordsFor } from './stat.ts'

/** A column of figures. */
export interface Column {
  readonly name: string
  readonly unit: Unit
  readonly decimals?: number
  readonly expression: string
  /** Coloured by these; plain without. */
  readonly steps?: Steps
  readonly words?: Readonly<Record<string, readonly [text: string, color: string]>>
}

export interface TableFace extends Face {
  /** Label -> heading, in the order of the columns. */
  readonly keys: Readonly<Record<string, string>>
  readonly columns: readonly Column[]
  /** Heading of the column that is sorted by, the largest first. */
  readonly sortBy: string
  /** Where a click on a key leads; its value is `${__value.raw}`. */
  readonly more?: Readonly<Record<string, { readonly title: string; readonly url: string }>>
}

/** The table. */
export function table(face: TableFace): PanelBuilder {
  const panel = new PanelBuilder()
    .title(face.title)
    .description(face.description)
    .datasource(PROMETHEUS)
    .unit(grafanaUnit(face.unit))
    .showHeader(true)
    .filterable(true)
    .noValue('–')
    .sortBy([new TableSortByFieldStateBuilder().displayName(face.sortBy).desc(true)])
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: organized(face) })
  questions(face).forEach((query, index) => {
    panel.withTarget(query.refId(refIdOf(index)))
  })
  for (const column of face.columns) panel.overrideByName(column.name, looks(column))
  for (const [heading, { title, url }] of Object.entries(face.more ?? {}))
    panel.overrideByName(heading, [{ id: 'links', value: [{ title, url }] }])
  return panel
}

function questions({ columns }: TableFace): readonly DataqueryBuilder[] {
  return columns.map(({ expression }) => rows(expression))
}

function organized({ keys, columns }: TableFace): Readonly<Record<string, unknown>> {
  const names = [
    ...Object.entries(keys),
    // With a single question Grafana calls the column `Value`.
    ...columns.map(({ name }, index) => [columns.length === 1 ? 'Value' : `Value #${refIdOf(index)}`, name] as const),
  ]
  return {
    excludeByName: { Time: true },
    indexByName: Object.fromEntries(names.map(([field], index) => [field, index])),
    renameByName: Object.fromEntries(names),
  }
}

function looks({ unit, decimals, steps, words }: Column): DynamicConfigValue[] {
  return [
    { id: 'unit', value: grafanaUnit(unit) },
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(steps === undefined ? [] : [{ id: 'thresholds', value: thresholds(steps).build() }]),
    ...(words === undefined ? [] : [{ id: 'mappings', value: [wordsFor(words)] }]),
    ...(steps === undefined && words === undefined
      ? []
      : [{ id: 'custom.cellOptions', value: { type: 'color-text' } }]),
  ]
}
