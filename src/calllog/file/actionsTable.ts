// The eleventh migration: what was changed at the PBX over HTTP, by whom, and with which outcome.
//
// A row is written before Asterisk is asked, with the outcome `requested`, so that nothing is done that is not on disk. Used by
// writer/actions.ts and writer/retention.ts.

/** Version 10 to 11. */
export const V11 = `
CREATE TABLE actions (
  id TEXT PRIMARY KEY,
  at TEXT NOT NULL,
  who TEXT NOT NULL,
  action TEXT NOT NULL,
  channel_id TEXT,
  phone TEXT,
  number TEXT,
  number_kind TEXT,
  outcome TEXT NOT NULL,
  detail TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX actions_by_time ON actions (at);
`
