// A row for each value of one label, a column for each question.
//
// The questions are asked once and joined by their labels. Labels that the table does not name are left out.

import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common'
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard'
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table'
import { PROMETHEUS } from '../dataSource.ts'
import { refIdOf, rows } from '../targets.ts'
import {
  decimalsOf,
  grafanaUnit,
  type PanelOptions,
  type Steps,
  thresholds,
  UNKNOWN,
  type Unit,
  type Way,
} from './panelOptions.ts'
import { nothingAs, wordsFor } from './stat.ts'

/** A column of figures. */
export interface Column {
  readonly name: string
  readonly unit: Unit
  readonly decimals?: number
  readonly expression: string
  /** Coloured by these; plain without. */
  readonly steps?: Steps
  readonly words?: Readonly<Record<string, readonly [text: string, color: string]>>
  readonly width?: number
  /** A click on the figure leads there; the row's key is `${__data.fields.<its heading>}`. */
  readonly click?: Way
}

export interface TableOptions extends PanelOptions {
  /** Label -> heading, in the order of the columns. */
  readonly keys: Readonly<Record<string, string>>
  readonly columns: readonly Column[]
  /** Heading of the column that is sorted by, the largest first. */
  readonly sortBy: string
  /** Where a click on a key leads; its value is `${__value.raw}`. */
  readonly more?: Readonly<Record<string, Way>>
}

/** The table. */
export function table(options: TableOptions): PanelBuilder {
  const panel = new PanelBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(PROMETHEUS)
    .unit(grafanaUnit(options.unit))
    .showHeader(true)
    .filterable(true)
    .noValue(UNKNOWN.text)
    .sortBy([new TableSortByFieldStateBuilder().displayName(options.sortBy).desc(true)])
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: organized(options) })
  questions(options).forEach((query, index) => {
    panel.withTarget(query.refId(refIdOf(index)))
  })
  // A phone is called 1001, and not 1 K or 16.7 minutes.
  for (const heading of Object.values(options.keys)) {
    panel.overrideByName(heading, [{ id: 'unit', value: 'string' }])
  }
  for (const column of options.columns) {
    panel.overrideByName(column.name, looks(column))
  }
  for (const [heading, way] of Object.entries(options.more ?? {})) {
    panel.overrideByName(heading, [{ id: 'links', value: [way] }])
  }
  return panel
}

function questions({ columns }: TableOptions): readonly DataqueryBuilder[] {
  return columns.map(({ expression }) => rows(expression))
}

function organized({ keys, columns }: TableOptions): Readonly<Record<string, unknown>> {
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

function looks({ unit, steps, words, width, click, ...rest }: Column): DynamicConfigValue[] {
  const decimals = decimalsOf({ unit, ...rest })
  return [
    { id: 'unit', value: grafanaUnit(unit) },
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
    // Words stand where words begin.
    ...(words === undefined ? [] : [{ id: 'custom.align', value: 'left' }]),
    ...(click === undefined ? [] : [{ id: 'links', value: [click] }]),
    ...(steps === undefined ? [] : [{ id: 'thresholds', value: thresholds(steps).build() }]),
    ...(steps === undefined && words === undefined
      ? []
      : [
          { id: 'mappings', value: [...(words === undefined ? [] : [wordsFor(words)]), nothingAs()] },
          { id: 'custom.cellOptions', value: { type: 'color-text' } },
        ]),
  ]
}
