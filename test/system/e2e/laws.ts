// What must be true of a call log and its metrics, whatever the calls were.
//
// Sums are made from the rows, never from the metrics, and each difference is one sentence.

import { secondsOf } from './asteriskRecords.ts'
import type { CallRow, LegRow } from './callLogRows.ts'
import { type Sample, total } from './exposition.ts'
import { groupedBy } from './groupedBy.ts'
import type { QueueStay } from './queueLog.ts'

// Times are kept in whole ms: two of them may be rounded apart.
const ROUNDING = 0.002

/** Phones of the lab are all digits; those of a tenant have a domain. */
const PHONE = /^\d*(@.*)?$/

/** What is wrong with single rows. */
export function brokenRows(rows: readonly CallRow[]): string[] {
  return rows.flatMap((row) => {
    const total = secondsOf(row.end_time) - secondsOf(row.start_time)
    const broken: string[] = []
    if (row.end_time === null) {
      broken.push('never ended')
    }
    if (row.duration < 0 || (row.ring_seconds ?? 0) < 0 || row.hold_seconds < 0) {
      broken.push('a negative span')
    }
    if (row.duration > 0 && row.disposition !== 'answered') {
      broken.push(`a duration, but ${row.disposition}`)
    }
    if ((row.ring_seconds ?? 0) + row.duration > total + ROUNDING) {
      broken.push('ring and duration exceed its life')
    }
    if (row.hold_seconds > row.duration + ROUNDING) {
      broken.push('more hold than conversation')
    }
    return broken.map((what) => `call ${row.channel_id}: ${what}`)
  })
}

/** Differences between /metrics and the rows: operators, trunks and queues. */
export function brokenParties(
  rows: readonly CallRow[],
  legs: readonly LegRow[],
  counted: {
    readonly samples: readonly Sample[]
    readonly queueStays: readonly Pick<QueueStay, 'queue' | 'outcome'>[]
  },
): string[] {
  const { samples, queueStays } = counted
  return [
    ...operators(legs, samples),
    ...trunks(rows, legs, samples),
    ...groupsDiffer(
      'asterisk_queue_calls_total',
      groupedBy(queueStays, (stay) => JSON.stringify({ queue: stay.queue, outcome: stay.outcome })),
      samples.filter(({ labels }) => labels['outcome'] !== 'joinempty'),
    ),
  ]
}

function operators(legs: readonly LegRow[], samples: readonly Sample[]): string[] {
  const offered = legs.filter((leg) => leg.endpoint_role === 'phone' && leg.role === 'callee')
  const unreachable = new Set(['congestion', 'invalid_number', 'failed'])
  const resultOf = (leg: LegRow): string => (unreachable.has(leg.result ?? '') ? 'unreachable' : (leg.result ?? ''))
  const name = 'asterisk_operator_calls_total'
  const talked = groupedBy(offered, (leg) => leg.endpoint)
  return [
    ...groupsDiffer(
      name,
      groupedBy(offered, (leg) => JSON.stringify({ operator: leg.endpoint, result: resultOf(leg) })),
      samples,
    ),
    ...[...talked].flatMap(([operator, own]) => {
      const seconds = own.reduce((sum, leg) => sum + leg.talk_seconds, 0)
      const counted = total(samples, 'asterisk_operator_talk_seconds_total', { operator })
      return Math.abs(seconds - counted) < ROUNDING
        ? []
        : [`operator ${operator} talked ${counted} s, ${seconds} s in the log`]
    }),
  ]
}

function trunks(rows: readonly CallRow[], legs: readonly LegRow[], samples: readonly Sample[]): string[] {
  const outbound = legs
    .filter((leg) => leg.endpoint_role === 'trunk')
    .map((leg) => JSON.stringify({ trunk: leg.endpoint, direction: 'outbound', result: leg.result }))
  const inbound = rows
    .filter((row) => !PHONE.test(row.caller_endpoint) && row.disposition !== 'merged')
    .filter((row) => !legs.some((leg) => leg.call_id === row.id && leg.role === 'caller'))
    .map((row) => JSON.stringify({ trunk: row.caller_endpoint, direction: 'inbound', result: row.disposition }))
  const seizures = groupedBy([...outbound, ...inbound], (labels) => labels)
  return groupsDiffer('asterisk_trunk_attempts_total', seizures, samples)
}

/** Each group, keyed by its labels as JSON, must be as large as its counter says; and the counters hold nothing else. */
function groupsDiffer(
  name: string,
  groups: ReadonlyMap<string, readonly unknown[]>,
  samples: readonly Sample[],
): string[] {
  const own = samples.filter((sample) => sample.name === name)
  const each = [...groups].flatMap(([labels, members]) => {
    const counted = total(own, name, JSON.parse(labels) as Record<string, string>)
    return counted === members.length
      ? []
      : [`${name} ${labels}: ${counted} on /metrics, ${members.length} in the record`]
  })
  const [all, sum] = [total(own, name), [...groups.values()].reduce((count, members) => count + members.length, 0)]
  return all === sum ? each : [...each, `${name}: ${all} on /metrics, ${sum} in the record`]
}
