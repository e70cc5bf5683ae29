// What the page shows of calls and missed callers: of one Asterisk, or of a fleet, whose entries have a site and whose ids are text.
//
// No I/O. An id is never computed with: it names an entry in an address, and decides the order of two that began at the same instant.

import type {
  ActiveCall,
  CallEntry,
  CallPage,
  CallStory,
  MissedCallerEntry,
  MissedCallerPage,
  OperatorEntry,
} from '../../../query/schema.ts'
import type { FleetLiveMessage } from '../../live/fleetMessage.ts'
import type { LiveMessage } from '../../live/message.ts'

/** The row of a call; in a fleet, `<log id>.<row>`. */
export type EntryId = number | string

/** An entry of the API, which in a fleet has the name of its site, and ids that are text. */
type Anywhere<T, Ids extends keyof T> = Omit<T, Ids> & { readonly site?: string } & {
  readonly [Key in Ids]: T[Key] | string
}

export type ListedCall = Anywhere<CallEntry, 'id' | 'returned_by'>
export type LiveCall = Anywhere<ActiveCall, 'id'>
export type Story = Anywhere<CallStory, 'id' | 'returned_by'>
export type Caller = Anywhere<MissedCallerEntry, 'id' | 'closed_by_call'>
export type Operator = OperatorEntry & { readonly site?: string }

export type ListedCallPage = Omit<CallPage, 'calls'> & { readonly calls: readonly ListedCall[] }
export type CallerPage = Omit<MissedCallerPage, 'missed_callers'> & { readonly missed_callers: readonly Caller[] }

/** A site that has calls in the central call log. */
export interface LoggedSite {
  readonly site: string
  readonly last_call_time: string
}

/** A message of the feed, of one exporter or of a fleet. */
export type AnyMessage = LiveMessage | FleetLiveMessage

/** Names a call while it is active: two PBXs may have a channel of the same id. */
export function liveKeyOf({ site, channel_id }: { readonly site?: string; readonly channel_id: string }): string {
  return site === undefined ? channel_id : `${channel_id} ${site}`
}

/** Negative if `one` is older: by the log, then by the number of the row. */
export function compareIds(one: EntryId, other: EntryId): number {
  if (typeof one === 'number' && typeof other === 'number') {
    return one - other
  }
  const [oneLog, oneRow] = partsOf(one)
  const [otherLog, otherRow] = partsOf(other)
  return oneLog === otherLog ? oneRow - otherRow : oneLog < otherLog ? -1 : 1
}

function partsOf(id: EntryId): readonly [log: string, row: number] {
  const text = String(id)
  const dot = text.lastIndexOf('.')
  return [text.slice(0, Math.max(0, dot)), Number(text.slice(dot + 1))]
}
