// What every drawing of a panel is given.
//
// Types, and the one place where a panel's options are taken for those of its kind.

import type { DataFrame, FieldConfigSource, GrafanaTheme2, TimeRange } from '@grafana/data'
import type { Panel } from '../boardJson.ts'

/** Something marked on every graph, from when to when in epoch milliseconds. */
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

/** The options of a panel; that they are of that kind is what test/unit/grafana/schema.test.ts holds. */
export function optionsOf<Options>({ options }: Panel): Options {
  return options as Options
}
