// Compares the call log with Asterisk's own records, CDR and CEL, after all faults.
//
// CEL has each call that was begun, also one that ended with Asterisk and has no CDR. A call that was live while the program
// was connected must be in the log once; one that was observed from beginning to end must agree with Asterisk, and no other
// may claim more than happened. Calls that lie wholly between two observed intervals are counted apart.

import { isWithin, LATENESS_MS, whyMissing } from '../chaos/compareWithTruth.ts'
import type { ObservedInterval } from '../chaos/observedIntervals.ts'
import { secondsOf } from './asteriskRecords.ts'
import type { CallRow, CallTotal } from './callLogRows.ts'
import type { CdrCall } from './cdr.ts'
import type { CelChannel } from './cel.ts'
import type { Fall } from './chaosFaults.ts'
import { compareCalls } from './compare.ts'
import { groupedBy } from './groupedBy.ts'
import { ANNOUNCED, isMeant } from './steadyLoad.ts'

export interface Evidence {
  readonly recorded: readonly CdrCall[]
  /** The channels that began a call. */
  readonly roots: readonly CelChannel[]
  readonly rows: readonly CallRow[]
  readonly observed: readonly ObservedInterval[]
  readonly falls: readonly Fall[]
}

/** Each list names its calls, with what was found. */
export interface ChaosVerdict {
  /** Calls that Asterisk began; of them those with a CDR, and those that died with it and have none. */
  readonly made: number
  readonly recorded: number
  readonly unrecorded: number
  readonly logged: number
  /** Seen from beginning to end, and compared in all. */
  readonly compared: number
  readonly unobserved: readonly string[]
  /** Lived only while events may have been on their way, or in the last 100 ms before a `kill -9`. */
  readonly onTheEdge: readonly string[]
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  readonly open: readonly string[]
  readonly wrong: readonly string[]
}

/** A call as Asterisk knows it; `cdr` is null when it died with Asterisk. Epoch ms. */
interface Known {
  readonly id: string
  readonly startedAt: number
  readonly endedAt: number
  readonly cdr: CdrCall | null
  /** Ended by Asterisk's own end. */
  readonly cut: boolean
}

/** How much earlier than `kill -9` a call may have begun of which Asterisk did not come to write anything. */
const UNWRITTEN_MS = 1_000
/** How long Asterisk takes to hang up all channels when it stops. */
const FALLING_MS = 3_000
const LATENESS = LATENESS_MS / 1000

/** Judges every call and every row. */
export function judgeCalls(evidence: Evidence): ChaosVerdict {
  const { rows, observed, falls } = evidence
  const known = knownCalls(evidence)
  const byChannel = groupedBy(rows, (row) => row.channel_id)
  const missing = known.filter(({ id }) => !byChannel.has(id))
  const whys = groupedBy(missing, (call) => whyMissing({ ...call, mergedInto: null }, { observed, byChannel }))
  const namesOf = (why: string): string[] => (whys.get(why) ?? []).map(({ id }) => id)
  const whole = known.filter((call) => call.cdr !== null && !call.cut && isWithin([call], observed))
  const ids = new Set(known.map(({ id }) => id))
  const strange = rows.filter((row) => !ids.has(row.channel_id) && !isUnwritten(row, falls))
  return {
    made: known.length,
    recorded: known.filter(({ cdr }) => cdr !== null).length,
    unrecorded: known.filter(({ cdr }) => cdr === null).length,
    logged: known.length - missing.length,
    compared: whole.length,
    unobserved: namesOf('unobserved'),
    onTheEdge: namesOf('onTheEdge'),
    lost: namesOf('lost'),
    doubled: [...byChannel].filter(([, own]) => own.length > 1).map(([id]) => id),
    open: rows.filter((row) => row.end_time === null).map((row) => row.channel_id),
    wrong: [
      ...differences(whole, byChannel),
      ...known.filter((call) => !whole.includes(call)).flatMap((call) => inventions(call, byChannel.get(call.id)?.[0])),
      ...strange.map((row) => `${row.channel_id} ${row.disposition}: began no call that Asterisk knows`),
    ],
  }
}

/** Ended calls, counted by direction and disposition. */
export function totalsOf(rows: readonly CallRow[]): CallTotal[] {
  const ended = rows.filter((row) => row.end_time !== null)
  const groups = groupedBy(ended, (row) => `${row.direction} ${row.disposition} ${row.missed}`)
  return [...groups.values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) {
      return []
    }
    const seconds = own.reduce((sum, row) => sum + row.duration, 0)
    const { direction, disposition, missed } = first
    return [{ direction, disposition: disposition ?? '', missed, calls: own.length, seconds }]
  })
}

function knownCalls({ recorded, roots, falls }: Evidence): Known[] {
  const cdrs = new Map(recorded.map((call) => [call.id, call]))
  return roots.map(({ id, startedAt }) => {
    const began = startedAt * 1000
    const fall = falls.find(({ at }) => at >= began) ?? { at: Number.POSITIVE_INFINITY, killed: false }
    // One path may have been written down before the call was cut off: the call itself has no end then.
    const cdr = cdrs.get(id)
    if (cdr === undefined || cdr.dispositions.length === 0) {
      return { id, startedAt: began, endedAt: fall.at, cdr: null, cut: true }
    }
    return { id, startedAt: began, endedAt: cdr.endedAt, cdr, cut: cdr.endedAt >= fall.at }
  })
}

function differences(whole: readonly Known[], byChannel: ReadonlyMap<string, readonly CallRow[]>): readonly string[] {
  const calls = whole.flatMap(({ cdr }) => cdr ?? [])
  const rows = calls.flatMap(({ id }) => byChannel.get(id) ?? [])
  const announced = new Set(rows.filter((row) => ANNOUNCED.has(row.callee)).map((row) => row.channel_id))
  const present = calls.filter(({ id }) => byChannel.has(id))
  const unmeant = rows.filter((row) => !isMeant(row.callee, `${row.direction} ${row.disposition}`))
  return [
    ...compareCalls(present, rows, announced).differences,
    ...unmeant.map((row) => `call ${row.channel_id} to ${row.callee} is ${row.direction} ${row.disposition}`),
  ]
}

function inventions({ id, cdr, endedAt }: Known, row: CallRow | undefined): readonly string[] {
  if (row === undefined || cdr === null) {
    return []
  }
  const found: string[] = []
  if (row.disposition === 'answered' && !cdr.answered && cdr.talked === 0) {
    found.push('answered, and it was not')
  }
  const most = Math.max(cdr.talked, cdr.billsec)
  if (row.duration > most + LATENESS) {
    found.push(`lasted ${row.duration} s, and at most ${most} s in truth`)
  }
  const late = secondsOf(row.end_time) - endedAt / 1000
  if (late > LATENESS) {
    found.push(`its end is ${late.toFixed(3)} s late`)
  }
  return found.map((what) => `call ${id}: ${what}`)
}

function isUnwritten({ start_time }: CallRow, falls: readonly Fall[]): boolean {
  const at = secondsOf(start_time) * 1000
  return falls.some((fall) => at <= fall.at + (fall.killed ? 0 : FALLING_MS) && at > fall.at - UNWRITTEN_MS)
}
