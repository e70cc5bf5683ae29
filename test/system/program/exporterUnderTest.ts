// A program under test against a simulated PBX; both end with the test.

import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { type Pbx, startPbx } from '../../../src/pbx-sim/pbx.ts'
import { eventually, freePort, freshFolder, get, type Program, startProgram } from './program.ts'

/** The password of the ARI user. */
export const PASSWORD = 'pass-word-that-must-not-be-seen'

/** A call whose conversation ends when the test ends it. */
export const TALKS_ON = { ringMs: 100, talkMs: Number.POSITIVE_INFINITY }

/** A simulated PBX that knows the program's user. */
export async function pbxWith(options: {
  callsPerSecond?: number
  speed?: number
  maxBufferedBytes?: number
  recordings?: boolean
  callBacks?: boolean
}): Promise<Pbx> {
  const pbx = await startPbx({ user: 'exporter', password: PASSWORD, traffic: 'lean', ...options })
  onTestFinished(pbx.stop)
  return pbx
}

export interface Started extends Program {
  readonly port: number
  readonly db: string
}

/** Starts the program with the settings, on `db` or a new call log. */
export async function exporter(
  settings: Readonly<Record<string, string>>,
  db = join(freshFolder(), 'calls.db'),
): Promise<Started> {
  const port = await freePort()
  const program = startProgram([], {
    ARI_USER: 'exporter',
    ARI_PASSWORD: PASSWORD,
    DB_PATH: db,
    HTTP_PORT: String(port),
    ...settings,
  })
  onTestFinished(async () => {
    program.child.kill('SIGKILL')
    await program.ended
  })
  return { ...program, port, db }
}

/** Waits until it is connected and has its snapshot. */
export const ready = (port: number) =>
  eventually(
    () => get(port, '/-/ready'),
    ({ status }) => status === 200,
  )

/** The rows that a query of the database gives. */
export function rows(db: string, sql: string): Record<string, unknown>[] {
  const database = new Database(db, { readonly: true })
  try {
    return database.prepare<[], Record<string, unknown>>(sql).all()
  } finally {
    database.close()
  }
}
