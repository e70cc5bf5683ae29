// A colleague takes a call that rings at another phone.

import { callerHangsUp, connect } from '../actions/bridge.ts'
import {
  arrive,
  changeState,
  connectLine,
  destroy,
  runApp,
  setVariables,
  softHangup,
  tellDialplan,
} from '../actions/channel.ts'
import { ring } from '../actions/dial.ts'
import type { Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { ANSWERED_ELSEWHERE } from '../asterisk/cause.ts'
import { amend } from '../asterisk/channel.ts'
import { tellDial } from '../asterisk/world.ts'
import { answered, only, phoneDialsPhone, SIP_MS } from './plain.ts'

/** A colleague picks up what rings at another phone. */
export const pickup: Script = function* (call) {
  const { world, cast, times } = call
  const dialing = phoneDialsPhone(call)
  const ringing = only(dialing)
  yield SIP_MS
  ring(world, dialing, ringing)
  yield times.ringMs
  const { caller } = dialing
  const helper = arrive(world, cast.third, { exten: '670' })
  runApp(world, helper, 'Pickup', `${cast.callee.resource}@internal`)
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
    tellDialplan(world, helper)
    connectLine(world, caller, helper)
    const dialed = { DIALEDPEERNAME: helper.name, DIALEDPEERNUMBER: ringing.dialString }
    setVariables(world, caller, { DIALSTATUS: 'ANSWER', ...dialed })
    amend(helper, { accountCode: '', exten: '', inDialplan: false })
    tellDial(world, { caller, peer: helper, status: 'ANSWER' })
    changeState(world, caller, 'Up')
    softHangup(world, ringing.peer)
    // The two channels have changed places: the one that rang ends where the helper's dialplan was.
    amend(ringing.peer, { protocolId: '', accountCode: '', exten: '670', app: '', appData: '' })
    destroy(world, ringing.peer, ANSWERED_ELSEWHERE)
  }
}
