// The fifth migration: the table of missed callers, their calls, and the secret of the number keys.
//
// Calls of before the migration open no missed caller. The secret makes the keys useless without this database; its table has room for
// others. Used by writer/missedCallerRows.ts, writer/earlierCallers.ts and reader/missedCallerPage.ts.

/** Version 4 to 5. */
export const V5 = `
CREATE TABLE missed_callers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  first_miss_time TEXT NOT NULL,
  last_miss_time TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  queue TEXT,
  called TEXT NOT NULL,
  closed_time TEXT,
  closed_by TEXT,
  closed_by_phone TEXT,
  waited REAL,
  closed_by_call INTEGER,
  number_key TEXT NOT NULL
) STRICT;
CREATE INDEX missed_callers_by_first_miss ON missed_callers (first_miss_time);
CREATE INDEX missed_callers_waiting ON missed_callers (first_miss_time) WHERE state = 'waiting';
CREATE INDEX missed_callers_by_close ON missed_callers (closed_time) WHERE closed_time IS NOT NULL;

ALTER TABLE calls ADD COLUMN missed_caller INTEGER;
ALTER TABLE calls ADD COLUMN returned_by INTEGER;
ALTER TABLE calls ADD COLUMN returned_after REAL;
CREATE INDEX calls_by_missed_caller ON calls (missed_caller) WHERE missed_caller IS NOT NULL;

CREATE TABLE secrets (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO secrets (name, value) VALUES ('number_key', lower(hex(randomblob(32))));
`
