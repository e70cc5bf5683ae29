// Agents who wait on the line: customers are connected to them one after the other, each with a call of its own.
//
// An agent's call that has sat in a waiting place and has tried nobody takes no customer's call in. While both talk, the agent's
// channel is a leg of the customer's call; afterwards it goes back to its own, which ends as `self_service`.
// Source: app_agent_pool (AgentLogin, class `agent_hold`), holding bridges of applications; recorded traffic (test/traces).

import { type Call, fileLeg, newLeg } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import type { World } from '../model/pbxState.ts'
import { circleOf, setTalking } from './conversation.ts'
import { becomeTarget, closeLeg, pickUp } from './dial.ts'
import { startCall } from './lifecycle.ts'
import { isLoneLeg, isOlder } from './merge.ts'

/** A channel that found itself in a waiting place: whoever called from it waits there. */
export function noteWaiting(channel: Channel): void {
  if (channel === channel.call.caller) channel.call.waited = true
}

/** Somebody whom a snapshot shows in an application that one waits in, perhaps connected with somebody just now. */
export function adoptAgent(world: World, channel: Channel): void {
  if (channel.call.stage !== 'forming' || !(isLoggedIn(channel) || channel.app === 'BridgeWait')) return
  startCall(world, channel, false)
  channel.call.waited = true
  channel.call.servedByPbx = true
}

/** Which of two calls that meet is an agent who waits for the other; null when none is, and the two become one. */
export function waitingAgent(world: World, one: Call, other: Call): Call | null {
  if (one.stage === 'ended' || other.stage === 'ended') return null
  const [agent, another] = [one, other].filter(waits)
  if (agent === undefined) return null
  if (another !== undefined) return agentOfTwo(world, agent, another)
  return serves(world, agent, agent === one ? other : one) ? agent : null
}

/** The agent's channel becomes a leg of the customer's call. */
export function connectAgent(world: World, agent: Call, customer: Call, at: number): void {
  const channel = agent.caller
  if (channel === null || channel.call !== agent || customer.stage !== 'live') return
  move(world, channel, customer)
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
    plumbing: false,
    role: 'callee',
  })
  fileLeg(customer, leg)
  pickUp(customer, leg, at)
  // Nobody dialed it: there is no setup time.
  leg.progressAt = null
  becomeTarget(world, customer, leg)
}

/** Agents who are no longer connected with anybody of this call go back to waiting. */
export function returnAgents(world: World, call: Call, at: number): void {
  // Everybody in a circle is connected with the same: it is looked for once, however many they are.
  const connected = new Set<Channel>()
  for (const channel of call.channels) {
    if (channel.ownCall === null || connected.has(channel)) continue
    const ofThisCall = [...circleOf(world, channel).channels].filter((one) => one.call === call)
    if (ofThisCall.length > 1) for (const one of ofThisCall) connected.add(one)
    else returnAgent(world, channel, at)
  }
}

function returnAgent(world: World, channel: Channel, at: number): void {
  const { call, ownCall } = channel
  if (ownCall === null) return
  setTalking(channel, false, at)
  for (const leg of call.openLegs) {
    if (leg.channel !== channel || leg.endedAt !== null) continue
    leg.talkMs = channel.talkMs
    closeLeg(call, leg, { at, cause: 0 })
  }
  move(world, channel, ownCall)
  Object.assign(channel, { ownCall: null, talkMs: 0, released: false })
}

function move(world: World, channel: Channel, to: Call): void {
  world.touched.add(channel.call).add(to)
  world.seen.add(channel)
  channel.call.channels.delete(channel)
  channel.call = to
  to.channels.add(channel)
}

// The channel comes to many customers, to one perhaps more than once; while the PBX's clock is set back, time stands still.
function legId(channel: Channel, customer: Call, at: number): string {
  return [channel.id, customer.id, at, customer.legs.size].join('/')
}

function waits(call: Call): boolean {
  if (call.stage !== 'live' || call.caller === null || call.answeredAt !== null || hasTried(call)) return false
  return call.waited || isLoggedIn(call.caller)
}

function hasTried(call: Call): boolean {
  return call.stays.length > 0 || [...call.legs.values()].some((leg) => leg.role !== 'caller')
}

function isLoggedIn(channel: Channel): boolean {
  return channel.app === 'AgentLogin'
}

// Both wait, each in a place of its own: the one inside the house is the agent, or else who waits longer.
function agentOfTwo(world: World, one: Call, other: Call): Call {
  const [roleOfOne, roleOfOther] = [one, other].map((call) => world.roleOf(call.callerEndpoint))
  if (roleOfOne !== roleOfOther) return roleOfOne === 'phone' ? one : other
  return isOlder(one, other) ? one : other
}

// A caller may wait too, for an agent: one that an application calls, or one inside who comes for the caller.
function serves(world: World, agent: Call, customer: Call): boolean {
  if (agent.originated || (agent.caller !== null && isLoggedIn(agent.caller))) return true
  const isInside = world.roleOf(agent.callerEndpoint) === 'phone'
  const comesFromOutside = customer.stage === 'live' && world.roleOf(customer.callerEndpoint) === 'trunk'
  return isLoneLeg(customer) ? isInside && comesFromOutside : isInside || comesFromOutside
}
