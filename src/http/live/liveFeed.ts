// Turns facts into numbered messages, and keeps the latest in a ring buffer, so that a reader can resume after a lost connection.
//
// Knows no sockets and no timers. A snapshot is made from the core's live calls, some at a time. A reader that missed more
// messages than the ring buffer holds (changeRing.ts) gets a snapshot.

import type { CallFact, CallRecord, CallState } from '../../call/fact.ts'
import type { MissedCallerFact } from '../../callback/missedCaller.ts'
import { activeCall, agentEntry, endedCall, missedCallerEntry } from '../../query/serialize.ts'
import type { AgentFact } from '../../staffing/agent.ts'
import type { ServiceStatus } from '../serviceStatus.ts'
import { type ChangeRingOptions, createChangeRing, type Position } from './changeRing.ts'
import type { Change, Counters, LiveChange, LiveMessage, MissedCallerChange, PbxStatus } from './message.ts'

export interface LiveFeedDependencies {
  /** The live calls, with numbers masked if so configured. */
  readonly live: () => Iterable<CallRecord>
  /** Row of a live call in the call log. */
  readonly rowId: (channelId: string) => number | undefined
  readonly status: () => ServiceStatus
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

/** What the live socket sends. */
export interface LiveSource {
  /** Publishes the state of the connection to Asterisk if it changed. */
  checkConnection(): void
  /** What a reader gets first: the changes it missed if they are still kept, else a snapshot. */
  initialMessages(position: Position | null): InitialMessages
  /** The counters, sent regularly so that a reader notices a dead connection. */
  heartbeat(): string
  /** Each further message goes to `read`, until the function that is returned is called. */
  subscribe(read: (text: string) => void): () => void
}

export interface LiveFeed extends LiveSource {
  /** Publishes a fact, with masked numbers, in the step in which the core reports it. */
  publish(fact: CallFact | MissedCallerFact | AgentFact): void
  /** While paused, changes are left out. The number of the next one shows readers that some are missing: they ask for a snapshot. */
  pause(isPaused: boolean): void
}

export function createLiveFeed(options: ChangeRingOptions, dependencies: LiveFeedDependencies): LiveFeed {
  const { epoch } = options
  const ring = createChangeRing<Change>(options)
  const { append } = ring
  const known = new Map<string, KnownCall>()
  let isPaused = false
  let lastPbx = JSON.stringify(pbxStatusOf(dependencies.status()))

  const snapshot = (): InitialMessages => {
    const status = dependencies.status()
    const chunks = chunksOf(dependencies.live(), (call) => activeCall(call, dependencies.rowId(call.channelId) ?? null))
    const first = chunks.next().value ?? { calls: [], more: false }
    const head = {
      type: 'snapshot',
      epoch,
      seq: ring.seq(),
      pbx: pbxStatusOf(status),
      figures: countersOf(status),
    } as const
    return {
      texts: [serialized({ ...head, ...first })],
      rest: furtherTexts(chunks),
    }
  }
  const publishMissedCaller = ({ type, caller }: Extract<MissedCallerFact, { caller: unknown }>): void => {
    if (isPaused) {
      return
    }
    const closedByCall = caller.closedBy === null ? null : (dependencies.rowId(caller.closedBy) ?? null)
    append((number) => {
      const entry = missedCallerEntry(caller, closedByCall)
      return { type: 'missed_caller', seq: number, change: CHANGES[type], caller: entry }
    })
  }
  const publishAgent = ({ type, agent }: AgentFact): void => {
    if (!isPaused) {
      const change = type === 'AgentLeft' ? 'left' : 'changed'
      append((number) => ({ type: 'agent', seq: number, change, agent: agentEntry(agent) }))
    }
  }

  return {
    publish(fact) {
      if ('caller' in fact) {
        return publishMissedCaller(fact)
      }
      if ('agent' in fact) {
        return publishAgent(fact)
      }
      if (!('call' in fact)) {
        return
      }
      const { call } = fact
      const before = known.get(call.channelId)
      const id = dependencies.rowId(call.channelId) ?? before?.id ?? null
      if (fact.type === 'CallEnded') {
        known.delete(call.channelId)
        return isPaused ? undefined : append((number) => ({ type: 'ended', seq: number, call: endedCall(call, id) }))
      }
      known.set(call.channelId, { id, state: call.state })
      if (isPaused) {
        return
      }
      const change = changeOf(fact.type, before?.state, call.state)
      append((number) => ({ type: 'call', seq: number, change, call: activeCall(call, id) }))
    },
    pause(isNow) {
      isPaused = isNow
      if (!isNow) {
        ring.skip()
      }
    },
    checkConnection() {
      const pbx = pbxStatusOf(dependencies.status())
      const text = JSON.stringify(pbx)
      if (text === lastPbx) {
        return
      }
      lastPbx = text
      append((number) => ({ type: 'pbx', seq: number, pbx }))
    },
    initialMessages(position) {
      const changes = ring.after(position)
      if (changes === null) {
        return snapshot()
      }
      return { texts: [serialized({ type: 'resumed', epoch, seq: ring.seq() }), ...changes], rest: [].values() }
    },
    heartbeat: () => serialized({ type: 'figures', figures: countersOf(dependencies.status()) }),
    subscribe: ring.subscribe,
  }
}

const CHANGES: Readonly<Record<Extract<MissedCallerFact, { caller: unknown }>['type'], MissedCallerChange>> = {
  MissedCallerOpened: 'opened',
  MissedCallerChanged: 'changed',
  MissedCallerClosed: 'closed',
}

interface Chunk<Call> {
  readonly calls: readonly Call[]
  readonly more: boolean
}

/** The calls of a snapshot, some in each message. Lazy: each call is read when its message is sent. */
export function* chunksOf<From, Call>(
  live: Iterable<From>,
  convert: (call: From) => Call,
): Generator<Chunk<Call>, undefined> {
  let calls: Call[] = []
  for (const call of live) {
    calls.push(convert(call))
    if (calls.length < CALLS_PER_MESSAGE) {
      continue
    }
    yield { calls, more: true }
    calls = []
  }
  yield { calls, more: false }
}

/** The messages of the further calls. */
export function* furtherTexts(chunks: Iterable<Chunk<unknown>>): Generator<string, undefined> {
  for (const chunk of chunks) {
    yield JSON.stringify({ type: 'calls', ...chunk })
  }
}

// The row id is kept here, because the call log has already removed it when the call ends.
interface KnownCall {
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

function pbxStatusOf(status: ServiceStatus): PbxStatus {
  const { site, logId, inSync, since, problem, asterisk, resPrometheus } = status
  return {
    site,
    log_id: logId,
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
    res_prometheus: resPrometheus,
  }
}

function countersOf(status: ServiceStatus): Counters {
  return {
    now: new Date(status.now).toISOString(),
    start_time: new Date(status.startedAt).toISOString(),
    calls_active: status.callsActive,
    calls_ended: status.callsEnded,
    calls_missed: status.callsMissed,
    log_rows: status.callLog.rows,
    log_pending: status.callLog.pending,
  }
}

function serialized(message: LiveMessage): string {
  return JSON.stringify(message)
}
