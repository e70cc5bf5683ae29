// Table: a row for each combination of its key labels, a column for each instant query.
//
// The results are joined by their labels. Labels that are not keys of the table are not shown.

import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common'
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table'
import { PROMETHEUS } from '../dataSource.ts'
import { SITE } from '../promql.ts'
import { refIdOf, rows } from '../targets.ts'
import {
  decimalsOf,
  grafanaUnit,
  type Link,
  type PanelOptions,
  type Steps,
  thresholds,
  UNKNOWN,
  type Unit,
} from './panelOptions.ts'
import { textsFor, unknownAs } from './stat.ts'

/** A column of values. */
export interface Column {
  readonly name: string
  readonly unit: Unit
  readonly decimals?: number
  readonly expression: string
  /** Thresholds of the text's colour; default: none. */
  readonly steps?: Steps
  readonly texts?: Readonly<Record<string, readonly [text: string, color: string]>>
  readonly width?: number
  /** Data link of each value; a key of the row is `${__data.fields.<its heading>}`. */
  readonly click?: Link
}

export interface TableOptions extends PanelOptions {
  /** Key label -> heading, in the order of the columns. The site precedes the PBX, where there is one. */
  readonly keys: Readonly<Record<string, string>>
  readonly columns: readonly Column[]
  /** A last column of text: the label of an info metric. */
  readonly info?: { readonly label: string; readonly name: string; readonly expression: string }
  /** Headings of the columns to sort by, the most important first; ascending where `+` precedes the heading. */
  readonly sortBy: readonly string[]
  /** Heading of a key -> data link of its values; the value is `${__value.raw}`. */
  readonly more?: Readonly<Record<string, Link>>
  /** The text if there is no row; default: a dash. */
  readonly none?: string
}

/** Minimum width in pixels of a column without a fixed width: with Grafana's default of 150, nine columns fill a laptop. */
const MIN_WIDTH = 110

const SITE_COLUMN = { name: 'Site', width: 100 } as const

/** The table. */
export function table({ keys, ...given }: TableOptions): PanelBuilder {
  const options = { ...given, keys: withSiteColumn(keys) }
  const panel = new PanelBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(PROMETHEUS)
    .unit(grafanaUnit(options.unit))
    .showHeader(true)
    .filterable(true)
    .minWidth(MIN_WIDTH)
    .noValue(options.none ?? UNKNOWN.text)
    .sortBy(options.sortBy.map(sorted))
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: organized(options) })
  options.columns.forEach(({ expression }, index) => {
    panel.withTarget(rows(expression).refId(refIdOf(index)))
  })
  if (options.info !== undefined) {
    panel.withTarget(rows(options.info.expression).refId(refIdOf(options.columns.length)))
  }
  // The name 1001 is text, not 1 K or 16.7 minutes.
  for (const heading of [...Object.values(options.keys), ...(options.info === undefined ? [] : [options.info.name])]) {
    const width = heading === SITE_COLUMN.name ? [{ id: 'custom.width', value: SITE_COLUMN.width }] : []
    panel.overrideByName(heading, [{ id: 'unit', value: 'string' }, ...width])
  }
  for (const column of options.columns) {
    panel.overrideByName(column.name, looks(column))
  }
  for (const [heading, link] of Object.entries(options.more ?? {})) {
    panel.overrideByName(heading, [{ id: 'links', value: [link] }])
  }
  return panel
}

function withSiteColumn(keys: TableOptions['keys']): TableOptions['keys'] {
  const columns = Object.entries(keys).flatMap((key) =>
    key[0] === 'instance' ? [[SITE, SITE_COLUMN.name] as const, key] : [key],
  )
  return Object.fromEntries(columns)
}

function sorted(column: string): TableSortByFieldStateBuilder {
  const isAscending = column.startsWith('+')
  return new TableSortByFieldStateBuilder().displayName(column.replace(/^\+/, '')).desc(!isAscending)
}

function organized({ keys, columns, info }: TableOptions): Readonly<Record<string, unknown>> {
  const names = [
    ...Object.entries(keys),
    // With a single query, Grafana names the column `Value`.
    ...columns.map(({ name }, index) => [columns.length === 1 ? 'Value' : `Value #${refIdOf(index)}`, name] as const),
    ...(info === undefined ? [] : [[info.label, info.name] as const]),
  ]
  return {
    excludeByName: { Time: true, ...(info === undefined ? {} : { [`Value #${refIdOf(columns.length)}`]: true }) },
    indexByName: Object.fromEntries(names.map(([field], index) => [field, index])),
    renameByName: Object.fromEntries(names),
  }
}

function looks({ unit, steps, texts, width, click, ...rest }: Column): DynamicConfigValue[] {
  const decimals = decimalsOf({ unit, ...rest })
  return [
    { id: 'unit', value: grafanaUnit(unit) },
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
    // The filter of a number would list each number, and its icon takes the room of the heading.
    ...(texts === undefined ? [{ id: 'custom.filterable', value: false }] : []),
    // Texts are aligned to the left, unlike numbers.
    ...(texts === undefined ? [] : [{ id: 'custom.align', value: 'left' }]),
    ...(click === undefined ? [] : [{ id: 'links', value: [click] }]),
    ...(steps === undefined ? [] : [{ id: 'thresholds', value: thresholds(steps).build() }]),
    ...(steps === undefined && texts === undefined
      ? []
      : [
          { id: 'mappings', value: [...(texts === undefined ? [] : [textsFor(texts)]), unknownAs()] },
          { id: 'custom.cellOptions', value: { type: 'color-text' } },
        ]),
  ]
}
