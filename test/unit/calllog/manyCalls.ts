// A call log with all kinds of calls, and the same calls as plain values, in which a search can be repeated call by call.

import type { CallRecord, LegRecord } from '../../../src/call/fact.ts'
import { DISPOSITIONS, LEG_RESULTS } from '../../../src/call/fact.ts'
import { openDatabase } from '../../../src/calllog/file/open.ts'
import { batchWriter } from '../../../src/calllog/writer/batch.ts'
import type { CallFilter } from '../../../src/query/query.ts'
import { endedCall, sampleCall, sampleLeg, T0 } from './samples.ts'

export interface Known {
  readonly id: number
  readonly call: CallRecord
  readonly legs: readonly LegRecord[]
}

const DIRECTIONS = ['inbound', 'outbound', 'internal', 'transit'] as const
const CALLERS = ['101', '102', '+358401234567', '0401234567', '', 'anonymous', '%', "o'neil", '=1+1']
const CALLEES = ['102', '103', '5550100', '+358407654321', '*97', '100_']
const NAMES = ['', 'Alice', 'Ann "A" Example', 'ann']
/** Some names are parts of others. */
const ANSWERED_BY = [['101'], ['102', '103'], ['x"101'], ['1010', '101'], []]
const DESTINATIONS = [
  null,
  { class: 'national', country: '' },
  { class: 'international', country: 'EE' },
  { class: 'international', country: 'SE' },
  { class: 'emergency', country: '' },
] as const
const ENDPOINTS = ['101', '102', '103', 'trunk-a', 'trunk-b']

/** Calls `from` to `from + count - 1`, the same for the same numbers; a few start at the same instant. */
export function makeCalls(count: number, from = 1): readonly Known[] {
  return Array.from({ length: count }, (_, index) => makeCall(from + index))
}

/** Writes them into the database at `path`, which may exist. */
export function writeKnown(path: string, known: readonly Known[]): void {
  const { db, lock } = openDatabase(path)
  const write = batchWriter(db)
  for (let at = 0; at < known.length; at += 1000) {
    const part = known.slice(at, at + 1000)
    const refused = write({
      calls: part.map(({ id, call }) => ({
        id,
        ended: call.endedAt !== null,
        createdAt: T0,
        updatedAt: T0,
        node: null,
        call,
      })),
      legs: part.flatMap(({ id, legs }) => legs.map((leg, index) => ({ id: id * 4 + index, callId: id, leg }))),
      deletedCallIds: [],
      totals: [],
      ended: 0,
      dropped: 0,
      number: 1,
      at: T0,
      aheadMs: 0,
    })
    if (refused.length > 0) {
      throw new Error(refused.join('\n'))
    }
  }
  db.close()
  lock.close()
}

/** The meaning of a filter, applied to one call. */
export function matches(filter: CallFilter, { call, legs }: Known): boolean {
  const { from, to, direction, disposition, missed, caller, callee, operator, trunk, queue, minDuration, text } = filter
  const { sipCallId, line, destination, country, number, name, answeredBy, maxDuration } = filter
  const duration = call.endedAt === null ? 0 : call.durationMs / 1000
  return (
    (from === undefined || call.startedAt >= from) &&
    (to === undefined || call.startedAt < to) &&
    (direction === undefined || direction.includes(call.direction)) &&
    (disposition === undefined || (call.disposition !== null && disposition.includes(call.disposition))) &&
    (missed === undefined || call.missed === missed) &&
    (caller === undefined || call.caller === caller) &&
    (callee === undefined || call.callee === callee) &&
    (operator === undefined || call.callerEndpoint === operator || legs.some((leg) => leg.endpoint === operator)) &&
    (trunk === undefined || call.trunk === trunk) &&
    (queue === undefined || call.queue === queue) &&
    (line === undefined || call.line === line) &&
    (destination === undefined || (call.destination !== null && destination.includes(call.destination.class))) &&
    (country === undefined || call.destination?.country === country) &&
    (sipCallId === undefined || [call, ...legs].some((one) => one.sipCallId === sipCallId)) &&
    (number === undefined || call.caller === number || call.callee === number) &&
    (name === undefined || call.callerName === name) &&
    (answeredBy === undefined || call.answeredBy.includes(answeredBy)) &&
    (minDuration === undefined || duration >= minDuration) &&
    (maxDuration === undefined || duration <= maxDuration) &&
    (text === undefined || hasText(text, call) || legs.some((leg) => leg.endpoint === text))
  )
}

// For texts shorter than a whole number and without separators; textSearch.test.ts tests the others.
function hasText(text: string, { caller, callee, callerName, answeredBy, queue, trunk }: CallRecord): boolean {
  const isEnding = /^\*?\d+$/.test(text)
  const names = isEnding ? [] : [callerName, ...answeredBy, queue ?? '', trunk ?? '']
  return (
    [caller, callee].some((number) => (isEnding ? number.endsWith(text) : number.includes(text))) ||
    names.some((name) => name.toLowerCase().includes(text.toLowerCase()))
  )
}

/** Newest first: by start, then by row id. */
export function byStart(one: Known, other: Known): number {
  return other.call.startedAt - one.call.startedAt || other.id - one.id
}

function makeCall(id: number): Known {
  const random = numbers(id)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  // Not in the order of the rows, and some at the same instant.
  const startedAt = T0 + Math.floor((id + random() * 50) / 3) * 1000
  const common = {
    channelId: `channel-${id}`,
    caller: pick(CALLERS),
    callee: pick(CALLEES),
    callerName: NAMES[id % NAMES.length] ?? '',
    callerEndpoint: pick(ENDPOINTS),
    startedAt,
    direction: pick(DIRECTIONS),
    queue: pick([null, null, 'support', 'sales']),
    trunk: pick([null, 'trunk-a', 'trunk-b']),
    line: pick([null, null, 'Sales', 'Support']),
    destination: pick(DESTINATIONS),
    sipCallId: sipCallIdOf(id),
  }
  const disposition = pick(DISPOSITIONS)
  const durationMs = disposition === 'answered' ? Math.floor(random() * 600_000) : 0
  const call =
    random() < 0.05
      ? sampleCall(common)
      : endedCall({
          ...common,
          disposition,
          durationMs,
          missed: ['cancelled', 'busy', 'no_answer'].includes(disposition) && random() < 0.7,
          answeredAt: disposition === 'answered' ? startedAt + 2000 : null,
          endedAt: startedAt + 2000 + durationMs,
          answeredBy: disposition === 'answered' ? (ANSWERED_BY[id % ANSWERED_BY.length] ?? []) : [],
          answerDelayMs: disposition === 'answered' ? 2000 : null,
          queueWaitMs: common.queue === null ? null : Math.floor(random() * 60_000),
        })
  const legs = Array.from({ length: Math.floor(random() * 4) }, (_, index) => {
    const endpoint = pick(ENDPOINTS)
    return sampleLeg({
      id: `${id}-${index}`,
      callId: common.channelId,
      channelId: `${id}-${index}`,
      endpoint,
      endpointRole: endpoint.startsWith('trunk') ? 'trunk' : 'phone',
      role: random() < 0.9 ? 'callee' : 'caller',
      startedAt: startedAt + Math.floor(random() * 5000),
      result: call.endedAt === null ? null : pick(LEG_RESULTS),
      talkMs: Math.floor(random() * 10_000),
      sipCallId: sipCallIdOf(id + index + 1),
    })
  })
  return { id, call, legs }
}

// Some calls and legs have none, and some have that of another call.
function sipCallIdOf(id: number): string | null {
  return id % 7 === 0 ? null : `dialog-${id % 40}@pc33.example.com`
}

// Mulberry32.
function numbers(seed: number): () => number {
  let state = seed * 0x9e3779b9
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
