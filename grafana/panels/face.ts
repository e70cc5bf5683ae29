// What every panel tells of itself, and how a value is coloured.
//
// A panel without a description or a unit cannot be written. Colours are Grafana's own names, so that they suit both themes.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  type DashboardLink,
  DashboardLinkBuilder,
  type DynamicConfigValue,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard'

/** Grafana's names of the units that the boards use. */
export type Unit =
  | 'none'
  | 'short'
  | 's'
  | 'dtdurations'
  | 'percentunit'
  | 'bytes'
  | 'cps'
  | 'mos'
  | 'dateTimeAsIso'
  | 'string'

/** Title, what the figures mean and how they are made, and their unit. */
export interface Face {
  readonly title: string
  readonly description: string
  readonly unit: Unit
}

// Units of ours are suffixes to Grafana.
const SUFFIXES: Partial<Readonly<Record<Unit, string>>> = { mos: 'suffix: MOS' }

/** As Grafana writes the unit. */
export function grafanaUnit(unit: Unit): string {
  return SUFFIXES[unit] ?? unit
}

/** From which value on which colour holds; the first holds below all of them. */
export type Steps = readonly [first: string, ...rest: (readonly [from: number, color: string])[]]

/** Green until it is worth a look, then orange, then red. */
export function risingBad({ warning, critical }: { readonly warning: number; readonly critical?: number }): Steps {
  const steps: Steps = ['green', [warning, 'orange']]
  return critical === undefined ? steps : [...steps, [critical, 'red']]
}

/** Red until it is bearable, then orange, then green. */
export function fallingBad({ warning, critical }: { readonly warning: number; readonly critical?: number }): Steps {
  return critical === undefined ? ['orange', [warning, 'green']] : ['red', [critical, 'orange'], [warning, 'green']]
}

/** As Grafana takes them. */
export function thresholds([first, ...rest]: Steps): ThresholdsConfigBuilder {
  const steps: Threshold[] = [{ value: null, color: first }, ...rest.map(([value, color]) => ({ value, color }))]
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps)
}

/** One colour for what has no good and no bad. */
export const PLAIN: Steps = ['blue']

/** An override that paints one series. */
export function painted(color: string): DynamicConfigValue[] {
  return [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }]
}

/** A link of a panel or of a value; variables of Grafana are filled in when it is followed. */
export function link(title: string, url: string): Builder<DashboardLink> {
  return new DashboardLinkBuilder(title).url(url)
}
