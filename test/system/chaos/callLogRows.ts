// The call log of a trial, read when nobody writes it any more.

import Database from 'better-sqlite3'
import type { Row } from './compareWithTruth.ts'

interface Stored {
  readonly channel_id: string
  readonly disposition: string | null
  readonly answer_time: string | null
  readonly end_time: string | null
  readonly duration: number
}

export interface CallLogRows {
  readonly rows: readonly Row[]
  readonly legs: ReadonlySet<string>
  /** Legs without an end. */
  readonly openLegs: number
}

export function readCallLog(path: string): CallLogRows {
  const db = new Database(path, { readonly: true })
  try {
    const rows = db
      .prepare<[], Stored>('SELECT channel_id, disposition, answer_time, end_time, duration FROM calls')
      .all()
    const legs = db.prepare<[], string>('SELECT channel_id FROM legs WHERE channel_id IS NOT NULL').pluck().all()
    const openLegs = db.prepare<[], number>('SELECT count(*) FROM legs WHERE end_time IS NULL').pluck().get() ?? 0
    return { rows: rows.map(rowOf), legs: new Set(legs), openLegs }
  } finally {
    db.close()
  }
}

/** One log out of several files: a call that was open when its file was deleted is taken from the next file. */
export function joined(logs: readonly CallLogRows[]): CallLogRows {
  const gone = logs.slice(0, -1).flatMap(({ rows }) => rows.filter((row) => row.endedAt !== null))
  const last = logs.at(-1)
  return {
    rows: [...gone, ...(last?.rows ?? [])],
    legs: new Set(logs.flatMap(({ legs }) => [...legs])),
    openLegs: last?.openLegs ?? 0,
  }
}

function rowOf(stored: Stored): Row {
  return {
    channelId: stored.channel_id,
    disposition: stored.disposition,
    answeredAt: instant(stored.answer_time),
    endedAt: instant(stored.end_time),
    durationMs: Math.round(stored.duration * 1000),
  }
}

function instant(text: string | null): number | null {
  return text === null ? null : Date.parse(`${text.replace(' ', 'T')}Z`)
}
