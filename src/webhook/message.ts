// What a webhook sends of an entry of the outbox: the JSON, and the key by which a receiver knows a repetition.
//
// A call is as `GET /api/calls/{id}` gives it, a missed caller as `GET /api/missed-callers` does: the same functions make them.

import { createHash } from 'node:crypto'
import { callStory, type LinkTemplates } from '../query/callStory.ts'
import {
  type CallDetailRow,
  callDetail,
  type LegEntryRow,
  type MissedCallerRow,
  missedCallerOfRow,
} from '../query/rowToApi.ts'
import type { CallStory, MissedCallerEntry } from '../query/schema.ts'
import { isOfMissedCaller, type OutboxEntry, type OutboxItem, type Parcel, type SqlRow } from '../shipping/sink.ts'
import { lastAgent } from './lastAgent.ts'

/** The body of a request about a call. */
export interface CallMessage {
  readonly event: OutboxItem['event']
  readonly site: string
  readonly log_id: string
  readonly last_agent: string | null
  /** How many legs were left out so that the body is not too large. */
  readonly legs_omitted: number
  readonly call: CallStory
}

/** The body of a request about a missed caller. */
export interface MissedCallerMessage {
  readonly event: OutboxItem['event']
  readonly site: string
  readonly log_id: string
  readonly missed_caller: MissedCallerEntry
}

/** Where an entry comes from. */
export type Origin = Pick<Parcel, 'logId' | 'site'>

/** An entry whose row exists. */
export type PresentItem = OutboxItem & { readonly row: SqlRow }

/** Bytes: what Express takes unless it is told otherwise; nginx takes ten times as much. */
export const MAX_BODY_BYTES = 100_000

/** The body, of at most `MAX_BODY_BYTES`. */
export function bodyOf({ logId, site }: Origin, item: PresentItem, links: LinkTemplates): string {
  const { event } = item
  const origin = { event, site, log_id: logId }
  if (isOfMissedCaller(event)) {
    return JSON.stringify({ ...origin, missed_caller: missedCallerOfRow(missedCallerRow(item.row)) })
  }
  const call = callStory(callDetail(callRow(item.row), item.legs.map(legRow)), links)
  const { legs, omitted } = fittingLegs(call)
  // Only whoever was tried by thousands of phones has so many that they alone are too large.
  const tried = legs.length === 0 && omitted > 0 ? [] : call.tried
  return JSON.stringify({
    ...origin,
    last_agent: lastAgent(call),
    legs_omitted: omitted,
    call: { ...call, tried, legs },
  } satisfies CallMessage)
}

/**
 * The same for every attempt at this event, and never for another one. The row of a restored backup may have the number of another
 * row that was sent before: the digest is of what differs between the two.
 */
export function idempotencyKey({ logId }: Pick<Origin, 'logId'>, item: PresentItem): string {
  const { row, event, rowId } = item
  const identity = isOfMissedCaller(event) ? [row['number_key']] : [row['channel_id'], row['start_time']]
  const digest = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, DIGEST_LENGTH)
  return `${logId}.${event}.${rowId}.${digest}`
}

/** Entries of one order have one name: nothing about a call or a missed caller overtakes what was before it. */
export function orderOf({ event, rowId }: OutboxEntry): string {
  return `${isOfMissedCaller(event) ? 'missed caller' : 'call'} ${rowId}`
}

const DIGEST_LENGTH = 8

// Answered legs say more than attempts, and late ones more than early ones.
function fittingLegs(call: CallStory): { readonly legs: CallStory['legs']; readonly omitted: number } {
  const sizes = call.legs.map((leg) => Buffer.byteLength(JSON.stringify(leg)) + 1)
  let bytes = Buffer.byteLength(JSON.stringify(call)) + MOST_AROUND_BYTES
  const omitted = new Set<number>()
  const isAnswered = call.legs.map(({ answer_time }) => answer_time !== null)
  for (const answered of [false, true]) {
    for (const [index, size] of sizes.entries()) {
      if (bytes > MAX_BODY_BYTES && isAnswered[index] === answered) {
        omitted.add(index)
        bytes -= size
      }
    }
  }
  return { legs: call.legs.filter((_, index) => !omitted.has(index)), omitted: omitted.size }
}

/** More than the fields around a call take. */
const MOST_AROUND_BYTES = 1_000

// The outbox has all columns of its rows; what somebody edited is read with defaults (query/rowToApi.ts).
function callRow(row: SqlRow): CallDetailRow {
  return row as CallDetailRow
}

function legRow(row: SqlRow): LegEntryRow {
  return row as LegEntryRow
}

function missedCallerRow(row: SqlRow): MissedCallerRow {
  return row as MissedCallerRow
}
