// Reads the exporter's call log from the outside, read-only, while the exporter writes it.
//
// The columns are the ones the README promises to those who write SQL; nothing of src/ is imported.

import Database from 'better-sqlite3'

/** One row of `calls`, as far as the tests look. `answered_by` is JSON text; times are `YYYY-MM-DD HH:MM:SS.sss` UTC. */
export interface CallRow {
  readonly id: number
  readonly channel_id: string
  readonly caller: string
  readonly callee: string
  readonly direction: string
  readonly status: string
  readonly answer_time: string | null
  readonly end_time: string | null
  readonly duration: number
  readonly disposition: string | null
  readonly missed: number
  readonly hangup_by: string | null
  readonly answered_by: string
  readonly start_time: string
  readonly caller_endpoint: string
  readonly ring_seconds: number | null
  readonly answer_delay: number | null
  readonly hold_seconds: number
  readonly queue: string | null
  readonly queue_wait: number | null
  readonly trunk: string | null
  readonly transfers: number
  readonly merged_into: string | null
  readonly returned_by: number | null
  readonly returned_after: number | null
  readonly voice_problem: string | null
  readonly line: string | null
  readonly destination_class: string | null
  readonly destination_country: string | null
}

/** One row of `legs`, as far as the tests look. */
export interface LegRow {
  readonly call_id: number
  readonly endpoint: string
  readonly dialed: string
  readonly endpoint_role: string
  readonly role: string
  readonly talk_seconds: number
  readonly result: string | null
  readonly end_time: string | null
}

/** How many rows, and how many seconds of conversation, share a direction and a disposition. */
export interface CallTotal {
  readonly direction: string
  readonly disposition: string
  readonly missed: number
  readonly calls: number
  readonly seconds: number
}

const COLUMNS = `id, channel_id, caller, callee, direction, status, answer_time, end_time, duration, disposition, missed,
  hangup_by, answered_by, start_time, caller_endpoint, ring_seconds, answer_delay, hold_seconds, queue, queue_wait, trunk,
  transfers, merged_into, returned_by, returned_after, voice_problem, line, destination_class, destination_country`

export class CallLogRows {
  readonly #db: Database.Database

  /** Opens the database of a running exporter; throws if it does not exist. */
  constructor(path: string) {
    this.#db = new Database(path, { readonly: true, fileMustExist: true })
  }

  /** All calls, in the order they were written. */
  calls(): CallRow[] {
    return this.#db.prepare<[], CallRow>(`SELECT ${COLUMNS} FROM calls ORDER BY id`).all()
  }

  call(channelId: string): CallRow | undefined {
    return this.#db.prepare<[string], CallRow>(`SELECT ${COLUMNS} FROM calls WHERE channel_id = ?`).get(channelId)
  }

  /** How many calls have ended. */
  ended(): number {
    const row = this.#db.prepare<[], { n: number }>('SELECT count(*) AS n FROM calls WHERE end_time IS NOT NULL').get()
    return row?.n ?? 0
  }

  /** Ended calls, counted by direction and disposition. */
  totals(): CallTotal[] {
    const sql = `SELECT direction, disposition, missed, count(*) AS calls, sum(duration) AS seconds
      FROM calls WHERE end_time IS NOT NULL GROUP BY direction, disposition, missed`
    return this.#db.prepare<[], CallTotal>(sql).all()
  }

  /** All dial attempts, in the order they were written. */
  legs(): LegRow[] {
    const columns = 'call_id, endpoint, dialed, endpoint_role, role, talk_seconds, result, end_time'
    return this.#db.prepare<[], LegRow>(`SELECT ${columns} FROM legs ORDER BY id`).all()
  }

  close(): void {
    this.#db.close()
  }
}
