// One figure, large enough to be read across a room.
//
// Its colour is the verdict: a threshold, or plain. No trend is drawn behind a figure that is asked for once.

import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { MappingType, SpecialValueMatch, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PROMETHEUS } from '../dataSource.ts'
import { refIdOf } from '../query.ts'
import { type Face, grafanaUnit, link, PLAIN, type Steps, thresholds } from './face.ts'

export interface StatFace extends Face {
  readonly steps?: Steps
  readonly decimals?: number
  /** What values are called: text and colour. */
  readonly words?: Readonly<Record<string, readonly [text: string, color: string]>>
  /** What is said when there is nothing to tell. */
  readonly none?: string
  /** Fill the whole panel with the colour. */
  readonly filled?: boolean
  /** The names of several figures beside them. */
  readonly named?: boolean
  /** The board that tells more: its address. */
  readonly more?: { readonly title: string; readonly url: string }
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
    .textMode(face.named === true ? BigValueTextMode.ValueAndName : BigValueTextMode.Value)
    .noValue(face.none ?? '–')
  queries.forEach((query, index) => {
    panel.withTarget(query.refId(refIdOf(index)))
  })
  if (face.decimals !== undefined) panel.decimals(face.decimals)
  if (face.more !== undefined) panel.links([link(face.more.title, face.more.url)])
  if (face.span !== undefined) panel.timeFrom(face.span)
  return panel
}

function mappings({ words, none = '–' }: StatFace): ValueMapping[] {
  const nothing: ValueMapping = {
    type: MappingType.SpecialValue,
    options: { match: SpecialValueMatch.NullAndNan, result: { text: none, color: 'text' } },
  }
  return words === undefined ? [nothing] : [wordsFor(words), nothing]
}

/** Values that are words to the reader. */
export function wordsFor(words: Readonly<Record<string, readonly [text: string, color: string]>>): ValueMapping {
  const options = Object.entries(words).map(([value, [text, color]], index) => [value, { text, color, index }] as const)
  return { type: MappingType.ValueToText, options: Object.fromEntries(options) }
}
