// SQL with which another program changes the file of the call log, each with the SQL that reverts it.

/** Changes that must do no harm, each with its reversal; the program recreates dropped indexes itself. */
export const HARMLESS: readonly (readonly [sql: string, undone: string])[] = [
  ['ALTER TABLE calls ADD COLUMN note TEXT', 'ALTER TABLE calls DROP COLUMN note'],
  ["ALTER TABLE legs ADD COLUMN room TEXT NOT NULL DEFAULT 'hall'", 'ALTER TABLE legs DROP COLUMN room'],
  ['ALTER TABLE calls ADD COLUMN half REAL AS (duration / 2)', 'ALTER TABLE calls DROP COLUMN half'],
  ['CREATE INDEX calls_by_note ON calls (caller_name)', 'DROP INDEX calls_by_note'],
  ['CREATE VIEW long_calls AS SELECT * FROM calls WHERE duration > 60', 'DROP VIEW long_calls'],
  [
    'CREATE TABLE customers (number TEXT PRIMARY KEY, name TEXT); INSERT INTO customers VALUES (101, 1)',
    'DROP TABLE customers',
  ],
  [
    `CREATE TABLE seen (id INTEGER);
   CREATE TRIGGER note_it AFTER INSERT ON calls BEGIN INSERT INTO seen VALUES (new.id); END`,
    'DROP TRIGGER note_it; DROP TABLE seen',
  ],
  [
    "CREATE TRIGGER mark_it AFTER UPDATE ON calls BEGIN UPDATE calls SET account_code = 'x' WHERE id = new.id; END",
    'DROP TRIGGER mark_it',
  ],
  ['DROP INDEX calls_by_start; DROP INDEX legs_by_call; DROP INDEX calls_open', ''],
]

/** A trigger before each new row of `calls`; `DROP TRIGGER one_each` removes it. */
export function trigger(body: string): string {
  return `CREATE TRIGGER one_each BEFORE INSERT ON calls BEGIN ${body}; END`
}
