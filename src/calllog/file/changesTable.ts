// The twelfth migration: in which order calls were written last, so that a reader can ask for what changed since it last asked.
//
// A table of its own, because a column would be checked in each row of a large file at the start. Calls of before have no entry; they are those
// up to `before_changes`. Used by writer/changes.ts and reader/changes.ts.

/** Version 11 to 12. */
export const V12 = `
CREATE TABLE call_changes (
  call_id INTEGER PRIMARY KEY,
  change INTEGER NOT NULL
) STRICT;
CREATE INDEX call_changes_in_order ON call_changes (change);
INSERT INTO counters (name, value)
  SELECT 'change', max(CAST(unixepoch('subsec') * 1000 AS INTEGER), coalesce((SELECT value FROM counters WHERE name = 'at'), 0));
INSERT INTO counters (name, value) SELECT 'changes_from', value FROM counters WHERE name = 'change';
INSERT INTO counters (name, value) SELECT 'before_changes', coalesce(max(id), 0) FROM calls;
`
