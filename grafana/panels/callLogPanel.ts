// Panels that ask the exporter's JSON API, through Grafana's plugin Infinity.
//
// Only these need a plugin. Never a host: the data source has it, so that only what it allows can be asked.
// Source: the plugin's query editor (type json, parser backend); the API's own document, /api/openapi.json.

import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table'
import { CALL_LOG } from '../dataSource.ts'
import {
  decimalsOf,
  grafanaUnit,
  type PanelOptions,
  PLAIN,
  type Steps,
  spoken,
  thresholds,
  UNKNOWN,
  type Unit,
  type Way,
} from './panelOptions.ts'
import { nothingAs } from './stat.ts'

/** What is asked: a path below the data source, with its parameters; where the rows are in the answer. */
export interface Question {
  readonly path: string
  readonly parameters: Readonly<Record<string, string>>
  /** The field of the answer that has the rows; '' when the answer is the row. */
  readonly rows: string
}

/** A field of each row. */
export interface Field {
  readonly field: string
  readonly heading: string
  readonly type: 'string' | 'number' | 'timestamp'
  readonly unit?: Unit
  readonly width?: number
  /** Only there for the links of others. */
  readonly hidden?: boolean
  readonly colors?: Readonly<Record<string, string>>
  /** A click on the value leads there. */
  readonly link?: Way
}

/** A row for each of what the API tells. */
export function apiTable(options: PanelOptions, question: Question, fields: readonly Field[]): TablePanel {
  const panel = new TablePanel()
    .title(options.title)
    .description(options.description)
    .datasource(CALL_LOG)
    .unit(grafanaUnit(options.unit))
    .showHeader(true)
    .filterable(true)
    .noValue(UNKNOWN.text)
    .withTarget(asked(question, fields))
  for (const field of fields) {
    panel.overrideByName(field.heading, looksOf(field))
  }
  return panel
}

/** One figure that the API tells. */
export function apiStat(
  options: PanelOptions & { readonly decimals?: number; readonly steps?: Steps },
  question: Question,
  field: string,
): StatPanel {
  const panel = new StatPanel()
    .title(options.title)
    .description(options.description)
    .datasource(CALL_LOG)
    .unit(grafanaUnit(options.unit))
    .thresholds(thresholds(options.steps ?? PLAIN))
    .mappings([nothingAs()])
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(`/^${options.title}$/`))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.Auto)
    .wideLayout(false)
    .noValue(UNKNOWN.text)
    .withTarget(asked(question, [{ field, heading: options.title, type: 'number' }]))
  const decimals = decimalsOf(options)
  return decimals === undefined ? panel : panel.decimals(decimals)
}

/** Pixels of a column that takes what is left; Grafana's own least is too wide for a laptop. */
const LEAST = 95

// The first is for Grafana 11, the second for its table since 12.
const HIDDEN: readonly DynamicConfigValue[] = [
  { id: 'custom.hidden', value: true },
  { id: 'custom.hideFrom', value: { viz: true, legend: false, tooltip: false } },
]

function looksOf({ unit, width, hidden = false, colors, link }: Field): DynamicConfigValue[] {
  return [
    ...(unit === undefined ? [] : [{ id: 'unit', value: grafanaUnit(unit) }]),
    ...(unit === 'dtdurations' ? [{ id: 'decimals', value: 1 }] : []),
    width === undefined ? { id: 'custom.minWidth', value: LEAST } : { id: 'custom.width', value: width },
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
    { id: 'mappings', value: [{ type: 'value', options }] },
    { id: 'custom.cellOptions', value: { type: 'color-text' } },
  ]
}

// The library has no builder for plugins that are not part of Grafana.
function asked({ path, parameters, rows }: Question, fields: readonly Field[]): Builder<Dataquery> {
  const query = {
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
  return { build: () => ({ ...query, _implementsDataqueryVariant: () => undefined }) }
}
