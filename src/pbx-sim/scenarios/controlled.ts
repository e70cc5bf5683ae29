// Calls that a client of ARI begins at a phone with an extension to go on with, and may end at any time.

import { callerHangsUp } from '../actions/bridge.ts'
import { connectLine, destroy, sendCallerId, softHangup } from '../actions/channel.ts'
import { dial, ring, type Target } from '../actions/dial.ts'
import { answerAlone, callAlone, reachAlone, ringAlone } from '../actions/originate.ts'
import type { Call, ExpectedCall, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { NORMAL } from '../asterisk/cause.ts'
import { amend } from '../asterisk/channel.ts'
import { answered, callerGivesUp, only, pickUp, SIP_MS } from './plain.ts'

/** The phone, then another phone. */
export const controlledToPhone: Script = (call) => {
  const { callee } = call.parties
  return controlled(call, { target: { endpoint: callee }, extension: callee.resource, direction: 'internal' })
}

/** The phone, then a number on a trunk. */
export const controlledToNumber: Script = (call) => {
  const { number } = call.parties.dialed
  return controlled(call, {
    ...{ target: { endpoint: call.parties.trunk, number }, extension: number, direction: 'outbound' },
  })
}

interface Onward {
  readonly target: Target
  readonly extension: string
  readonly direction: 'internal' | 'outbound'
}

function* controlled(
  call: Call,
  { target, extension, direction }: Onward,
): Generator<number, readonly ExpectedCall[], boolean> {
  const { world, parties, times } = call
  const { destination } = parties.dialed
  const first = reachAlone(world, parties.caller)
  const attempt = { peer: first, dialString: parties.caller.resource }
  sendCallerId(world, first)
  connectLine(world, first, first)
  yield 1
  callAlone(world, attempt)
  yield SIP_MS
  ringAlone(world, attempt)
  if (yield times.ringMs / 2) {
    softHangup(world, first)
    destroy(world, first, NORMAL)
    return []
  }
  answerAlone(world, attempt)
  amend(first, { exten: extension, app: '' })
  const onward = dial(world, first, [target])
  yield SIP_MS
  ring(world, onward, only(onward))
  const outcome = { callee: extension, caller: first.callerNumber, direction, destination } as const
  if (yield times.ringMs) {
    callerGivesUp(call, onward)
    return [conclude(call, first, { disposition: 'cancelled', hungUpBy: 'caller', ...outcome })]
  }
  const talk = pickUp(call, onward)
  yield times.talkMs
  callerHangsUp(world, talk)
  return answered(call, talk, outcome)
}
