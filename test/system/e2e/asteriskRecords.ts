// Holds one row of the call log against the records of Asterisk that speak of the same call: CEL, CDR, queue_log.
//
// It only finds differences and names them. Which record speaks of which span: CEL of who met whom and when, CDR's billsec
// of the conversation where Asterisk answered nothing by itself, queue_log of the outcome and of whole seconds of waiting.

import type { CallRow } from './callLogRows.ts'
import { type CdrCall, TOLERANCE, wasLate } from './cdr.ts'
import type { Cel, Meeting } from './cel.ts'
import type { Family } from './families/family.ts'
import type { QueueStay } from './queueLog.ts'

/** Asterisk's own records after the calls. */
export interface Records {
  readonly cel: Cel
  readonly cdr: ReadonlyMap<string, CdrCall>
  readonly queueStays: readonly QueueStay[]
}

/** `differences`: one sentence each. `largest`: the largest difference of an instant or span that was compared, in seconds. */
export interface Verdict {
  readonly differences: readonly string[]
  readonly largest: number
  readonly compared: number
}

/** What of a scenario decides how its records are read. */
export type Reading = Pick<Family, 'pickedUp' | 'billsec' | 'queues'>

/** Compares a row with everything that Asterisk wrote of that call. */
export function compareWithRecords(row: CallRow, family: Reading, records: Records): Verdict {
  const book = new Book(row)
  const channel = records.cel.channel(row.channel_id)
  if (channel === undefined) {
    return { differences: [`${book.name} is not in CEL`], largest: 0, compared: 0 }
  }
  book.same('began', secondsOf(row.start_time), channel.startedAt)
  if (row.disposition === 'merged') {
    return mergedVerdict(row, records, book)
  }
  compareEnd(row, records, book)
  const meeting = family.pickedUp ? pickUp(row, records) : records.cel.meeting(row.channel_id)
  if ((row.disposition === 'answered') !== (meeting !== null)) {
    book.differ(`is ${row.disposition}, and in CEL its caller ${meeting === null ? 'met nobody' : 'met somebody'}`)
  }
  if (meeting !== null) {
    book.same('was answered', secondsOf(row.answer_time), meeting.from)
    book.same('lasted', row.duration, meeting.to - meeting.from)
  } else if (row.duration !== 0) {
    book.differ(`lasted ${row.duration} s without an answer`)
  }
  const recorded = records.cdr.get(row.channel_id)
  if (family.billsec && (recorded === undefined || !wasLate(recorded))) {
    book.same('lasted (billsec)', row.duration, recorded?.billsec ?? Number.NaN)
  }
  if (family.queues !== undefined) {
    compareQueues(row, family, records, book)
  }
  return book.verdict()
}

function mergedVerdict(row: CallRow, { cel }: Records, book: Book): Verdict {
  if (row.merged_into === null) {
    book.differ('merged into nothing')
  } else if (!cel.sameCall(row.channel_id, row.merged_into)) {
    book.differ(`merged into ${row.merged_into}, which CEL holds for another call`)
  }
  return book.verdict()
}

// A call is over when the last channel that matters is gone; one that was transferred away may linger.
function compareEnd(row: CallRow, { cel }: Records, book: Book): void {
  const end = cel.endOf(row.channel_id)
  if (end === null) {
    return book.differ('has ended, and CEL knows a channel that has not')
  }
  if (row.transfers === 0) {
    book.same('ended', secondsOf(row.end_time), end)
  } else if (secondsOf(row.end_time) > end + TOLERANCE) {
    book.differ('ended after the last of its channels')
  }
}

function pickUp(row: CallRow, { cel }: Records): Meeting | null {
  const channel = cel.channel(row.channel_id)
  if (channel === undefined || channel.upAt === null || channel.endedAt === null) {
    return null
  }
  return { from: channel.upAt, to: channel.endedAt }
}

function compareQueues(row: CallRow, family: Reading, records: Records, book: Book): void {
  let whole = 0
  for (const { name, outcome } of family.queues ?? []) {
    const stays = records.queueStays.filter((stay) => stay.queue === name)
    const outcomes = stays.map((stay) => stay.outcome).join()
    if (outcomes !== (outcome ?? '')) {
      book.differ(`stayed in ${name}: queue_log says [${outcomes}]`)
    }
    whole += stays.reduce((sum, stay) => sum + stay.wait, 0)
  }
  const [stays, waited] = [family.queues?.length ?? 0, row.queue_wait ?? Number.NaN]
  if (!(Math.abs(waited - whole) <= stays)) {
    book.differ(`waited ${waited} s, ${whole} s in queue_log`)
  }
  book.same('waited', waited, waitInCel(row, records))
}

// Queue runs until it is left, or goes on beside the conversation that it led to.
function waitInCel(row: CallRow, { cel }: Records): number {
  const met = cel.meeting(row.channel_id)?.from ?? Number.POSITIVE_INFINITY
  return cel
    .runs(row.channel_id, 'queue')
    .reduce((sum, run) => sum + Math.min(run.to ?? Number.POSITIVE_INFINITY, met) - run.from, 0)
}

class Book {
  readonly name: string
  readonly #differences: string[] = []
  #largest = 0
  #compared = 0

  constructor(row: CallRow) {
    this.name = `call ${row.channel_id} (${row.caller} to ${row.callee})`
  }

  differ(what: string): void {
    this.#differences.push(`${this.name} ${what}`)
  }

  same(what: string, inLog: number, inRecord: number): void {
    this.#compared += 1
    const apart = Math.abs(inLog - inRecord)
    if (!(apart <= TOLERANCE)) {
      return this.differ(`${what}: ${inLog} in the log, ${inRecord} in Asterisk's record`)
    }
    this.#largest = Math.max(this.#largest, apart)
  }

  verdict(): Verdict {
    return { differences: this.#differences, largest: this.#largest, compared: this.#compared }
  }
}

/** Epoch seconds of an instant of the call log; NaN for none. */
export function secondsOf(instant: string | null): number {
  return instant === null ? Number.NaN : Date.parse(`${instant.replace(' ', 'T')}Z`) / 1000
}
