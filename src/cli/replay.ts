// Reads a recording of ARI traffic through the pipeline, without a server, and prints the calls and missed callers that it contains.
//
// A line is `{"t": receive time in ms, "raw": event}` or a bare event; the file may be gzipped. A line that cannot be
// read is counted as malformed and skipped.

import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { MOST_WAITING } from '../app/callbackOptions.ts'
import { numbersOf } from '../app/numbers.ts'
import { createPipeline } from '../app/pipeline.ts'
import { decodeEvent } from '../ari/decode.ts'
import type { CallRecord, LegRecord, QueueWaitRecord } from '../call/fact.ts'
import { rolesByName } from '../call/outcome/direction.ts'
import { createTracker } from '../call/tracker.ts'
import { type MissedCaller, waitedMs } from '../callback/missedCaller.ts'
import { createMissedCallers } from '../callback/missedCallers.ts'
import type { Config } from '../config.ts'
import { trackEndpoints } from '../endpoint/endpoints.ts'
import type { Logger } from '../log.ts'
import { numberMatcher } from '../numbers/phoneNumber.ts'
import { endedCall } from '../query/serialize.ts'
import { formatInstant, isoInstant, orNull, seconds } from '../time/format.ts'

export interface Replayed {
  /** In order of start; a call that did not end has no disposition. */
  readonly calls: readonly { readonly call: CallRecord; readonly legs: readonly LegRecord[] }[]
  /** Queue waits that ended, in the order in which they did. */
  readonly queueWaits: readonly QueueWaitRecord[]
  /** In order of the first miss, as they are at the last event, which was at this time (epoch ms). */
  readonly missedCallers: readonly MissedCaller[]
  readonly lastEventAt: number
  readonly active: number
  readonly malformed: number
  /** Lines that are ARI events, including the types that the program does not use. */
  readonly frames: number
}

export interface ReplayOptions {
  readonly path: string
  readonly trunks: readonly string[]
  readonly lines: Config['calls']['lines']
  readonly callback: Config['callback']
}

/** Rejects with the system's error if the file cannot be read. */
export async function replay(options: ReplayOptions, log: Logger): Promise<Replayed> {
  const calls = new Map<string, CallRecord>()
  const legs = new Map<string, LegRecord>()
  const queueWaits: QueueWaitRecord[] = []
  const callers = new Map<number, MissedCaller>()
  const { country, windowMs } = options.callback
  const missedCallers = createMissedCallers({ keyOf: numberMatcher(country), windowMs, limit: MOST_WAITING })
  const numbers = numbersOf({ calls: options, callback: options.callback })
  const tracker = createTracker({ roleOf: rolesByName(options.trunks), ...numbers })
  const { handleEvent, advance, finish } = createPipeline({
    tracker,
    endpoints: trackEndpoints(),
    log,
    observe: () => [],
    logCall: () => {},
    missedCallers,
    append(facts, _totals, changes) {
      for (const change of changes) {
        if ('caller' in change) {
          callers.set(change.caller.id, change.caller)
        }
      }
      for (const fact of facts) {
        if ('call' in fact) {
          calls.set(fact.call.channelId, fact.call)
        }
        if ('leg' in fact) {
          legs.set(fact.leg.id, fact.leg)
        }
        if ('wait' in fact) {
          queueWaits.push(fact.wait)
        }
      }
    },
  })
  let malformed = 0
  let frames = 0
  let lastEventAt = 0
  for await (const line of createInterface({
    input: await readable(options.path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (line.trim() === '') {
      continue
    }
    const decoded = decodeEvent(eventOf(line))
    if (decoded.kind === 'malformed') {
      malformed += 1
    } else {
      frames += 1
    }
    if (decoded.kind === 'event') {
      lastEventAt = decoded.event.at
      advance(lastEventAt)
      handleEvent(decoded.event)
    }
  }
  finish()
  const ordered = [...calls.values()].sort((one, other) => one.startedAt - other.startedAt)
  return {
    calls: ordered.map((call) => ({ call, legs: legsOf(legs, call) })),
    queueWaits,
    missedCallers: [...callers.values()].sort((one, other) => one.firstMissAt - other.firstMissAt),
    lastEventAt,
    active: [...tracker.live()].length,
    malformed,
    frames,
  }
}

function legsOf(legs: ReadonlyMap<string, LegRecord>, call: CallRecord): LegRecord[] {
  return [...legs.values()]
    .filter((leg) => leg.callId === call.channelId)
    .sort((one, other) => one.startedAt - other.startedAt)
}

async function readable(path: string): Promise<NodeJS.ReadableStream> {
  const file = await open(path)
  const { buffer } = await file.read({ buffer: Buffer.alloc(2), position: 0 })
  await file.close()
  const stream = createReadStream(path)
  const gzipped = buffer[0] === 0x1f && buffer[1] === 0x8b
  return gzipped ? stream.pipe(createGunzip()) : stream
}

function eventOf(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && 'raw' in value ? value.raw : value
  } catch {
    return undefined
  }
}

/** The document that `replay --json` prints: durations in seconds with three decimals, instants in ISO 8601 UTC. */
export function replayDocument({ calls, queueWaits, active, malformed, ...replayed }: Replayed): object {
  return {
    calls: calls.map(({ call, legs }) => ({ ...callEntry(call), legs: legs.map(legEntry) })),
    queue_stays: queueWaits.map(waitEntry),
    missed_callers: replayed.missedCallers.map((caller) => missedCallerEntry(caller, replayed.lastEventAt)),
    active,
    malformed,
  }
}

const CALL_KEYS = [
  'channel_id',
  'caller',
  'callee',
  'direction',
  'disposition',
  'missed',
  'duration',
  'answer_delay',
  'ring_seconds',
  'hangup_by',
  'queue',
  'answered_by',
  'merged_into',
  'transfers',
  'start_time',
  'answer_time',
  'end_time',
] as const

function callEntry(call: CallRecord): object {
  const entry = {
    ...endedCall(call, null),
    duration: seconds(call.durationMs),
    hangup_by: call.disposition === 'merged' ? null : call.hungUpBy,
  }
  return Object.fromEntries(CALL_KEYS.map((key) => [key, entry[key]]))
}

function legEntry(leg: LegRecord): object {
  return {
    channel_id: leg.channelId,
    endpoint: leg.endpoint,
    role: leg.role,
    dialed: leg.dialed,
    start_time: isoInstant(leg.startedAt),
    ringing_time: orNull(leg.ringingAt, isoInstant),
    answer_time: orNull(leg.answeredAt, isoInstant),
    end_time: orNull(leg.endedAt, isoInstant),
    talk: seconds(leg.talkMs),
    result: leg.result,
    cause: leg.cause,
  }
}

function waitEntry({ callId, queue, enteredAt, leftAt, outcome }: QueueWaitRecord): object {
  return { call: callId, queue, entered: isoInstant(enteredAt), left: isoInstant(leftAt), outcome }
}

// Who was not called back has waited until the last event, even if that was too long.
function missedCallerEntry(caller: MissedCaller, lastEventAt: number): object {
  const { number, attempts, tries, state, queue, closedBy, closedAt } = caller
  const until = closedBy === null ? lastEventAt : closedAt
  return {
    number,
    attempts,
    tries,
    state,
    waited_seconds: seconds(waitedMs({ ...caller, closedAt: until }, lastEventAt)),
    queue,
    closed_by: closedBy,
  }
}

/** The calls as a table, followed by a line of totals. */
export function replayTable({ calls, active, malformed }: Replayed): string {
  const rows = calls.map(({ call }) => [
    formatInstant(call.startedAt),
    call.caller,
    call.callee,
    call.direction,
    call.disposition ?? '(active)',
    call.missed ? 'missed' : '',
    call.answeredAt === null ? '' : `${seconds(call.durationMs).toFixed(3)} s`,
    call.answeredBy.join(' '),
    call.queue ?? '',
  ])
  const table = [
    ['start (UTC)', 'caller', 'callee', 'direction', 'disposition', '', 'duration', 'answered by', 'queue'],
    ...rows,
  ]
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? []
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const total = `${calls.length} calls, ${active} of them active, ${malformed} malformed lines`
  return [...lines, '', total].join('\n')
}
