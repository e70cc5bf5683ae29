// Recorded traffic of real calls as events of the core, and the calls that it contains.

import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { decodeEvent } from '../../../src/ari/decode.ts'
import type { BridgeSnapshot, ChannelSnapshot, PbxEvent } from '../../../src/call/event.ts'
import type { CallFact, CallRecord, LegRecord } from '../../../src/call/fact.ts'
import { rolesByName } from '../../../src/call/outcome/direction.ts'
import { createTracker, type Tracker } from '../../../src/call/tracker.ts'

/** A call of `expected.json`. */
export interface ExpectedCall {
  readonly channel_id: string
  readonly caller: string
  readonly callee: string
  readonly direction: string
  readonly disposition: string
  readonly missed: boolean
  readonly duration: number
  readonly answer_delay: number | null
  readonly queue: string | null
  readonly answered_by: readonly string[]
  readonly merged_into: string | null
  readonly hangup_by: string | null
  readonly transfers?: number
  readonly sip_call_id?: string
  readonly recording?: string | null
  /** `endpoint result`, in order. */
  readonly legs: readonly string[]
}

/** A queue wait of `expected.json`; `wait` in seconds. */
export interface ExpectedWait {
  readonly call: string
  readonly queue: string
  readonly outcome: string
  readonly wait: number
}

/** What a recording contains, and for the `kinds` why. */
export interface Expectation {
  readonly reason?: string
  readonly queue_stays: readonly ExpectedWait[]
  readonly calls: readonly ExpectedCall[]
  readonly active: number
}

/**
 * The recordings by name, a folder before it where there is one. `field/`: flows from public bug reports; `asterisk-16/`: the
 * plain scenarios on an old Asterisk; `kinds/`: variants of the flows that the core once got wrong.
 */
export const EXPECTED: Readonly<Record<string, Expectation>> = {
  ...expectations('expected.json'),
  ...expectations('more.json'),
  ...expectations('field/expected.json'),
  ...expectations('asterisk-16/expected.json'),
  ...expectations('kinds/expected.desk.json'),
  ...expectations('kinds/expected.applications.json'),
  ...expectations('kinds/expected.recordings.json'),
}

function expectations(file: string): Record<string, Expectation> {
  const folder = file.slice(0, file.lastIndexOf('/') + 1)
  const expected: Record<string, Expectation> = JSON.parse(
    readFileSync(new URL(`../../traces/${file}`, import.meta.url), 'utf8'),
  )
  return Object.fromEntries(Object.entries(expected).map(([name, expectation]) => [`${folder}${name}`, expectation]))
}

/** The frames of a recording, parsed. */
export function framesOf(name: string): readonly unknown[] {
  const plain = new URL(`../../traces/${name}.ndjson`, import.meta.url)
  const text = existsSync(plain)
    ? readFileSync(plain, 'utf8')
    : gunzipSync(readFileSync(new URL(`../../traces/${name}.ndjson.gz`, import.meta.url))).toString()
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).raw]))
}

const decodedRecordings = new Map<string, readonly PbxEvent[]>()

/** The events that the frames of a recording mean; each file is read and decoded once. */
export function eventsOf(name: string): readonly PbxEvent[] {
  const known = decodedRecordings.get(name)
  if (known !== undefined) {
    return known
  }
  const events = framesOf(name).flatMap((frame) => {
    const decoded = decodeEvent(frame)
    return decoded.kind === 'event' ? [decoded.event] : []
  })
  decodedRecordings.set(name, events)
  return events
}

export function newTracker(): Tracker {
  return createTracker({ roleOf: rolesByName([]) })
}

/** Everything that followed from a stream of events. */
export interface Outcome {
  readonly facts: readonly CallFact[]
  readonly calls: ReadonlyMap<string, CallRecord>
  readonly legs: ReadonlyMap<string, LegRecord>
  readonly tracker: Tracker
}

export function fold(events: Iterable<PbxEvent>, tracker = newTracker()): Outcome {
  const facts: CallFact[] = []
  for (const event of events) {
    facts.push(...tracker.apply(event))
  }
  const calls = new Map<string, CallRecord>()
  const legs = new Map<string, LegRecord>()
  for (const fact of facts) {
    if ('call' in fact) {
      calls.set(fact.call.channelId, fact.call)
    }
    if ('leg' in fact) {
      legs.set(fact.leg.id, fact.leg)
    }
  }
  return { facts, calls, legs, tracker }
}

/** What `GET /channels` and `GET /bridges` would return after these events. */
export function snapshotAfter(events: readonly PbxEvent[], at: number): Extract<PbxEvent, { type: 'SnapshotTaken' }> {
  const channels = new Map<string, ChannelSnapshot>()
  const bridges = new Map<string, BridgeSnapshot>()
  for (const event of events) {
    if ('channel' in event && event.type !== 'ChannelDestroyed') {
      channels.set(event.channel.id, event.channel)
    }
    if (event.type === 'ChannelDestroyed') {
      channels.delete(event.channel.id)
    }
    if (event.type === 'Dialed') {
      for (const one of [event.caller, event.peer]) {
        if (one !== undefined && channels.has(one.id)) {
          channels.set(one.id, one)
        }
      }
    }
    if (event.type === 'BridgeEntered' || event.type === 'BridgeLeft') {
      const createdAt = bridges.get(event.bridge.id)?.createdAt ?? event.at
      bridges.set(event.bridge.id, { ...event.bridge, createdAt })
    }
    if (event.type === 'BridgeDestroyed') {
      bridges.delete(event.bridge.id)
    }
  }
  return { type: 'SnapshotTaken', at, channels: [...channels.values()], bridges: [...bridges.values()], endpoints: [] }
}
