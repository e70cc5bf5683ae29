// Compares the call log with the ground truth of the PBX, call by call.
//
// A call that was live while the program was connected must be in the log once. One that was observed from beginning to end
// must be recorded exactly; of any other call, nothing may be recorded that did not happen.

import type { ExpectedCall } from '../../../src/pbx-sim/asterisk/call.ts'
import type { CutOff } from './faults.ts'
import type { Played } from './load.ts'
import type { ObservedInterval } from './observedIntervals.ts'

/** A row of the log; instants are epoch ms. */
export interface Row {
  readonly channelId: string
  readonly disposition: string | null
  readonly answeredAt: number | null
  readonly endedAt: number | null
  readonly durationMs: number
}

export interface Evidence {
  readonly played: readonly Played[]
  readonly cutOff: readonly CutOff[]
  readonly observed: readonly ObservedInterval[]
  readonly rows: readonly Row[]
  /** Channels that have a leg. */
  readonly legs: ReadonlySet<string>
}

/** Each list names its calls, with what was found. */
export interface Verdict {
  /** Calls of the PBX that ended by themselves, and of them those with a row. */
  readonly made: number
  readonly seen: number
  readonly observedThroughout: number
  /** Began and ended while the program was not connected. */
  readonly unobserved: readonly string[]
  /** Lived only while events may have been on their way, or in the last 100 ms before a `kill -9`. */
  readonly onTheEdge: readonly string[]
  /** Began unobserved and had become part of another call, which is in the log, when the program connected. */
  readonly takenIn: readonly string[]
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  /** Rows without an end. */
  readonly open: readonly string[]
  /** Observed without a gap, and recorded otherwise than it was. */
  readonly wrong: readonly string[]
  /** Not observed throughout, and more was recorded than happened. */
  readonly madeUp: readonly string[]
  /** Rows of no call of the PBX, by what is known of it. */
  readonly strange: readonly string[]
}

const TOLERANCE_MS = 100
/** An unobserved end is set to when the program learned of the loss: later than the loss, but sooner than any restart. */
export const LATENESS_MS = 1_000

type Log = Pick<Evidence, 'observed' | 'legs'> & { readonly byChannel: ReadonlyMap<string, Row> }

/** Judges every call and every row. */
export function judge({ played, cutOff, observed, rows, legs }: Evidence): Verdict {
  const byChannel = new Map(rows.map((row) => [row.channelId, row]))
  const truths = played.flatMap((one) => one.truths)
  const verdict = {
    unobserved: none(),
    onTheEdge: none(),
    takenIn: none(),
    lost: none(),
    wrong: none(),
    madeUp: none(),
  }
  let observedThroughout = 0
  for (const { scenario, truths: together } of played) {
    const whole = isWithin(together, observed)
    for (const truth of together) {
      const row = byChannel.get(truth.channelId)
      const name = `${truth.channelId} ${scenario}`
      if (row === undefined) {
        verdict[whyMissing(truth, { observed, byChannel })].push(name)
      } else if (whole) {
        verdict.wrong.push(...differences(row, truth).map((text) => `${name}: ${text}`))
      } else {
        verdict.madeUp.push(...inventions(row, truth).map((text) => `${name}: ${text}`))
      }
      if (row !== undefined && whole) {
        observedThroughout += 1
      }
    }
  }
  verdict.lost.push(...lostInTheFall(cutOff, { observed, byChannel, legs }))
  const known = new Set([...truths.map((truth) => truth.channelId), ...cutOff.map(({ id }) => id)])
  return {
    ...verdict,
    made: truths.length,
    seen: truths.filter((truth) => byChannel.has(truth.channelId)).length,
    observedThroughout,
    doubled: rows.filter((row) => byChannel.get(row.channelId) !== row).map((row) => row.channelId),
    open: rows.filter((row) => row.endedAt === null).map((row) => row.channelId),
    strange: rows.filter((row) => !known.has(row.channelId)).map((row) => `${row.channelId} ${row.disposition}`),
  }
}

/** From its beginning to its end; epoch ms. */
interface Span {
  readonly startedAt: number
  readonly endedAt: number
}

/** Whether all of them lie in one observed interval, up to its certain end. */
export function isWithin(spans: readonly Span[], observed: readonly ObservedInterval[]): boolean {
  const from = Math.min(...spans.map((span) => span.startedAt))
  const to = Math.max(...spans.map((span) => span.endedAt))
  return observed.some((interval) => interval.from <= from && to <= interval.certainTo)
}

function none(): string[] {
  return []
}

/** What is known of a call that might be missing. */
type Known = Span & Pick<ExpectedCall, 'mergedInto'> & Partial<Pick<ExpectedCall, 'distinct' | 'callerGoneAt'>>

/** Why a call has no row: lost, or not observable. */
export function whyMissing(
  { startedAt, endedAt, mergedInto, distinct = true, callerGoneAt = endedAt }: Known,
  {
    observed,
    byChannel,
  }: { readonly observed: readonly ObservedInterval[]; readonly byChannel: ReadonlyMap<string, unknown> },
): 'lost' | 'onTheEdge' | 'takenIn' | 'unobserved' {
  if (observed.some((interval) => startedAt < interval.certainTo && callerGoneAt > interval.from)) {
    const beganObserved = observed.some((interval) => startedAt >= interval.from && startedAt < interval.certainTo)
    const isPart = !distinct || (mergedInto !== null && byChannel.has(mergedInto))
    return isPart && !beganObserved ? 'takenIn' : 'lost'
  }
  return observed.some((interval) => startedAt < interval.to && callerGoneAt > interval.from)
    ? 'onTheEdge'
    : 'unobserved'
}

function differences(row: Row, truth: ExpectedCall): readonly string[] {
  const found: string[] = []
  if (row.disposition !== truth.disposition) {
    found.push(`${row.disposition} instead of ${truth.disposition}`)
  }
  if (!isNear(row.answeredAt, truth.answeredAt)) {
    found.push(`answer at ${row.answeredAt}, not ${truth.answeredAt}`)
  }
  if (!isNear(row.durationMs, truth.durationMs)) {
    found.push(`${row.durationMs} ms instead of ${truth.durationMs}`)
  }
  return found
}

function inventions(row: Row, truth: ExpectedCall): readonly string[] {
  // Whether an unobserved call was merged cannot be known.
  if (truth.mergedInto !== null || !truth.distinct) {
    return []
  }
  const found: string[] = []
  const longest = truth.durationMs + (truth.answeredAt ?? 0) - (truth.bridgeMadeAt ?? 0)
  if (row.durationMs > longest + LATENESS_MS) {
    found.push(`${row.durationMs} ms instead of at most ${longest}`)
  }
  if (row.disposition === 'answered' && truth.disposition !== 'answered') {
    found.push(`answered instead of ${truth.disposition}`)
  }
  if ((row.endedAt ?? 0) > truth.endedAt + LATENESS_MS) {
    found.push(`its end is ${(row.endedAt ?? 0) - truth.endedAt} ms late`)
  }
  return found
}

function isNear(one: number | null, other: number | null): boolean {
  return one === null || other === null ? one === other : Math.abs(one - other) <= TOLERANCE_MS
}

function lostInTheFall(cutOff: readonly CutOff[], log: Log): readonly string[] {
  const wereObserved = cutOff.filter(({ at, since }) =>
    log.observed.some((interval) => interval.from < since && at <= interval.to),
  )
  return wereObserved
    .filter(({ id, name, calling }) => {
      if (calling) {
        return !log.byChannel.has(id)
      }
      if (log.byChannel.has(id) || log.legs.has(id) || !name.startsWith('PJSIP/')) {
        return false
      }
      // A channel that began unobserved and joined its call before the program connected is neither a call nor a leg.
      const bornAt = Number(id.split('.')[0]) * 1_000
      return log.observed.some((interval) => bornAt >= interval.from && bornAt < interval.certainTo)
    })
    .map(({ id, name }) => `${id} ${name} when the PBX went down`)
}
