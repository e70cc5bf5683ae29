// Notices that a database file was copied, or restored from a backup: its calls then have the ids of other calls that are in the central
// call log already. Only the view `call_keys` is read.

import type { Client } from 'pg'
import { SinkFailure, type SqlRow } from '../../shipping/sink.ts'
import { arrayOf } from './rows.ts'

const OTHER_CALLS = `SELECT k.id FROM call_keys k
  JOIN unnest($2::bigint[], $3::date[], $4::text[], $5::timestamptz[]) AS sent (id, day, channel_id, end_time) ON k.id = sent.id
  WHERE k.log_id = $1::uuid AND (k.channel_id <> sent.channel_id OR k.end_time <> sent.end_time)`

const COPIED =
  'another call log with the same id has delivered other calls: this database file was copied or restored from a backup. Stop this exporter, run `asterisk-ari-exporter new-log-id`, start it again'

/** Rejects with a final `SinkFailure` if a call with the id and the day of one of these is another call. */
export async function checkDays(client: Client, logId: string, calls: readonly SqlRow[]): Promise<void> {
  await check(client, {
    text: `${OTHER_CALLS} AND k.day = sent.day AND k.day = ANY ($3::date[]) LIMIT 1`,
    logId,
    calls,
  })
}

/** How far the look goes from the days of the calls: so many before, and one after. */
const NEAR_DAYS = 7

/**
 * The same for three of the calls, on other days too: the ids of a restored file are used again on later days. Each day that is looked at
 * costs the server the opening of a partition.
 */
export async function checkOtherDays(
  client: Client,
  logId: string,
  { calls, days }: { readonly calls: readonly SqlRow[]; readonly days: 'near' | 'all' },
): Promise<void> {
  const byId = [...calls].sort((a, b) => Number(a['id']) - Number(b['id']))
  const chosen = [0, Math.floor(byId.length / 2), byId.length - 1]
  const some = byId.filter((_, index) => chosen.includes(index))
  const near = `AND k.day BETWEEN $6::date - ${NEAR_DAYS} AND $7::date + 1`
  const range = some.map((call) => String(call['day'])).sort()
  await check(client, {
    text: `${OTHER_CALLS} AND k.id = ANY ($2::bigint[]) ${days === 'near' ? near : ''} LIMIT 1`,
    logId,
    calls: some,
    further: days === 'near' ? [range[0], range.at(-1)] : [],
  })
}

interface Check {
  readonly text: string
  readonly logId: string
  readonly calls: readonly SqlRow[]
  /** Parameters after the columns of the calls. */
  readonly further?: readonly (string | undefined)[]
}

async function check(client: Client, { text, logId, calls, further = [] }: Check): Promise<void> {
  const column = (name: string) => calls.map((call) => call[name])
  const { rows } = await client.query(text, [
    logId,
    arrayOf(column('id')),
    arrayOf(column('day')),
    arrayOf(column('channel_id')),
    arrayOf(column('end_time'), 'timestamptz'),
    ...further,
  ])
  if (rows.length > 0) {
    throw new SinkFailure('copied', COPIED, { isFinal: true })
  }
}
