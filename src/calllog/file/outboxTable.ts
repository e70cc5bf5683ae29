// The tenth migration: the id of this file, and what has ended and is not delivered to a sink yet.
//
// Calls of before the migration reach a sink by the back-fill. The id is made here, once, so that no two files have the same. Used by
// writer/outbox.ts, writer/backFill.ts, writer/retention.ts and outbox/outboxReader.ts.

/** A random UUID, version 4. */
export const NEW_LOG_ID = `lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' ||
  substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))`

/** Version 9 to 10. */
export const V10 = `
CREATE TABLE identity (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO identity (name, value) VALUES ('log_id', ${NEW_LOG_ID});

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sink TEXT NOT NULL,
  event TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_by_sink ON outbox (sink, id);
CREATE INDEX outbox_by_row ON outbox (row_id, event);

CREATE TABLE outbox_refused (
  id INTEGER PRIMARY KEY,
  sink TEXT NOT NULL,
  event TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  at TEXT NOT NULL,
  refused_at TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

CREATE TABLE back_fill (
  sink TEXT PRIMARY KEY,
  target TEXT NOT NULL,
  call INTEGER NOT NULL,
  last_call INTEGER NOT NULL,
  missed_caller INTEGER NOT NULL,
  last_missed_caller INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`
