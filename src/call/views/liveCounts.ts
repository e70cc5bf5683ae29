// Counts the live calls and parties by what they are doing.
//
// The gauges are read from here. Each count is the size of a set, not a number that is incremented and decremented, so it cannot
// drift. The cost of reading depends on the number of groups, not on the number of calls.

import type { Direction } from '../event.ts'
import type { CallState } from '../fact.ts'
import { type Call, currentQueueWait, type LiveCall } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'

/** What the members of a group have in common. */
export type LiveCountKey =
  | { readonly family: 'calls'; readonly direction: Direction; readonly state: CallState }
  | { readonly family: 'queue'; readonly queue: string }
  | { readonly family: 'trunk'; readonly trunk: string; readonly direction: 'inbound' | 'outbound' }
  | { readonly family: 'phone'; readonly endpoint: string; readonly activity: 'ringing' | 'talking' }

/** The size of a group, and since when (epoch ms) its oldest member belongs to it; empty groups are left out. */
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
  readonly members: Map<string, Membership>
}

/** The membership of a call or channel in a group. */
interface Membership extends Omit<Entry, 'key'> {
  readonly group: Group
}

export interface LiveCounts {
  /** Updates the groups a call is counted in; removes it when it has ended. */
  update(call: Call): void
  /** Updates the group a party's channel is counted in; removes it when it is destroyed. */
  updateParty(channel: Channel): void
  all(): Iterable<LiveCount>
  /** Ids of the channels by which a phone talks, or, if there are none, by which it rings. */
  channelsOf(phone: string): Iterable<string>
}

export function createLiveCounts(): LiveCounts {
  const groups = new Map<string, Group>()
  const memberships = new Map<Call | Channel, readonly Membership[]>()

  function removeMember(one: Membership): void {
    const { group, id } = one
    // After a merge the id belongs to another call's entry.
    if (group.members.get(id) !== one) {
      return
    }
    group.members.delete(id)
    if (group.members.size === 0) {
      groups.delete(group.name)
    }
  }

  function addMember({ key, id, since }: Entry): Membership {
    const name = nameOf(key)
    const group = groups.get(name) ?? { name, key, members: new Map<string, Membership>() }
    const one = { group, id, since }
    groups.set(name, group)
    group.members.set(id, one)
    return one
  }

  function replace(one: Call | Channel, entries: readonly Entry[]): void {
    const before = memberships.get(one) ?? []
    // Called after every event, most of which change nothing here.
    if (isSame(before, entries)) {
      return
    }
    before.forEach(removeMember)
    if (entries.length > 0) {
      memberships.set(one, entries.map(addMember))
    } else {
      memberships.delete(one)
    }
  }

  return {
    update: (call) => replace(call, call.stage === 'live' ? entriesOf(call) : []),
    updateParty: (channel) => replace(channel, partyEntries(channel)),
    *all() {
      for (const { key, members } of groups.values()) {
        let oldestAt = Number.POSITIVE_INFINITY
        for (const { since } of members.values()) {
          oldestAt = Math.min(oldestAt, since)
        }
        yield { key, count: members.size, oldestAt }
      }
    },
    channelsOf(endpoint) {
      const named = (activity: 'ringing' | 'talking') => groups.get(nameOf({ family: 'phone', endpoint, activity }))
      return (named('talking') ?? named('ringing'))?.members.keys() ?? []
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

function isSame(before: readonly Membership[], entries: readonly Entry[]): boolean {
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

function entriesOf(call: LiveCall): Entry[] {
  const entries: Entry[] = [
    { key: { family: 'calls', direction: call.direction, state: call.state }, id: call.id, since: call.startedAt },
  ]
  const wait = currentQueueWait(call)
  if (wait !== null) {
    entries.push({ key: { family: 'queue', queue: wait.queue }, id: call.id, since: wait.enteredAt })
  }
  return entries
}

function partyEntries(channel: Channel): Entry[] {
  const { call } = channel
  if (call.stage !== 'live' || !call.channels.has(channel)) {
    return []
  }
  if (channel.name.kind !== 'party' || channel.transferredAway) {
    return []
  }
  const { endpoint } = channel.name
  const leg = call.legs.get(channel.id)
  const rest = { id: channel.id, since: channel.createdAt }
  if (call.roleOf(endpoint) === 'trunk') {
    return [
      { key: { family: 'trunk', trunk: endpoint, direction: leg === undefined ? 'inbound' : 'outbound' }, ...rest },
    ]
  }
  const ringing = leg !== undefined && leg.answeredAt === null
  return [{ key: { family: 'phone', endpoint, activity: ringing ? 'ringing' : 'talking' }, ...rest }]
}
