// One figure, large enough to be read across a room.
//
// Its colour is the verdict: a threshold, or plain; grey where nothing is known. Several figures have their names. No trend
// is drawn behind a figure that is asked for once.

import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
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
  link,
  type PanelOptions,
  PLAIN,
  paintedByName,
  type Steps,
  thresholds,
  UNKNOWN,
  type Way,
} from './panelOptions.ts'

export interface StatOptions extends PanelOptions {
  readonly steps?: Steps
  readonly decimals?: number
  /** What values are called: text and colour. */
  readonly words?: Readonly<Record<string, readonly [text: string, color: string]>>
  /** Name of a figure -> its colour, in place of the verdict; a name is said as `spoken` says it. */
  readonly colors?: Readonly<Record<string, string>>
  /** What is said when there is nothing to tell; a dash unless it is said. Never a figure: it is not known. */
  readonly none?: string
  /** Fill the whole panel with the colour. */
  readonly filled?: boolean
  /** The name beside a figure that stands alone, or `only` the name: an info metric's value tells nothing. */
  readonly named?: boolean | 'only'
  /** Pixels of the names and of the figures, where they are to be read from afar. */
  readonly text?: { readonly title?: number; readonly value?: number }
  /** The board that tells more. */
  readonly more?: Way
  /** A click on the figure leads there; its series' labels are `${__field.labels.…}`. */
  readonly click?: Way
  /** Grafana's word for a span of its own, such as `now/d`, the day so far. */
  readonly span?: string
}

/** A figure for each series of the questions. */
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
    // Beside it, a name reads as that of the figure before: `answered 7 abandoned 2`.
    .wideLayout(false)
    .noValue(options.none ?? UNKNOWN.text)
  queries.forEach((query, index) => {
    panel.withTarget(query.refId(refIdOf(index)))
  })
  const decimals = decimalsOf(options)
  if (decimals !== undefined) {
    panel.decimals(decimals)
  }
  if (options.text !== undefined) {
    panel.text(textSizes(options.text))
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

function textSizes({ title, value }: NonNullable<StatOptions['text']>): VizTextDisplayOptionsBuilder {
  const sizes = new VizTextDisplayOptionsBuilder()
  if (title !== undefined) {
    sizes.titleSize(title)
  }
  return value === undefined ? sizes : sizes.valueSize(value)
}

function mappings({ words, none = UNKNOWN.text, filled = false }: StatOptions): ValueMapping[] {
  const nothing = nothingAs(none, filled ? UNKNOWN.filled : UNKNOWN.color)
  return words === undefined ? [nothing] : [wordsFor(words), nothing]
}

/** What is said where there is no value, in a colour that is no verdict: Grafana would take that of the lowest step. */
export function nothingAs(text: string = UNKNOWN.text, color: string = UNKNOWN.color): ValueMapping {
  return {
    type: MappingType.SpecialValue,
    options: { match: SpecialValueMatch.NullAndNan, result: { text, color } },
  }
}

/** Values that are words to the reader. */
export function wordsFor(words: Readonly<Record<string, readonly [text: string, color: string]>>): ValueMapping {
  const options = Object.entries(words).map(([value, [text, color]], index) => [value, { text, color, index }] as const)
  return { type: MappingType.ValueToText, options: Object.fromEntries(options) }
}
