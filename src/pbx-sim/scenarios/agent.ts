// An agent logs in and waits on the line; a queue sends them two customers, one after the other.
//
// Each customer is a call of its own, answered by the agent; the agent's own call is self service.
// Source: recorded traffic.

import { connectAgent, customerHangsUp, requestAgent, settle, stopWaiting, waitForCustomers } from '../actions/agent.ts'
import { arrive, changeState, destroy, farEndHangsUp, runApp, softHangup } from '../actions/channel.ts'
import { reportQuality } from '../actions/quality.ts'
import { enterQueue } from '../actions/queue.ts'
import type { Call, ExpectedCall, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { NORMAL } from '../asterisk/cause.ts'
import type { SimChannel } from '../asterisk/channel.ts'
import { ANSWER_MS, outsideCalls, pbxAnswers } from './trunk.ts'

const QUEUE = 'hotline'
const LOG_IN_MS = 500
/** The length of the beep that announces a customer to the agent. */
const BEEP_MS = 500
const SECOND_THOUGHT_MS = 350

export const agentLogin: Script = function* (call) {
  const { world, parties, times } = call
  const agent = arrive(world, parties.third, { exten: '690' })
  runApp(world, agent, 'AgentLogin', `${numberOf(agent)},s`)
  changeState(world, agent, 'Up')
  yield LOG_IN_MS
  waitForCustomers(world, agent)
  yield times.patienceMs / 2
  const first = yield* customerCalls(call, agent, SECOND_THOUGHT_MS)
  yield times.patienceMs / 2
  const second = yield* customerCalls(call, agent, BEEP_MS + times.talkMs)
  yield times.patienceMs / 2
  logOff(call, agent)
  const outcome = { callee: agent.exten, hungUpBy: 'caller', tried: false } as const
  return [conclude(call, agent, { disposition: 'self_service', ...outcome }), first, second]
}

function* customerCalls(call: Call, agent: SimChannel, talkMs: number): Generator<number, ExpectedCall, boolean> {
  const { world, times } = call
  const caller = outsideCalls(call, '5550109')
  pbxAnswers(call, caller)
  yield ANSWER_MS
  const queueWait = enterQueue(world, caller, QUEUE)
  yield 1
  const asked = requestAgent(world, queueWait, { agent, number: numberOf(agent) })
  yield times.ringMs
  const connected = connectAgent(world, asked)
  const fromAt = world.now()
  const settled = talkMs > BEEP_MS
  if (settled) {
    yield BEEP_MS
    settle(world, connected)
    yield talkMs - BEEP_MS
  } else {
    yield talkMs
  }
  customerHangsUp(world, connected, { fromAt, settled })
  const talk = { fromAt, untilAt: world.now() }
  const answeredBy = [agent.endpoint.replace('PJSIP/', '')]
  const outcome = { callee: caller.exten, talk, answeredBy, queue: QUEUE, hungUpBy: 'caller' } as const
  return conclude(call, caller, { disposition: 'answered', ...outcome })
}

function logOff({ world }: Call, agent: SimChannel): void {
  reportQuality(world, agent, world.now() - agent.createdAt)
  farEndHangsUp(world, agent, NORMAL)
  stopWaiting(world, agent)
  softHangup(world, agent)
  destroy(world, agent, NORMAL)
}

function numberOf(agent: SimChannel): string {
  return `1${agent.callerNumber}`
}
