// Properties of all drawings of panels.
//
// Types, and the only place where a panel's options are cast to those of its kind.

import type { DataFrame, FieldConfigSource, GrafanaTheme2, TimeRange } from '@grafana/data'
import type { Panel } from '../boardJson.ts'

/** A mark on every graph, from and to in epoch milliseconds. */
export interface Mark {
  readonly from: number
  readonly to: number
  readonly color: string
}

export interface VizProps {
  readonly panel: Panel
  readonly frames: DataFrame[]
  readonly fieldConfig: FieldConfigSource
  readonly width: number
  readonly height: number
  readonly range: TimeRange
  readonly theme: GrafanaTheme2
  readonly marks: readonly Mark[]
}

/** The options of a panel; test/unit/grafana/schema.test.ts checks their types. */
export function optionsOf<Options>({ options }: Panel): Options {
  return options as Options
}
