// The third migration: adds the column `calls.offered`, also to the index from which the key figures are read.
//
// Existing rows get the value that the core gave at the time of this migration (call/outcome/disposition.ts): answered, missed, or
// sent out on a trunk. An open row has no disposition yet and stays 0. The rule is repeated here because a released step never
// changes.

/** Version 2 to 3. */
export const V3 = `
ALTER TABLE calls ADD COLUMN offered INTEGER NOT NULL DEFAULT 0;
UPDATE calls SET offered = 1 WHERE disposition = 'answered' OR missed = 1
  OR (direction IN ('outbound', 'transit') AND disposition NOT IN ('merged', 'unknown', 'self_service'));
DROP INDEX calls_by_start;
CREATE INDEX calls_by_start ON calls
  (start_time, id, caller, callee, direction, disposition, missed, duration, answer_delay, queue_wait, offered);
`
