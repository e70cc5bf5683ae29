// Stat panel: one large value, or several with their names.
//
// The colour comes from thresholds, or is plain; an unknown value is a grey dash. Values come from instant queries, so no
// trend is drawn behind them.

import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { MappingType, SpecialValueMatch, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PROMETHEUS } from '../dataSource.ts'
import { refIdOf } from '../targets.ts'
import {
  clickable,
  decimalsOf,
  grafanaUnit,
  type Link,
  link,
  type PanelOptions,
  PLAIN,
  paintedByName,
  type Steps,
  thresholds,
  UNKNOWN,
} from './panelOptions.ts'

export interface StatOptions extends PanelOptions {
  readonly steps?: Steps
  readonly decimals?: number
  /** Value mappings: value -> text and colour. */
  readonly texts?: Readonly<Record<string, readonly [text: string, color: string]>>
  /** Name of a series -> its fixed colour, in place of thresholds; shown as `spoken` returns it. */
  readonly colors?: Readonly<Record<string, string>>
  /** The text of an unknown value; default: a dash. Never a number. */
  readonly none?: string
  /** Fills the panel with the colour. */
  readonly filled?: boolean
  /** true: shows the name of a single value too. `only`: shows the name and no value, as for info metrics. */
  readonly named?: boolean | 'only'
  /** Several values, such as one of each PBX, are rows with the name beside the value: a narrow panel has no room for columns. */
  readonly rows?: boolean
  /** Pixels of names and values; default: names of 14 pixels, values as large as there is room. */
  readonly text?: { readonly title?: number; readonly value?: number }
  /** Panel link to the board with details. */
  readonly more?: Link
  /** Data link of each value; the labels of its series are `${__field.labels.…}`. */
  readonly click?: Link
  /** Time range of this panel in Grafana's notation, such as `now/d`, today so far. */
  readonly span?: string
}

/** Pixels of a name: without it, Grafana scales names with the panel, and they are cut off. */
const NAME_PIXELS = 14
const ROW_NAME_PIXELS = 12

/** A value for each series of the queries. */
export function stat(options: StatOptions, ...queries: readonly DataqueryBuilder[]): PanelBuilder {
  const panel = new PanelBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(PROMETHEUS)
    .unit(grafanaUnit(options.unit))
    .thresholds(thresholds(options.steps ?? PLAIN))
    .mappings(mappings(options))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .colorMode(options.filled === true ? BigValueColorMode.Background : BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(textMode(options))
    .orientation(options.rows === true ? VizOrientation.Horizontal : VizOrientation.Auto)
    // In columns, names are above the values: beside them, `answered 7 abandoned 2` can be read as `7 abandoned`.
    .wideLayout(options.rows === true)
    .text(textSizes({ title: options.rows === true ? ROW_NAME_PIXELS : NAME_PIXELS, ...options.text }))
    .noValue(options.none ?? UNKNOWN.text)
  queries.forEach((query, index) => {
    panel.withTarget(query.refId(refIdOf(index)))
  })
  const decimals = decimalsOf(options)
  if (decimals !== undefined) {
    panel.decimals(decimals)
  }
  if (options.more !== undefined) {
    panel.links([link(options.more.title, options.more.url)])
  }
  if (options.click !== undefined) {
    panel.overrideByRegexp(...clickable(options.click))
  }
  for (const [name, looks] of paintedByName(options.colors ?? {})) {
    panel.overrideByName(name, looks)
  }
  if (options.span !== undefined) {
    panel.timeFrom(options.span)
  }
  return panel
}

function textMode({ named = false }: StatOptions): BigValueTextMode {
  if (named === 'only') {
    return BigValueTextMode.Name
  }
  return named ? BigValueTextMode.ValueAndName : BigValueTextMode.Auto
}

function textSizes({
  title,
  value,
}: {
  readonly title: number
  readonly value?: number
}): VizTextDisplayOptionsBuilder {
  const sizes = new VizTextDisplayOptionsBuilder().titleSize(title)
  return value === undefined ? sizes : sizes.valueSize(value)
}

function mappings({ texts, none = UNKNOWN.text, filled = false }: StatOptions): ValueMapping[] {
  const unknown = unknownAs(none, filled ? UNKNOWN.filled : UNKNOWN.color)
  return texts === undefined ? [unknown] : [textsFor(texts), unknown]
}

/** Maps an unknown value to a text and a grey; without it, Grafana gives it the colour of the lowest step. */
export function unknownAs(text: string = UNKNOWN.text, color: string = UNKNOWN.color): ValueMapping {
  return {
    type: MappingType.SpecialValue,
    options: { match: SpecialValueMatch.NullAndNan, result: { text, color } },
  }
}

/** Maps values to texts and colours. */
export function textsFor(texts: Readonly<Record<string, readonly [text: string, color: string]>>): ValueMapping {
  const options = Object.entries(texts).map(([value, [text, color]], index) => [value, { text, color, index }] as const)
  return { type: MappingType.ValueToText, options: Object.fromEntries(options) }
}
