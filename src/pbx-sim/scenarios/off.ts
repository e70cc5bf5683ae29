// Unregistered phones, with dialplans that look up contacts before they dial: no phone is dialed.
//
// The extension counts as tried and not reached. Source: recorded traffic.

import {
  changeState,
  destroy,
  farEndHangsUp,
  runApp,
  runWithoutEvents,
  setVariable,
  softHangup,
} from '../actions/channel.ts'
import { enterDial, hangUpByDialplan } from '../actions/dial.ts'
import { dialUnreachableLocals } from '../actions/local.ts'
import type { Call, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { CONGESTED, NORMAL } from '../asterisk/cause.ts'
import type { SimChannel } from '../asterisk/channel.ts'
import { leaveMessage } from './queue.ts'
import { ANSWER_MS, announceAndEnd, outsideCalls, pbxAnswers } from './trunk.ts'

/** Dial() gets the contacts of a phone without contacts. */
export const emptyDial: Script = function* (call) {
  const { world } = call
  const caller = outsideCalls(call, '5550300')
  pbxAnswers(call, caller)
  yield ANSWER_MS
  enterDial(world, caller, '')
  setVariable(world, caller, ['DIALSTATUS', 'CHANUNAVAIL'])
  yield* announceAndEnd(call, caller)
  return [conclude(call, caller, { disposition: 'unreachable', callee: caller.exten })]
}

/** The dialplan knows that the phone is unregistered, and continues with the mailbox. */
export const unavailableVoicemail: Script = function* (call) {
  const caller = outsideCalls(call, '5550301')
  findNobody(call, caller)
  yield* leaveMessage(call, caller)
  return [conclude(call, caller, { disposition: 'voicemail', callee: caller.exten, hungUpBy: 'caller' })]
}

/** The dialplan knows that the phone is unregistered, and refuses the call. */
export const unavailableCongestion: Script = function* (call) {
  const { world } = call
  const caller = outsideCalls(call, '5550302')
  findNobody(call, caller)
  runApp(world, caller, 'Congestion', '2')
  changeState(world, caller, 'Busy')
  yield 1
  farEndHangsUp(world, caller, CONGESTED)
  softHangup(world, caller, { ...NORMAL, techCause: 503 })
  destroy(world, caller, CONGESTED)
  return [conclude(call, caller, { disposition: 'unreachable', callee: caller.exten })]
}

/** A ring group of Local channels; each leads to an unregistered phone. */
export const ringGroupOff: Script = function* (call) {
  const { world, parties } = call
  const caller = outsideCalls(call, '5550303')
  yield 1
  dialUnreachableLocals(world, caller, [parties.unregistered.resource, '199'])
  hangUpByDialplan(world, caller)
  return [conclude(call, caller, { disposition: 'unreachable', callee: caller.exten })]
}

// As in FreePBX: if there is no contact, the dialplan sets DIALSTATUS itself and does not run Dial().
function findNobody({ world }: Call, caller: SimChannel): void {
  runApp(world, caller, 'Set', 'DS=')
  setVariable(world, caller, ['DS', ''])
  runApp(world, caller, 'ExecIf', '0?Dial(,20):Set(DIALSTATUS=CHANUNAVAIL)')
  runWithoutEvents(caller, 'Set', 'DIALSTATUS=CHANUNAVAIL')
  setVariable(world, caller, ['DIALSTATUS', 'CHANUNAVAIL'])
}
