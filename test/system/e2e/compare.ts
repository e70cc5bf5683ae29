// Compares the call log and /metrics with Asterisk's own records, call by call and sum by sum.
//
// It only lists differences, each with the call and by how much; the tests judge.

import type { CallRow, CallTotal } from './callLogRows.ts'
import { type CdrCall, TOLERANCE, wasLate } from './cdr.ts'
import { type Sample, total } from './exposition.ts'
import { groupedBy } from './groupedBy.ts'

/** Seconds by which a sum of the log may differ from the same sum on /metrics: what adding floats may cost. */
const EXACT = 0.001

/** `largest`: the largest difference of a duration, in seconds. `differences`: one sentence each. */
export interface Comparison {
  readonly compared: number
  readonly agreeing: number
  readonly largest: number
  readonly differences: readonly string[]
}

/** Compares every call; `announced` holds the ids of those that Asterisk answered itself, whose billsec begins too early. */
export function compareCalls(
  calls: readonly CdrCall[],
  rows: readonly CallRow[],
  announced: ReadonlySet<string>,
): Comparison {
  const byId = groupedBy(rows, (row) => row.channel_id)
  const found = calls.map((call) => compareCall(call, byId.get(call.id) ?? [], announced.has(call.id)))
  const known = new Set(calls.map((call) => call.id))
  const extra = rows
    .filter((row) => !known.has(row.channel_id))
    .map((row) => `call ${row.channel_id} is in the log, not in Asterisk's record`)
  return {
    compared: calls.length,
    agreeing: found.filter((one) => one.differences.length === 0).length,
    largest: Math.max(0, ...found.map((one) => one.largest)),
    differences: [...found.flatMap((one) => one.differences), ...extra],
  }
}

function compareCall(
  call: CdrCall,
  rows: readonly CallRow[],
  announced: boolean,
): { largest: number; differences: string[] } {
  const [row] = rows
  if (row === undefined || rows.length > 1) {
    return { largest: 0, differences: [`call ${call.id} has ${rows.length} rows`] }
  }
  const differences: string[] = []
  if (row.end_time === null) {
    differences.push(`call ${call.id} never ended in the log`)
  }
  if ((row.disposition === 'answered') !== call.answered) {
    differences.push(
      `call ${call.id} is ${row.disposition} in the log, ${call.dispositions.join(', ')} in Asterisk's record`,
    )
  }
  const witnesses = announced || wasLate(call) ? [call.talked] : [call.talked, call.billsec]
  const largest = Math.max(...witnesses.map((seconds) => Math.abs(row.duration - seconds)))
  if (largest > TOLERANCE) {
    differences.push(
      `call ${call.id} lasted ${row.duration} s in the log, ${witnesses.join(' and ')} s in Asterisk's records`,
    )
  }
  return { largest, differences }
}

/** Differences between /metrics and the ended calls of the log, one sentence each; none when both say the same. */
export function compareTotals(totals: readonly CallTotal[], samples: readonly Sample[]): string[] {
  return [
    ...counts(totals, samples),
    ...missed(totals, samples),
    ...sums(totals, samples),
    ...same(
      'asterisk_calls_started_total',
      total(samples, 'asterisk_calls_started_total'),
      sumOf(totals) + total(samples, 'asterisk_calls_active'),
    ),
  ]
}

function counts(totals: readonly CallTotal[], samples: readonly Sample[]): string[] {
  const name = 'asterisk_calls_total'
  const groups = groupedBy(totals, (one) => `${one.direction} ${one.disposition}`)
  const each = [...groups].flatMap(([group, members]) => {
    const [direction = '', disposition = ''] = group.split(' ')
    return same(`${name} ${group}`, total(samples, name, { direction, disposition }), sumOf(members))
  })
  return [...each, ...same(name, total(samples, name), sumOf(totals))]
}

function missed(totals: readonly CallTotal[], samples: readonly Sample[]): string[] {
  const name = 'asterisk_missed_calls_total'
  const rows = totals.filter((one) => one.missed === 1)
  const each = rows.flatMap((one) => {
    const labels = { direction: one.direction, reason: one.disposition }
    return same(`${name} ${one.direction} ${one.disposition}`, total(samples, name, labels), one.calls)
  })
  return [...each, ...same(name, total(samples, name), sumOf(rows))]
}

function sums(totals: readonly CallTotal[], samples: readonly Sample[]): string[] {
  const name = 'asterisk_call_duration_seconds'
  const answered = totals.filter((one) => one.disposition === 'answered')
  const each = answered.flatMap((one) => [
    ...same(`${name}_count ${one.direction}`, total(samples, `${name}_count`, { direction: one.direction }), one.calls),
    ...same(`${name}_sum ${one.direction}`, total(samples, `${name}_sum`, { direction: one.direction }), one.seconds),
  ])
  return [...each, ...same(`${name}_count`, total(samples, `${name}_count`), sumOf(answered))]
}

function same(what: string, onMetrics: number, inLog: number): string[] {
  return Math.abs(onMetrics - inLog) <= EXACT ? [] : [`${what}: ${onMetrics} on /metrics, ${inLog} in the log`]
}

function sumOf(totals: readonly CallTotal[]): number {
  return totals.reduce((sum, one) => sum + one.calls, 0)
}
