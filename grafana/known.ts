// What is known, and what only looks so: blind is not green, two calls are no ratio, and rules that do not run are no silence.
//
// A figure that nobody knows has no value, and its panel says so. Never a zero in its place.

import { CATALOGUE } from '../src/metrics/catalogue/catalogue.ts'
import { SCRAPE } from './otherMetrics.ts'
import { alerting, ENOUGH, series } from './promql.ts'
import { RECORDINGS, recorded } from './recordings.ts'

const DASH = '–'
const IN_SIGHT = series(CATALOGUE.up)

/**
 * What is so now, of those exporters that are scraped and in sync with their Asterisk. `expression`: anything that has the
 * labels job and instance; add up what comes out, so that of two PBXs the one that is known is told.
 */
export function known(expression: string): string {
  return `${expression} and on (job, instance) ${IN_SIGHT} == 1`
}

/** What has no exporter in its labels any more and is a verdict on now: while at least one exporter is in sight. */
export function whileInSight(expression: string): string {
  return `${expression} and on () ${IN_SIGHT} == 1`
}

/**
 * What was counted. Some were: it is told. None: it is told while an exporter is in sight, for who does not look counts none.
 * `count`: an expression, whatever its labels are.
 */
export function counted(count: string): string {
  // More than -1, which 0 is, while in sight; more than 0, which it is not, otherwise.
  return `${count} > on () group_left () (-max(${IN_SIGHT}) or vector(0))`
}

/** What an exporter counted of itself, of those that answer: it knows of them whether or not it hears its Asterisk. */
export function ofScraped(count: string): string {
  return `${count} and on (instance) ${series(SCRAPE.up)} == 1`
}

/** What its own label tells, or a dash: a tile that shows a name alone is empty where there is none. */
export function orDash(expression: string, label: string): string {
  return `${expression} or on () label_replace(vector(0) / 0, "${label}", "${DASH}", "", "")`
}

/** A ratio where the whole of it is enough to be believed. `on`: the labels that both have, where they have not the same. */
export function fromEnough(ratio: string, whole: string, on?: readonly string[]): string {
  return `${ratio} and ${on === undefined ? '' : `on (${on.join(', ')}) `}${whole} >= ${ENOUGH}`
}

/** A share of enough, where no record has it: counts that are added up over all PBXs. */
export function shareOfEnough(part: string, whole: string): string {
  return `${part} / (${whole} >= ${ENOUGH})`
}

/** 0 while the rules run and none of the alerts fires; nothing where none runs. `named`: a pattern of names. */
export function quiet(named: string): string {
  return `0 * count(${recorded(RECORDINGS.seen, '6h')}) unless on () ${alerting(named)}`
}
