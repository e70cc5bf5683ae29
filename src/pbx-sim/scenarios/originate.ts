// A call that an application began: click-to-call.

import type { Script } from '../asterisk/call.ts'
import { amend } from '../asterisk/channel.ts'
import { peerHangsUp } from '../verbs/bridge.ts'
import { connectLine, tellCallerId } from '../verbs/channel.ts'
import { dial, ring } from '../verbs/dial.ts'
import { answerAlone, callAlone, reachAlone, ringAlone } from '../verbs/originate.ts'
import { answered, only, pickUp, SIP_MS } from './plain.ts'

/** An application calls a phone first, and when it answers, the number that the user clicked on. */
export const clickToCall: Script = function* (call) {
  const { world, cast, times } = call
  const { number } = cast.outside
  const first = reachAlone(world, cast.caller)
  yield* originate()
  amend(first, { exten: `0${number}`, app: '' })
  const onward = dial(world, first, [{ endpoint: cast.trunk, number }])
  yield SIP_MS
  ring(world, onward, only(onward))
  yield times.ringMs
  const talk = pickUp(call, onward)
  yield times.talkMs
  peerHangsUp(world, talk, 'AppDial2')
  const caller = cast.caller.resource
  return answered(call, talk, { caller, direction: 'outbound', hungUpBy: 'callee' })

  function* originate(): Generator<number, void, boolean> {
    const attempt = { peer: first, dialString: cast.caller.resource }
    amend(first, { callerName: 'Click To Call', callerNumber: number })
    tellCallerId(world, first)
    connectLine(world, first, first)
    yield 1
    callAlone(world, attempt)
    yield SIP_MS
    ringAlone(world, attempt)
    yield times.ringMs / 2
    answerAlone(world, attempt)
  }
}
