// The indexes that the searches of the reader need, on each partition.
//
// Each costs whoever adds a row, so there is one for what people search by, in the order of starts, and none for what a search can look
// at call by call. Those that few calls are in are partial. They belong to the first step of the schema: another one is a step of its own.

/** Of `calls`. */
export const CALL_INDEXES: readonly string[] = [
  'CREATE INDEX calls_by_start ON calls (start_time)',
  'CREATE INDEX calls_by_site ON calls (site, start_time)',
  // Numbers backwards: those that end alike are beside each other, and a whole one is found as well.
  'CREATE INDEX calls_by_caller ON calls (reverse(caller) COLLATE "C", start_time)',
  'CREATE INDEX calls_by_callee ON calls (reverse(callee) COLLATE "C", start_time)',
  'CREATE INDEX calls_by_endpoint ON calls (caller_endpoint, start_time)',
  'CREATE INDEX calls_by_disposition ON calls (disposition, start_time)',
  'CREATE INDEX calls_by_trunk ON calls (trunk, start_time) WHERE trunk IS NOT NULL',
  'CREATE INDEX calls_by_queue ON calls (queue, start_time) WHERE queue IS NOT NULL',
  'CREATE INDEX calls_missed ON calls (start_time) WHERE missed = 1',
  'CREATE INDEX calls_by_channel ON calls (channel_id)',
  // Calls that did not end on the day of their start or on the next one: partitions are by the day of the end.
  `CREATE INDEX calls_long ON calls (start_time) WHERE NOT (day - (start_time AT TIME ZONE 'UTC')::date BETWEEN 0 AND 1)`,
]

/** Of `legs`. */
export const LEG_INDEXES: readonly string[] = [
  'CREATE INDEX legs_by_call ON legs (log_id, call_id)',
  'CREATE INDEX legs_by_start ON legs (call_start_time)',
  'CREATE INDEX legs_by_operator ON legs (endpoint, call_start_time)',
]

/** Of `missed_callers`, which has a row for each state: the last two are for who waits, and who is closed. */
export const MISSED_CALLER_INDEXES: readonly string[] = [
  'CREATE INDEX missed_callers_by_first_miss ON missed_callers (first_miss_time)',
  `CREATE INDEX missed_callers_waiting ON missed_callers (log_id, id, version) WHERE state = 'waiting'`,
  `CREATE INDEX missed_callers_closed ON missed_callers (log_id, id) WHERE state <> 'waiting'`,
]
