// Who hears whom: two channels share a bridge that holds nobody, directly or through Local pairs and further bridges.
//
// A party that was not picked up yet is heard by nobody: it rings, or sits in a bridge for its tones.
//
// The answer of a call, the end of its conversation and every talk time come from here and from nowhere else.

import type { Call } from '../model/call.ts'
import type { Bridge, Channel } from '../model/channel.ts'
import { otherHalf, type World } from '../model/pbxState.ts'

/** Everyone that a channel is connected with, itself included. A conference is a place: it is entered, not crossed. */
export interface Circle {
  readonly channels: ReadonlySet<Channel>
  readonly conference: boolean
  /** The parties of it that others hear: those that were picked up. */
  readonly heard: readonly Channel[]
}

export function circleOf(world: World, channel: Channel): Circle {
  const reached = new Set<Channel>([channel])
  const crossed = new Set<Bridge>()
  let conference = false
  for (const one of reached) {
    const { bridge } = one
    if (bridge?.kind === 'conference') conference = true
    else if (bridge?.kind === 'talk' && !crossed.has(bridge)) {
      crossed.add(bridge)
      for (const member of bridge.members) reached.add(member)
    }
    const half = otherHalf(world, one)
    if (half !== null) reached.add(half)
  }
  const heard = [...reached].filter((one) => one.name.kind === 'party' && one.upAt !== null)
  return { channels: reached, conference, heard }
}

/** The parties of a circle: those that are somebody's leg. */
export function parties(circle: Circle): Channel[] {
  return [...circle.channels].filter((channel) => channel.name.kind === 'party')
}

/** Brings talk times and the call's answer up to date after channels met or parted. */
export function settleTalk(world: World, call: Call, at: number): void {
  let talking = false
  // Everybody in a circle has the same: it is looked for once, however many they are.
  const circles = new Map<Channel, Circle>()
  for (const channel of call.channels) {
    if (channel.name.kind !== 'party') continue
    const circle = channel.bridge === null ? null : (circles.get(channel) ?? circleOf(world, channel))
    if (circle !== null && !circles.has(channel)) for (const one of circle.channels) circles.set(one, circle)
    const hears = circle !== null && (circle.conference || hearsAnother(channel, circle))
    setTalking(channel, hears, at)
    if (!hears || circle === null) continue
    talking = true
    if (call.answeredAt === null && channel === call.caller) answer(call, circle, at)
  }
  if (talking === call.talking) return
  call.talking = talking
  call.talkEndedAt = talking ? null : at
  if (talking) call.hangup = null
  settleHold(call, at)
}

function hearsAnother(channel: Channel, circle: Circle): boolean {
  return channel.upAt !== null && circle.heard.length > 1
}

function answer(call: Call, circle: Circle, at: number): void {
  const others = circle.heard.filter((party) => party !== call.caller)
  call.answeredAt = Math.max(at, call.startedAt)
  // Whoever enters a conference is answered by nobody: the phones that rang are not taken from by another.
  if (!circle.conference) call.answers += 1
  call.answeredBy = circle.conference ? [] : [...new Set(others.map((party) => party.name.endpoint))]
  call.due.answered = true
}

/** Starts or ends a channel's time in conversation. */
export function setTalking(channel: Channel, hears: boolean, at: number): void {
  if (hears && channel.talkingSince === null) channel.talkingSince = at
  if (hears || channel.talkingSince === null) return
  channel.talkMs += Math.max(0, at - channel.talkingSince)
  channel.talkingSince = null
}

/** Hold counts while there is a conversation and at least one of its sides holds. */
export function settleHold(call: Call, at: number): void {
  const held = call.talking && [...call.channels].some((channel) => channel.held && channel.talkingSince !== null)
  if (held && call.heldSince === null) call.heldSince = at
  if (held || call.heldSince === null) return
  call.holdMs += Math.max(0, at - call.heldSince)
  call.heldSince = null
}
