// What others do with the file of the call log (points 1 and 9): columns, triggers, a reader that stays open.
//
// Each is taken back in the end, so that the next attack finds the file as it was.

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { HARMLESS, trigger } from '../../unit/calllog/foreignSchemaParts.ts'
import { untilWritten } from '../chaos/ownFaults.ts'
import { eventually, freshFolder, runProgram, scrape, sumOf } from '../program/program.ts'
import { type Attack, whileWatched } from './attack.ts'
import { launchOf, type World } from './world.ts'

/** Calls that end under each of them. */
const CALLS = 40
const READER_MS = 5_000

const foreignSchemaParts: Attack = {
  point: 1,
  name: 'columns, triggers and indexes of a user',
  on: 'restarts',
  run: ({ world }) =>
    whileWatched(world, async () => {
      await restarted(world, () => change(world.db, HARMLESS.map(([sql]) => sql).join(';\n')))
      const before = world.load.played.length
      await eventually(
        () => world.load.played.length,
        (played) => played >= before + CALLS,
      )
      await untilWritten(world.subject)
      const under = world.load.played.length - before
      await restarted(world, () =>
        change(
          world.db,
          HARMLESS.map(([, undone]) => undone)
            .reverse()
            .join(';\n'),
        ),
      )
      return {
        tried: `three columns, two triggers, an index, a view and two tables made, three indexes dropped; ${under} calls`,
      }
    }),
}

const abortingTrigger: Attack = {
  point: 1,
  name: 'a trigger that aborts every row',
  on: 'the run',
  run: ({ world }) =>
    whileWatched(world, async () => {
      change(world.db, trigger("SELECT RAISE(ABORT, 'not here')"))
      const waiting = await untilPending(world, CALLS).finally(() => change(world.db, 'DROP TRIGGER one_each'))
      await untilWritten(world.subject)
      return { tried: `until ${waiting} ended calls waited; written when it was dropped` }
    }),
}

const forgottenReader: Attack = {
  point: 9,
  name: 'a reader that forgets to end its transaction',
  on: 'the run',
  run: ({ world }) =>
    whileWatched(world, async () => {
      const { db, subject, options } = world
      const reader = new Database(db, { readonly: true })
      try {
        reader.exec('BEGIN')
        reader.prepare('SELECT count(*) FROM calls').get()
        await sleep(READER_MS)
        const reported = sumOf(await scrape(subject.port), 'asterisk_exporter_calllog_wal_bytes')
        const { size } = statSync(`${db}-wal`)
        const copy = join(freshFolder(), 'copy.db')
        const { code } = await runProgram(['backup', copy], { DB_PATH: db }, launchOf(options))
        const copied = code === 0 ? soundRows(copy) : 0
        return {
          tried: `for ${READER_MS / 1_000} s: ${megabytes(size)} of WAL, ${megabytes(reported)} on /metrics; a copy meanwhile: ${copied} calls`,
          held: reported > size / 2 && copied > 0,
        }
      } finally {
        reader.close()
      }
    }),
}

export const CALL_LOG_ATTACKS: readonly Attack[] = [foreignSchemaParts, abortingTrigger, forgottenReader]

/** Resolves with how many ended calls wait for the disk once so many do. */
export async function untilPending({ subject }: World, calls: number): Promise<number> {
  const pending = async (): Promise<number> => sumOf(await scrape(subject.port), 'asterisk_exporter_calllog_pending')
  return eventually(pending, (count) => count >= calls)
}

async function restarted(world: World, meanwhile: () => void): Promise<void> {
  await world.end()
  meanwhile()
  await world.start()
}

function change(path: string, sql: string): void {
  const db = new Database(path, { timeout: 5_000 })
  db.exec(sql)
  db.close()
}

/** Calls in a copy; 0 when it is damaged. */
function soundRows(path: string): number {
  const db = new Database(path, { readonly: true })
  try {
    if (db.pragma('quick_check', { simple: true }) !== 'ok') {
      return 0
    }
    return db.prepare<[], number>('SELECT count(*) FROM calls WHERE end_time IS NOT NULL').pluck().get() ?? 0
  } finally {
    db.close()
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
