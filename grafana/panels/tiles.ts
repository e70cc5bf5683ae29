// Tiles: a stat panel whose values have each their own name, thresholds and size, for reading from a distance.
//
// A tile is always in its place; an unknown value is a dash on grey.

import { VizOrientation } from '@grafana/grafana-foundation-sdk/common'
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard'
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { instant } from '../targets.ts'
import { type Link, type Steps, thresholds, UNKNOWN } from './panelOptions.ts'
import { stat } from './stat.ts'

/** Fill colours: dark while all is well, bright when something is wrong. */
export const TILE = { good: 'dark-green', look: 'dark-orange', bad: 'semi-dark-red', plain: 'dark-blue' } as const

// Neither good nor bad.
const CALM: Steps = [TILE.plain]

/** One tile. */
export interface Tile {
  readonly name: string
  readonly expression: string
  /** Thresholds; default: neither good nor bad. */
  readonly steps?: Steps
  /** Further properties of the tile's override. */
  readonly looks?: readonly DynamicConfigValue[]
  /** Alternatives: the first whose expression has a result replaces the tile's own value. */
  readonly cases?: readonly TileCase[]
}

/** An alternative value of a tile. `more` follows the tile's name in the series name, so that an override can match it. */
export interface TileCase {
  readonly more: string
  readonly expression: string
  readonly steps: Steps
  readonly looks?: readonly DynamicConfigValue[]
}

/** The tile's own value in the given colour if `when` has a result: for a colour that the value alone does not decide. */
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
  /** One below the other rather than side by side. */
  readonly stacked?: boolean
  /** Pixels of names and values. */
  readonly size: { readonly title: number; readonly value: number }
  /** Coloured text without a filled background, for additional information. */
  readonly quiet?: boolean
  /** Time range of this panel in Grafana's notation. */
  readonly span?: string
  readonly more: Link
  readonly click?: Link
}

/** A panel of tiles. */
export function tiles(
  { stacked = false, size, quiet = false, ...options }: TilesOptions,
  ...all: readonly Tile[]
): PanelBuilder {
  const panel = stat(
    { ...options, unit: 'none', decimals: 0, filled: !quiet, named: true, text: size },
    ...all.map(({ name, ...tile }) => instant(query(tile), tile.cases ? `${name}{{more}}` : name)),
  ).orientation(stacked ? VizOrientation.Horizontal : VizOrientation.Vertical)
  for (const { name, steps = CALM, looks = [], cases = [] } of all) {
    panel.overrideByName(name, [...looks, colored(steps)])
    for (const one of cases) {
      panel.overrideByName(name + one.more, [...(one.looks ?? []), colored(one.steps)])
    }
  }
  return panel
}

// The first expression with a result; if there is none, NaN, which Grafana shows as unknown.
function query({ expression, cases = [] }: Pick<Tile, 'expression' | 'cases'>): string {
  const special = cases.map(({ more, expression }) => `label_replace((${expression}), "more", "${more}", "more", "")`)
  return [...special, expression, 'vector(0 / 0)'].join(' or on () ')
}

function colored(steps: Steps): DynamicConfigValue {
  return { id: 'thresholds', value: thresholds(steps).build() }
}

/** The fill colour of an unknown value. */
export const UNKNOWN_TILE = UNKNOWN.filled
