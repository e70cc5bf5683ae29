// Compares what the program wrote of one flow with what the flow means, and with Asterisk's CDR, CEL and queue_log.
//
// It only finds differences and names them. Where Asterisk's records differ and the flow says why, that is explained; an
// explanation of a difference that is not there is a difference too.

import { compareWithRecords, type Records } from '../asteriskRecords.ts'
import type { CallRow, LegRow } from '../callLogRows.ts'
import { type Sample, total } from '../exposition.ts'
import { groupedBy } from '../groupedBy.ts'
import type { QueueStay } from '../queueLog.ts'
import type { Flow, Meant, Names, Stay } from './flow.ts'

/** How many were compared, and how they came out. */
export interface Tally {
  readonly compared: number
  readonly explained: number
  /** One sentence for each difference. */
  readonly unexplained: number
}

export interface Judged {
  readonly calls: Tally
  readonly stays: Tally
  readonly differences: readonly string[]
}

/** Everything that was written down in the session. */
export interface Written {
  readonly rows: readonly CallRow[]
  readonly legs: readonly LegRow[]
  readonly samples: readonly Sample[]
  readonly records: Records
}

/** Compares every call and every stay of one flow. */
export function judge(flow: Flow, names: Names, written: Written): Judged {
  const rows = rowsOf(written, names)
  const meant = flow.rows(names)
  const calls = Array.from({ length: Math.max(rows.length, meant.length) }, (_, index) =>
    judgeCall(rows[index], meant[index], { ...written, rows }),
  )
  const stays = judgeStays(flow.stays?.(names) ?? [], names, written)
  const differences = [...calls, ...stays].flatMap((one) => one.differences)
  return { calls: tallyOf(calls), stays: tallyOf(stays), differences }
}

interface Verdict {
  readonly explained: boolean
  readonly differences: readonly string[]
}

function tallyOf(verdicts: readonly Verdict[]): Tally {
  const unexplained = verdicts.filter((one) => one.differences.length > 0).length
  return { compared: verdicts.length, explained: verdicts.filter((one) => one.explained).length, unexplained }
}

/** The rows of one flow, in the order in which the calls began; one may be known only by whom it called or joined. */
function rowsOf({ rows, legs }: Written, { a, b, c, d, e, outside, other, line }: Names): CallRow[] {
  const numbers = [a, b, c, d, e, outside, other]
  const isOwn = (number: string): boolean => number.startsWith(line) || numbers.some((one) => number.endsWith(one))
  const dialing = new Set(legs.filter(({ dialed }) => isOwn(dialed.split('@')[0] ?? '')).map((leg) => leg.call_id))
  const own = rows.filter((row) => dialing.has(row.id) || [row.caller, row.caller_endpoint, row.callee].some(isOwn))
  const ids = new Set(own.map((row) => row.channel_id))
  return rows
    .filter((row) => ids.has(row.channel_id) || ids.has(row.merged_into ?? ''))
    .toSorted((one, another) => one.start_time.localeCompare(another.start_time) || one.id - another.id)
}

function judgeCall(row: CallRow | undefined, meant: Meant | undefined, written: Written): Verdict {
  if (row === undefined) {
    return { explained: false, differences: [`no row, but meant is ${brief(meant)}`] }
  }
  const name = `call ${row.channel_id}`
  if (meant === undefined) {
    return { explained: false, differences: [`${name}: not meant: ${brief(row)}`] }
  }
  const wrong = wrongOf(row, meant, written).map((what) => `${name} (${row.caller} to ${row.callee}): ${what}`)
  const { differences } = compareWithRecords(row, meant, written.records)
  const records = [...differences, ...cdrDifferences(row, written.records)]
  if (meant.differs === undefined) {
    return { explained: false, differences: [...wrong, ...records] }
  }
  if (records.length > 0) {
    return { explained: wrong.length === 0, differences: wrong }
  }
  return { explained: false, differences: [...wrong, `${name}: no difference to explain by "${meant.differs}"`] }
}

// What is not as it is meant, value by value.
function wrongOf(row: CallRow, meant: Meant, { legs, rows }: Written): string[] {
  const { differs: _, legs: offers, pickedUp: __, ...expected } = meant
  const got: Readonly<Record<string, unknown>> = { ...row, answered_by: JSON.parse(row.answered_by) as unknown }
  const own = legs.filter((leg) => leg.call_id === row.id).map((leg) => `${leg.endpoint} ${leg.result}`)
  const pairs: [string, unknown, unknown][] = [
    ...Object.entries(expected).map(([key, value]): [string, unknown, unknown] => [key, got[key], value]),
    ['legs', own.toSorted(), offers.toSorted()],
    ['status', row.status, row.disposition === 'answered' ? 'completed' : row.disposition],
    ['merged into a call of the flow', isOwnMerge(row, rows), row.disposition === 'merged'],
  ]
  return pairs
    .map(([key, value, right]) => [key, JSON.stringify(value), JSON.stringify(right)])
    .flatMap(([key, value, right]) => (value === right ? [] : [`${key} is ${value}, right is ${right}`]))
}

function isOwnMerge(row: CallRow, rows: readonly CallRow[]): boolean {
  return rows.some((other) => other.channel_id === row.merged_into)
}

// The CDR holds a caller for answered when one of its paths led to another channel.
function cdrDifferences(row: CallRow, { cdr }: Records): string[] {
  if (row.disposition === 'merged') {
    return []
  }
  const call = cdr.get(row.channel_id)
  const answered = call?.answered ?? false
  if (answered === (row.disposition === 'answered')) {
    return []
  }
  const said = call?.dispositions.join(', ') ?? 'nothing'
  return [`call ${row.channel_id} is ${row.disposition} in the log, and the CDR says ${said}`]
}

// Each queue belongs to one flow, so what the metrics count for it are the flow's stays.
function judgeStays(meant: readonly Stay[], { name }: Names, { samples, records }: Written): Verdict[] {
  const metrics = samples.filter(({ labels }) => labels['queue']?.startsWith(name))
  const inLog = records.queueStays.filter((stay) => stay.queue.startsWith(name))
  const keyOf = ({ queue, outcome }: Pick<Stay, 'queue' | 'outcome'>): string => JSON.stringify({ queue, outcome })
  const wanted = groupedBy(meant, keyOf)
  const logged = groupedBy(inLog, keyOf)
  const counted = metrics
    .filter((sample) => sample.name === 'asterisk_queue_calls_total' && sample.value > 0)
    .map(({ labels }) => keyOf({ queue: labels['queue'] ?? '', outcome: labels['outcome'] ?? '' }))
  return [...new Set([...wanted.keys(), ...counted, ...logged.keys()])].flatMap((key) =>
    judgeStay(key, { metrics, all: meant, meant: wanted.get(key) ?? [], logged: logged.get(key) ?? [] }),
  )
}

interface StayFigures {
  readonly metrics: readonly Sample[]
  /** Every stay of the flow, and those of this queue that must end in this way. */
  readonly all: readonly Stay[]
  readonly meant: readonly Stay[]
  readonly logged: readonly QueueStay[]
}

// Stays of one queue that ended in one way: their number, and how long they were in all.
function judgeStay(key: string, { metrics, all, meant, logged }: StayFigures): Verdict[] {
  const labels = JSON.parse(key) as { readonly queue: string; readonly outcome: string }
  const stay = `stays in ${labels.queue}, ${labels.outcome}`
  const counted = total(metrics, 'asterisk_queue_calls_total', labels)
  const elsewhere = all.some(({ queue, differs }) => queue === labels.queue && differs !== undefined)
  const [reason] = meant.flatMap(({ differs }) => differs ?? [])
  const wrong = counted === meant.length ? [] : [`${stay}: ${counted} on /metrics, right is ${meant.length}`]
  const records = logged.length === counted ? waits(labels, metrics, logged) : [`${logged.length} in queue_log`]
  const size = Math.max(meant.length, counted, logged.length)
  const verdict = (explained: boolean, differences: readonly string[]): Verdict[] =>
    Array.from({ length: size }, (_, index) => ({ explained, differences: index === 0 ? differences : [] }))
  // The stay that ended otherwise by queue_log says why.
  if (meant.length === 0 && counted === 0 && elsewhere) {
    return []
  }
  if (reason === undefined) {
    return verdict(false, [...wrong, ...records.map((what) => `${stay}: ${what}`)])
  }
  if (records.length > 0) {
    return verdict(wrong.length === 0, wrong)
  }
  return verdict(false, [...wrong, `${stay}: no difference to explain by "${reason}"`])
}

// queue_log counts whole seconds; all endings but two share one histogram.
function waits(
  { queue, outcome }: Pick<Stay, 'queue' | 'outcome'>,
  metrics: readonly Sample[],
  logged: readonly QueueStay[],
): string[] {
  const waited = outcome === 'answered' || outcome === 'abandoned' ? outcome : 'other'
  const counted = total(metrics, 'asterisk_queue_wait_seconds_count', { queue, outcome: waited })
  if (counted !== logged.length) {
    return []
  }
  const seconds = total(metrics, 'asterisk_queue_wait_seconds_sum', { queue, outcome: waited })
  const whole = logged.reduce((sum, stay) => sum + stay.wait, 0)
  return Math.abs(seconds - whole) <= counted ? [] : [`waited ${seconds} s on /metrics, ${whole} s in queue_log`]
}

function brief(row: Meant | CallRow | undefined): string {
  return row === undefined ? 'nothing' : `${row.caller} to ${row.callee}, ${row.direction} ${row.disposition}`
}
