// A caller talks with a machine in an application's bridge, which is recorded, and is then joined by a person.
//
// External media and the recorder are not parties; the bridge is mixed in software as soon as it has three members, and is still a
// conversation. Source: recorded traffic.

import { destroyBridge, enter, sendPeers } from '../actions/bridge.ts'
import {
  becomeOutgoing,
  changeState,
  connectLine,
  createExternalMedia,
  farEndHangsUp,
  sendDialplan,
  setVariable,
  softHangup,
  takeId,
} from '../actions/channel.ts'
import { leaveMany, sendMembers } from '../actions/conference.ts'
import { answerAlone, callAlone, reachAlone, ringAlone } from '../actions/originate.ts'
import { reportQuality } from '../actions/quality.ts'
import { createStasisBridge, endInApplication, handOver, runStasis } from '../actions/stasis.ts'
import type { Call, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { NORMAL, ON_REQUEST } from '../asterisk/cause.ts'
import type { SimBridge, SimChannel } from '../asterisk/channel.ts'
import { SIP_MS } from './plain.ts'
import { outsideCalls } from './trunk.ts'

const REQUEST_MS = 4
const TIDY_MS = 300
const RECORDER = 'Recorder/ARI-00000000;2'

export const botThenAgent: Script = function* (call) {
  const { world, parties, times } = call
  const caller = outsideCalls(call, '5550203')
  runStasis(world, caller, 'bot')
  yield REQUEST_MS
  changeState(world, caller, 'Up')
  const bridge = createStasisBridge(world)
  yield REQUEST_MS
  enter(world, bridge, caller)
  yield REQUEST_MS
  const bot = yield* addBot(call, bridge, caller)
  yield REQUEST_MS
  record(call, bridge, bot)
  yield times.patienceMs
  const agent = yield* addAgent(call, bridge)
  const fromAt = world.now()
  const { resource } = parties.callee
  const merged = conclude(call, agent, { disposition: 'merged', callee: resource, mergedInto: caller })
  yield times.talkMs
  const untilAt = world.now()
  callerHangsUp(call, bridge, caller)
  yield TIDY_MS
  endChannel(call, bridge, bot)
  reportQuality(world, agent, untilAt - fromAt)
  bridge.technology = 'simple_bridge'
  endChannel(call, bridge, agent)
  destroyBridge(world, bridge)
  const talk = { fromAt, untilAt }
  const late = { bridgeMadeAt: bridge.createdAt, callerGoneAt: untilAt }
  const outcome = { callee: caller.exten, answeredBy: [resource], hungUpBy: 'caller', talk, ...late } as const
  return [conclude(call, caller, { disposition: 'answered', ...outcome }), merged]
}

function* addBot(call: Call, bridge: SimBridge, caller: SimChannel): Generator<number, SimChannel, boolean> {
  const { world } = call
  const bot = createExternalMedia(world)
  const attempt = { peer: bot, dialString: `${bot.name.slice('UnicastRTP/'.length).split('-', 1)[0]}/c(ulaw)` }
  becomeOutgoing(bot, 'AppDial2')
  sendDialplan(world, bot)
  callAlone(world, attempt)
  answerAlone(world, attempt)
  handOver(world, bot, 'media')
  yield REQUEST_MS
  enter(world, bridge, bot)
  sendPeers(world, [caller, bot], 1)
  connectLine(world, bot, caller)
  return bot
}

// The recorder's two channels use up two ids and have no events.
function record({ world }: Call, bridge: SimBridge, bot: SimChannel): void {
  takeId(world)
  takeId(world)
  sendMembers(world, bridge, RECORDER)
  setVariable(world, bot, ['BRIDGEPVTCALLID', ''])
}

function* addAgent(call: Call, bridge: SimBridge): Generator<number, SimChannel, boolean> {
  const { world, parties, times } = call
  const agent = reachAlone(world, parties.callee)
  const attempt = { peer: agent, dialString: parties.callee.resource }
  callAlone(world, attempt)
  yield SIP_MS
  ringAlone(world, attempt)
  yield times.ringMs
  answerAlone(world, attempt)
  yield 1
  handOver(world, agent, 'agent')
  bridge.technology = 'softmix'
  enter(world, bridge, agent)
  sendMembers(world, bridge, RECORDER)
  return agent
}

function callerHangsUp({ world }: Call, bridge: SimBridge, caller: SimChannel): void {
  reportQuality(world, caller, world.now() - caller.createdAt)
  farEndHangsUp(world, caller)
  leaveMany(world, bridge, { channel: caller, hidden: RECORDER })
  endInApplication(world, caller, NORMAL)
}

// The application ends a channel that it created.
function endChannel({ world }: Call, bridge: SimBridge, channel: SimChannel): void {
  softHangup(world, channel, ON_REQUEST)
  leaveMany(world, bridge, { channel, hidden: RECORDER })
  endInApplication(world, channel, NORMAL)
}
