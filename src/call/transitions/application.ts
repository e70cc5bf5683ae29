// What the dialplan applications show about a call: the caller waits in a queue, leaves a message, is refused, pages.
//
// ChannelDialplan reports that an application starts. After a redirect there is no such event for the first one; the next event of any
// type has it in its description of the channel. Source: Asterisk's applications, recorded traffic (test/traces).

import { dialedEndpoints } from '../asterisk/channelName.ts'
import type { TargetOutcome } from '../fact.ts'
import { currentQueueWait, type LiveCall, type OpenCall } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import type { PbxState } from '../model/pbxState.ts'
import { recordUndialedTargets, settleDirection } from './dial.ts'
import { leaveQueue } from './lifecycle.ts'
import { startPaging } from './paging.ts'
import { onQueueEntered } from './queue.ts'

/** Applications that play to the caller or listen, also before the PBX has answered. */
const SERVING_APPS: ReadonlySet<string> = new Set([
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

/** An event describes the channel's application: one that is not known yet begins now. */
export function onApplicationObserved(pbx: PbxState, channel: Channel, at: number): void {
  const { app, appData } = channel.snapshot
  if (app !== '' && (app !== channel.app || appData !== channel.appData)) {
    onApplicationStarted(pbx, channel, at)
  }
}

/** A channel begins to run the application that its description names. */
export function onApplicationStarted(pbx: PbxState, channel: Channel, at: number): void {
  const { call, snapshot } = channel
  noteApplication(channel)
  pbx.changedCalls.add(call)
  if (call.stage === 'live' && call.originated && channel === call.origin) {
    setOriginatedCallee(call, channel)
  }
  if (snapshot.app === 'Queue') {
    return onQueueEntered(channel, at)
  }
  const wait = currentQueueWait(call)
  if (wait?.channelId === channel.id && at > wait.enteredAt) {
    leaveQueue(call, wait, { outcome: 'exited', at })
  }
  switch (snapshot.app) {
    case 'Dial': {
      channel.dialingSince = Math.max(channel.dialingSince, at)
      return
    }
    case 'VoiceMail': {
      call.voicemail = true
      noteUndialed(call, greetingOf(snapshot.appData))
      return
    }
    case 'Page':
      return startPaging(pbx.pagers, channel)
    default: {
      if (call.stage === 'live' && channel === call.caller) {
        onCallerApplication(call, snapshot.app)
      }
    }
  }
}

function onCallerApplication(call: LiveCall, app: string): void {
  if (app === 'Busy') {
    call.dialplanRefusal = 'busy'
  } else if (app === 'Congestion') {
    call.dialplanRefusal = 'congestion'
  } else if (SERVING_APPS.has(app)) {
    call.announced = true
  }
}

/** DIALSTATUS was set: by `Dial` at its end, or by a dialplan that determined without `Dial` that nobody can be reached. */
export function onDialStatus(
  pbx: PbxState,
  channel: Channel,
  { status, at }: { readonly status: string; readonly at: number },
): void {
  const { app, appData } = channel.snapshot
  const outcome = OUTCOME_OF_STATUS.get(status) ?? null
  if (app !== 'Dial' && app !== 'RetryDial') {
    return noteUndialed(channel.call, outcome)
  }
  const createdNone = recordUndialedTargets(pbx, channel, { status, at })
  // Dial without any target (a phone without a contact), or to extensions that do not exist.
  const namesNoEndpoint = dialedEndpoints(appData).length === 0
  if (createdNone && namesNoEndpoint) {
    noteUndialed(channel.call, outcome)
  }
}

/** ChanIsAvail ran before the dialplan dials: an empty AVAILORIGCHAN says that nobody can be reached. */
export function onAvailability(channel: Channel, value: string): void {
  noteUndialed(channel.call, value === '' ? 'unreachable' : null)
}

/** ChanIsAvail's AVAILSTATUS, a device state, follows AVAILORIGCHAN: nobody can be reached because all are busy. */
export function onDeviceState(channel: Channel, value: string): void {
  if (channel.call.undialedOutcome === 'unreachable' && BUSY_STATES.includes(value)) {
    noteUndialed(channel.call, 'busy')
  }
}

/** Device states: in use, busy. */
const BUSY_STATES: readonly string[] = ['2', '3']

const OUTCOME_OF_STATUS: ReadonlyMap<string, TargetOutcome> = new Map<string, TargetOutcome>([
  ['CHANUNAVAIL', 'unreachable'],
  ['CONGESTION', 'unreachable'],
  ['BUSY', 'busy'],
  ['NOANSWER', 'no_answer'],
])

// The greeting that VoiceMail's options ask for: unavailable (u) or busy (b). A mailbox that is called directly has neither. Text in
// parentheses is the argument of another option, as in `d(outside)`.
function greetingOf(appData: string): TargetOutcome | null {
  const options = (appData.split(',')[1] ?? '').replace(/\([^)]*\)/g, '')
  if (options.includes('u')) {
    return 'unreachable'
  }
  return options.includes('b') ? 'busy' : null
}

// For a caller on a trunk the extension is a target inside the PBX. A phone may have called a number outside whose first trunk was
// full: the next trunk settles the direction.
function noteUndialed(call: OpenCall, outcome: TargetOutcome | null): void {
  if (outcome === null) {
    return
  }
  call.undialedOutcome = outcome
  if (call.stage === 'live' && call.roleOf(call.callerEndpoint) === 'trunk') {
    settleDirection(call, null)
  }
}

// The callee of an originated call is the extension that its first leg is sent to.
function setOriginatedCallee(call: LiveCall, { snapshot: { exten, app } }: Channel): void {
  if (exten === '' || exten === 's' || app.startsWith('AppDial') || call.callee !== call.callerEndpoint) {
    return
  }
  call.callee = exten
}

/** Remembers which application the channel's description names. */
export function noteApplication(channel: Channel): void {
  channel.app = channel.snapshot.app
  channel.appData = channel.snapshot.appData
}
