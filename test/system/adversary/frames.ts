// Frames as Asterisk sends them, of made-up channels, in any number.

/** As text; its time is when it was made. */
export type Frame = string

export interface Channel {
  readonly id: string
  readonly name: string
  readonly exten?: string
  readonly caller?: string
  readonly app?: readonly [name: string, data: string]
}

/** The next channel of this source of ids, on that endpoint. */
export type NewChannel = (endpoint: string, more?: Pick<Channel, 'exten' | 'caller' | 'app'>) => Channel

export function channelsFrom(first: number): NewChannel {
  const seconds = Math.floor(Date.now() / 1_000)
  let made = first
  return (endpoint, more = {}) => {
    made += 1
    return { id: `${seconds}.${made}`, name: `PJSIP/${endpoint}-${made.toString(16).padStart(8, '0')}`, ...more }
  }
}

export const created = (channel: Channel, state = 'Ring'): Frame =>
  frame('ChannelCreated', { channel: wire(channel, state) })

export const dialed = (caller: Channel, peer: Channel, dialstatus = ''): Frame =>
  frame('Dial', {
    ...{ dialstatus, forward: '', dialstring: peer.name.slice('PJSIP/'.length, -9) },
    ...{ caller: wire(caller, 'Ring'), peer: wire(peer, dialstatus === '' ? 'Down' : 'Ringing') },
  })

export const up = (channel: Channel): Frame => frame('ChannelStateChange', { channel: wire(channel, 'Up') })

export const runs = (channel: Channel, app: string, data: string): Frame =>
  frame('ChannelDialplan', {
    ...{ dialplan_app: app, dialplan_app_data: data, channel: wire({ ...channel, app: [app, data] }, 'Ring') },
  })

export const destroyed = (channel: Channel): Frame =>
  frame('ChannelDestroyed', { cause: 16, cause_txt: 'Normal Clearing', channel: wire(channel, 'Up') })

/** Into a bridge where people talk, or out of it; `members` are those who are in it afterwards. */
export const entered = (channel: Channel, members: readonly string[]): Frame =>
  frame('ChannelEnteredBridge', { channel: wire(channel, 'Up'), bridge: bridge(members) })

export const left = (channel: Channel, members: readonly string[]): Frame =>
  frame('ChannelLeftBridge', { channel: wire(channel, 'Up'), bridge: bridge(members) })

function bridge(channels: readonly string[]): object {
  return {
    ...{
      id: 'endless-bridge',
      technology: 'softmix',
      bridge_type: 'mixing',
      bridge_class: 'stasis',
      creator: 'Stasis',
    },
    ...{ name: '', channels, creationtime: stamp(), video_mode: 'talker' },
  }
}

function wire({ id, name, exten = '600', caller = '101', app = ['', ''] }: Channel, state: string): object {
  return {
    ...{ id, name, state, protocol_id: '', caller: { name: '', number: caller }, connected: { name: '', number: '' } },
    ...{ accountcode: '', language: 'en', creationtime: stamp() },
    dialplan: { context: 'internal', exten, priority: 1, app_name: app[0], app_data: app[1] },
  }
}

function frame(type: string, content: object): Frame {
  return JSON.stringify({ type, timestamp: stamp(), ...content, asterisk_id: '02:fc:00:00:00:02', application: '' })
}

function stamp(): string {
  return new Date().toISOString().replace('Z', '+0000')
}
