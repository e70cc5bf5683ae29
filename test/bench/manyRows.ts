// A call log of millions of calls, made in minutes: SQLite makes the rows itself, without the indexes, which come last.
//
// The tables are those of the program's own schema and the values are like those of real calls: a year of them, evenly spread, in the
// order of their starts. Not durable while it is made.

import { openDatabase } from '../../src/calllog/file/open.ts'

const YEAR_S = 365 * 86_400
const CALLS_AT_ONCE = 500_000

/** A number that some calls have and that is easy to search for. */
export const KNOWN_CALLER = '0401000777'

/** Makes the database at `path` with so many ended calls and a leg each, and the matching totals. `say` receives the progress. */
export function writeManyRows(path: string, calls: number, say: (sentence: string) => void): void {
  const { db, lock } = openDatabase(path)
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  db.pragma('cache_size = -400000')
  const indexes = db
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
    )
    .all()
  for (const { name } of indexes) {
    db.exec(`DROP INDEX ${name}`)
  }
  const put = { calls: db.prepare(CALLS_SQL), legs: db.prepare(LEGS_SQL) }
  const first = Date.now() / 1000 - YEAR_S
  for (let from = 1; from <= calls; from += CALLS_AT_ONCE) {
    const values = {
      from,
      to: Math.min(calls, from + CALLS_AT_ONCE - 1),
      first,
      step: YEAR_S / (calls + 1),
      known: KNOWN_CALLER,
    }
    put.calls.run(values)
    put.legs.run({ from: values.from, to: values.to })
    say(`log: ${values.to} of ${calls} calls`)
  }
  say('log: indexes')
  for (const { sql } of indexes) {
    db.exec(sql)
  }
  db.exec(TOTALS_SQL)
  db.pragma('journal_mode = WAL')
  db.close()
  lock.close()
}

// Every fourth call is missed. The caller's number has a million values.
const CALLS_SQL = `
WITH RECURSIVE n(i) AS (SELECT @from UNION ALL SELECT i + 1 FROM n WHERE i < @to),
drawn AS (SELECT i, abs(random()) AS dice, strftime('%Y-%m-%d %H:%M:%f', @first + i * @step, 'unixepoch') AS began,
  strftime('%Y-%m-%d %H:%M:%f', @first + i * @step + 95, 'unixepoch') AS over FROM n)
INSERT INTO calls (id, channel_id, caller, callee, direction, status, start_time, answer_time, end_time, duration,
  created_at, updated_at, disposition, missed, cause, cause_text, cause_class, hangup_by, ring_seconds, answer_delay, hold_seconds,
  queue, queue_wait, answered_by, trunk, transfers, caller_name, caller_endpoint, account_code, context, quality, merged_into, node, offered)
SELECT i, (1700000000 + i) || '.' || i, iif(i % 50000 = 7, @known, printf('040%07d', dice % 1000000)), 100 + dice % 100,
  iif(dice % 3 = 0, 'internal', 'inbound'), iif(dice % 4 = 0, 'no_answer', 'completed'), began, iif(dice % 4 = 0, NULL, began), over,
  iif(dice % 4 = 0, 0, 5 + dice % 200), began, over, iif(dice % 4 = 0, 'no_answer', 'answered'), dice % 4 = 0,
  16, 'Normal Clearing', 'normal', 'caller', 4.2, iif(dice % 4 = 0, NULL, 4.2), 0,
  iif(dice % 5 = 0, 'support', NULL), iif(dice % 5 = 0, 12.5, NULL), iif(dice % 4 = 0, '[]', '["' || (100 + dice % 100) || '"]'),
  iif(dice % 3 = 0, NULL, 'trunk-a'), 0, 'Outside Caller', iif(dice % 3 = 0, 100 + dice % 90, 'trunk-a'), '', 'from-trunk', NULL,
  NULL, '02:fc:00:00:00:02', 1
FROM drawn`

const LEGS_SQL = `
INSERT INTO legs (id, call_id, channel_id, endpoint, endpoint_role, role, dialed, direction, start_time, alive_time, ringing_time,
  answer_time, end_time, talk_seconds, result, cause, quality, call_start_time)
SELECT id, id, (1700000000 + id) || '.' || (id + 1), callee, 'phone', 'callee', callee, 'internal', start_time, start_time, start_time,
  answer_time, end_time, duration, iif(missed, 'no_answer', 'answered'), 16, NULL, start_time
FROM calls WHERE id BETWEEN @from AND @to`

// The heartbeat too, without which retention deletes nothing.
const TOTALS_SQL = `
INSERT INTO totals SELECT 'asterisk_calls_total',
  '{"direction":"' || direction || '","disposition":"' || disposition || '"}', count(*) FROM calls GROUP BY direction, disposition;
UPDATE counters SET value = (SELECT count(*) FROM calls) WHERE name = 'ended';
INSERT INTO counters (name, value) VALUES ('at', unixepoch() * 1000);`

/** What /metrics would have to be counted from without the sums: each call's and each leg's row, once. */
export const SCAN_SQL: readonly string[] = [
  `SELECT direction, disposition, missed, cause_class, hangup_by, queue, count(*), total(duration), total(ring_seconds),
     total(answer_delay), total(queue_wait), sum(duration <= 30), sum(duration <= 300), sum(ring_seconds <= 10)
   FROM calls NOT INDEXED WHERE end_time IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6`,
  'SELECT endpoint, result, count(*), total(talk_seconds) FROM legs NOT INDEXED GROUP BY 1, 2',
]
