// An operator panel moves callers: out of a conversation or a queue, into a queue, a mailbox, a conference.
//
// The call continues. Source: recorded traffic.

import { callerHangsUp, type Talk } from '../actions/bridge.ts'
import { arrive, runApp, runWithoutEvents, setVariable } from '../actions/channel.ts'
import { enterRoom, hangUpInRoom, openRoom, sendRoom } from '../actions/conference.ts'
import { type Attempt, ring } from '../actions/dial.ts'
import {
  agentAnswers,
  callAgents,
  enterQueue,
  enterQueueWithoutEvents,
  ringAgents,
  type SimQueueWait,
} from '../actions/queue.ts'
import { followRedirect, redirectBoth, redirectCaller, redirectWaiting } from '../actions/redirect.ts'
import type { Call, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { NORMAL } from '../asterisk/cause.ts'
import { joinConference, leaveConference } from './conference.ts'
import { answered, fastest, only, pickUp, SIP_MS } from './plain.ts'
import { hangUpInMailbox, RECEPTION, ringQueue } from './queue.ts'
import { ANSWER_MS, outsideCalls, outsideDialsPhone, pbxAnswers } from './trunk.ts'

const ROOM = 'lab'
const INBOUND = { direction: 'inbound' } as const

/** A caller who talks is moved into a queue, where an agent answers. */
export const redirectToQueue: Script = function* (call) {
  const { world, parties, times } = call
  const first = yield* talkWithPhone(call)
  const callee = first.caller.exten
  yield times.talkMs / 2
  redirectCaller(world, first, '7701')
  const second = yield* agentTakes(call, enterQueueWithoutEvents(world, first.caller, parties.queue))
  yield times.talkMs / 2
  callerHangsUp(world, second, 'redirected')
  const talk = { fromAt: first.fromAt, untilAt: world.now() }
  return answered(call, second, {
    ...INBOUND,
    callee,
    talk,
    answeredBy: [parties.callee.resource],
    queue: parties.queue,
  })
}

/** A caller who waits at the reception is moved into another queue. */
export const redirectQueueToQueue: Script = function* (call) {
  const { world, parties, times } = call
  const wait = yield* waitAtReception(call)
  redirectWaiting(world, wait.queueWait, { ...wait, exten: '7701' })
  const onward = enterQueueWithoutEvents(world, wait.queueWait.caller, parties.queue)
  setVariable(world, onward.caller, ['ABANDONED', ''])
  const talk = yield* agentTakes(call, onward)
  yield times.talkMs
  callerHangsUp(world, talk, 'queue')
  return answered(call, talk, { ...INBOUND, callee: wait.callee, queue: parties.queue })
}

/** A caller who waits at the reception is moved to the mailbox of somebody. */
export const redirectToVoicemail: Script = function* (call) {
  const { world, parties, times } = call
  const wait = yield* waitAtReception(call)
  const { caller } = wait.queueWait
  redirectWaiting(world, wait.queueWait, { ...wait, exten: '7702' })
  runWithoutEvents(caller, 'VoiceMail', `${parties.third.resource}@default,u`)
  yield times.patienceMs
  hangUpInMailbox(call, caller)
  const outcome = { ...INBOUND, callee: wait.callee, queue: RECEPTION, hungUpBy: 'caller' } as const
  return [conclude(call, caller, { disposition: 'voicemail', ...outcome })]
}

/** Both parties of a talk are moved into a conference, where a colleague joins them for a while. */
export const redirectToConference: Script = function* (call) {
  const { world, parties, times } = call
  const talk = yield* talkWithPhone(call)
  const { caller, peer, fromAt } = talk
  const callee = caller.exten
  yield times.talkMs / 2
  redirectBoth(world, talk, '7703')
  // The extension starts with Answer(), for which no event is sent.
  runWithoutEvents(caller, 'Answer')
  runApp(world, caller, 'ConfBridge', ROOM)
  const room = openRoom(world, ROOM)
  followRedirect(world, talk)
  runWithoutEvents(peer, 'Answer')
  runApp(world, peer, 'ConfBridge', ROOM)
  enterRoom(world, room, peer)
  enterRoom(world, room, caller)
  sendRoom(world, room)
  yield times.talkMs / 8
  const colleague = yield* joinConference(call, arrive(world, parties.third, { exten: '7703' }), room)
  yield times.talkMs / 8
  const colleagueTruth = leaveConference(call, colleague)
  yield times.talkMs / 8
  hangUpInRoom(world, room, { channel: peer, cause: NORMAL })
  yield times.talkMs / 8
  hangUpInRoom(world, room, { channel: caller, cause: NORMAL })
  const whole = { fromAt, untilAt: world.now() }
  return [...answered(call, talk, { ...INBOUND, callee, talk: whole }), colleagueTruth]
}

interface Wait {
  readonly queueWait: SimQueueWait
  readonly attempts: readonly Attempt[]
  /** The number that was called. */
  readonly callee: string
}

// The reception is a queue with one agent, who does not answer.
function* waitAtReception(call: Call): Generator<number, Wait, boolean> {
  const { world, parties, times } = call
  const caller = outsideCalls(call, '5550108')
  pbxAnswers(call, caller)
  yield ANSWER_MS
  const queueWait = enterQueue(world, caller, RECEPTION)
  yield 1
  const attempts = callAgents(world, queueWait, [parties.callee])
  yield SIP_MS
  ringAgents(world, queueWait, attempts)
  yield times.patienceMs
  return { queueWait, attempts, callee: caller.exten }
}

function* talkWithPhone(call: Call): Generator<number, Talk, boolean> {
  const dialing = outsideDialsPhone(call)
  yield SIP_MS
  ring(call.world, dialing, only(dialing))
  yield call.times.ringMs
  return pickUp(call, dialing)
}

function* agentTakes(call: Call, queueWait: SimQueueWait): Generator<number, Talk, boolean> {
  const attempts = yield* ringQueue(call, queueWait)
  yield call.times.ringMs
  return agentAnswers(call.world, queueWait, { attempts, agent: fastest(call, attempts) })
}
