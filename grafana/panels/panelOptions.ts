// What every panel tells of itself, and how a value is coloured.
//
// A panel without a description or a unit cannot be written. Colours are Grafana's own names, so that they suit both themes;
// but for the grey of what is not known, which Grafana has no name for.

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
  | 'clock'
  | 'percentunit'
  | 'bytes'
  | 'cps'
  | 'mos'
  | 'dateTimeAsIso'
  | 'string'

/** Title, what the figures mean and how they are made, and their unit. */
export interface PanelOptions {
  readonly title: string
  readonly description: string
  readonly unit: Unit
}

// Units of ours: a suffix, and hours, minutes and seconds as a clock has them, for the columns of a table.
const OURS: Partial<Readonly<Record<Unit, string>>> = { mos: 'suffix: MOS', clock: 'dthms' }

/** As Grafana writes the unit. */
export function grafanaUnit(unit: Unit): string {
  return OURS[unit] ?? unit
}

/** The decimals that a figure has unless it says so itself: a duration in words has two of them, `2 minutes, 30 seconds`. */
export function decimalsOf({
  unit,
  decimals,
}: {
  readonly unit: Unit
  readonly decimals?: number
}): number | undefined {
  return decimals ?? (unit === 'dtdurations' ? 1 : undefined)
}

/** What stands where nothing is known, and its colour: never that of a verdict. Filled tiles need a grey of their own. */
export const UNKNOWN = { text: '–', color: 'text', filled: '#5f6670' } as const

/** From which value on which colour holds; the first holds below all of them. */
export type Steps = readonly [first: string, ...rest: (readonly [from: number, color: string])[]]

/** Green until it is worth a look, then orange, then red. */
export function higherIsWorse({ warning, critical }: { readonly warning: number; readonly critical?: number }): Steps {
  const steps: Steps = ['green', [warning, 'orange']]
  return critical === undefined ? steps : [...steps, [critical, 'red']]
}

/** Red until it is bearable, then orange, then green. */
export function lowerIsWorse({ warning, critical }: { readonly warning: number; readonly critical?: number }): Steps {
  return critical === undefined ? ['orange', [warning, 'green']] : ['red', [critical, 'orange'], [warning, 'green']]
}

/** As Grafana takes them. It stops at the first that is not reached, so that one out of order is never seen: it throws. */
export function thresholds([first, ...rest]: Steps): ThresholdsConfigBuilder {
  const descends = rest.find(([value], index) => value <= (rest[index - 1]?.[0] ?? Number.NEGATIVE_INFINITY))
  if (descends !== undefined) {
    throw new Error(`the step ${descends.join(' ')} does not ascend`)
  }
  const steps: Threshold[] = [{ value: null, color: first }, ...rest.map(([value, color]) => ({ value, color }))]
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps)
}

/** One colour for what has no good and no bad. */
export const PLAIN: Steps = ['blue']

/** An override that paints one series. */
export function fixedColor(color: string): DynamicConfigValue[] {
  return [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }]
}

/** A value of a label as the reader says it: `no answer`. */
export function spoken(value: string): string {
  return value.replaceAll('_', ' ')
}

/** Overrides that give each named series its colour, and its name the words of the reader. */
export function paintedByName(
  colors: Readonly<Record<string, string>>,
): readonly (readonly [name: string, looks: DynamicConfigValue[]])[] {
  return Object.entries(colors).map(([name, color]) => [
    name,
    [...fixedColor(color), ...(spoken(name) === name ? [] : [{ id: 'displayName', value: spoken(name) }])],
  ])
}

/** A text and where it leads. */
export interface Way {
  readonly title: string
  readonly url: string
}

/** An override that makes each figure, bar and point lead somewhere. The library's own links have fields that no value has. */
export function clickable({ title, url }: Way): [regexp: string, looks: DynamicConfigValue[]] {
  return ['/.*/', [{ id: 'links', value: [{ title, url }] }]]
}

/** A link of a panel or of a value; variables of Grafana are filled in when it is followed. */
export function link(title: string, url: string): Builder<DashboardLink> {
  return new DashboardLinkBuilder(title).url(url)
}
