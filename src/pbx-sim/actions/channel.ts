// Actions for one channel: it is created, runs an application, changes its state, is asked to hang up, is destroyed.
//
// Each action sends exactly the events that Asterisk 22 sends, in the same order. Source: recorded traffic.

import type { Cause } from '../asterisk/cause.ts'
import { UNKNOWN } from '../asterisk/cause.ts'
import { amend, type SimChannel, type SimEndpoint } from '../asterisk/channel.ts'
import { noteEnded } from '../asterisk/staff.ts'
import { sendChannel, sendDevice, type World } from '../asterisk/world.ts'

/** Variables that say something about a call. In a plain call they are 5 of 54. */
const CALL_VARIABLES = new Set([
  'ABANDONED',
  'ATTENDEDTRANSFER',
  'BLINDTRANSFER',
  'CONFBRIDGE_RESULT',
  'DIALSTATUS',
  'MIXMONITOR_FILENAME',
  'PLAYBACKSTATUS',
  'QUEUEPOSITION',
  'QUEUESTATUS',
  'QUEUEWAIT',
  'QUEUEWAIT_MS',
  'RTPAUDIOQOS',
  'STASISSTATUS',
  'VMSTATUS',
])

const PRESENTATION = '"caller_presentation":0,"caller_presentation_txt":"Presentation Allowed, Not Screened",'

interface Birth {
  readonly name: string
  readonly endpoint: string
  readonly state: string
  readonly callerName: string
  readonly callerNumber: string
  readonly accountCode: string
  readonly context: string
  readonly exten: string
  readonly inDialplan: boolean
}

/** A call from an endpoint to an extension. */
export function arrive(
  world: World,
  from: SimEndpoint,
  asked: { readonly exten: string; readonly name?: string; readonly number?: string },
): SimChannel {
  const channel = create(world, {
    ...birth(world, from),
    state: 'Ring',
    exten: asked.exten,
    callerName: asked.name ?? from.displayName,
    callerNumber: asked.number ?? from.resource,
    inDialplan: true,
  })
  amend(channel, { protocolId: `1-${channel.id.replace('.', '-')}@127.0.0.1` })
  setVariable(world, channel, ['SIPDOMAIN', '127.0.0.1'])
  return channel
}

/** Asterisk creates a channel to an endpoint; `inDialplan`: it will run the dialplan itself (originate). */
export function reach(world: World, to: SimEndpoint, inDialplan = false): SimChannel {
  const channel = create(world, {
    ...birth(world, to),
    state: 'Down',
    exten: 's',
    callerName: to.displayName,
    callerNumber: to.role === 'phone' ? to.resource : '',
    inDialplan,
  })
  amend(channel, { protocolId: world.random.uuid() })
  return channel
}

/** Both halves of a Local channel to `exten@context`: the one that was dialed, and the one that runs the dialplan. */
export function createLocalPair(world: World, exten: string, context: string): readonly [SimChannel, SimChannel] {
  const stem = `Local/${exten}@${context}-${hex(world.counters.local)}`
  world.counters.local += 1
  const common = { endpoint: '', callerName: '', callerNumber: '', accountCode: '', context, exten }
  return [
    create(world, { ...common, name: `${stem};1`, state: 'Down', inDialplan: false }),
    create(world, { ...common, name: `${stem};2`, state: 'Ring', inDialplan: true }),
  ]
}

/** A channel to a UDP port through which an application receives and sends audio; it belongs to no endpoint. */
export function createExternalMedia(world: World): SimChannel {
  const port = 16_000 + (world.counters.name % 4_000)
  const name = `UnicastRTP/127.0.0.1:${port}-0x7f${hex(world.counters.name)}`
  world.counters.name += 1
  const nobody = { endpoint: '', callerName: '', callerNumber: '', accountCode: '' }
  const channel = create(world, { ...nobody, name, state: 'Down', context: 'default', exten: 's', inDialplan: false })
  setVariables(world, channel, { UNICASTRTP_LOCAL_ADDRESS: '127.0.0.1', UNICASTRTP_LOCAL_PORT: String(port) })
  return channel
}

/** Sets a channel variable. Lean traffic leaves out those that say nothing about a call. */
export function setVariable(world: World, channel: SimChannel, variable: readonly [string, string]): void {
  const [name, value] = variable
  if (world.traffic === 'real' || CALL_VARIABLES.has(name)) {
    const before = `"variable":"${name}","value":${JSON.stringify(value)},`
    sendChannel(world, { type: 'ChannelVarset', channel, before })
  }
}

/** Sets several variables of one channel, one after the other. */
export function setVariables(world: World, channel: SimChannel, variables: Readonly<Record<string, string>>): void {
  for (const variable of Object.entries(variables)) {
    setVariable(world, channel, variable)
  }
}

/** The channel begins the next step of its dialplan. */
export function runApp(world: World, channel: SimChannel, app: string, appData = ''): void {
  amend(channel, { priority: channel.app === '' ? channel.priority : channel.priority + 1, app, appData })
  sendDialplan(world, channel)
}

/** An application starts without an event; later events show it in their description of the channel. */
export function runWithoutEvents(channel: SimChannel, app: string, appData = ''): void {
  amend(channel, { app, appData })
}

/** A dialed channel shows this application, except while it runs another one. */
export function becomeOutgoing(channel: SimChannel, app: 'AppDial' | 'AppDial2' | 'AppQueue'): void {
  amend(channel, { app, appData: '(Outgoing Line)' })
}

/** MixMonitor() records the channel; `name` is relative to Asterisk's folder of recordings. */
export function record(world: World, channel: SimChannel, name: string): void {
  runApp(world, channel, 'MixMonitor', name)
  setVariable(world, channel, ['MIXMONITOR_FILENAME', `/var/spool/asterisk/monitor/${name}`])
}

/** Sends the application that the channel runs. */
export function sendDialplan(world: World, channel: SimChannel): void {
  const after = `"dialplan_app":${JSON.stringify(channel.app)},"dialplan_app_data":${JSON.stringify(channel.appData)},`
  sendChannel(world, { type: 'ChannelDialplan', channel, after })
}

/** The party at the other end of a channel. */
export type Party = Pick<SimChannel, 'callerName' | 'callerNumber'>

export const NOBODY: Party = { callerName: '', callerNumber: '' }

/** Updates the party that the channel is connected with. */
export function connectLine(world: World, channel: SimChannel, party: Party): void {
  amend(channel, { connectedName: party.callerName, connectedNumber: party.callerNumber })
  sendChannel(world, { type: 'ChannelConnectedLine', channel })
}

export function sendCallerId(world: World, channel: SimChannel): void {
  sendChannel(world, { type: 'ChannelCallerId', channel, after: PRESENTATION })
}

/** Ringing, Up, Busy; the device of the endpoint changes with it. */
export function changeState(world: World, channel: SimChannel, state: string): void {
  amend(channel, { state, upAt: channel.upAt ?? (state === 'Up' ? world.now() : null) })
  sendChannel(world, { type: 'ChannelStateChange', channel })
  showDevice(world, channel, state === 'Ringing' ? 'RINGING' : 'INUSE')
}

/** Sends the device state of a channel's phone. */
export function showDevice(world: World, channel: SimChannel, state: string): void {
  if (channel.endpoint !== '') {
    sendDevice(world, channel.endpoint, state)
  }
}

/** The far end hung up: with its cause, or without one if the PBX itself had answered. */
export function farEndHangsUp(world: World, channel: SimChannel, cause?: Cause): void {
  sendChannel(world, { type: 'ChannelHangupRequest', channel, before: causeText(cause, false) })
}

/** Asterisk itself ends the channel. */
export function softHangup(world: World, channel: SimChannel, cause: Cause = { cause: 16, text: '' }): void {
  sendChannel(world, { type: 'ChannelHangupRequest', channel, before: causeText(cause, true) })
}

/** The channel is destroyed; no later event names it. */
export function destroy(world: World, channel: SimChannel, cause: Cause = UNKNOWN): void {
  if (channel.inDialplan) {
    amend(channel, { app: '', appData: '' })
  }
  const tech = cause.techCause === undefined ? '' : `"tech_cause":${cause.techCause},`
  const after = `"cause":${cause.cause},"cause_txt":"${cause.text}",${tech}`
  sendChannel(world, { type: 'ChannelDestroyed', channel, after })
  noteEnded(world, channel)
  world.channels.delete(channel.id)
  world.waiting.delete(channel.id)
  world.hangUps.delete(channel.id)
  const others = world.byEndpoint.get(channel.endpoint)
  others?.delete(channel)
  showDevice(world, channel, others !== undefined && others.size > 0 ? 'INUSE' : 'NOT_INUSE')
}

/** Uses up a channel id without creating a channel, as hidden channels (a conference's announcer) do. */
export function takeId(world: World): string {
  const id = `${Math.floor(world.now() / 1000)}.${world.counters.id}`
  world.counters.id += 1
  return id
}

function birth(world: World, endpoint: SimEndpoint): Pick<Birth, 'name' | 'endpoint' | 'accountCode' | 'context'> {
  const name = `PJSIP/${endpoint.resource}-${hex(world.counters.name)}`
  world.counters.name += 1
  return {
    name,
    endpoint: `PJSIP/${endpoint.resource}`,
    accountCode: endpoint.accountCode,
    context: endpoint.context,
  }
}

function create(world: World, birthOf: Birth): SimChannel {
  const { running } = world
  const id = running.channelId ?? takeId(world)
  running.channelId = null
  if (running.hangUp !== null) {
    world.hangUps.set(id, running.hangUp)
  }
  const channel: SimChannel = {
    ...birthOf,
    id,
    createdAt: world.now(),
    upAt: birthOf.state === 'Up' ? world.now() : null,
    protocolId: '',
    connectedName: '',
    connectedNumber: '',
    priority: 1,
    app: '',
    appData: '',
    rdnis: '',
    transferredBy: '',
    json: '',
  }
  world.channels.set(channel.id, channel)
  if (channel.endpoint !== '') {
    const others = world.byEndpoint.get(channel.endpoint) ?? new Set()
    world.byEndpoint.set(channel.endpoint, others.add(channel))
  }
  sendChannel(world, { type: 'ChannelCreated', channel })
  return channel
}

function causeText(cause: Cause | undefined, soft: boolean): string {
  const number = cause === undefined ? '' : `"cause":${cause.cause},`
  const tech = cause?.techCause === undefined ? '' : `"tech_cause":${cause.techCause},`
  return `${number}${soft ? '"soft":true,' : ''}${tech}`
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0')
}
