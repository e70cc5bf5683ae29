// Asterisk's own account of the calls: its CDR and CEL files, as etc/cdr_custom.conf and etc/cel_custom.conf write them.
//
// This is the other witness that the call log is compared with; it must never learn anything from the exporter.
// A CDR row is one path (caller to one callee), not one call: a call is all rows of its caller's channel.

import { existsSync, readFileSync } from 'node:fs'
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
  /** Seconds that the caller spent in a bridge, from CEL: without the announcement. */
  readonly bridged: number
  /** Dispositions of the caller's rows, in order. */
  readonly dispositions: readonly string[]
  /** Epoch ms of the start of the first row, and of the end of the last. */
  readonly startedAt: number
  readonly endedAt: number
}

/** All calls that Asterisk has recorded since it started, in order of their first row. */
export function recordedCalls(): CdrCall[] {
  const byCall = groupedBy(cdrRows(), (row) => row.linkedId)
  const bridged = bridgedSeconds()
  return [...byCall].map(([id, rows]) => {
    const own = rows.filter((row) => row.uniqueId === id)
    const answering = own.filter((row) => row.disposition === 'ANSWERED' && row.dstChannel !== '')
    return {
      id,
      answered: answering.length > 0,
      billsec: answering.reduce((sum, row) => sum + row.billsec, 0),
      bridged: bridged.get(id) ?? 0,
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

function bridgedSeconds(): Map<string, number> {
  const total = new Map<string, number>()
  const since = new Map<string, number>()
  for (const [, id = '', type, time] of csvLines(RECORDS.cel)) {
    if (type === 'BRIDGE_ENTER') {
      since.set(id, Number(time))
    }
    if (type === 'BRIDGE_EXIT') {
      total.set(id, (total.get(id) ?? 0) + Number(time) - (since.get(id) ?? Number(time)))
    }
  }
  return total
}

/** The cells of each line of a record. Every cell is quoted, and a quote inside is doubled: all of CSV that Asterisk makes. */
export function csvLines(file: string): string[][] {
  if (!existsSync(file)) {
    return []
  }
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => [...line.matchAll(/"((?:[^"]|"")*)"/g)].map((cell) => (cell[1] ?? '').replaceAll('""', '"')))
}
