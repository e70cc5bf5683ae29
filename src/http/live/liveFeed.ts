// Facts -> numbered messages; the latest are kept in a ring, so that a reader that lost its connection can resume.
//
// Knows no sockets and no timers. A snapshot is made from the live calls, some at a time, never from state of its own. Each
// message is serialized once, however many readers there are. A reader that missed more than the ring holds gets a snapshot.

import type { CallFact, CallRecord, CallState } from '../../call/fact.ts'
import type { ActiveCall } from '../../query/schema.ts'
import { activeCall, endedCall } from '../../query/serialize.ts'
import type { ServiceStatus } from '../serviceStatus.ts'
import type { Change, Counters, LiveChange, LiveMessage, PbxStatus } from './message.ts'

export interface LiveFeedOptions {
  /** Identifies this run of the program. */
  readonly epoch: string
  /** How many changes are kept for readers that reconnect. */
  readonly kept: number
}

export interface LiveFeedDependencies {
  /** The live calls, with numbers masked if so configured. */
  readonly live: () => Iterable<CallRecord>
  /** Row of a live call in the call log. */
  readonly rowId: (channelId: string) => number | undefined
  readonly state: () => ServiceStatus
}

/** The epoch and the last `seq` that a reader received. */
export interface Position {
  readonly epoch: string
  readonly seq: number
}

/** What a reader gets before any change. */
export interface InitialMessages {
  /** To be sent in the step in which the reader subscribes. */
  readonly texts: readonly string[]
  /** Each is made on demand and must be sent in that same step; changes may be sent between them. */
  readonly rest: Iterator<string>
}

/** Calls in one message: some 100 KB, made in a millisecond or two. */
const CALLS_PER_MESSAGE = 250

export interface LiveFeed {
  /** Takes a fact with masked numbers, in the same step in which the core concluded it. */
  publish(fact: CallFact): void
  /** Publishes the state of the connection to Asterisk if it changed. */
  checkConnection(): void
  /** What a reader gets first: the changes it missed if they are still kept, else a snapshot. */
  initialMessages(position: Position | null): InitialMessages
  /** The counters, sent regularly so that a reader notices a dead connection. */
  heartbeat(): string
  /** Each further message goes to `read`, until the function that is returned is called. */
  subscribe(read: (text: string) => void): () => void
}

/** Numbers begin at 1. */
export function createLiveFeed({ epoch, kept }: LiveFeedOptions, sources: LiveFeedDependencies): LiveFeed {
  const ring = new Array<string>(kept)
  const readers = new Set<(text: string) => void>()
  const known = new Map<string, Known>()
  let seq = 0
  let lastPbx = JSON.stringify(pbxStatusOf(sources.state()))

  const append = (make: (seq: number) => Change): void => {
    seq += 1
    const text = written(make(seq))
    ring[seq % kept] = text
    for (const read of readers) {
      read(text)
    }
  }
  const snapshot = (): InitialMessages => {
    const state = sources.state()
    const pieces = piecesOf(sources.live(), (call) => activeCall(call, sources.rowId(call.channelId) ?? null))
    const first = pieces.next().value ?? { calls: [], more: false }
    const head = { type: 'snapshot', epoch, seq, pbx: pbxStatusOf(state), figures: countersOf(state) } as const
    return {
      texts: [written({ ...head, ...first })],
      rest: furtherTexts(pieces),
    }
  }
  const missed = (from: number): readonly string[] =>
    Array.from({ length: seq - from }, (_, index) => ring[(from + 1 + index) % kept] ?? '')

  return {
    publish(fact) {
      if (!('call' in fact)) {
        return
      }
      const { call } = fact
      const before = known.get(call.channelId)
      const id = sources.rowId(call.channelId) ?? before?.id ?? null
      if (fact.type === 'CallEnded') {
        known.delete(call.channelId)
        return append((number) => ({ type: 'ended', seq: number, call: endedCall(call, id) }))
      }
      known.set(call.channelId, { id, state: call.state })
      const change = changeOf(fact.type, before?.state, call.state)
      append((number) => ({ type: 'call', seq: number, change, call: activeCall(call, id) }))
    },
    checkConnection() {
      const pbx = pbxStatusOf(sources.state())
      const text = JSON.stringify(pbx)
      if (text === lastPbx) {
        return
      }
      lastPbx = text
      append((number) => ({ type: 'pbx', seq: number, pbx }))
    },
    initialMessages(position) {
      if (position === null || position.epoch !== epoch) {
        return snapshot()
      }
      if (position.seq > seq || seq - position.seq > kept) {
        return snapshot()
      }
      const texts = [written({ type: 'resumed', epoch, seq }), ...missed(position.seq)]
      return { texts, rest: [].values() }
    },
    heartbeat: () => written({ type: 'figures', figures: countersOf(sources.state()) }),
    subscribe(read) {
      readers.add(read)
      return () => readers.delete(read)
    },
  }
}

interface Piece {
  readonly calls: readonly ActiveCall[]
  readonly more: boolean
}

// Lazy: each call is read when its message is sent.
function* piecesOf(live: Iterable<CallRecord>, tell: (call: CallRecord) => ActiveCall): Generator<Piece, undefined> {
  let calls: ActiveCall[] = []
  for (const call of live) {
    calls.push(tell(call))
    if (calls.length < CALLS_PER_MESSAGE) {
      continue
    }
    yield { calls, more: true }
    calls = []
  }
  yield { calls, more: false }
}

function* furtherTexts(pieces: Iterable<Piece>): Generator<string, undefined> {
  for (const piece of pieces) {
    yield written({ type: 'calls', ...piece })
  }
}

// The row id is read while the call is live: when it ends, the call log has already dropped it from the live ones.
interface Known {
  readonly id: number | null
  readonly state: CallState
}

function changeOf(
  type: 'CallStarted' | 'CallChanged' | 'CallAnswered',
  before: CallState | undefined,
  state: CallState,
): LiveChange {
  if (type === 'CallStarted') {
    return 'started'
  }
  if (type === 'CallAnswered') {
    return 'answered'
  }
  if (state === before) {
    return 'changed'
  }
  switch (state) {
    case 'ringing':
    case 'queued':
    case 'held':
    case 'parked': {
      return state
    }
    case 'talking': {
      return before === undefined ? 'changed' : 'resumed'
    }
    case 'setup':
    case 'ivr': {
      return 'changed'
    }
  }
}

function pbxStatusOf({ inSync, since, problem, asterisk }: ServiceStatus): PbxStatus {
  return {
    in_sync: inSync,
    since: since === null ? null : new Date(since).toISOString(),
    problem,
    asterisk:
      asterisk === null
        ? null
        : {
            version: asterisk.version,
            entity_id: asterisk.entityId,
            start_time: new Date(asterisk.startedAt).toISOString(),
          },
  }
}

function countersOf(state: ServiceStatus): Counters {
  return {
    now: new Date(state.now).toISOString(),
    start_time: new Date(state.startedAt).toISOString(),
    calls_active: state.callsActive,
    calls_ended: state.callsEnded,
    calls_missed: state.callsMissed,
    log_rows: state.callLog.rows,
    log_pending: state.callLog.pending,
  }
}

function written(message: LiveMessage): string {
  return JSON.stringify(message)
}
