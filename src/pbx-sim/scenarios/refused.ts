// Refusals whose cause also appears elsewhere: on the caller's own hang-up, or on a cancelled leg.
//
// A hang-up by the caller stays one, whatever cause it carries. Source: recorded traffic.

import { destroy, farEndHangsUp, runApp, setVariable, setVariables, softHangup } from '../actions/channel.ts'
import { dial, refuse, ring } from '../actions/dial.ts'
import { reportQuality } from '../actions/quality.ts'
import { enterQueue } from '../actions/queue.ts'
import type { Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { BUSY, CANCELLED_AS_BUSY, DECLINED, FORBIDDEN, NO_REPLY, NORMAL } from '../asterisk/cause.ts'
import { callerGivesUp, only, phoneDialsAtOnce, SIP_MS, unanswered } from './plain.ts'
import { abandon, ringQueue } from './queue.ts'
import { ANSWER_MS, outsideCalls, outsideDialsPhone, pbxAnswers } from './trunk.ts'

/** SIP 480 at once: a phone in do-not-disturb. */
export const notAvailable: Script = function* (call) {
  const dialing = phoneDialsAtOnce(call)
  yield SIP_MS
  refuse(call.world, dialing, { cause: NO_REPLY, status: 'NOANSWER', dialStatus: 'NOANSWER' })
  return unanswered(call, dialing.caller, { disposition: 'unreachable', cause: NO_REPLY })
}

/** The carrier's CANCEL names a cause, which Asterisk copies to the phone that rang. */
export const cancelledWithReason: Script = function* (call) {
  const dialing = outsideDialsPhone(call)
  yield SIP_MS
  ring(call.world, dialing, only(dialing))
  yield call.times.ringMs
  callerGivesUp(call, dialing, { ofCaller: CANCELLED_AS_BUSY, ofLegs: BUSY })
  return [conclude(call, dialing.caller, { disposition: 'cancelled', callee: '5550103', hungUpBy: 'caller' })]
}

/** The phone is busy, the call continues in a queue, and the caller hangs up there. */
export const busyThenQueueAbandoned: Script = function* (call) {
  const { world, parties, times } = call
  const caller = outsideCalls(call, '5550110')
  pbxAnswers(call, caller)
  yield ANSWER_MS
  const dialing = dial(world, caller, [{ endpoint: parties.callee }])
  yield SIP_MS
  ring(world, dialing, only(dialing))
  refuse(world, dialing, { cause: BUSY, status: 'BUSY', dialStatus: 'BUSY' })
  const queueWait = enterQueue(world, caller, parties.queue)
  const attempts = yield* ringQueue(call, queueWait)
  yield times.patienceMs
  abandon(call, queueWait, { attempts, left: BUSY })
  const outcome = { callee: caller.exten, queue: parties.queue, hungUpBy: 'caller' } as const
  return [conclude(call, caller, { disposition: 'abandoned', ...outcome })]
}

/** The phone declines, a menu follows, and the caller hangs up there. */
export const declinedThenMenu: Script = function* (call) {
  const { world, parties, times } = call
  const caller = outsideCalls(call, '5550111')
  pbxAnswers(call, caller)
  yield ANSWER_MS
  const dialing = dial(world, caller, [{ endpoint: parties.callee }])
  yield SIP_MS
  ring(world, dialing, only(dialing))
  yield times.ringMs / 4
  refuse(world, dialing, { cause: DECLINED, status: 'NOANSWER', dialStatus: 'CHANUNAVAIL' })
  runApp(world, caller, 'Read', 'K,beep,1,,1,8')
  setVariable(world, caller, ['READSTATUS', 'ERROR'])
  yield times.patienceMs
  reportQuality(world, caller, world.now() - caller.createdAt)
  farEndHangsUp(world, caller, FORBIDDEN)
  setVariables(world, caller, { K: '', READSTATUS: 'HANGUP' })
  softHangup(world, caller, { ...FORBIDDEN, cause: NORMAL.cause })
  destroy(world, caller, FORBIDDEN)
  return [conclude(call, caller, { disposition: 'cancelled', callee: caller.exten, hungUpBy: 'caller' })]
}
