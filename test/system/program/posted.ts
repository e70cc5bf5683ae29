// What a webhook was told, compared with what the call log says that it is to be told.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ReceivedRequest, Receiver } from '../../unit/webhook/receiver.ts'
import { rows } from './exporterUnderTest.ts'
import { freshFolder } from './program.ts'

/** In the file, and in the URL: neither may be seen anywhere. */
export const SECRETS = { file: 'a-secret-that-must-not-be-seen', url: 't0ken-that-must-not-be-seen' } as const

/** The settings of a webhook with all events. */
export function webhookSettings({ url }: Receiver): Readonly<Record<string, string>> {
  const secret = join(freshFolder(), 'secret')
  writeFileSync(secret, SECRETS.file)
  return {
    WEBHOOK_URL: `${url}?token=${SECRETS.url}`,
    WEBHOOK_SECRET_FILE: secret,
    WEBHOOK_EVENTS: 'answered,missed,ended,missed_caller_opened,missed_caller_closed',
  }
}

/** What a request is about: its event and its row. */
export function subjectOf({ message }: ReceivedRequest): string {
  return `${message.event} ${message.call?.id ?? message.missed_caller?.id ?? ''}`
}

/** What is to be posted of a call log from its first call on, in order. */
export function subjectsOf(db: string): readonly string[] {
  const calls = rows(
    db,
    `SELECT CASE WHEN disposition = 'answered' THEN 'answered' WHEN missed THEN 'missed' ELSE 'ended' END || ' ' || id AS subject
     FROM calls WHERE end_time IS NOT NULL AND disposition <> 'merged'`,
  )
  const callers = rows(
    db,
    `SELECT 'missed_caller_opened ' || id AS subject FROM missed_callers
     UNION ALL SELECT 'missed_caller_closed ' || id FROM missed_callers WHERE state <> 'waiting'`,
  )
  return [...calls, ...callers].map((row) => String(row['subject'])).toSorted()
}

/** How many entries wait for a sink. */
export function waitingFor(sink: 'postgres' | 'webhook', db: string): number {
  return rows(db, `SELECT id FROM outbox WHERE sink = '${sink}'`).length
}
