// The dialplan passes a caller to an ARI application, as call centres do.

import { callerHangsUp } from '../actions/bridge.ts'
import { destroy, farEndHangsUp, runApp, setVariable, softHangup } from '../actions/channel.ts'
import { dial, ring } from '../actions/dial.ts'
import type { Call, ExpectedCall, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { CALLER_CANCELLED, NORMAL } from '../asterisk/cause.ts'
import type { SimChannel } from '../asterisk/channel.ts'
import { answered, only, pickUp, SIP_MS } from './plain.ts'
import { outsideCalls } from './trunk.ts'

/** The application of the dialplan's `Stasis()`. */
export const STASIS_APPLICATION = 'callcenter-app'

/** The dialplan hands the caller to an application; afterwards a phone is dialed for the caller. */
export const stasis: Script = function* (call) {
  const { world, parties, times } = call
  const caller = outsideCalls(call, '5550200')
  runApp(world, caller, 'NoOp', 'Call Center App')
  runApp(world, caller, 'Stasis', STASIS_APPLICATION)
  setVariable(world, caller, ['STASISSTATUS', ''])
  if (world.hasApplication(STASIS_APPLICATION)) {
    world.inApplication(STASIS_APPLICATION, caller, true)
    const handedBack = yield { continued: caller, atMostMs: times.patienceMs }
    if (!handedBack) {
      return [givesUpInApplication(call, caller)]
    }
    world.inApplication(STASIS_APPLICATION, caller, false)
    setVariable(world, caller, ['STASISSTATUS', 'SUCCESS'])
  } else {
    setVariable(world, caller, ['STASISSTATUS', 'FAILED'])
  }
  const dialing = dial(world, caller, [{ endpoint: parties.callee }])
  yield SIP_MS
  ring(world, dialing, only(dialing))
  yield times.ringMs
  const talk = pickUp(call, dialing)
  yield times.talkMs
  callerHangsUp(world, talk)
  return answered(call, talk)
}

function givesUpInApplication(call: Call, caller: SimChannel): ExpectedCall {
  const { world } = call
  farEndHangsUp(world, caller, CALLER_CANCELLED)
  world.inApplication(STASIS_APPLICATION, caller, false)
  setVariable(world, caller, ['STASISSTATUS', 'SUCCESS'])
  softHangup(world, caller, { ...NORMAL, techCause: 487 })
  destroy(world, caller, CALLER_CANCELLED)
  const outcome = { callee: caller.exten, hungUpBy: 'caller', tried: false } as const
  return conclude(call, caller, { disposition: 'cancelled', ...outcome })
}
