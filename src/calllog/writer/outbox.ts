// Puts what has ended into the outbox, in the transaction that ends it, once for each sink that wants it.
//
// A batch can be written twice, and its rows are the same then: whether something ended by it is decided by the row that the file had
// before. Of a missed caller, the central call log needs the latest state only: a new entry takes the place of one that waits.

import type { Database } from 'better-sqlite3'
import type { OutboxEvent, SinkName } from '../../shipping/sink.ts'
import { formatInstant } from '../../time/format.ts'
import type { MissedCallerWrite } from './missedCallerRows.ts'
import type { CallWrite } from './recordToRow.ts'

/** A sink that is configured. */
export interface SinkEvents {
  readonly sink: SinkName
  /** The events that it gets. */
  readonly events: readonly OutboxEvent[]
  /** Names the receiver, without a secret: one that is new gets the earlier calls too. Null: none gets them. */
  readonly backFill: string | null
}

/** Writes rows, and the entries of what ended by them. To be called inside a transaction. */
export interface OutboxWriter {
  /** `put` writes the row of the call. */
  call(write: CallWrite, put: () => void): void
  /** `isRestored`: it is written because the file is new, and nothing happened to it. */
  missedCaller(write: MissedCallerWrite, put: () => void, isRestored: boolean): void
}

/** Entries for these sinks; `now`: our clock, epoch ms. */
export function outboxWriter(db: Database, sinks: readonly SinkEvents[], now: () => number): OutboxWriter {
  const hasEnded = db.prepare<[number], number>('SELECT end_time IS NOT NULL FROM calls WHERE id = ?').pluck()
  const callerState = db.prepare<[number], string>('SELECT state FROM missed_callers WHERE id = ?').pluck()
  const insert = db.prepare<[string, string, number, string]>(
    'INSERT INTO outbox (sink, event, row_id, at) VALUES (?, ?, ?, ?)',
  )
  const replace = db
    .prepare<[string, number], string>(
      "DELETE FROM outbox WHERE sink = ? AND event = 'missed_caller' AND row_id = ? RETURNING at",
    )
    .pluck()
  const put = (happened: readonly OutboxEvent[], rowId: number): void => {
    for (const { sink, events } of sinks) {
      for (const event of happened.filter((one) => events.includes(one))) {
        // It has waited as long as the entry that it replaces.
        const since = event === 'missed_caller' ? replace.all(sink, rowId)[0] : undefined
        insert.run(sink, event, rowId, since ?? formatInstant(now()))
      }
    }
  }
  return {
    call(write, putRow) {
      const endsNow = write.ended && hasEnded.get(write.id) !== 1
      putRow()
      if (endsNow) {
        put(eventsOfEnd(write), write.id)
      }
    },
    missedCaller(write, putRow, isRestored) {
      const before = callerState.get(write.caller.id) ?? null
      putRow()
      put(isRestored ? ['missed_caller'] : eventsOfCaller(before, write.caller.state), write.caller.id)
    },
  }
}

// A call that became part of another one ends with that one.
function eventsOfEnd({ call: { disposition, missed } }: CallWrite): readonly OutboxEvent[] {
  if (disposition === 'merged') {
    return ['call']
  }
  return ['call', disposition === 'answered' ? 'answered' : missed ? 'missed' : 'ended']
}

function eventsOfCaller(before: string | null, state: string): readonly OutboxEvent[] {
  const isClosed = state !== 'waiting'
  return [
    'missed_caller',
    ...(before === null ? (['missed_caller_opened'] as const) : []),
    ...(isClosed && (before === null || before === 'waiting') ? (['missed_caller_closed'] as const) : []),
  ]
}

/** What became of entries. Outbox ids are those of the file with this log id. */
export interface Settled {
  readonly logId: string
  readonly delivered: readonly number[]
  readonly refused: readonly { readonly outboxId: number; readonly detail: string }[]
}

/** Removes delivered entries and sets refused ones aside. False: this is another file, and nothing was done. */
export function settle(db: Database, { logId, delivered, refused }: Settled, now: number): boolean {
  const remove = db.prepare<[number]>('DELETE FROM outbox WHERE id = ?')
  const setAside = db.prepare<[string, string, number]>(
    `INSERT OR REPLACE INTO outbox_refused (id, sink, event, row_id, at, refused_at, detail)
     SELECT id, sink, event, row_id, at, ?, ? FROM outbox WHERE id = ?`,
  )
  const all = db.transaction((): boolean => {
    if (readLogId(db) !== logId) {
      return false
    }
    for (const { outboxId, detail } of refused) {
      setAside.run(formatInstant(now), detail, outboxId)
      remove.run(outboxId)
    }
    for (const id of delivered) {
      remove.run(id)
    }
    return true
  })
  return all.immediate()
}

/** The id of the file; empty if somebody deleted it. */
export function readLogId(db: Database): string {
  return db.prepare<[], string>("SELECT value FROM identity WHERE name = 'log_id'").pluck().get() ?? ''
}
