// Panels that query the exporter's JSON API through the Grafana plugin Infinity.
//
// Only these panels need a plugin. Paths only, never a host: the host is in the data source.
// Source: the plugin's query editor (type json, parser backend); the API's document, /api/openapi.json.

import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
  VizTextDisplayOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table'
import { CALL_LOG } from '../dataSource.ts'
import {
  decimalsOf,
  grafanaUnit,
  type Link,
  type PanelOptions,
  PLAIN,
  type Steps,
  spoken,
  thresholds,
  UNKNOWN,
  type Unit,
} from './panelOptions.ts'
import { unknownAs } from './stat.ts'

/** A request: a path below the data source's URL, its parameters, and where the rows are in the response. */
export interface ApiQuery {
  readonly path: string
  readonly parameters: Readonly<Record<string, string>>
  /** The field of the response that holds the rows; '' if the response itself is the only row. */
  readonly rows: string
}

/** A column of the table. */
export interface Field {
  readonly field: string
  readonly heading: string
  readonly type: 'string' | 'number' | 'timestamp'
  readonly unit?: Unit
  readonly width?: number
  /** Not shown; links of other columns use its value. */
  readonly hidden?: boolean
  readonly colors?: Readonly<Record<string, string>>
  /** Data link of each value. */
  readonly link?: Link
}

/** A table with a row for each item that the API returns. */
export function apiTable(options: PanelOptions, query: ApiQuery, fields: readonly Field[]): TablePanel {
  const panel = new TablePanel()
    .title(options.title)
    .description(options.description)
    .datasource(CALL_LOG)
    .unit(grafanaUnit(options.unit))
    .showHeader(true)
    .filterable(true)
    .noValue(UNKNOWN.text)
    .withTarget(queryOf(query, fields))
  for (const field of fields) {
    panel.overrideByName(field.heading, looksOf(field))
  }
  return panel
}

/** A stat panel with one field of the response. */
export function apiStat(
  options: PanelOptions & { readonly decimals?: number; readonly steps?: Steps },
  query: ApiQuery,
  field: string,
): StatPanel {
  const panel = new StatPanel()
    .title(options.title)
    .description(options.description)
    .datasource(CALL_LOG)
    .unit(grafanaUnit(options.unit))
    .thresholds(thresholds(options.steps ?? PLAIN))
    .mappings([unknownAs()])
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(`/^${options.title}$/`))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.Auto)
    .text(new VizTextDisplayOptionsBuilder().titleSize(14))
    .wideLayout(false)
    .noValue(UNKNOWN.text)
    .withTarget(queryOf(query, [{ field, heading: options.title, type: 'number' }]))
  const decimals = decimalsOf(options)
  return decimals === undefined ? panel : panel.decimals(decimals)
}

/** Minimum width in pixels of a column without a fixed width; Grafana's default is too wide for a laptop. */
const MIN_WIDTH = 95

// Grafana 11 reads the first, the table of Grafana 12 and later the second.
const HIDDEN: readonly DynamicConfigValue[] = [
  { id: 'custom.hidden', value: true },
  { id: 'custom.hideFrom', value: { viz: true, legend: false, tooltip: false } },
]

function looksOf({ unit, width, hidden = false, colors, link }: Field): DynamicConfigValue[] {
  return [
    ...(unit === undefined ? [] : [{ id: 'unit', value: grafanaUnit(unit) }]),
    ...(unit === 'dtdurations' ? [{ id: 'decimals', value: 1 }] : []),
    width === undefined ? { id: 'custom.minWidth', value: MIN_WIDTH } : { id: 'custom.width', value: width },
    ...(hidden ? HIDDEN : []),
    ...(link === undefined ? [] : [{ id: 'links', value: [{ ...link, targetBlank: true }] }]),
    ...(colors === undefined ? [] : colored(colors)),
  ]
}

function colored(colors: Readonly<Record<string, string>>): DynamicConfigValue[] {
  const options = Object.fromEntries(
    Object.entries(colors).map(([value, color]) => [value, { text: spoken(value), color }]),
  )
  return [
    { id: 'mappings', value: [{ type: 'value', options }, unknownAs()] },
    { id: 'custom.cellOptions', value: { type: 'color-text' } },
  ]
}

// The SDK has no builders for plugins that are not part of Grafana.
function queryOf({ path, parameters, rows }: ApiQuery, fields: readonly Field[]): Builder<Dataquery> {
  const model = {
    refId: 'A',
    datasource: CALL_LOG,
    type: 'json',
    source: 'url',
    format: 'table',
    parser: 'backend',
    url: path,
    url_options: { method: 'GET', params: Object.entries(parameters).map(([key, value]) => ({ key, value })) },
    root_selector: rows,
    columns: fields.map(({ field, heading, type }) => ({ selector: field, text: heading, type })),
    filters: [],
  }
  return { build: () => ({ ...model, _implementsDataqueryVariant: () => undefined }) }
}
