// Three parties meet in a conference.
//
// Each party's call to the conference is a call of its own. Source: recorded traffic.

import { arrive, runApp } from '../actions/channel.ts'
import { enterRoom, hangUpInRoom, openRoom } from '../actions/conference.ts'
import type { Call, ExpectedCall, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import type { SimBridge, SimChannel } from '../asterisk/channel.ts'
import { ANSWER_MS, outsideCalls, pbxAnswers } from './trunk.ts'

/** Two phones and an outside caller enter a conference, and leave it one by one. */
export const conference: Script = function* (call) {
  const { world, parties, times } = call
  const chair = yield* joinConference(call, arrive(world, parties.caller, { exten: '620' }))
  yield times.ringMs / 3
  const second = yield* joinConference(call, arrive(world, parties.callee, { exten: '620' }), chair.room)
  yield times.ringMs / 3
  const guest = yield* joinConference(call, outsideCalls(call, '5550106'), chair.room)
  yield times.talkMs / 2
  const guestTruth = leaveConference(call, guest)
  yield times.talkMs / 4
  const secondTruth = leaveConference(call, second)
  yield times.talkMs / 4
  const chairTruth = leaveConference(call, chair)
  return [chairTruth, secondTruth, guestTruth]
}

/** A party who called the conference and is in it. */
export interface Member {
  readonly channel: SimChannel
  readonly room: SimBridge
  readonly fromAt: number
}

/** A caller enters the conference, which starts with the first caller. */
export function* joinConference(call: Call, channel: SimChannel, open?: SimBridge): Generator<number, Member, boolean> {
  const { world } = call
  pbxAnswers(call, channel)
  yield ANSWER_MS
  const name = open?.name ?? 'lab'
  runApp(world, channel, 'ConfBridge', name)
  const room = open ?? openRoom(world, name)
  enterRoom(world, room, channel)
  return { channel, room, fromAt: world.now() }
}

/** The member hangs up. */
export function leaveConference(call: Call, { channel, room, fromAt }: Member): ExpectedCall {
  hangUpInRoom(call.world, room, { channel })
  const talk = { fromAt, untilAt: call.world.now() }
  return conclude(call, channel, { disposition: 'answered', callee: channel.exten, talk, hungUpBy: 'caller' })
}
