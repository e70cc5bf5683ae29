// The shape of a frame: everything in which a simulated frame could differ from a recorded one, except the values that differ from
// call to call (ids, times, names, numbers).

type Json = Readonly<Record<string, unknown>>

/** Members whose values are part of the shape. */
const TELLING = ['dialstatus', 'variable', 'cause', 'soft', 'tech_cause', 'cause_txt', 'dialplan_app', 'result']
const CHANNELS = ['channel', 'caller', 'peer', 'forwarded', 'transferee', 'transfer_target', 'transferer_first_leg']
const BRIDGES = ['bridge', 'transferer_first_leg_bridge', 'transferer_second_leg_bridge']

/** Device states and contacts depend on the PBX (queues, subscriptions, registrations), not on the call. */
const NOT_OF_THE_CALL = new Set([
  'DeviceStateChanged',
  'ContactStatusChange',
  'PeerStatusChange',
  'EndpointStateChange',
])

/** Events that only the application of the call receives. */
const OF_THE_APPLICATION = new Set(['StasisStart', 'StasisEnd', 'RecordingStarted', 'RecordingFinished'])

/** The frames of a call, without those that do not concern it. */
export function ofTheCall(frames: readonly unknown[]): readonly Json[] {
  const isApart = (type: string): boolean => NOT_OF_THE_CALL.has(type) || OF_THE_APPLICATION.has(type)
  return frames.map(asJson).filter((frame) => !isApart(String(frame['type'])))
}

/** One line for each frame; channels are numbered in the order of their creation, bridges likewise. */
export function shapesOf(frames: readonly Json[]): readonly string[] {
  const roles = rolesIn(frames)
  return frames.map((frame) => {
    const words = TELLING.flatMap((name) => (name in frame ? [`${name}=${String(frame[name])}`] : []))
    const fill = ['value', 'forward'].flatMap((name) =>
      name in frame ? [`${name}=${frame[name] === '' ? '' : '…'}`] : [],
    )
    const dialed = 'dialstring' in frame ? [`dialstring=${dialShape(String(frame['dialstring']))}`] : []
    const who = CHANNELS.flatMap((name) =>
      name in frame ? [channelShape(name, asJson(frame[name]), frame, roles)] : [],
    )
    const where = BRIDGES.flatMap((name) => (name in frame ? [bridgeShape(asJson(frame[name]), roles)] : []))
    return [frame['type'], ...words, ...fill, ...dialed, ...who, ...where, Object.keys(frame)].join(' ')
  })
}

/**
 * What happened to each channel, in order, as three threads: its own events with its variables, its bridges, and the
 * dial attempts to it. Asterisk keeps the order within each, and lets them race with one another.
 */
export function coursesOf(frames: readonly Json[]): Readonly<Record<string, readonly string[]>> {
  const roles = rolesIn(frames)
  const courses: Record<string, string[]> = {}
  for (const frame of frames) {
    const type = String(frame['type'])
    const thread = type === 'Dial' ? 'dialed' : type.includes('Bridge') ? 'bridged' : 'itself'
    const channel = type === 'Dial' ? frame['peer'] : frame['channel']
    const name = `${role(roles, asJson(channel))} ${thread}`
    courses[name] ??= []
    courses[name].push(`${type} ${String(frame['variable'] ?? frame['dialstatus'] ?? frame['soft'] ?? '')}`)
  }
  return courses
}

function asJson(value: unknown): Json {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

function rolesIn(frames: readonly Json[]): ReadonlyMap<unknown, string> {
  const created = frames.filter((frame) => frame['type'] === 'ChannelCreated')
  const bridges = frames.filter((frame) => frame['type'] === 'BridgeCreated')
  return new Map([
    ...created.map((frame, index) => [asJson(frame['channel'])['id'], `c${index}`] as const),
    ...bridges.map((frame, index) => [asJson(frame['bridge'])['id'], `b${index}`] as const),
  ])
}

function role(roles: ReadonlyMap<unknown, string>, thing: Json): string {
  return roles.get(thing['id']) ?? 'stranger'
}

function channelShape(name: string, channel: Json, frame: Json, roles: ReadonlyMap<unknown, string>): string {
  const plan = asJson(channel['dialplan'])
  const state = stateOf(name, channel, frame)
  const filled = [
    channel['protocol_id'],
    asJson(channel['caller'])['number'],
    asJson(channel['connected'])['number'],
    channel['accountcode'],
    plan['exten'],
  ].map((value) => (value === '' ? '-' : '+'))
  const keys = [channel, asJson(channel['caller']), plan].map((part) => Object.keys(part).join())
  return `${name}:${role(roles, channel)}[${[state, plan['app_name'], plan['priority'], ...filled, ...keys].join('|')}]`
}

// Whether Dial or the ringing of its channel comes first is a race in Asterisk.
function stateOf(name: string, channel: Json, { dialstatus }: Json): unknown {
  if (name !== 'peer') {
    return channel['state']
  }
  if (dialstatus === '' && channel['state'] === 'Ringing') {
    return 'Down'
  }
  return dialstatus === 'RINGING' ? 'Ringing' : channel['state']
}

function bridgeShape(bridge: Json, roles: ReadonlyMap<unknown, string>): string {
  const members = Array.isArray(bridge['channels']) ? bridge['channels'].map((id) => roles.get(id)) : []
  const sort = ['technology', 'bridge_type', 'bridge_class', 'creator'].map((name) => bridge[name])
  return `${role(roles, bridge)}[${[...sort, members, Object.keys(bridge)].join('|')}]`
}

// An unassigned number was dialed as `208x`.
function dialShape(dialString: string): string {
  return dialString.replace(/[0-9]+x?/g, '9').replace(/@[a-z-]+/, '@')
}
