// Asterisk's own account of the calls: its CDR and CEL files, as etc/cdr_custom.conf and etc/cel_custom.conf write them.
//
// This is the other witness that the call log is compared with; it must never learn anything from the exporter.
// A CDR row is one path (caller to one callee), not one call: a call is all rows of its caller's channel.

import { Cel } from './cel.ts'
import { csvLines } from './csvLines.ts'
import { groupedBy } from './groupedBy.ts'
import { RECORDS } from './lab/place.ts'

/** One CDR row. Instants are epoch seconds, 0 when there was none; `billsec` in seconds. */
export interface CdrRow {
  readonly linkedId: string
  readonly uniqueId: string
  readonly channel: string
  readonly dstChannel: string
  readonly lastApp: string
  readonly start: number
  readonly answer: number
  readonly end: number
  readonly billsec: number
  readonly disposition: string
}

/** What Asterisk says of one call; `id` is the uniqueid of the caller's channel. */
export interface CdrCall {
  readonly id: string
  /** Whether the caller was connected with another channel; an announcement alone is no answer. */
  readonly answered: boolean
  /** Seconds: billsec of the answering rows. It counts from the caller's own answer, so an announcement before the phone is in it. */
  readonly billsec: number
  /** Seconds of the conversation, from CEL: without the announcement, and without a caller's time alone in the bridge. */
  readonly talked: number
  /** Dispositions of the caller's rows, in order. */
  readonly dispositions: readonly string[]
  /** Epoch ms of the start of the first row, and of the end of the last. */
  readonly startedAt: number
  readonly endedAt: number
}

/** Seconds by which two records of one instant or span may differ. */
export const TOLERANCE = 0.1
/** Seconds by which an Asterisk on a machine with other work may stamp the answer of a CDR before it connects the two: 0.7 were seen. */
const LATENESS = 1.5

/** Whether Asterisk was late, so that only CEL shows when the two could talk: its own two records of the conversation differ. */
export function wasLate({ talked, billsec }: CdrCall): boolean {
  const apart = Math.abs(talked - billsec)
  return apart > TOLERANCE / 2 && apart < LATENESS
}

/** All calls that Asterisk has recorded since it started, in order of their first row. */
export function recordedCalls(cel = new Cel()): CdrCall[] {
  const byCall = groupedBy(cdrRows(), (row) => row.linkedId)
  return [...byCall].map(([id, rows]) => {
    const own = rows.filter((row) => row.uniqueId === id)
    const meeting = cel.meeting(id)
    const answering = own.filter((row) => row.disposition === 'ANSWERED' && row.dstChannel !== '')
    return {
      id,
      answered: answering.length > 0,
      billsec: answering.reduce((sum, row) => sum + row.billsec, 0),
      talked: meeting === null ? 0 : meeting.to - meeting.from,
      dispositions: own.map((row) => row.disposition),
      startedAt: Math.min(...rows.map((row) => row.start)) * 1000,
      endedAt: Math.max(...rows.map((row) => row.end)) * 1000,
    }
  })
}

/** The rows of the CDR file, in order; none when Asterisk has not written it yet. */
export function cdrRows(): CdrRow[] {
  return csvLines(RECORDS.cdr).map((cells) => {
    const [linkedId, uniqueId, channel, dstChannel, , , lastApp, start, answer, end, billsec, disposition] = cells
    return {
      linkedId: linkedId ?? '',
      uniqueId: uniqueId ?? '',
      channel: channel ?? '',
      dstChannel: dstChannel ?? '',
      lastApp: lastApp ?? '',
      start: Number(start),
      answer: Number(answer),
      end: Number(end),
      billsec: Number(billsec),
      disposition: disposition ?? '',
    }
  })
}
