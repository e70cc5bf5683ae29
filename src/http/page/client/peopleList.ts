// The people at the phones: each phone is one person, whatever the number of queues that it is a member of.
//
// No I/O. What an agent does follows the feed; what a phone does that is in no queue is as old as the last answer about operators.

import type { AgentEntry } from '../../../query/agentSchema.ts'
import type { AgentState } from '../../../staffing/agent.ts'
import { nameOf, STATES } from './agentList.ts'
import type { LiveCall, Operator } from './entries.ts'

export interface Person {
  /** The phone, or the interface of an agent whose phone is not known. */
  readonly phone: string
  /** As given when the agent logged in; empty if it was not. */
  readonly name: string
  /** Null: not known. */
  readonly state: AgentState | null
  /** When the state began (ISO 8601); null if that is not known. */
  readonly since: string | null
  readonly call: AgentEntry['call']
  readonly pauseReason: string | null
  readonly queues: readonly string[]
  /** Of 1; null: not known. */
  readonly occupancy: number | null
  /** Of the period; null: not known. */
  readonly figures: Operator | null
}

export interface KnownOfPeople {
  readonly agents: readonly AgentEntry[]
  readonly operators: readonly Operator[]
  readonly calls: Iterable<LiveCall>
  /** False: what the phones do is not known now. */
  readonly isKnown: boolean
}

/** Everybody, in no order. */
export function peopleOf({ agents, operators, calls, isKnown }: KnownOfPeople): readonly Person[] {
  const members = new Map<string, AgentEntry[]>()
  for (const agent of agents) {
    const phone = nameOf(agent)
    members.set(phone, [...(members.get(phone) ?? []), agent])
  }
  const figures = new Map(operators.map((one) => [one.operator, one] as const))
  const { talks, rings } = partnersOf(isKnown ? calls : [])
  const phones = new Set([...figures.keys(), ...members.keys()])
  return [...phones].map((phone) => {
    const own = members.get(phone) ?? []
    const person = personOf(own, figures.get(phone) ?? null)
    const known = isKnown ? person : { ...person, state: null, since: null, call: null, pauseReason: null }
    const talk = known.call === null && known.state === 'talking' ? talks.get(phone) : undefined
    const ring = known.call === null && known.state === 'ringing' ? rings.get(phone) : undefined
    return {
      phone,
      ...known,
      ...(talk && { call: talk.call, since: known.since ?? talk.since }),
      ...(ring && { call: ring }),
    }
  })
}

function personOf(members: readonly AgentEntry[], figures: Operator | null): Omit<Person, 'phone'> {
  const state = stateOf(members) ?? stateOfPhone(figures)
  const doing = members.find((one) => one.state === state)
  return {
    name: members.find(({ name }) => name !== null && name !== '')?.name ?? '',
    state,
    since: doing?.since ?? null,
    call: doing?.call ?? null,
    pauseReason: doing?.pause_reason ?? null,
    queues: members.map(({ queue }) => queue),
    // The same in each queue: it is that of the phone.
    occupancy: members.find(({ occupancy }) => occupancy !== null)?.occupancy?.share ?? null,
    figures,
  }
}

// Paused is whoever is paused in every queue; with a call, or with wrap-up in one of them, the person is busy.
const STRONGEST = ['talking', 'ringing', 'wrapup', 'free', 'paused', 'offline'] as const

function stateOf(members: readonly AgentEntry[]): AgentState | null {
  return STRONGEST.find((state) => members.some((one) => one.state === state)) ?? null
}

function stateOfPhone(figures: Operator | null): AgentState | null {
  return figures?.state === 'idle' ? 'free' : (figures?.state ?? null)
}

interface Talk {
  readonly call: NonNullable<AgentEntry['call']>
  readonly since: string
}

// With whom phones talk, and who rings them. A phone that called, or that was called directly, is found by its number, which is its name in
// most installations.
function partnersOf(calls: Iterable<LiveCall>) {
  const talks = new Map<string, Talk>()
  const rings = new Map<string, Talk['call']>()
  for (const { channel_id: id, state, answered_by, answer_time, start_time, caller, caller_name, callee } of calls) {
    const byCaller = { call_id: id, number: caller, name: caller_name }
    if (state === 'ringing') {
      rings.set(callee, byCaller)
    }
    // Without an answer it talks to a voice menu or a mailbox.
    const since = answer_time ?? start_time
    talks.set(caller, { call: { call_id: id, number: callee, name: '' }, since })
    for (const phone of answered_by) {
      talks.set(phone, { call: byCaller, since })
    }
  }
  return { talks, rings }
}

/** How many are in each state, in the order of the tiles; null: of those that are not known. */
export function countPeople(people: readonly Person[]): ReadonlyMap<AgentState | null, number> {
  const counts = new Map<AgentState | null, number>()
  for (const { state } of people) {
    counts.set(state, (counts.get(state) ?? 0) + 1)
  }
  return new Map(
    [...STATE_ORDER, null].flatMap((state) => {
      const count = counts.get(state) ?? 0
      return count === 0 ? [] : [[state, count] as const]
    }),
  )
}

export const PEOPLE_ORDERS = ['state', 'name', 'missed'] as const

export type PeopleOrder = (typeof PEOPLE_ORDERS)[number]

/** Whoever can take a call comes first. */
const STATE_ORDER: readonly AgentState[] = [
  'free',
  'talking',
  ...STATES.filter((each) => each !== 'free' && each !== 'talking'),
]

/** Those whose phone, name or queue contains the text. */
export function choosePeople(
  people: readonly Person[],
  { text, order, compare }: { text: string; order: PeopleOrder; compare: (one: string, other: string) => number },
): readonly Person[] {
  const wanted = text.trim().toLowerCase()
  const rank = ({ state, figures }: Person): number => {
    switch (order) {
      case 'name': {
        return 0
      }
      case 'state': {
        return state === null ? STATE_ORDER.length : STATE_ORDER.indexOf(state)
      }
      case 'missed': {
        return -(figures?.missed ?? 0)
      }
    }
  }
  return people
    .filter(({ phone, name, queues }) => [phone, name, ...queues].some((each) => each.toLowerCase().includes(wanted)))
    .toSorted((one, other) => rank(one) - rank(other) || compare(one.phone, other.phone))
}
