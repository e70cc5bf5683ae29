// Calls that wait in a queue, or end in voicemail.

import type { Call, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { NORMAL, UNKNOWN } from '../asterisk/cause.ts'
import type { SimEndpoint } from '../asterisk/channel.ts'
import { QUEUES } from '../asterisk/house.ts'
import { callerHangsUp } from '../verbs/bridge.ts'
import { arrive, changeState, destroy, farEndHangsUp, runApp, setVariable, softHangup } from '../verbs/channel.ts'
import { dial, ring, timeOut } from '../verbs/dial.ts'
import { reportQuality } from '../verbs/quality.ts'
import {
  abandonQueue,
  agentAnswers,
  callAgents,
  cancelAgents,
  enterQueue,
  ringAgents,
  timeOutQueue,
} from '../verbs/queue.ts'
import { answered, fastest, only, SIP_MS } from './plain.ts'
import { outsideCalls, pbxAnswers } from './trunk.ts'

const ANSWER_MS = 14

// Agents who are off get no call; with all of them off, the scenario calls them all the same.
function agents(call: Call, queue: 'support' | 'sales'): readonly SimEndpoint[] {
  const all = QUEUES[queue].flatMap((resource) => call.world.house.get(resource) ?? [])
  const there = all.filter((agent) => agent.online)
  return there.length > 0 ? there : all
}

export const queueAnswered: Script = function* (call) {
  const { world, times } = call
  const { queue } = call.cast
  const caller = outsideCalls(call, '5550102')
  pbxAnswers(call, caller)
  yield ANSWER_MS
  const visit = enterQueue(world, caller, queue)
  yield 1
  const attempts = callAgents(world, visit, agents(call, queue))
  yield SIP_MS
  ringAgents(world, visit, attempts)
  yield times.ringMs
  const talk = agentAnswers(world, visit, { attempts, agent: fastest(call, attempts) })
  yield times.talkMs
  callerHangsUp(world, talk, 'queue')
  return answered(call, talk, { queue })
}

export const queueAbandoned: Script = function* (call) {
  const { world, times } = call
  const { queue } = call.cast
  const caller = outsideCalls(call, '5550102')
  pbxAnswers(call, caller)
  yield ANSWER_MS
  const visit = enterQueue(world, caller, queue)
  yield 1
  const attempts = callAgents(world, visit, agents(call, queue))
  yield SIP_MS
  ringAgents(world, visit, attempts)
  yield times.patienceMs
  reportQuality(world, caller, world.now() - caller.createdAt)
  farEndHangsUp(world, caller)
  cancelAgents(world, visit, attempts)
  abandonQueue(world, visit)
  softHangup(world, caller)
  for (const { peer } of attempts) {
    destroy(world, peer, UNKNOWN)
  }
  destroy(world, caller, UNKNOWN)
  return [conclude(call, caller, { disposition: 'abandoned', callee: caller.exten, queue, hungUpBy: 'caller' })]
}

/** Nobody serves the queue, and the time runs out. */
export const queueTimeout: Script = function* (call) {
  const { world, cast, times } = call
  const caller = arrive(world, cast.caller, { exten: '611' })
  pbxAnswers(call, caller)
  yield ANSWER_MS
  const visit = enterQueue(world, caller, 'night')
  yield times.dialTimeoutMs
  timeOutQueue(world, visit)
  runApp(world, caller, 'Playback', 'beep')
  yield 441
  setVariable(world, caller, ['PLAYBACKSTATUS', 'SUCCESS'])
  runApp(world, caller, 'Hangup')
  softHangup(world, caller)
  reportQuality(world, caller, world.now() - caller.createdAt)
  destroy(world, caller, NORMAL)
  return [conclude(call, caller, { disposition: 'no_answer', callee: caller.exten, queue: 'night' })]
}

export const voicemail: Script = function* (call) {
  const { world, cast, times } = call
  const caller = arrive(world, cast.caller, { exten: '630' })
  const dialing = dial(world, caller, [{ endpoint: cast.callee }])
  yield SIP_MS
  ring(world, dialing, only(dialing))
  yield times.dialTimeoutMs / 2
  timeOut(world, dialing)
  runApp(world, caller, 'VoiceMail', `${cast.callee.resource}@default,u`)
  changeState(world, caller, 'Up')
  yield times.patienceMs
  reportQuality(world, caller, times.patienceMs)
  farEndHangsUp(world, caller)
  setVariable(world, caller, ['VMSTATUS', 'FAILED'])
  softHangup(world, caller)
  destroy(world, caller, UNKNOWN)
  return [conclude(call, caller, { disposition: 'voicemail', callee: caller.exten })]
}
