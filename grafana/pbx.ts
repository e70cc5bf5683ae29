// The PBX in the names of series: two queues, trunks or phones of different PBXs may have the same name.
//
// With a single PBX, names do not contain it. PBXs of sites are named with their site, because two may have one instance.

import { CATALOGUE } from '../src/metrics/catalogue/catalogue.ts'
import { grouping, SITE, series } from './promql.ts'

// 1 for each exporter of the time range, connected and scraped now or not, so that names do not change along a line.
const EACH = `(max_over_time(${series(CATALOGUE.up)}[$__range] @ end()) >= bool 0)`

const EXPORTER = grouping('on', ['job', 'instance'])

/** The end of a legend's name: the PBX, or nothing. */
export const OF_PBX = '{{of}}'

/** Adds the label for `OF_PBX` to an expression with the labels job and instance. */
export function ofPbx(expression: string): string {
  // Without a site, the joined labels end in a space.
  const joined = `label_join(${EACH}, "of", " ", "instance", "${SITE}")`
  const several = `label_replace(${joined}, "of", " · $1", "of", "(.+?) ?") and on () count(${EACH}) > 1`
  return `(${expression}) * ${EXPORTER} group_left (of) (${several} or ${EXPORTER} ${EACH})`
}
