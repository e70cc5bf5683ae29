// Whose a queue, a trunk or a phone is, where several PBXs are chosen: two of one name are not the same one.
//
// Nothing is said while there is only one PBX: its name beside each line tells nobody anything.

import { CATALOGUE } from '../src/metrics/catalogue/catalogue.ts'
import { series } from './promql.ts'

// 1 for each exporter of the span, in sight of its Asterisk or not, scraped at this moment or not: names stay while a line goes on.
const EACH = `(max_over_time(${series(CATALOGUE.up)}[$__range] @ end()) >= bool 0)`

/** For the end of a name in a legend: the PBX, or nothing. */
export const OF_PBX = '{{of}}'

/** The same with a label for `OF_PBX`. `expression`: with the labels job and instance. */
export function ofPbx(expression: string): string {
  const several = `label_replace(${EACH}, "of", " · $1", "instance", "(.+)") and on () count(${EACH}) > 1`
  return `(${expression}) * on (job, instance) group_left (of) (${several} or on (job, instance) ${EACH})`
}
