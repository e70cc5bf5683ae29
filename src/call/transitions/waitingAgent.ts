// Agents who wait on the line: customers are connected to them one after the other, each with a call of its own.
//
// A call that has been in a holding bridge and has tried nobody does not merge with a customer's call. While agent and customer talk,
// the agent's channel is a leg of the customer's call; afterwards it returns to its own, which ends as `self_service`.
// Source: app_agent_pool (AgentLogin, class `agent_hold`), holding bridges of applications; recorded traffic (test/traces).

import { addLeg, type LiveCall, type OpenCall } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import { connectedChannels } from '../model/connectedChannels.ts'
import { newLeg } from '../model/leg.ts'
import type { PbxState } from '../model/pbxState.ts'
import { setTalking } from './conversation.ts'
import { becomeTarget, closeLeg, markAnswered } from './dial.ts'
import { startCall } from './lifecycle.ts'
import { isLoneLeg, isOlder } from './merge.ts'

/** A channel is in a holding bridge: if it is the caller's, the caller waits there. */
export function noteHolding(channel: Channel): void {
  const { call } = channel
  if (call.stage === 'live' && channel === call.caller) {
    call.heldWaiting = true
  }
}

/** A snapshot shows a channel in an application that agents wait in; a customer may be connected with it already. */
export function inferWaitingAgent(pbx: PbxState, channel: Channel): void {
  if (!isLoggedIn(channel) && channel.app !== 'BridgeWait') {
    return
  }
  const call = startCall(pbx, channel, false)
  if (call === null) {
    return
  }
  call.heldWaiting = true
  call.answeredByPbx = true
}

/** Which of two connected calls is that of an agent who waits for the other; null if neither is and the two merge. */
export function waitingAgent(one: OpenCall, other: OpenCall): LiveCall | null {
  const [agent, another] = [one, other].filter(isWaiting)
  if (agent === undefined) {
    return null
  }
  if (another !== undefined) {
    return agentOfTwo(agent, another)
  }
  return serves(agent, agent === one ? other : one) ? agent : null
}

/** The agent's channel becomes a leg of the customer's call. */
export function connectAgent(pbx: PbxState, agent: LiveCall, customer: OpenCall, at: number): void {
  const channel = agent.caller
  if (channel === null || channel.call !== agent || customer.stage !== 'live') {
    return
  }
  moveTo(pbx, channel, customer)
  channel.ownCall = agent
  channel.talkMs = 0
  const leg = newLeg({
    id: legId(channel, customer, at),
    channel,
    dialerId: '',
    endpoint: channel.name.endpoint,
    dialed: channel.name.endpoint,
    startedAt: at,
    answersBefore: customer.answers,
    isLocal: false,
    role: 'callee',
  })
  addLeg(customer, leg)
  markAnswered(customer, leg, at)
  // Nobody dialed it: there is no setup time.
  leg.progressAt = null
  becomeTarget(pbx, customer, leg)
}

/** Agents who are no longer connected with another channel of this call return to waiting. */
export function returnAgents(pbx: PbxState, call: OpenCall, at: number): void {
  // All channels of one connection share the result: it is computed once, however many they are.
  const connected = new Set<Channel>()
  for (const channel of call.channels) {
    if (channel.ownCall === null || connected.has(channel)) {
      continue
    }
    const ofThisCall = [...connectedChannels(pbx, channel).channels].filter((one) => one.call === call)
    if (ofThisCall.length > 1) {
      for (const one of ofThisCall) {
        connected.add(one)
      }
    } else {
      returnAgent(pbx, channel, at)
    }
  }
}

function returnAgent(pbx: PbxState, channel: Channel, at: number): void {
  const { call, ownCall } = channel
  if (ownCall === null) {
    return
  }
  setTalking(channel, false, at)
  for (const leg of call.openLegs) {
    if (leg.channel !== channel || leg.endedAt !== null) {
      continue
    }
    leg.talkMs = channel.talkMs
    closeLeg(call, leg, { at, cause: 0 })
  }
  moveTo(pbx, channel, ownCall)
  Object.assign(channel, { ownCall: null, talkMs: 0, transferredAway: false })
}

function moveTo(pbx: PbxState, channel: Channel, to: LiveCall): void {
  pbx.changedCalls.add(channel.call).add(to)
  pbx.changedChannels.add(channel)
  channel.call.channels.delete(channel)
  channel.call = to
  to.channels.add(channel)
}

// An agent can serve the same customer more than once, and a call's time does not advance after the PBX's clock was set back.
function legId(channel: Channel, customer: LiveCall, at: number): string {
  return [channel.id, customer.id, at, customer.legs.size].join('/')
}

function isWaiting(call: OpenCall): call is LiveCall {
  if (call.stage !== 'live' || call.caller === null || call.answeredAt !== null || hasTried(call)) {
    return false
  }
  return call.heldWaiting || isLoggedIn(call.caller)
}

function hasTried(call: LiveCall): boolean {
  return call.queueWaits.length > 0 || [...call.legs.values()].some((leg) => leg.role !== 'caller')
}

function isLoggedIn(channel: Channel): boolean {
  return channel.app === 'AgentLogin'
}

// If both wait, the one on a phone is the agent; otherwise the one who has waited longer.
function agentOfTwo(one: LiveCall, other: LiveCall): LiveCall {
  const [roleOfOne, roleOfOther] = [one, other].map((call) => call.roleOf(call.callerEndpoint))
  if (roleOfOne !== roleOfOther) {
    return roleOfOne === 'phone' ? one : other
  }
  return isOlder(one, other) ? one : other
}

// A caller may also wait in a holding bridge for an agent, whom an application calls or who takes the call on a phone.
function serves(agent: LiveCall, customer: OpenCall): boolean {
  if (agent.originated || (agent.caller !== null && isLoggedIn(agent.caller))) {
    return true
  }
  const isOnPhone = agent.roleOf(agent.callerEndpoint) === 'phone'
  if (customer.stage === 'forming') {
    return isOnPhone
  }
  const comesFromTrunk = customer.roleOf(customer.callerEndpoint) === 'trunk'
  return isLoneLeg(customer) ? isOnPhone && comesFromTrunk : isOnPhone || comesFromTrunk
}
