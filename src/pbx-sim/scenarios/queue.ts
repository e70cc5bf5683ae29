// Calls that wait in a queue, or end in voicemail.

import { callerHangsUp } from '../actions/bridge.ts'
import {
  arrive,
  changeState,
  destroy,
  farEndHangsUp,
  runApp,
  sendDialplan,
  setVariable,
  softHangup,
} from '../actions/channel.ts'
import { type Attempt, dial, ring, timeOut } from '../actions/dial.ts'
import { reportQuality } from '../actions/quality.ts'
import {
  abandonQueue,
  agentAnswers,
  callAgents,
  cancelAgents,
  enterQueue,
  leaveQueue,
  ringAgents,
  type SimQueueWait,
  timeOutQueue,
} from '../actions/queue.ts'
import type { Call, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { type Cause, NORMAL, UNKNOWN } from '../asterisk/cause.ts'
import { amend, type SimChannel, type SimEndpoint } from '../asterisk/channel.ts'
import { QUEUES } from '../asterisk/endpoints.ts'
import { isOnDuty } from '../asterisk/staff.ts'
import { sendChannel } from '../asterisk/world.ts'
import { answered, fastest, only, phoneDialsAtOnce, pickUp, SIP_MS } from './plain.ts'
import { ANSWER_MS, announceAndEnd, outsideCalls, pbxAnswers } from './trunk.ts'

/** A queue with one agent. */
export const RECEPTION = 'reception'

/** The members of the event of a pressed key; the digit comes before the channel. */
const KEY = '"digit":"1","duration_ms":100,'

/** The registered agents of a queue who are on duty; all agents if there is none. */
export function agents(call: Call, queue = call.parties.queue): readonly SimEndpoint[] {
  const all = QUEUES[queue].flatMap((resource) => call.world.endpoints.get(resource) ?? [])
  const there = all.filter(({ online, resource }) => online && isOnDuty(call.world, queue, `PJSIP/${resource}`))
  return there.length > 0 ? there : all
}

export const queueAnswered: Script = function* (call) {
  const { world, times } = call
  const { queue } = call.parties
  const caller = outsideCalls(call, '5550102')
  pbxAnswers(call, caller)
  yield ANSWER_MS
  const queueWait = enterQueue(world, caller, queue)
  const attempts = yield* ringQueue(call, queueWait)
  yield times.ringMs
  const talk = agentAnswers(world, queueWait, { attempts, agent: fastest(call, attempts) })
  yield times.talkMs
  callerHangsUp(world, talk, 'queue')
  return answered(call, talk, { queue })
}

export const queueAbandoned: Script = function* (call) {
  const { world, times } = call
  const { queue } = call.parties
  const caller = outsideCalls(call, '5550102')
  pbxAnswers(call, caller)
  yield ANSWER_MS
  const queueWait = enterQueue(world, caller, queue)
  const attempts = yield* ringQueue(call, queueWait)
  yield times.patienceMs
  abandon(call, queueWait, { attempts })
  return [conclude(call, caller, { disposition: 'abandoned', callee: caller.exten, queue, hungUpBy: 'caller' })]
}

/** The agents of the call's queue ring. */
export function* ringQueue(call: Call, queueWait: SimQueueWait): Generator<number, readonly Attempt[], boolean> {
  yield 1
  const attempts = callAgents(call.world, queueWait, agents(call))
  yield SIP_MS
  ringAgents(call.world, queueWait, attempts)
  return attempts
}

/** The caller hangs up in the queue. `left`: what an earlier Dial() left on their channel. */
export function abandon(
  { world }: Call,
  queueWait: SimQueueWait,
  { attempts, left }: { readonly attempts: readonly Attempt[]; readonly left?: Cause },
): void {
  const { caller } = queueWait
  reportQuality(world, caller, world.now() - caller.createdAt)
  farEndHangsUp(world, caller, left)
  cancelAgents(world, queueWait, attempts)
  abandonQueue(world, queueWait)
  softHangup(world, caller, left && { ...left, cause: NORMAL.cause })
  for (const { peer } of attempts) {
    destroy(world, peer, UNKNOWN)
  }
  destroy(world, caller, left ?? UNKNOWN)
}

/** Nobody serves the queue, and the time runs out. */
export const queueTimeout: Script = function* (call) {
  const { world, parties, times } = call
  const caller = arrive(world, parties.caller, { exten: '611' })
  pbxAnswers(call, caller)
  yield ANSWER_MS
  const queueWait = enterQueue(world, caller, 'night')
  yield times.dialTimeoutMs
  timeOutQueue(world, queueWait)
  yield* announceAndEnd(call, caller)
  return [conclude(call, caller, { disposition: 'no_answer', callee: caller.exten, queue: 'night' })]
}

/** All agents talk; the caller presses a key to be called back, and the PBX confirms it and hangs up. */
export const queueLeftByKey: Script = function* (call) {
  const { world, times } = call
  const dialing = phoneDialsAtOnce(call)
  yield SIP_MS
  ring(world, dialing, only(dialing))
  yield times.ringMs
  const agentsTalk = pickUp(call, dialing)
  yield times.talkMs / 4
  const caller = outsideCalls(call, '5550112')
  pbxAnswers(call, caller)
  yield ANSWER_MS
  const queueWait = enterQueue(world, caller, RECEPTION)
  yield times.patienceMs
  sendChannel(world, { type: 'ChannelDtmfReceived', channel: caller, after: KEY })
  leaveQueue(world, queueWait)
  amend(caller, { context: 'callback', exten: '1', priority: 0 })
  sendDialplan(world, caller)
  setVariable(world, caller, ['QUEUEPOSITION', '1'])
  yield* announceAndEnd(call, caller)
  const outcome = { callee: '5550112', queue: RECEPTION, direction: 'inbound' } as const
  const truth = conclude(call, caller, { disposition: 'no_answer', ...outcome })
  yield times.talkMs / 4
  callerHangsUp(world, agentsTalk)
  return [...answered(call, agentsTalk), truth]
}

export const voicemail: Script = function* (call) {
  const { world, parties, times } = call
  const caller = arrive(world, parties.caller, { exten: '630' })
  const dialing = dial(world, caller, [{ endpoint: parties.callee }])
  yield SIP_MS
  ring(world, dialing, only(dialing))
  yield times.dialTimeoutMs / 2
  timeOut(world, dialing)
  yield* leaveMessage(call, caller)
  return [conclude(call, caller, { disposition: 'voicemail', callee: caller.exten })]
}

/** The caller leaves a message in the mailbox of the called party and hangs up. */
export function* leaveMessage(call: Call, caller: SimChannel): Generator<number, void, boolean> {
  const { world, parties, times } = call
  runApp(world, caller, 'VoiceMail', `${parties.callee.resource}@default,u`)
  changeState(world, caller, 'Up')
  yield times.patienceMs
  hangUpInMailbox(call, caller)
}

/** The caller hangs up after the message. */
export function hangUpInMailbox({ world, times }: Call, caller: SimChannel): void {
  reportQuality(world, caller, times.patienceMs)
  farEndHangsUp(world, caller)
  setVariable(world, caller, ['VMSTATUS', 'FAILED'])
  softHangup(world, caller)
  destroy(world, caller, UNKNOWN)
}
