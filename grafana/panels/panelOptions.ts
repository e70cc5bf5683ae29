// Options that all kinds of panels share: title, unit, thresholds, colours, links.
//
// A panel without a description or a unit does not compile. Colours are Grafana's own names, which suit both themes, except for
// the grey of unknown values, for which Grafana has no name.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  type DashboardLink,
  DashboardLinkBuilder,
  type DynamicConfigValue,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard'

/** The units that the boards use: Grafana's names, and three of this file. */
export type Unit =
  | 'none'
  | 'short'
  | 's'
  | 'dtdurations'
  | 'clock'
  | 'minutes'
  | 'percentunit'
  | 'bytes'
  | 'cps'
  | 'mos'
  | 'dateTimeAsIso'
  | 'string'

/** Title, meaning of the values, and their unit. */
export interface PanelOptions {
  readonly title: string
  readonly description: string
  readonly unit: Unit
}

// Suffixes, and hours:minutes:seconds for the columns of a table. Bars of seconds would have the ticks `1 hours`, `1 hours`, `2 hours`.
const OWN_UNITS: Partial<Readonly<Record<Unit, string>>> = { mos: 'suffix:MOS', minutes: 'suffix:min', clock: 'dthms' }

/** The unit as Grafana writes it. */
export function grafanaUnit(unit: Unit): string {
  return OWN_UNITS[unit] ?? unit
}

/** Decimals of a value. A duration in words needs one for its second part: `2 minutes, 30 seconds`. */
export function decimalsOf({
  unit,
  decimals,
}: {
  readonly unit: Unit
  readonly decimals?: number
}): number | undefined {
  return decimals ?? (unit === 'dtdurations' ? 1 : undefined)
}

/** Text and colours of an unknown value, which is never green, orange or red. Filled tiles need a darker grey. */
export const UNKNOWN = { text: '–', color: 'text', filled: '#5f6670' } as const

/** Thresholds: the base colour, then the values from which on another colour applies. */
export type Steps = readonly [first: string, ...rest: (readonly [from: number, color: string])[]]

/** Green, from `warning` on orange, from `critical` on red. */
export function higherIsWorse({ warning, critical }: { readonly warning: number; readonly critical?: number }): Steps {
  const steps: Steps = ['green', [warning, 'orange']]
  return critical === undefined ? steps : [...steps, [critical, 'red']]
}

/** Red, from `critical` on orange, from `warning` on green. */
export function lowerIsWorse({ warning, critical }: { readonly warning: number; readonly critical?: number }): Steps {
  return critical === undefined ? ['orange', [warning, 'green']] : ['red', [critical, 'orange'], [warning, 'green']]
}

/** The thresholds for Grafana. Throws unless values ascend: Grafana ignores a step that is out of order. */
export function thresholds([first, ...rest]: Steps): ThresholdsConfigBuilder {
  const descends = rest.find(([value], index) => value <= (rest[index - 1]?.[0] ?? Number.NEGATIVE_INFINITY))
  if (descends !== undefined) {
    throw new Error(`the step ${descends.join(' ')} does not ascend`)
  }
  const steps: Threshold[] = [{ value: null, color: first }, ...rest.map(([value, color]) => ({ value, color }))]
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps)
}

/** The colour of values that are neither good nor bad. */
export const PLAIN: Steps = ['blue']

/** Properties of an override that gives a series a fixed colour. */
export function fixedColor(color: string): DynamicConfigValue[] {
  return [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }]
}

/** The value of a label as text: `no answer`, `wrap-up`. */
export function spoken(value: string): string {
  return value === 'wrapup' ? 'wrap-up' : value.replaceAll('_', ' ')
}

/** Overrides that give each named series its colour, and its display name as text. */
export function paintedByName(
  colors: Readonly<Record<string, string>>,
): readonly (readonly [name: string, looks: DynamicConfigValue[]])[] {
  return Object.entries(colors).map(([name, color]) => [
    name,
    [...fixedColor(color), ...(spoken(name) === name ? [] : [{ id: 'displayName', value: spoken(name) }])],
  ])
}

/** A link: its text and its address. */
export interface Link {
  readonly title: string
  readonly url: string
}

/** An override that adds a data link to each value. The SDK's links have fields that data links do not have. */
export function clickable({ title, url }: Link): [regexp: string, looks: DynamicConfigValue[]] {
  return ['/.*/', [{ id: 'links', value: [{ title, url }] }]]
}

/** A link of a panel. Grafana replaces its variables when it is followed. */
export function link(title: string, url: string): Builder<DashboardLink> {
  return new DashboardLinkBuilder(title).url(url)
}
