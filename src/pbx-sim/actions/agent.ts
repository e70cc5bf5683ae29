// Actions for an agent who logs in and waits on the line, and for the queue that sends customers to them.
//
// The queue's member is a Local channel that runs AgentRequest(); it is connected with the agent in a separate bridge.
// Source: recorded traffic.

import { NORMAL } from '../asterisk/cause.ts'
import { amend, type SimBridge, type SimChannel } from '../asterisk/channel.ts'
import { sendDial, type World } from '../asterisk/world.ts'
import {
  createBridge,
  destroyBridge,
  enter,
  forgetPeer,
  leave,
  sendPeer,
  sendPeers,
  sendTimes,
  standingBridge,
} from './bridge.ts'
import {
  becomeOutgoing,
  changeState,
  connectLine,
  createLocalPair,
  destroy,
  farEndHangsUp,
  NOBODY,
  runApp,
  sendCallerId,
  sendDialplan,
  setVariable,
  softHangup,
} from './channel.ts'
import { beginFarHalf } from './local.ts'
import { reportQuality } from './quality.ts'
import { type SimQueueWait, sendWait } from './queue.ts'

const CONTEXT = 'agentreq'
const HOLD = {
  kind: 'holding',
  technology: 'holding_bridge',
  bridgeClass: 'agent_hold',
  creator: 'AgentPool',
} as const

/** A customer who is being connected with the agent, or talks with them. */
export interface AgentCall {
  readonly queueWait: SimQueueWait
  readonly agent: SimChannel
  /** The halves of the Local channel that the queue dialed. */
  readonly near: SimChannel
  readonly far: SimChannel
  /** The bridge of the far half and the agent, and that of the near half and the customer. */
  readonly inside: SimBridge
  readonly outside: SimBridge
}

/** The agent hears music until a customer comes. All waiting agents share one bridge. */
export function waitForCustomers(world: World, agent: SimChannel): void {
  const hold = [...world.bridges.values()].find((bridge) => bridge.bridgeClass === HOLD.bridgeClass)
  enter(world, hold ?? standingBridge(world, HOLD), agent)
}

/** The agent is taken out of the waiting bridge. Asterisk keeps it; here it is removed with the last agent, without an event. */
export function stopWaiting(world: World, agent: SimChannel): void {
  for (const hold of [...world.bridges.values()].filter(({ channels }) => channels.includes(agent))) {
    leave(world, hold, agent)
    if (hold.channels.length === 0) {
      world.bridges.delete(hold.id)
    }
  }
}

/** The queue requests the agent with that number; the customer hears ringing. */
export function requestAgent(
  world: World,
  queueWait: SimQueueWait,
  who: { readonly agent: SimChannel; readonly number: string },
): Omit<AgentCall, 'outside'> {
  const { caller } = queueWait
  const { agent, number } = who
  const [near, far] = createLocalPair(world, number, CONTEXT)
  amend(near, { callerNumber: caller.exten })
  becomeOutgoing(near, 'AppQueue')
  sendDialplan(world, near)
  sendCallerId(world, near)
  setVariable(world, near, ['DIALEDPEERNUMBER', `${number}@${CONTEXT}/n`])
  beginFarHalf(world, { near, far, caller }, `${number}@${CONTEXT}/n`)
  runApp(world, far, 'AgentRequest', number)
  const inside = createBridge(world)
  enter(world, inside, far)
  setVariable(world, far, ['AGENT_STATUS', 'NOT_CONNECTED'])
  amend(near, { connectedName: caller.callerName, connectedNumber: caller.callerNumber, exten: caller.exten })
  changeState(world, near, 'Ringing')
  sendDialplan(world, near)
  connectLine(world, near, caller)
  connectLine(world, agent, caller)
  const dialString = dialStringOf(number)
  sendDial(world, { caller, peer: near, status: '', dialString })
  sendDial(world, { caller, peer: near, status: 'RINGING', dialString })
  return { queueWait, agent, near, far, inside }
}

/** The agent is taken off hold, and the customer hears them. */
export function connectAgent(world: World, asked: Omit<AgentCall, 'outside'>): AgentCall {
  const { queueWait, agent, near, far, inside } = asked
  const { caller } = queueWait
  stopWaiting(world, agent)
  enter(world, inside, agent)
  sendPeers(world, [far, agent], 1)
  connectLine(world, far, agent)
  changeState(world, far, 'Up')
  amend(near, { callerName: agent.callerName, callerNumber: agent.callerNumber })
  changeState(world, near, 'Up')
  sendCallerId(world, near)
  sendDial(world, { caller, peer: near, status: 'ANSWER', dialString: dialStringOf(far.appData) })
  connectLine(world, caller, near)
  sendWait(world, queueWait)
  const outside = createBridge(world)
  enter(world, outside, near)
  enter(world, outside, caller)
  sendPeer(world, near, caller)
  sendPeer(world, caller, near)
  return { ...asked, outside }
}

/** The agent has heard the beep that announces a customer. */
export function settle(world: World, { agent, far }: AgentCall): void {
  sendPeers(world, [far, agent], 1)
  setVariable(world, far, ['AGENT_STATUS', ''])
}

/** The customer hangs up; `settled`: the agent had heard the whole beep. The agent waits again. */
export function customerHangsUp(
  world: World,
  connected: AgentCall,
  talk: { readonly fromAt: number; readonly settled: boolean },
): void {
  const { queueWait, agent, near, far, inside, outside } = connected
  const { caller } = queueWait
  reportQuality(world, caller, world.now() - caller.createdAt, near)
  farEndHangsUp(world, caller)
  setVariable(world, caller, ['BRIDGEPEER', ''])
  forgetPeer(world, near)
  leave(world, outside, caller)
  const { fromAt } = talk
  sendTimes(world, { caller, peer: near, bridge: outside, dialedAt: caller.createdAt, fromAt }, 'queue')
  leave(world, outside, near)
  farEndHangsUp(world, far, NORMAL)
  if (!talk.settled) {
    settle(world, connected)
  }
  forgetPeer(world, far)
  setVariable(world, agent, ['BRIDGEPEER', ''])
  leave(world, inside, far)
  softHangup(world, far)
  destroy(world, far, NORMAL)
  destroyBridge(world, outside)
  destroy(world, near, NORMAL)
  softHangup(world, caller)
  destroy(world, caller, NORMAL)
  leave(world, inside, agent)
  destroyBridge(world, inside)
  connectLine(world, agent, NOBODY)
  waitForCustomers(world, agent)
}

function dialStringOf(number: string): string {
  return `Local/${number}@${CONTEXT}/n`
}
