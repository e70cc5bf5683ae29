// Builds streams of events for the core, in the words of a call: each event comes ten milliseconds after the one before.

import { parseChannelName } from '../../../src/call/asterisk/channelName.ts'
import type {
  BridgeKind,
  BridgeSnapshot,
  CallVariable,
  ChannelSnapshot,
  DialStatus,
  PbxEvent,
} from '../../../src/call/event.ts'

export const T0 = 1_800_000_000_000

interface Hangup {
  readonly cause?: number
  readonly techCause?: number
  readonly soft?: boolean
}

/** Collects events; each comes 10 ms after the one before, plus what `wait` adds. */
export class Story {
  readonly events: PbxEvent[] = []
  readonly #channels = new Map<string, ChannelSnapshot>()
  readonly #bridges = new Map<string, { kind: BridgeKind; channels: Set<string>; createdAt: number }>()
  #now = T0

  get now(): number {
    return this.#now
  }

  wait(ms: number): this {
    this.#now += ms
    return this
  }

  /** Somebody calls the PBX: `PJSIP/101` dials `102`. */
  calls(id: string, name: string, exten: string): this {
    return this.#create(id, name, { state: 'Ring', exten, callerNumber: parseChannelName(name).endpoint })
  }

  /** A channel is created, to be dialed. */
  creates(id: string, name: string, state = 'Down'): this {
    return this.#create(id, name, { state, exten: 's' })
  }

  /** The channel runs an application of the dialplan. */
  runs(id: string, app: string, appData = '', exten?: string): this {
    this.#change(id, { app, appData, ...(exten !== undefined && { exten }) })
    return this.#add((at) => ({ type: 'ApplicationEntered', at, channel: this.#channel(id) }))
  }

  sets(id: string, variable: CallVariable, value: string): this {
    return this.#add((at) => ({ type: 'VariableSet', at, channel: this.#channel(id), variable, value }))
  }

  /** `caller` null: an application dials. */
  dials(caller: string | null, peer: string, status: DialStatus = 'trying'): this {
    return this.#add((at) => ({
      type: 'Dialed',
      at,
      ...(caller !== null && { caller: this.#channel(caller) }),
      peer: this.#channel(peer),
      status,
      dialString: this.#channel(peer).name.split('/')[1] ?? '',
    }))
  }

  becomes(id: string, state: string): this {
    this.#change(id, { state })
    return this.#add((at) => ({ type: 'ChannelStateChanged', at, channel: this.#channel(id) }))
  }

  /** The channel has this Call-ID from now on, as its next event shows. */
  isNamed(id: string, protocolId: string): this {
    this.#change(id, { protocolId })
    return this.#add((at) => ({
      type: 'VariableSet',
      at,
      channel: this.#channel(id),
      variable: 'AVAILSTATUS',
      value: '',
    }))
  }

  /** Dialed, ringing after 10 ms. */
  rings(caller: string | null, peer: string, name: string): this {
    this.creates(peer, name).#change(peer, { app: 'AppDial', appData: '(Outgoing Line)' })
    return this.dials(caller, peer).becomes(peer, 'Ringing').dials(caller, peer, 'ringing')
  }

  enters(id: string, bridge: string, kind: BridgeKind = 'talk'): this {
    const known = this.#bridges.get(bridge) ?? { kind, channels: new Set<string>(), createdAt: this.#now }
    this.#bridges.set(bridge, known)
    known.channels.add(id)
    return this.#add((at) => ({ type: 'BridgeEntered', at, bridge: this.#bridge(bridge), channel: this.#channel(id) }))
  }

  leaves(id: string, bridge: string): this {
    this.#bridges.get(bridge)?.channels.delete(id)
    return this.#add((at) => ({ type: 'BridgeLeft', at, bridge: this.#bridge(bridge), channel: this.#channel(id) }))
  }

  /** The peer picks up and both enter the bridge. */
  answers(caller: string, peer: string, bridge: string): this {
    return this.becomes(peer, 'Up')
      .dials(caller, peer, 'answer')
      .becomes(caller, 'Up')
      .enters(peer, bridge)
      .enters(caller, bridge)
  }

  hangsUp(id: string, { soft = false, cause, techCause }: Hangup = {}): this {
    const causes = { ...(cause !== undefined && { cause }), ...(techCause !== undefined && { techCause }) }
    return this.#add((at) => ({ type: 'HangupRequested', at, channel: this.#channel(id), soft, ...causes }))
  }

  isDestroyed(id: string, cause = 16): this {
    for (const [bridge, { channels }] of this.#bridges) {
      if (channels.has(id)) {
        this.leaves(id, bridge)
      }
    }
    const channel = this.#channel(id)
    this.#channels.delete(id)
    return this.#add((at) => ({ type: 'ChannelDestroyed', at, channel, cause, causeText: 'for the test' }))
  }

  transfersBlind(transferer: string, transferee: string, exten: string): this {
    const [first, second] = [this.#channel(transferer), this.#channel(transferee)]
    return this.#add((at) => ({ type: 'BlindTransferred', at, transferer: first, transferee: second, exten }))
  }

  is(event: (at: number) => PbxEvent): this {
    return this.#add(event)
  }

  /** What the PBX would answer if it were asked now. */
  snapshot(): Extract<PbxEvent, { type: 'SnapshotTaken' }> {
    const bridges = [...this.#bridges.keys()].map((id) => ({
      ...this.#bridge(id),
      createdAt: this.#bridges.get(id)?.createdAt ?? 0,
    }))
    return { type: 'SnapshotTaken', at: this.#now, channels: [...this.#channels.values()], bridges, endpoints: [] }
  }

  #create(id: string, name: string, described: Partial<ChannelSnapshot>): this {
    const blank = {
      callerName: '',
      callerNumber: '',
      connectedNumber: '',
      accountCode: '',
      context: 'test',
      app: '',
      appData: '',
      protocolId: '',
    }
    this.#channels.set(id, { ...blank, id, name, state: 'Down', exten: 's', createdAt: this.#now, ...described })
    return this.#add((at) => ({ type: 'ChannelCreated', at, channel: this.#channel(id) }))
  }

  #add(event: (at: number) => PbxEvent): this {
    this.events.push(event(this.#now))
    this.#now += 10
    return this
  }

  #change(id: string, change: Partial<ChannelSnapshot>): void {
    this.#channels.set(id, { ...this.#channel(id), ...change })
  }

  #channel(id: string): ChannelSnapshot {
    const channel = this.#channels.get(id)
    if (channel === undefined) {
      throw new Error(`the story has no channel ${id}`)
    }
    return channel
  }

  #bridge(id: string): BridgeSnapshot {
    const bridge = this.#bridges.get(id)
    if (bridge === undefined) {
      throw new Error(`the story has no bridge ${id}`)
    }
    return { id, kind: bridge.kind, channels: [...bridge.channels] }
  }
}
