// The history of every channel from Asterisk's channel event log: who was connected with whom, when, and for how long.
//
// A second witness beside the CDR, which rewrites itself on transfers. It reads bridges and nothing else: a meeting is two
// channels that are up in one bridge that holds nobody, or one in a conference. Never learns anything from the exporter.

import { csvLines } from './csvLines.ts'
import { groupedBy } from './groupedBy.ts'
import { RECORDS } from './lab/place.ts'

/** Channels in a bridge that are no party: recorders, listeners. */
const PLUMBING = /^(Snoop|UnicastRTP|AudioSocket|WebSocket|Recorder|Announcer|CBAnn|CBRec)\//

/** A channel's time in one bridge; epoch seconds. */
interface Stay {
  readonly channel: string
  readonly bridge: string
  readonly technology: string
  readonly from: number
  to: number
}

/** One channel, by its uniqueid. Instants in epoch seconds, null when it never came to that. */
export interface CelChannel {
  readonly id: string
  readonly name: string
  /** It set a call in motion: it was born with its own id as the linked one. */
  readonly root: boolean
  readonly startedAt: number
  upAt: number | null
  endedAt: number | null
  readonly applications: { readonly name: string; readonly from: number; to: number | null }[]
}

/** A conversation: from the caller's first meeting to the last time that any two of the call were together. */
export interface Meeting {
  readonly from: number
  readonly to: number
}

export class Cel {
  readonly #channels = new Map<string, CelChannel>()
  readonly #stays: Stay[] = []
  readonly #staysIn: ReadonlyMap<string, readonly Stay[]>
  readonly #staysOf: ReadonlyMap<string, readonly Stay[]>
  readonly #calls: ReadonlyMap<string, readonly CelChannel[]>
  readonly #group = new Map<string, string>()
  /** Bridges that were entered by ConfBridge or MeetMe, Page's too. */
  readonly #conferences = new Set<string>()

  /** Reads the whole record. */
  constructor() {
    for (const cells of csvLines(RECORDS.cel)) {
      this.#take(cells)
    }
    this.#staysIn = groupedBy(this.#stays, (stay) => stay.bridge)
    this.#staysOf = groupedBy(this.#stays, (stay) => stay.channel)
    this.#calls = groupedBy(this.#channels.values(), (channel) => this.#leader(channel.id))
  }

  channel(id: string): CelChannel | undefined {
    return this.#channels.get(id)
  }

  /** The channels that began a call, in order, without those that an application made to listen or to play. */
  roots(): CelChannel[] {
    return [...this.#channels.values()].filter((channel) => channel.root && !PLUMBING.test(channel.name))
  }

  /** Whether Asterisk itself came to see both channels as one call. */
  sameCall(one: string, other: string): boolean {
    return this.#leader(one) === this.#leader(other)
  }

  /** Every run of that application by a channel of that call. */
  runs(id: string, application: string): { readonly from: number; readonly to: number | null }[] {
    const all = this.#members(id).flatMap((channel) => channel.applications)
    return all.filter((run) => run.name.toLowerCase() === application)
  }

  /** When the last channel of that call ended; null while one is live, and of a channel that is unknown. */
  endOf(id: string): number | null {
    const ends = this.#members(id).map((channel) => channel.endedAt)
    return ends.length === 0 || ends.some((end) => end === null) ? null : Math.max(...ends.map((end) => end ?? 0))
  }

  /** The conversation of the call that this channel set in motion; null when it met nobody. */
  meeting(id: string): Meeting | null {
    const first = this.#heardBy(id).sort((a, b) => a.from - b.from)[0]
    if (first === undefined) {
      return null
    }
    const all = this.#members(id).flatMap((channel) => this.#heardBy(channel.id))
    return { from: first.from, to: Math.max(...all.map((both) => both.to)) }
  }

  #heardBy(id: string): Meeting[] {
    return (this.#staysOf.get(id) ?? []).flatMap((stay) => this.#heard(stay))
  }

  // When somebody else was heard there: in a conference always, in a bridge while it was shared, and where one is held never.
  #heard(stay: Stay): Meeting[] {
    if (this.#conferences.has(stay.bridge)) {
      return [{ from: stay.from, to: stay.to }]
    }
    return stay.technology === 'holding_bridge' ? [] : this.#shared(stay)
  }

  // When a stay was shared with another channel that somebody had picked up.
  #shared(stay: Stay): Meeting[] {
    const up = this.#upSince(stay.channel)
    return (this.#staysIn.get(stay.bridge) ?? [])
      .filter((other) => other.channel !== stay.channel)
      .map((other) => ({
        from: Math.max(stay.from, other.from, up, this.#upSince(other.channel)),
        to: Math.min(stay.to, other.to),
      }))
      .filter((both) => both.to > both.from)
  }

  #upSince(id: string): number {
    const channel = this.#channels.get(id)
    if (channel === undefined || PLUMBING.test(channel.name)) {
      return Number.POSITIVE_INFINITY
    }
    return channel.upAt ?? Number.POSITIVE_INFINITY
  }

  #members(id: string): readonly CelChannel[] {
    return this.#calls.get(this.#leader(id)) ?? []
  }

  #leader(id: string): string {
    const above = this.#group.get(id)
    return above === undefined || above === id ? id : this.#leader(above)
  }

  #take(cells: readonly string[]): void {
    const [linked = '', id = '', type = '', at = '', name = '', application = '', , extra = ''] = cells
    const time = Number(at)
    const [one, other] = [this.#leader(id), this.#leader(linked)]
    if (one !== other) {
      this.#group.set(one, other)
    }
    if (type === 'CHAN_START') {
      this.#channels.set(id, {
        id,
        name,
        root: linked === id,
        startedAt: time,
        upAt: null,
        endedAt: null,
        applications: [],
      })
    }
    const channel = this.#channels.get(id)
    if (channel === undefined) {
      return
    }
    if (type === 'ANSWER') {
      channel.upAt ??= time
    }
    if (type === 'CHAN_END') {
      channel.endedAt = time
    }
    if (type === 'APP_START') {
      channel.applications.push({ name: application, from: time, to: null })
    }
    if (type === 'APP_END') {
      const last = channel.applications.findLast((one) => one.to === null)
      if (last !== undefined) {
        last.to = time
      }
    }
    if (type === 'BRIDGE_ENTER') {
      this.#enter({ channel: id, from: time, application }, extra)
    }
    if (type === 'BRIDGE_EXIT') {
      this.#exit(id, time)
    }
  }

  #enter(entry: Pick<Stay, 'channel' | 'from'> & { readonly application: string }, extra: string): void {
    const { channel, from, application } = entry
    const details = JSON.parse(extra) as { bridge_id?: string; bridge_technology?: string }
    const [bridge, technology] = [details.bridge_id ?? '', details.bridge_technology ?? '']
    if (application === 'ConfBridge' || application === 'MeetMe') {
      this.#conferences.add(bridge)
    }
    this.#exit(channel, from)
    this.#stays.push({ channel, bridge, technology, from, to: Number.POSITIVE_INFINITY })
  }

  #exit(channel: string, at: number): void {
    const open = this.#stays.findLast((stay) => stay.channel === channel && stay.to === Number.POSITIVE_INFINITY)
    if (open !== undefined) {
      open.to = at
    }
  }
}
