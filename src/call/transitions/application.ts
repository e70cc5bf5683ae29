// What the applications of the dialplan say of a call: a caller waits in a queue, leaves a message, is turned away, pages.
//
// An application is told by ChannelDialplan when it begins. After a redirect no event tells of the first one: the channel's
// own description does, in whatever event comes next. Source: Asterisk's applications, recorded traffic (test/traces).

import { dialedEndpoints } from '../asterisk/channelName.ts'
import type { TargetOutcome } from '../fact.ts'
import { type Call, currentStay } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import type { World } from '../model/pbxState.ts'
import { aim, legsWithoutChannel } from './dial.ts'
import { leaveQueue } from './lifecycle.ts'
import { beginsPaging } from './paging.ts'
import { queueEntered } from './queue.ts'

/** Applications that play to the caller or listen, also before the PBX has answered. */
const SERVING: ReadonlySet<string> = new Set([
  'BackGround',
  'ControlPlayback',
  'Echo',
  'Festival',
  'MP3Player',
  'Milliwatt',
  'Morsecode',
  'MusicOnHold',
  'Playback',
  'PlayTones',
  'Playtones',
  'Read',
  'Record',
  'SayAlpha',
  'SayDigits',
  'SayNumber',
  'SayPhonetic',
  'SayUnixTime',
])

/** An event shows which application a channel is in: one that was not known begins now. */
export function applicationSeen(world: World, channel: Channel, at: number): void {
  const { app, appData } = channel.snapshot
  if (app !== '' && (app !== channel.app || appData !== channel.appData)) applicationEntered(world, channel, at)
}

/** A channel begins to run the application that its description names. */
export function applicationEntered(world: World, channel: Channel, at: number): void {
  const { call, snapshot } = channel
  noteApplication(channel)
  world.touched.add(call)
  if (channel === call.origin && call.originated) nameCallee(call, channel)
  if (snapshot.app === 'Queue') return queueEntered(world, channel, at)
  const stay = currentStay(call)
  if (stay?.channelId === channel.id && at > stay.enteredAt) leaveQueue(call, stay, { outcome: 'exited', at })
  switch (snapshot.app) {
    case 'Dial': {
      channel.dialingSince = Math.max(channel.dialingSince, at)
      return
    }
    case 'VoiceMail': {
      call.voicemail = true
      noteUndialed(world, call, greetingOf(snapshot.appData))
      return
    }
    case 'Page': {
      beginsPaging(world.pagers, channel)
      return
    }
    case 'Busy':
    case 'Congestion': {
      if (channel === call.caller) call.turnedAway = snapshot.app === 'Busy' ? 'busy' : 'congestion'
      return
    }
    default: {
      if (SERVING.has(snapshot.app) && channel === call.caller) call.announced = true
    }
  }
}

/** DIALSTATUS was set: by `Dial` at its end, or by a dialplan that found out without it that nobody can be reached. */
export function dialStatusTold(
  world: World,
  channel: Channel,
  told: { readonly status: string; readonly at: number },
): void {
  const { app, appData } = channel.snapshot
  const outcome = OUTCOME_OF_STATUS.get(told.status)
  // Without any target, as for a phone without a contact; or to extensions that do not exist, or to no phone.
  const leadsNowhere = dialedEndpoints(appData).length === 0
  if (app !== 'Dial' && app !== 'RetryDial') return noteUndialed(world, channel.call, outcome ?? null)
  const madeNone = legsWithoutChannel(world, channel, told)
  if (madeNone && leadsNowhere) noteUndialed(world, channel.call, outcome ?? null)
}

/** ChanIsAvail has asked before the dialplan dials: an empty AVAILORIGCHAN says that nobody can be reached. */
export function availabilityTold(world: World, channel: Channel, value: string): void {
  noteUndialed(world, channel.call, value === '' ? 'unreachable' : null)
}

/** ChanIsAvail's AVAILSTATUS, a device state, comes after that: nobody could be reached because all were busy. */
export function deviceStateTold(world: World, channel: Channel, value: string): void {
  if (channel.call.undialed === 'unreachable' && BUSY_STATES.includes(value)) noteUndialed(world, channel.call, 'busy')
}

/** Device states: in use, busy. */
const BUSY_STATES: readonly string[] = ['2', '3']

const OUTCOME_OF_STATUS: ReadonlyMap<string, TargetOutcome> = new Map<string, TargetOutcome>([
  ['CHANUNAVAIL', 'unreachable'],
  ['CONGESTION', 'unreachable'],
  ['BUSY', 'busy'],
  ['NOANSWER', 'no_answer'],
])

// VoiceMail's greeting: the mailbox's owner is unavailable, or busy. A mailbox that is called as such has neither. What stands in
// parentheses belongs to another option, as the context of `d(outside)`.
function greetingOf(appData: string): TargetOutcome | null {
  const options = (appData.split(',')[1] ?? '').replace(/\([^)]*\)/g, '')
  if (options.includes('u')) return 'unreachable'
  return options.includes('b') ? 'busy' : null
}

// To a caller from outside the extension is a target inside. A caller inside may have called a number outside, whose first trunk
// was full: the next one tells.
function noteUndialed(world: World, call: Call, outcome: TargetOutcome | null): void {
  if (outcome === null) return
  call.undialed = outcome
  if (world.roleOf(call.callerEndpoint) === 'trunk') aim(world, call, null)
}

// An originated call goes to the extension that its first leg is sent to.
function nameCallee(call: Call, channel: Channel): void {
  const { exten, app } = channel.snapshot
  if (exten === '' || exten === 's' || app.startsWith('AppDial') || call.callee !== call.callerEndpoint) return
  call.callee = exten
  call.due.changed = true
}

/** Remembers which application the channel's description names. */
export function noteApplication(channel: Channel): void {
  channel.app = channel.snapshot.app
  channel.appData = channel.snapshot.appData
}
