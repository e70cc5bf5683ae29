// The messages of the live socket in fleet mode, where one program tells the live calls of many exporters: shared with the page.
//
// Types only. As in message.ts, except that each call and each missed caller names its site, ids are text, and the state of each node
// takes the place of the one connection to Asterisk.

import type { ActiveCall, MissedCallerEntry } from '../../query/schema.ts'
import type { EndedCall } from '../../query/serialize.ts'
import type { LiveChange, MissedCallerChange, PbxStatus } from './message.ts'

/** What an exporter tells, as a fleet tells it. `id`: `<log_id>.<row>`, as in the central call log; null while there is no row. */
export type OfSite<Entry> = Omit<Entry, 'id'> & { readonly id: string | null; readonly site: string }

export type FleetActiveCall = OfSite<ActiveCall>
export type FleetEndedCall = OfSite<EndedCall>
/** `closed_by_call`: the id of the closing call. */
export type FleetMissedCaller = Omit<OfSite<MissedCallerEntry>, 'id' | 'closed_by_call'> & {
  readonly id: string
  readonly closed_by_call: string | null
}

/** `connecting`: not reached since the program began; `live`: its calls are known; `unreachable`: they are not, and `problem` says why. */
export const NODE_STATES = ['connecting', 'live', 'unreachable'] as const
export type NodeState = (typeof NODE_STATES)[number]

/** A node of the fleet: one exporter. */
export interface NodeEntry {
  /** Its address, as FLEET_NODES has it. */
  readonly url: string
  /** As it calls itself; null until it was first reached. */
  readonly site: string | null
  readonly state: NodeState
  /** When `state` or `in_sync` last changed; of a node that is live and not in sync: when it lost its Asterisk, if it ever had one. */
  readonly since: string
  /** Why it cannot be reached, or what it says is wrong with its connection to Asterisk; null if nothing is wrong. */
  readonly problem: string | null
  /** Whether it is in sync with its Asterisk; null unless it is live. */
  readonly in_sync: boolean | null
  /** Its Asterisk, of the current or the last connection. */
  readonly asterisk: PbxStatus['asterisk']
  /** Null unless it is live. */
  readonly calls_active: number | null
}

/** Counters of the program. `now` is the time by the program's clock. */
export interface FleetCounters {
  readonly now: string
  readonly start_time: string
  readonly calls_active: number
  readonly nodes: number
  readonly nodes_live: number
}

/** The state at `seq`. Only a snapshot of a fleet has `nodes`. */
export interface FleetSnapshot {
  readonly type: 'snapshot'
  readonly epoch: string
  readonly seq: number
  readonly nodes: readonly NodeEntry[]
  readonly figures: FleetCounters
  readonly calls: readonly FleetActiveCall[]
  /** True: more live calls follow in messages of type `calls`; changes may come between them. */
  readonly more: boolean
}

/** More live calls, each as it is when this message is sent. */
export interface FleetFurtherCalls {
  readonly type: 'calls'
  readonly calls: readonly FleetActiveCall[]
  readonly more: boolean
}

/** Numbered without gaps. */
export type FleetChange =
  | { readonly type: 'call'; readonly seq: number; readonly change: LiveChange; readonly call: FleetActiveCall }
  | { readonly type: 'ended'; readonly seq: number; readonly call: FleetEndedCall }
  /** These calls of a site are not live any more, or are not known to be: the node was lost, or they ended while it was. */
  | { readonly type: 'gone'; readonly seq: number; readonly site: string; readonly channel_ids: readonly string[] }
  | {
      readonly type: 'missed_caller'
      readonly seq: number
      readonly change: MissedCallerChange
      readonly caller: FleetMissedCaller
    }
  /** The state of a node changed; which of its calls live is in the other messages. */
  | { readonly type: 'node'; readonly seq: number; readonly node: NodeEntry }

/** As in message.ts. */
export interface FleetHeartbeat {
  readonly type: 'figures'
  readonly figures: FleetCounters
}

/** Instead of a snapshot: the changes after the requested `since` follow. */
export interface FleetResumed {
  readonly type: 'resumed'
  readonly epoch: string
  readonly seq: number
}

export type FleetLiveMessage = FleetSnapshot | FleetFurtherCalls | FleetResumed | FleetChange | FleetHeartbeat
