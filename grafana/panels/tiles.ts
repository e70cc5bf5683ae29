// Figures that belong together, each a tile with its own name, verdict and colour: what is read from across a room.
//
// A tile stays where it is: of what is not known it says a dash, on grey. Names are large, so that no figure needs its heading.

import { VizOrientation } from '@grafana/grafana-foundation-sdk/common'
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard'
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { instant, refIdOf } from '../query.ts'
import { painted, type Steps, thresholds, UNKNOWN, type Way } from './face.ts'
import { stat } from './stat.ts'

/** The colours of verdicts: a calm wall is dark, what is wrong is bright. */
export const TILE = { good: 'dark-green', look: 'dark-orange', bad: 'semi-dark-red', plain: 'dark-blue' } as const

/** One figure. */
export interface Tile {
  readonly name: string
  readonly expression: string
  /** What it is painted; without, it has no good and no bad. */
  readonly steps?: Steps
  /** A verdict that the figure alone does not give: the expression has an answer where it is so. The worst comes first. */
  readonly verdicts?: readonly (readonly [color: string, when: string])[]
  readonly looks?: readonly DynamicConfigValue[]
  /** Whether it is only there when there is something to say. */
  readonly mayGo?: boolean
}

export interface TilesFace {
  readonly title: string
  readonly description: string
  /** Below each other rather than side by side. */
  readonly stacked?: boolean
  /** Pixels of the names, and of the figures: a size that fits all would cut the name of one that is short. */
  readonly size: { readonly title: number; readonly value: number }
  /** Figures in colour on the board's ground: for what is only good to know. */
  readonly quiet?: boolean
  /** Grafana's word for a span of its own. */
  readonly span?: string
  readonly more: Way
  readonly click?: Way
}

/** A panel of them. */
export function tiles(
  { stacked = false, size, quiet = false, ...face }: TilesFace,
  ...figures: readonly Tile[]
): PanelBuilder {
  const asked = figures.flatMap(questions)
  const panel = stat(
    { ...face, unit: 'short', decimals: 0, filled: !quiet, named: true, text: size },
    ...asked.map(({ name, expression }) => instant(expression, name)),
  )
    .orientation(stacked ? VizOrientation.Horizontal : VizOrientation.Vertical)
    // The name above the figure, always: it would go beside it where the tile is flat.
    .wideLayout(false)
  asked.forEach(({ looks }, index) => {
    panel.overrideByQuery(refIdOf(index), looks)
  })
  return panel
}

interface Asked {
  readonly name: string
  readonly expression: string
  readonly looks: DynamicConfigValue[]
}

// One question for each colour that the figure can have: only one of them has an answer at a time.
function questions({ name, expression, steps, verdicts = [], looks = [], mayGo = false }: Tile): readonly Asked[] {
  const worse = (index: number) => verdicts.slice(0, index).map(([, when]) => ` unless on () (${when})`)
  const judged = verdicts.map(([color, when], index) => ({
    name,
    expression: `(${expression}) and on () (${when})${worse(index).join('')}`,
    looks: [...looks, ...painted(color)],
  }))
  const rest = verdicts.length === 0 ? expression : `(${expression})${worse(verdicts.length).join('')}`
  // Not a number, so that Grafana says what it says of nothing.
  const unknown = `vector(0 / 0)${verdicts.length === 0 ? '' : ` unless on () (${expression})`}`
  return [
    ...judged,
    {
      name,
      expression: mayGo ? rest : `${rest} or on () ${verdicts.length === 0 ? unknown : `(${unknown})`}`,
      looks: [...looks, { id: 'thresholds', value: thresholds(steps ?? [TILE.plain]).build() }],
    },
  ]
}

/** What is not known, of a tile that says so itself. */
export const UNKNOWN_TILE = UNKNOWN.filled
