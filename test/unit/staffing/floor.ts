// A floor of agents on a model of Asterisk that answers questions about its queues; times are seconds since the start.

import type { ChannelSnapshot } from '../../../src/call/event.ts'
import { EMPTY_SNAPSHOT } from '../../../src/call/model/channel.ts'
import { rolesByName } from '../../../src/call/outcome/direction.ts'
import type { PhoneCall } from '../../../src/call/views/phoneCalls.ts'
import type { PhoneState } from '../../../src/call/views/phoneStates.ts'
import type { Agent, AgentFact, AgentState } from '../../../src/staffing/agent.ts'
import type { RememberedQueue } from '../../../src/staffing/knownQueues.ts'
import type { StaffingAnswer, StaffingQuestion } from '../../../src/staffing/question.ts'
import { createStaffing, type Staffing } from '../../../src/staffing/staffing.ts'
import { callRecord, legRecord, T0 } from '../metrics/records.ts'

interface ModelQueue {
  readonly members: Map<string, { paused: boolean; lastCallAt: number | null }>
  wrapUpMs: number
}

export interface FloorOptions {
  readonly perSecond?: number
  readonly remembered?: readonly RememberedQueue[]
  /** How long an answer takes, seconds. */
  readonly delay?: number
}

const MIDNIGHT = T0 + 10_000_000

export class Floor {
  readonly staffing: Staffing
  readonly questions: { readonly at: number; readonly question: StaffingQuestion }[] = []
  readonly facts: AgentFact[] = []
  readonly unaskable: string[] = []
  /** What Asterisk has. */
  readonly queues = new Map<string, ModelQueue>()
  readonly phones = new Map<string, PhoneState>()
  /** What the phones that ring or talk are busy with. */
  readonly calls = new Map<string, PhoneCall>()
  /** Channels of which the program knows, and those that Asterisk has no more. */
  readonly channels = new Set<string>()
  readonly gone = new Set<string>()
  /** Interfaces that lead to another phone than the one that they are named after. */
  readonly leadsTo = new Map<string, string>()
  /** Instead of an answer. */
  failure: 'refused' | 'no_answer' | null = null
  readonly #stepMs: number
  readonly #delayMs: number
  #open: {
    readonly question: StaffingQuestion
    readonly answer: StaffingAnswer | null
    readonly until: number
  } | null = null
  #at = T0
  #calls = 0

  constructor({ perSecond = 5, remembered = [], delay = 0 }: FloorOptions = {}) {
    this.#stepMs = 1000 / perSecond
    this.#delayMs = delay * 1000
    this.staffing = createStaffing({
      roleOf: rolesByName([]),
      liveChannels: () => this.channels,
      phones: () => this.phones,
      callOf: (phone) => this.calls.get(phone) ?? null,
      // Midnight is 10,000 s after the start.
      dayStart: (at) => (at < MIDNIGHT ? MIDNIGHT - 86_400_000 : MIDNIGHT),
      onUnaskable: (name) => this.unaskable.push(name),
    })
    this.staffing.restore(remembered)
  }

  get now(): number {
    return this.#at
  }

  queue(name: string, members: readonly string[], wrapUp = 0): this {
    const known = members.map((member) => [member, { paused: false, lastCallAt: null }] as const)
    this.queues.set(name, { members: new Map(known), wrapUpMs: wrapUp * 1000 })
    return this
  }

  idle(...phones: readonly string[]): this {
    for (const phone of phones) {
      this.phones.set(phone, 'idle')
    }
    return this
  }

  connect(channels: readonly ChannelSnapshot[] = []): this {
    this.staffing.apply({ type: 'SnapshotTaken', at: this.#at, channels, bridges: [], endpoints: [] })
    return this
  }

  disconnect(): this {
    this.staffing.apply({ type: 'ConnectionLost', at: this.#at })
    return this
  }

  /** A channel lives, of nobody in particular. */
  talk(id = 'long-call'): this {
    this.channels.add(id)
    return this
  }

  hangUp(id = 'long-call'): this {
    this.channels.delete(id)
    return this
  }

  /** A caller enters a queue: its name becomes known. */
  enters(queue: string): this {
    return this.app('Queue', `${queue},,,,60`, 'PJSIP/trunk-a-00000001')
  }

  app(app: string, appData: string, name: string): this {
    const channel = channelOf({ app, appData, name })
    this.staffing.apply({ type: 'ApplicationEntered', at: this.#at, channel })
    return this
  }

  /** A phone dials the code for a command: the event first, then Asterisk does it. */
  byPhone(app: string, appData: string, phone = 'PJSIP/102'): this {
    this.app(app, appData, `${phone}-0000002a`)
    const [queue = '', member = ''] = appData.split(',')
    const target = member === '' ? phone : member
    switch (app) {
      case 'AddQueueMember':
        return this.adds(queue, target)
      case 'RemoveQueueMember':
        return this.removes(queue, target)
      default:
        return this.pauses(queue === '' ? null : queue, target, app === 'PauseQueueMember')
    }
  }

  /** By CLI or AMI: no event tells. */
  adds(queue: string, member: string): this {
    this.queues.get(queue)?.members.set(member, { paused: false, lastCallAt: null })
    return this
  }

  removes(queue: string, member: string): this {
    this.queues.get(queue)?.members.delete(member)
    return this
  }

  pauses(queue: string | null, member: string, paused = true): this {
    for (const [name, { members }] of this.queues) {
      const found = members.get(member)
      if (found !== undefined && (queue === null || queue === name)) {
        found.paused = paused
      }
    }
    return this
  }

  /** An agent serves a call of the queue for some seconds. */
  serves(queue: string, phone: string, seconds: number): this {
    this.#calls += 1
    const [callId, leg] = [`call-${this.#calls}`, `leg-${this.#calls}`]
    const startedAt = this.#at
    const call = callRecord({ channelId: callId, queue, endedAt: null, disposition: null })
    this.staffing.note({ type: 'CallChanged', at: this.#at, call })
    this.phones.set(phone, 'talking')
    this.run(seconds)
    this.phones.set(phone, 'idle')
    this.staffing.note({
      type: 'LegEnded',
      at: this.#at,
      leg: legRecord({ id: leg, callId, endpoint: phone, startedAt, answeredAt: startedAt, endedAt: this.#at }),
    })
    this.staffing.note({ type: 'CallEnded', at: this.#at, call: callRecord({ channelId: callId, queue }) })
    for (const [member, state] of this.queues.get(queue)?.members ?? []) {
      if (this.#phoneOf(member) === phone) {
        state.lastCallAt = this.#at
      }
    }
    return this
  }

  /** Time passes: questions are asked and answered. */
  run(seconds: number): this {
    const until = this.#at + seconds * 1000
    while (this.#at < until) {
      this.#step()
      this.#at = Math.min(until, this.#at + this.#stepMs)
      this.facts.push(...this.staffing.advance(this.#at))
    }
    return this
  }

  /** `queue member` to state, null while it is not known. */
  states(): Readonly<Record<string, AgentState | null>> {
    return Object.fromEntries(this.agents().map(({ queue, member, state }) => [`${queue} ${member}`, state]))
  }

  agents(): readonly Agent[] {
    return [...this.staffing.agents()]
  }

  /** How many agents of a queue are in each state, without the states of nobody; null while that is not known. */
  counts(queue: string): Readonly<Record<string, number>> | null {
    const found = [...this.staffing.queues(this.#at)].find((one) => one.queue === queue)
    return found?.agents == null
      ? null
      : Object.fromEntries(Object.entries(found.agents).filter(([, count]) => count > 0))
  }

  /** The questions since a time, as text. */
  asked(since = 0): readonly string[] {
    return this.questions
      .filter(({ at }) => at >= T0 + since * 1000)
      .map(({ question }) => ('member' in question ? `${question.queue} ${question.member}` : question.queue))
  }

  #step(): void {
    if (this.#open !== null) {
      if (this.#at < this.#open.until) {
        return
      }
      const { question, answer } = this.#open
      this.#open = null
      this.#deliver(question, answer)
    }
    const question = this.staffing.next(this.#at)
    if (question === null) {
      return
    }
    this.questions.push({ at: this.#at, question })
    const answer = this.failure === null ? this.#answer(question) : null
    if (this.#delayMs > 0) {
      this.#open = { question, answer, until: this.#at + this.#delayMs }
    } else {
      this.#deliver(question, answer)
    }
  }

  #deliver(question: StaffingQuestion, answer: StaffingAnswer | null): void {
    if (answer === null) {
      this.staffing.failed(question, this.failure ?? 'gone', this.#at)
    } else {
      this.staffing.answered(question, answer, this.#at)
    }
  }

  #answer(question: StaffingQuestion): StaffingAnswer | null {
    const queue = this.queues.get(question.queue)
    switch (question.about) {
      case 'queue': {
        if (this.gone.has(question.channelId)) {
          return null
        }
        return this.#about(queue, question.members)
      }
      case 'member': {
        const member = queue?.members.get(question.member)
        const state = member === undefined ? 'no_member' : member.paused ? 'paused' : 'active'
        return { about: 'member', state }
      }
      case 'available': {
        const free = queue === undefined ? 0 : this.#free(queue).length
        return { about: 'available', state: queue === undefined ? 'no_queue' : free > 0 ? 'some' : 'none' }
      }
    }
  }

  #about(queue: ModelQueue | undefined, asked: readonly string[]): StaffingAnswer {
    if (queue === undefined) {
      return { about: 'queue', exists: false, members: [], paused: [], free: 0, ready: 0 }
    }
    const free = this.#free(queue)
    const ready = free.filter(({ lastCallAt }) => lastCallAt === null || this.#at - lastCallAt >= queue.wrapUpMs)
    return {
      about: 'queue',
      exists: true,
      members: [...queue.members.keys()].reverse(),
      paused: asked.filter((member) => queue.members.get(member)?.paused === true),
      free: free.length,
      ready: ready.length,
    }
  }

  #free({ members }: ModelQueue) {
    return [...members]
      .filter(([member, { paused }]) => !paused && (this.phones.get(this.#phoneOf(member)) ?? 'idle') === 'idle')
      .map(([, member]) => member)
  }

  #phoneOf(member: string): string {
    return this.leadsTo.get(member) ?? member.replace(/^[^/]*\//, '').replace(/@.*$/, '')
  }
}

export function channelOf(changes: Partial<ChannelSnapshot>): ChannelSnapshot {
  return { ...EMPTY_SNAPSHOT, id: 'c1', state: 'Up', createdAt: T0, ...changes }
}
