// Conditions under which a value is known: the exporter is connected, there are enough calls, rules are evaluated.
//
// Otherwise the expression has no result, and the panel shows a dash. Never a 0 for an unknown value.

import { CATALOGUE } from '../src/metrics/catalogue/catalogue.ts'
import { SCRAPE } from './otherMetrics.ts'
import { alerting, ENOUGH, grouping, series } from './promql.ts'
import { RECORDINGS, recorded } from './recordings.ts'

const DASH = '–'
const IN_SYNC = series(CATALOGUE.up)
const EXPORTER = grouping('on', ['job', 'instance'])

/**
 * The current values of the exporters that are scraped and in sync with Asterisk. `expression` has the labels job and instance;
 * aggregate the result, so that of two PBXs the known one is shown.
 */
export function known(expression: string): string {
  return `${expression} and ${EXPORTER} ${IN_SYNC} == 1`
}

/** An expression without the label instance, while at least one exporter is in sync. */
export function whileInSync(expression: string): string {
  return `${expression} and on () ${IN_SYNC} == 1`
}

/**
 * A count. A 0 is shown only while an exporter is in sync: a disconnected one counts nothing. `count` may have any labels.
 */
export function counted(count: string): string {
  // The bound is -1 while an exporter is in sync, and 0 otherwise.
  return `${count} > on () group_left () (-max(${IN_SYNC}) or vector(0))`
}

/** An expression with the labels job and instance, while the exporter knows the agents of a queue. */
export function whileStaffed(expression: string): string {
  return `${expression} and ${EXPORTER} ${series(CATALOGUE.queueAgents)}`
}

/** Values about the exporter itself, of the exporters that are scraped; they are known without a session too. */
export function ofScraped(count: string): string {
  return `${count} and ${grouping('on', ['instance'])} ${series(SCRAPE.up)} == 1`
}

/** The expression, or a dash in the label: a stat that shows only the name is empty if there is no series. */
export function orDash(expression: string, label: string): string {
  return `${expression} or on () label_replace(vector(0) / 0, "${label}", "${DASH}", "", "")`
}

/** A ratio, if its denominator is large enough. `on`: the common labels, if the labels differ. */
export function fromEnough(ratio: string, whole: string, on?: readonly string[]): string {
  return `${ratio} and ${on === undefined ? '' : `${grouping('on', on)} `}${whole} >= ${ENOUGH}`
}

/** The share of a count, if the whole is large enough; for sums over all PBXs, which are not recorded. At most 1, as `share`. */
export function shareOfEnough(part: string, whole: string): string {
  return `clamp_max(${part} / (${whole} >= ${ENOUGH}), 1)`
}

/** 0 while rules are evaluated and none of the alerts fires; otherwise no result. `named`: a regular expression for names. */
export function quiet(named: string): string {
  return `0 * count(${recorded(RECORDINGS.seen, '6h')}) unless on () ${alerting(named)}`
}
