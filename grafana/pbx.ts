// The PBX in the names of series: two queues, trunks or phones of different PBXs may have the same name.
//
// With a single PBX, names do not contain it.

import { CATALOGUE } from '../src/metrics/catalogue/catalogue.ts'
import { series } from './promql.ts'

// 1 for each exporter of the time range, connected and scraped now or not, so that names do not change along a line.
const EACH = `(max_over_time(${series(CATALOGUE.up)}[$__range] @ end()) >= bool 0)`

/** The end of a legend's name: the PBX, or nothing. */
export const OF_PBX = '{{of}}'

/** Adds the label for `OF_PBX` to an expression with the labels job and instance. */
export function ofPbx(expression: string): string {
  const several = `label_replace(${EACH}, "of", " · $1", "instance", "(.+)") and on () count(${EACH}) > 1`
  return `(${expression}) * on (job, instance) group_left (of) (${several} or on (job, instance) ${EACH})`
}
