// Three parties meet in a conference.
//
// A conference is a place of its own: each party's way there is a call of its own. Source: recorded traffic.

import type { Call, CallTruth, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { NORMAL } from '../asterisk/cause.ts'
import type { SimBridge, SimChannel } from '../asterisk/channel.ts'
import { createBridge, destroyBridge, enter, leave } from '../verbs/bridge.ts'
import { arrive, destroy, farEndHangsUp, runApp, setVariable, softHangup, takeId } from '../verbs/channel.ts'
import { reportQuality } from '../verbs/quality.ts'
import { outsideCalls, pbxAnswers } from './trunk.ts'

const ANSWER_MS = 14

/** Two phones and a caller from outside meet in a conference, and leave it one by one. */
export const conference: Script = function* (call) {
  const { world, cast, times } = call
  const chair = yield* joinsConference(call, arrive(world, cast.caller, { exten: '620' }))
  yield times.ringMs / 3
  const second = yield* joinsConference(call, arrive(world, cast.callee, { exten: '620' }), chair.bridge)
  yield times.ringMs / 3
  const guest = yield* joinsConference(call, outsideCalls(call, '5550106'), chair.bridge)
  yield times.talkMs / 2
  const guestTruth = leavesConference(call, guest)
  yield times.talkMs / 4
  const secondTruth = leavesConference(call, second)
  yield times.talkMs / 4
  const chairTruth = leavesConference(call, chair)
  return [chairTruth, secondTruth, guestTruth]
}

interface Member {
  readonly channel: SimChannel
  readonly bridge: SimBridge
  readonly fromAt: number
}

const ROOM = { technology: 'softmix', bridgeClass: 'base', creator: 'ConfBridge', name: 'lab' } as const

function* joinsConference(call: Call, channel: SimChannel, room?: SimBridge): Generator<number, Member, boolean> {
  const { world } = call
  pbxAnswers(call, channel)
  yield ANSWER_MS
  runApp(world, channel, 'ConfBridge', 'lab')
  if (room === undefined) {
    // The announcer's pair of channels takes two ids, and is never seen.
    takeId(world)
    takeId(world)
  }
  const bridge = room ?? createBridge(world, ROOM)
  enter(world, bridge, channel)
  sayMembers(call, bridge)
  return { channel, bridge, fromAt: world.now() }
}

function leavesConference(call: Call, member: Member): CallTruth {
  const { world } = call
  const { channel, bridge, fromAt } = member
  reportQuality(world, channel, world.now() - channel.createdAt)
  farEndHangsUp(world, channel)
  setVariable(world, channel, ['BRIDGEPEER', ''])
  leave(world, bridge, channel)
  sayMembers(call, bridge)
  setVariable(world, channel, ['CONFBRIDGE_RESULT', 'HANGUP'])
  if (bridge.channels.length === 0) {
    destroyBridge(world, bridge)
  }
  softHangup(world, channel)
  destroy(world, channel, NORMAL)
  const talk = { fromAt, untilAt: world.now() }
  return conclude(call, channel, { disposition: 'answered', callee: channel.exten, talk, hungUpBy: 'caller' })
}

function sayMembers(call: Call, bridge: SimBridge): void {
  for (const channel of bridge.channels) {
    const others = bridge.channels.filter((other) => other !== channel).map((other) => other.name)
    setVariable(call.world, channel, ['BRIDGEPEER', ['CBAnn/lab-00000000;2', ...others].join(',')])
  }
}
