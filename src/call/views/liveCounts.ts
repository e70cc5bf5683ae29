// How many calls and parties there are right now, by what they are doing.
//
// The gauges are read from here: each figure is the size of a set of live things, never a number that is counted
// up and down, so it cannot drift or leak. Reading costs the number of groups, not the number of calls.

import type { Direction } from '../event.ts'
import type { CallState } from '../fact.ts'
import type { Call } from '../model/call.ts'
import { currentStay } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import type { World } from '../model/pbxState.ts'

/** A group that live things are filed under. */
export type LiveCountKey =
  | { readonly family: 'calls'; readonly direction: Direction; readonly state: CallState }
  | { readonly family: 'queue'; readonly queue: string }
  | { readonly family: 'trunk'; readonly trunk: string; readonly direction: 'inbound' | 'outbound' }
  | { readonly family: 'phone'; readonly endpoint: string; readonly activity: 'ringing' | 'talking' }

/** One group: how many are in it, and since when (epoch ms) its oldest member; an empty group is not told. */
export interface LiveCount {
  readonly key: LiveCountKey
  readonly count: number
  readonly oldestAt: number
}

interface Entry {
  readonly key: LiveCountKey
  /** What is counted: a call or a channel, by its id. */
  readonly id: string
  readonly since: number
}

interface Group {
  readonly name: string
  readonly key: LiveCountKey
  readonly members: Map<string, Filed>
}

/** An entry in its group. */
interface Filed extends Omit<Entry, 'key'> {
  readonly group: Group
}

export interface LiveCounts {
  /** Files a call under what it is doing now; an ended one under nothing. */
  file(call: Call): void
  /** Files a channel under what it is to its call; one that is gone, or plumbing, under nothing. */
  fileParty(world: World, channel: Channel): void
  groups(): Iterable<LiveCount>
}

export function createLiveCounts(): LiveCounts {
  const groups = new Map<string, Group>()
  const filed = new Map<Call | Channel, readonly Filed[]>()

  function unfile(one: Filed): void {
    const { group, id } = one
    // A channel that another call has taken over is filed by that one already.
    if (group.members.get(id) !== one) return
    group.members.delete(id)
    if (group.members.size === 0) groups.delete(group.name)
  }

  function fileEntry({ key, id, since }: Entry): Filed {
    const name = nameOf(key)
    const group = groups.get(name) ?? { name, key, members: new Map<string, Filed>() }
    const one = { group, id, since }
    groups.set(name, group)
    group.members.set(id, one)
    return one
  }

  function file(one: Call | Channel, entries: readonly Entry[]): void {
    const before = filed.get(one) ?? []
    // Most events change nothing of what a call is doing, and this is asked after every one.
    if (isSame(before, entries)) return
    before.forEach(unfile)
    if (entries.length > 0) filed.set(one, entries.map(fileEntry))
    else filed.delete(one)
  }

  return {
    file: (call) => file(call, call.stage === 'live' ? entriesOf(call) : []),
    fileParty: (world, channel) => file(channel, partyEntries(world, channel)),
    *groups() {
      for (const { key, members } of groups.values()) {
        let oldestAt = Number.POSITIVE_INFINITY
        for (const { since } of members.values()) oldestAt = Math.min(oldestAt, since)
        yield { key, count: members.size, oldestAt }
      }
    },
  }
}

function nameOf(key: LiveCountKey): string {
  switch (key.family) {
    case 'calls':
      return `calls\u0000${key.direction}\u0000${key.state}`
    case 'queue':
      return `queue\u0000${key.queue}`
    case 'trunk':
      return `trunk\u0000${key.trunk}\u0000${key.direction}`
    case 'phone':
      return `phone\u0000${key.endpoint}\u0000${key.activity}`
  }
}

function isSame(before: readonly Filed[], entries: readonly Entry[]): boolean {
  return (
    before.length === entries.length &&
    before.every(({ group, id, since }, index) => {
      const entry = entries[index]
      return entry?.id === id && entry.since === since && isSameKey(entry.key, group.key)
    })
  )
}

function isSameKey(one: LiveCountKey, other: LiveCountKey): boolean {
  switch (one.family) {
    case 'calls':
      return other.family === 'calls' && other.direction === one.direction && other.state === one.state
    case 'queue':
      return other.family === 'queue' && other.queue === one.queue
    case 'trunk':
      return other.family === 'trunk' && other.trunk === one.trunk && other.direction === one.direction
    case 'phone':
      return other.family === 'phone' && other.endpoint === one.endpoint && other.activity === one.activity
  }
}

function entriesOf(call: Call): Entry[] {
  const entries: Entry[] = [
    { key: { family: 'calls', direction: call.direction, state: call.state }, id: call.id, since: call.startedAt },
  ]
  const stay = currentStay(call)
  if (stay !== null) entries.push({ key: { family: 'queue', queue: stay.queue }, id: call.id, since: stay.enteredAt })
  return entries
}

function partyEntries(world: World, channel: Channel): Entry[] {
  const { call } = channel
  if (call.stage !== 'live' || !call.channels.has(channel)) return []
  if (channel.name.kind !== 'party' || channel.released) return []
  const { endpoint } = channel.name
  const leg = call.legs.get(channel.id)
  const rest = { id: channel.id, since: channel.createdAt }
  if (world.roleOf(endpoint) === 'trunk')
    return [
      { key: { family: 'trunk', trunk: endpoint, direction: leg === undefined ? 'inbound' : 'outbound' }, ...rest },
    ]
  const ringing = leg !== undefined && leg.answeredAt === null
  return [{ key: { family: 'phone', endpoint, activity: ringing ? 'ringing' : 'talking' }, ...rest }]
}
