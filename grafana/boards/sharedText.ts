// What several boards say in the same words: a state's names, a comparison with last week, a choice.
//
// Each of these stands for one meaning; a board that means something else says it itself.

import { DIRECTIONS } from '../../src/call/event.ts'
import { alerting } from '../promql.ts'
import { type BoardVariable, listVariable, oneOfVariable } from '../variables.ts'

/** 1 and 0 of what is up or down. */
export const DOWN: Readonly<Record<string, readonly [text: string, color: string]>> = {
  0: ['down', 'red'],
  1: ['up', 'green'],
}

/** What the values of `bySeverity` are called. */
export const SEVERITIES: Readonly<Record<string, readonly [text: string, color: string]>> = {
  1: ['for the record', 'blue'],
  2: ['warning', 'orange'],
  3: ['critical', 'red'],
}

/** The alerts that fire, each by how much it matters. `named`: a pattern of names. */
export function bySeverity(named?: string): string {
  return `${alerting(named, 'critical')} * 3 or ${alerting(named, 'urgent')} * 2 or ${alerting(named)}`
}

/** A gauge's sum, as the average of ten minutes: beside `lastWeek`. */
export function lately(gauge: string): string {
  return `sum(avg_over_time(${gauge}[10m]))`
}

/** A gauge's sum around the same time a week before: an average of ten minutes, for a single moment says little. */
export function lastWeek(gauge: string): string {
  return `sum(avg_over_time(${gauge}[10m] offset 1w))`
}

/** Some directions or all of them: `$direction`. */
export function directionVariable(directions: readonly string[] = DIRECTIONS): BoardVariable {
  return listVariable(
    { name: 'direction', label: 'Direction', description: 'Where calls come from and go to, as seen from the PBX.' },
    directions,
    // All of some are not all there are.
    directions === DIRECTIONS ? '.+' : directions.join('|'),
  )
}

/** The window of the recorded ratios: `$window`. */
export function windowVariable(windows: readonly string[], first: string): BoardVariable {
  return oneOfVariable(
    {
      name: 'window',
      label: 'Window',
      description: 'How long each ratio and average looks back: shorter is nervous, longer is late.',
    },
    windows.map((window) => ({ text: window, value: window })),
    { text: first, value: first },
  )
}
