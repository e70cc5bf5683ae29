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
import { refIdOf } from '../query.ts'
import {
  clickable,
  decimalsOf,
  type Face,
  grafanaUnit,
  link,
  PLAIN,
  paintedByName,
  type Steps,
  thresholds,
  UNKNOWN,
  type Way,
} from './face.ts'

export interface StatFace extends Face {
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
export function stat(face: StatFace, ...queries: readonly DataqueryBuilder[]): PanelBuilder {
  const panel = new PanelBuilder()
    .title(face.title)
    .description(face.description)
    .datasource(PROMETHEUS)
    .unit(grafanaUnit(face.unit))
    .thresholds(thresholds(face.steps ?? PLAIN))
    .mappings(mappings(face))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .colorMode(face.filled === true ? BigValueColorMode.Background : BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(textMode(face))
    // Beside it, a name reads as that of the figure before: `answered 7 abandoned 2`.
    .wideLayout(false)
    .noValue(face.none ?? UNKNOWN.text)
  queries.forEach((query, index) => {
    panel.withTarget(query.refId(refIdOf(index)))
  })
  const decimals = decimalsOf(face)
  if (decimals !== undefined) panel.decimals(decimals)
  if (face.text !== undefined) panel.text(textSizes(face.text))
  if (face.more !== undefined) panel.links([link(face.more.title, face.more.url)])
  if (face.click !== undefined) panel.overrideByRegexp(...clickable(face.click))
  for (const [name, looks] of paintedByName(face.colors ?? {})) panel.overrideByName(name, looks)
  if (face.span !== undefined) panel.timeFrom(face.span)
  return panel
}

function textMode({ named = false }: StatFace): BigValueTextMode {
  if (named === 'only') return BigValueTextMode.Name
  return named ? BigValueTextMode.ValueAndName : BigValueTextMode.Auto
}

function textSizes({ title, value }: NonNullable<StatFace['text']>): VizTextDisplayOptionsBuilder {
  const sizes = new VizTextDisplayOptionsBuilder()
  if (title !== undefined) sizes.titleSize(title)
  return value === undefined ? sizes : sizes.valueSize(value)
}

function mappings({ words, none = UNKNOWN.text, filled = false }: StatFace): ValueMapping[] {
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
