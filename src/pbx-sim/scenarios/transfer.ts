// Transfers and hold.
//
// The original call continues; the consultation ends as merged.

import { callerHangsUp, destroyBridge, leave, sendPeers } from '../actions/bridge.ts'
import { arrive, destroy, runApp, setVariables } from '../actions/channel.ts'
import { dial, ring } from '../actions/dial.ts'
import { reportQuality } from '../actions/quality.ts'
import { enterQueue } from '../actions/queue.ts'
import { joinOthers, joinWait, referBlindly } from '../actions/transfer.ts'
import type { Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { NORMAL } from '../asterisk/cause.ts'
import { amend } from '../asterisk/channel.ts'
import { sendChannel } from '../asterisk/world.ts'
import { answered, only, phoneDialsPhone, pickUp, SIP_MS } from './plain.ts'
import { abandon, ringQueue } from './queue.ts'
import { ANSWER_MS, outsideDialsPhone, pbxAnswers } from './trunk.ts'

/** The called party transfers the caller to a third phone. */
export const blindTransfer: Script = function* (call) {
  const { world, parties, times } = call
  const dialing = phoneDialsPhone(call)
  const callee = dialing.caller.exten
  yield SIP_MS
  ring(world, dialing, only(dialing))
  yield times.ringMs
  const first = pickUp(call, dialing)
  yield times.talkMs / 2
  referBlindly(world, first, parties.third.resource)
  leaveForTransfer()
  yield 1
  amend(dialing.caller, { priority: 1 })
  const onward = dial(world, dialing.caller, [{ endpoint: parties.third }])
  yield SIP_MS
  ring(world, onward, only(onward))
  yield times.ringMs
  const second = pickUp(call, onward)
  yield times.talkMs / 2
  callerHangsUp(world, second)
  const talk = { fromAt: first.fromAt, untilAt: world.now() }
  const answeredBy = [parties.callee.resource]
  return answered(call, second, { callee, talk, answeredBy, transfers: 1 })

  function leaveForTransfer(): void {
    leave(world, first.bridge, first.caller)
    leave(world, first.bridge, first.peer)
    destroyBridge(world, first.bridge)
    setVariables(world, first.caller, { DIALSTATUS: 'ANSWER' })
    reportQuality(world, first.peer, world.now() - first.fromAt)
    destroy(world, first.peer, NORMAL)
  }
}

/** The called party asks a third phone first, then connects the two. */
export const attendedTransfer: Script = function* (call) {
  const { world, parties, times } = call
  const dialing = phoneDialsPhone(call)
  yield SIP_MS
  ring(world, dialing, only(dialing))
  yield times.ringMs
  const first = pickUp(call, dialing)
  yield times.talkMs / 3
  const consultation = arrive(world, parties.callee, { exten: parties.third.resource })
  runApp(world, consultation, 'NoOp', `internal call to ${parties.third.resource}`)
  const asking = dial(world, consultation, [{ endpoint: parties.third }])
  yield SIP_MS
  ring(world, asking, only(asking))
  yield times.ringMs
  const second = pickUp(call, asking)
  yield times.talkMs / 3
  const joined = joinOthers(world, first, second)
  const merged = conclude(call, consultation, {
    disposition: 'merged',
    callee: parties.third.resource,
    mergedInto: first.caller,
  })
  yield times.talkMs / 3
  callerHangsUp(world, joined)
  const answeredBy = [parties.callee.resource]
  return [...answered(call, joined, { answeredBy, transfers: 1 }), merged]
}

/** The called party calls a queue, transfers the caller before anybody answers, and the caller hangs up there. */
export const attendedTransferToQueue: Script = function* (call) {
  const { world, parties, times } = call
  const dialing = outsideDialsPhone(call)
  const callee = dialing.caller.exten
  yield SIP_MS
  ring(world, dialing, only(dialing))
  yield times.ringMs
  const first = pickUp(call, dialing)
  yield times.talkMs / 2
  const line = arrive(world, parties.callee, { exten: '610' })
  pbxAnswers(call, line)
  yield ANSWER_MS
  const asking = enterQueue(world, line, parties.queue)
  const attempts = yield* ringQueue(call, asking)
  yield times.talkMs / 4
  const merged = conclude(call, line, { disposition: 'merged', callee: '610', mergedInto: first.caller })
  const queueWait = joinWait(world, first, { queueWait: asking, attempts })
  const talk = { fromAt: first.fromAt, untilAt: world.now() }
  yield times.patienceMs
  abandon(call, queueWait, { attempts })
  const outcome = { direction: 'inbound', callee, talk, queue: parties.queue, transfers: 1 } as const
  return [...answered(call, first, outcome), merged]
}

/** The caller puts the called party on hold for a while. */
export const hold: Script = function* (call) {
  const { world, times } = call
  const dialing = phoneDialsPhone(call)
  yield SIP_MS
  ring(world, dialing, only(dialing))
  yield times.ringMs
  const talk = pickUp(call, dialing)
  yield times.talkMs / 3
  sendPeers(world, [talk.caller, talk.peer], 1)
  sendChannel(world, { type: 'ChannelHold', channel: talk.caller, after: '"musicclass":"default",' })
  yield times.talkMs / 3
  sendPeers(world, [talk.caller, talk.peer], 1)
  sendChannel(world, { type: 'ChannelUnhold', channel: talk.caller })
  yield times.talkMs / 3
  callerHangsUp(world, talk)
  return answered(call, talk)
}
