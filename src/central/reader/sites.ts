// The sites that have calls, for the choices of a filter: an index lookup or two for each, whatever the number of calls.

import type { SiteEntry } from '../../query/fleetSchema.ts'
import { isoOfFormatted } from '../../time/format.ts'
import type { Reading } from './session.ts'
import { instantColumn } from './values.ts'

const MAX_SITES = 10_000

/** A loose index scan: from each site to the next one, and of each the latest call and the newest row of its log. */
export const SITES_SQL = `WITH RECURSIVE names (site, number) AS (
    SELECT min(site), 1 FROM calls
    UNION ALL
    SELECT (SELECT min(calls.site) FROM calls WHERE calls.site > names.site), number + 1
    FROM names WHERE names.site IS NOT NULL AND number < ${MAX_SITES}
  )
  SELECT names.site, latest.log_id, ${instantColumn('latest.start_time')} AS start,
    (SELECT max(id) FROM calls WHERE calls.log_id = latest.log_id) AS newest
  FROM names CROSS JOIN LATERAL (
    SELECT log_id, start_time FROM calls WHERE calls.site = names.site ORDER BY start_time DESC LIMIT 1
  ) AS latest`

interface SiteRow {
  readonly site: string
  readonly log_id: string
  readonly start: string
  readonly newest: string
}

/** By name. */
export async function readSites(db: Reading): Promise<readonly SiteEntry[]> {
  const rows = await db.rows<SiteRow>(SITES_SQL, [])
  return rows
    .map(({ site, log_id, start, newest }) => ({
      site,
      log_id,
      calls: Number(newest),
      last_call_time: isoOfFormatted(start),
    }))
    .sort((one, other) => (one.site < other.site ? -1 : 1))
}
