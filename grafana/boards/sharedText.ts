// Texts, queries and variables that several boards share.
//
// Each has one meaning; a board that means something else defines its own.

import { DIRECTIONS } from '../../src/call/event.ts'
import { alerting } from '../promql.ts'
import { type BoardVariable, listVariable, oneOfVariable } from '../variables.ts'

/** In place of what is not known of agents. */
export const NO_AGENTS = 'not known, or not asked (ARI_QUESTIONS_PER_SECOND=0)'

/** Value mappings of 1 and 0. */
export const DOWN: Readonly<Record<string, readonly [text: string, color: string]>> = {
  0: ['down', 'red'],
  1: ['up', 'green'],
}

/** Value mappings of `bySeverity`. */
export const SEVERITIES: Readonly<Record<string, readonly [text: string, color: string]>> = {
  1: ['for the record', 'blue'],
  2: ['warning', 'orange'],
  3: ['critical', 'red'],
}

/** The firing alerts with their severity as a number. `named`: a regular expression for names. */
export function bySeverity(named?: string): string {
  return `${alerting(named, 'critical')} * 3 or ${alerting(named, 'urgent')} * 2 or ${alerting(named)}`
}

/** Average of a gauge's sum over ten minutes, for a comparison with `lastWeek`. */
export function lately(gauge: string): string {
  return `sum(avg_over_time(${gauge}[10m]))`
}

/** The same a week before: an average, because a single sample varies too much. */
export function lastWeek(gauge: string): string {
  return `sum(avg_over_time(${gauge}[10m] offset 1w))`
}

/** The variable `$direction`: some or all directions. */
export function directionVariable(directions: readonly string[] = DIRECTIONS): BoardVariable {
  return listVariable(
    { name: 'direction', label: 'Direction', description: 'Direction of calls, as seen from the PBX.' },
    directions,
    // `All` of a part of the directions must not match the other ones.
    directions === DIRECTIONS ? '.+' : directions.join('|'),
  )
}

/** The variable `$window`: the window of the recorded ratios. */
export function windowVariable(windows: readonly string[], first: string): BoardVariable {
  return oneOfVariable(
    {
      name: 'window',
      label: 'Window',
      description: 'The time that each ratio and average covers: short windows vary more, long windows react later.',
    },
    windows.map((window) => ({ text: window, value: window })),
    { text: first, value: first },
  )
}
