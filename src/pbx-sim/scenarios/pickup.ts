// A colleague picks up a call that rings at another phone.

import { callerHangsUp, connect } from '../actions/bridge.ts'
import {
  arrive,
  changeState,
  connectLine,
  destroy,
  runApp,
  sendDialplan,
  setVariables,
  softHangup,
} from '../actions/channel.ts'
import { ring } from '../actions/dial.ts'
import type { Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { ANSWERED_ELSEWHERE } from '../asterisk/cause.ts'
import { amend } from '../asterisk/channel.ts'
import { sendDial } from '../asterisk/world.ts'
import { answered, only, phoneDialsPhone, SIP_MS } from './plain.ts'

/** A colleague picks up a call that rings at another phone. */
export const pickup: Script = function* (call) {
  const { world, parties, times } = call
  const dialing = phoneDialsPhone(call)
  const ringing = only(dialing)
  yield SIP_MS
  ring(world, dialing, ringing)
  yield times.ringMs
  const { caller } = dialing
  const helper = arrive(world, parties.third, { exten: '670' })
  runApp(world, helper, 'Pickup', `${parties.callee.resource}@internal`)
  connectLine(world, helper, caller)
  changeState(world, helper, 'Up')
  yield 15
  takeTheCall()
  const talk = connect(world, { caller, peer: helper, dialedAt: dialing.dialedAt })
  const merged = conclude(call, helper, { disposition: 'merged', callee: '670', mergedInto: caller })
  yield times.talkMs
  callerHangsUp(world, talk, 'pickup')
  return [...answered(call, talk), merged]

  function takeTheCall(): void {
    amend(helper, { accountCode: caller.accountCode, exten: caller.exten, app: 'AppDial', appData: '(Outgoing Line)' })
    sendDialplan(world, helper)
    connectLine(world, caller, helper)
    const dialed = { DIALEDPEERNAME: helper.name, DIALEDPEERNUMBER: ringing.dialString }
    setVariables(world, caller, { DIALSTATUS: 'ANSWER', ...dialed })
    amend(helper, { accountCode: '', exten: '', inDialplan: false })
    sendDial(world, { caller, peer: helper, status: 'ANSWER' })
    changeState(world, caller, 'Up')
    softHangup(world, ringing.peer)
    // The two channels have changed places: the one that rang ends where the helper's dialplan was.
    amend(ringing.peer, { protocolId: '', accountCode: '', exten: '670', app: '', appData: '' })
    destroy(world, ringing.peer, ANSWERED_ELSEWHERE)
  }
}
