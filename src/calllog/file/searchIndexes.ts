// The second migration: the indexes for the queries of the API.
//
// For every filter, some index has the calls in the order of their starts. `calls_by_start` covers the columns that scans, filters
// and sums need, so that they read no rows. `legs.call_start_time` repeats the start of the leg's call (writer/batch.ts writes it),
// because no index spans two tables. Used by reader/search.ts, reader/phoneStats.ts and reader/stats.ts.

/** Version 1 to 2. */
export const V2 = `
DROP INDEX calls_by_start;
CREATE INDEX calls_by_start ON calls
  (start_time, id, caller, callee, direction, disposition, missed, duration, answer_delay, queue_wait);
CREATE INDEX calls_by_direction ON calls (direction, start_time);
CREATE INDEX calls_by_endpoint ON calls (caller_endpoint, start_time);
CREATE INDEX calls_by_trunk ON calls (trunk, start_time) WHERE trunk IS NOT NULL;
CREATE INDEX calls_by_queue ON calls (queue, start_time) WHERE queue IS NOT NULL;
CREATE INDEX calls_missed ON calls (start_time) WHERE missed = 1;

ALTER TABLE legs ADD COLUMN call_start_time TEXT;
UPDATE legs SET call_start_time = (SELECT start_time FROM calls WHERE calls.id = legs.call_id);
CREATE INDEX legs_by_operator ON legs
  (endpoint, call_start_time, call_id, role, endpoint_role, result, talk_seconds);
`
