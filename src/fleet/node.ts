// One exporter of the fleet: its state and its live calls, from the messages that it sends.
//
// No I/O. A message that does not follow the one before is not used: a new snapshot is needed.

import type { Position } from '../http/live/changeRing.ts'
import type {
  FleetActiveCall,
  FleetEndedCall,
  FleetMissedCaller,
  NodeEntry,
  NodeState,
} from '../http/live/fleetMessage.ts'
import { isoInstant, orNull } from '../time/format.ts'
import { createNodeCalls, type NodeCallsDependencies } from './nodeCalls.ts'
import type { NodeCall, NodeCaller, NodeEndedCall, NodeMessage, NodePbx } from './nodeMessage.ts'

export interface NodeDependencies extends NodeCallsDependencies {
  /** Epoch ms. */
  readonly now: () => number
}

export interface Node {
  readonly url: string
  entry(): NodeEntry
  calls(): Iterable<FleetActiveCall>
  callsActive(): number
  state(): NodeState
  /** Where a new connection may resume; null: it has to begin with a snapshot. */
  position(): Position | null
  /** False: messages are missing before this one. */
  receive(message: NodeMessage): boolean
  /** Its live calls are not known any more. */
  lose(why: string): void
  /** The next connection begins with a snapshot; until then, its calls are taken to be as they were. */
  forgetPosition(): void
}

export function createNode(url: string, deps: NodeDependencies): Node {
  const { publish, now } = deps
  const calls = createNodeCalls(deps)
  let state: NodeState = 'connecting'
  let since = now()
  let problem: string | null = null
  let pbx: NodePbx | null = null
  let position: Position | null = null
  // By its own figures, for when not all of its calls had room.
  let figure = 0

  const callsActive = (): number => (calls.isCut() ? Math.max(figure, calls.size()) : calls.size())
  const sinceText = (): string => (state === 'live' && pbx?.in_sync === false ? pbx.since : null) ?? isoInstant(since)
  const entry = (): NodeEntry => ({
    ...{ url, site: pbx?.site ?? null, state, since: sinceText(), problem },
    in_sync: state === 'live' ? (pbx?.in_sync ?? null) : null,
    asterisk: pbx?.asterisk ?? null,
    calls_active: state === 'live' ? callsActive() : null,
  })
  const update = (next: { state: NodeState; problem: string | null; pbx?: NodePbx }): void => {
    const before = stateText(entry())
    if (next.state !== state || (next.pbx !== undefined && next.pbx.in_sync !== pbx?.in_sync)) {
      since = now()
    }
    state = next.state
    problem = next.problem
    pbx = next.pbx ?? pbx
    const node = entry()
    if (stateText(node) !== before) {
      publish((seq) => ({ type: 'node', seq, node }))
    }
  }
  const begin = (message: Extract<NodeMessage, { type: 'snapshot' }>): void => {
    const { epoch, seq, pbx: next } = message
    if (pbx?.site !== next.site || pbx.log_id !== next.log_id) {
      calls.clear()
    }
    position = { epoch, seq }
    figure = message.figures.calls_active
    calls.begin()
    update({ state: 'live', problem: next.problem, pbx: next })
    calls.addTold(
      message.calls.map((call) => activeCallOf(call, next)),
      message.more,
    )
  }
  const change = (message: Change, from: NodePbx): void => {
    switch (message.type) {
      case 'call':
        return calls.put(activeCallOf(message.call, from), message.change)
      case 'ended': {
        const call = endedCallOf(message.call, from)
        calls.end(message.call.channel_id)
        return publish((seq) => ({ type: 'ended', seq, call }))
      }
      case 'missed_caller': {
        const { change: what } = message
        const caller = missedCallerOf(message.caller, from)
        return publish((seq) => ({ type: 'missed_caller', seq, change: what, caller }))
      }
      case 'pbx':
        return update({ state, problem: message.pbx.problem, pbx: message.pbx })
    }
  }

  return {
    url,
    entry,
    callsActive,
    calls: calls.all,
    state: () => state,
    position: () => (calls.isPartial() ? null : position),
    receive(message) {
      if (message.type === 'snapshot') {
        begin(message)
        return true
      }
      if (message.type === 'unused' && message.seq === undefined) {
        return true
      }
      if (position === null || pbx === null) {
        return false
      }
      switch (message.type) {
        case 'resumed': {
          update({ state: 'live', problem: pbx.problem })
          return true
        }
        case 'calls': {
          const from = pbx
          calls.addTold(
            message.calls.map((call) => activeCallOf(call, from)),
            message.more,
          )
          return true
        }
        case 'figures': {
          figure = message.figures.calls_active
          return true
        }
      }
      if (message.seq !== position.seq + 1) {
        return false
      }
      position = { ...position, seq: message.seq }
      if (message.type !== 'unused') {
        change(message, pbx)
      }
      return true
    },
    lose(why) {
      position = null
      calls.clear()
      update({ state: 'unreachable', problem: why })
    },
    forgetPosition() {
      position = null
    },
  }
}

type Change = Extract<NodeMessage, { type: 'call' | 'ended' | 'missed_caller' | 'pbx' }>

// What the readers are told of a node at once; the number of its calls follows from the calls.
function stateText({ calls_active: _, ...rest }: NodeEntry): string {
  return JSON.stringify(rest)
}

function activeCallOf(call: NodeCall, { site, log_id }: NodePbx): FleetActiveCall {
  return { ...call, id: orNull(call.id, (row) => `${log_id}.${row}`), site }
}

function endedCallOf(call: NodeEndedCall, { site, log_id }: NodePbx): FleetEndedCall {
  return { ...call, id: orNull(call.id, (row) => `${log_id}.${row}`), site }
}

function missedCallerOf(caller: NodeCaller, { site, log_id }: NodePbx): FleetMissedCaller {
  return {
    ...{ ...caller, id: `${log_id}.${caller.id}`, site },
    closed_by_call: orNull(caller.closed_by_call, (row) => `${log_id}.${row}`),
  }
}
