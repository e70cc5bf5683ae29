// Gives a call log another id: the remedy when two files have the same, because one is a copy of the other.
//
// Takes the lock of the file, so that it never happens under a running exporter. What waits in its outbox is sent under the new id.

import { existsSync } from 'node:fs'
import { locate } from '../file/locate.ts'
import { openDatabase } from '../file/open.ts'
import { CallLogOpenError } from '../file/openError.ts'
import { NEW_LOG_ID } from '../file/outboxTable.ts'
import { asOpenError } from '../file/writeError.ts'
import { readLogId } from '../writer/outbox.ts'

/** Resolves with the new id and the one of before. Rejects with a `CallLogOpenError`. */
export async function giveNewLogId(path: string): Promise<{ readonly before: string; readonly logId: string }> {
  if (!exists(path)) {
    throw new CallLogOpenError('other', `DB_PATH ${JSON.stringify(path)}: there is no call log`)
  }
  const { db, lock } = openDatabase(path)
  try {
    const before = readLogId(db)
    db.exec(
      `INSERT INTO identity (name, value) VALUES ('log_id', ${NEW_LOG_ID})
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    )
    return { before, logId: readLogId(db) }
  } catch (error) {
    throw asOpenError(error, path)
  } finally {
    db.close()
    lock.close()
  }
}

function exists(path: string): boolean {
  try {
    return existsSync(locate(path))
  } catch (error) {
    throw asOpenError(error, path)
  }
}
