// Figures that belong together, each a tile with its own name, verdict and colour: what is read from across a room.
//
// A tile stays where it is: of what is not known it says a dash, on grey. Names are large, so that no figure needs its heading.

import { VizOrientation } from '@grafana/grafana-foundation-sdk/common'
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard'
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { instant } from '../targets.ts'
import { type Steps, thresholds, UNKNOWN, type Way } from './panelOptions.ts'
import { stat } from './stat.ts'

/** The colours of verdicts: a calm wall is dark, what is wrong is bright. */
export const TILE = { good: 'dark-green', look: 'dark-orange', bad: 'semi-dark-red', plain: 'dark-blue' } as const

// No good and no bad.
const CALM: Steps = [TILE.plain]

/** One figure. */
export interface Tile {
  readonly name: string
  readonly expression: string
  /** The steps that colour it; without them it has no verdict. */
  readonly steps?: Steps
  readonly looks?: readonly DynamicConfigValue[]
  /** What it is instead, the first whose expression has an answer. */
  readonly cases?: readonly TileCase[]
}

/** A figure in a case: `more` follows the tile's name, so that Grafana can tell it. */
export interface TileCase {
  readonly more: string
  readonly expression: string
  readonly steps: Steps
  readonly looks?: readonly DynamicConfigValue[]
}

/** The tile's own figure where that is so, in that colour: a verdict that the figure alone does not give. */
export function judged({ name, expression, looks = [] }: Tile, color: string, when: string): TileCase {
  const sameName: DynamicConfigValue = { id: 'displayName', value: name }
  return {
    more: ` (${color})`,
    expression: `(${expression}) and on () (${when})`,
    steps: [color],
    looks: [...looks, sameName],
  }
}

export interface TilesOptions {
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
  { stacked = false, size, quiet = false, ...options }: TilesOptions,
  ...figures: readonly Tile[]
): PanelBuilder {
  const panel = stat(
    { ...options, unit: 'none', decimals: 0, filled: !quiet, named: true, text: size },
    ...figures.map(({ name, ...figure }) => instant(question(figure), figure.cases ? `${name}{{more}}` : name)),
  ).orientation(stacked ? VizOrientation.Horizontal : VizOrientation.Vertical)
  for (const { name, steps = CALM, looks = [], cases = [] } of figures) {
    panel.overrideByName(name, [...looks, colored(steps)])
    for (const one of cases) {
      panel.overrideByName(name + one.more, [...(one.looks ?? []), colored(one.steps)])
    }
  }
  return panel
}

// The first that has an answer; at last what is not a number, so that Grafana says what it says of nothing.
function question({ expression, cases = [] }: Pick<Tile, 'expression' | 'cases'>): string {
  const special = cases.map(({ more, expression }) => `label_replace((${expression}), "more", "${more}", "more", "")`)
  return [...special, expression, 'vector(0 / 0)'].join(' or on () ')
}

function colored(steps: Steps): DynamicConfigValue {
  return { id: 'thresholds', value: thresholds(steps).build() }
}

/** What is not known, of a tile that says so itself. */
export const UNKNOWN_TILE = UNKNOWN.filled
