// Actions for a Local channel: Asterisk calls its own dialplan, and removes the channel when both ends talk.
//
// Source: recorded traffic of a Dial to `Local/102@internal` and of a phone that answers 302.

import { NORMAL } from '../asterisk/cause.ts'
import { amend, type SimBridge, type SimChannel } from '../asterisk/channel.ts'
import { sendDial, type World } from '../asterisk/world.ts'
import { createBridge, destroyBridge, enter, forgetPeer, leave, sendPeer, sendPeers, type Talk } from './bridge.ts'
import {
  changeState,
  connectLine,
  createLocalPair,
  destroy,
  farEndHangsUp,
  runApp,
  sendCallerId,
  sendDialplan,
  setVariable,
  setVariables,
  softHangup,
} from './channel.ts'
import { type Attempt, type Dialing, enterDial, prepare, seconds, sendAnswer, sendRinging } from './dial.ts'

/** The two halves: `near` was dialed by the caller, `far` runs the dialplan for the caller. */
export interface LocalLeg {
  readonly near: SimChannel
  readonly far: SimChannel
  readonly dialString: string
  /** The caller's own Dial, of which `near` is the attempt. */
  readonly outer: Dialing
  /** True if a forwarding phone caused it; it then ends slightly differently. */
  readonly forwarded: boolean
}

/** Dial() tries `Local/exten@context`. */
export function dialLocal(world: World, caller: SimChannel, exten: string): LocalLeg {
  const dialString = `${exten}@internal`
  const [near, far] = createLocalPair(world, exten, 'internal')
  prepare(world, caller, { peer: near, dialString })
  beginFarHalf(world, { near, far, caller }, dialString)
  sendDial(world, { caller, peer: near, status: '', dialString })
  return { near, far, dialString, forwarded: false, outer: outerDial(world, caller, { peer: near, dialString }) }
}

/** Dial() dials several Local channels, and none of them reaches a phone: it ends at once. */
export function dialUnreachableLocals(world: World, caller: SimChannel, extens: readonly string[]): void {
  enterDial(world, caller, extens.map((exten) => `Local/${exten}@internal/n`).join('&'))
  const legs = extens.map((exten) => {
    const dialString = `${exten}@internal/n`
    const [near, far] = createLocalPair(world, exten, 'internal')
    prepare(world, caller, { peer: near, dialString })
    return { near, far, caller, dialString }
  })
  for (const { dialString, ...leg } of legs) {
    beginFarHalf(world, leg, dialString)
    endUnreached(world, leg)
    // The far half was created and destroyed before the Dial event is sent.
    sendDial(world, { caller, peer: leg.near, status: '', dialString })
  }
  for (const { near } of [...legs].reverse()) {
    sendDial(world, { caller, peer: near, status: 'NOANSWER' })
    destroy(world, near, NORMAL)
  }
  setVariable(world, caller, ['DIALSTATUS', 'NOANSWER'])
}

/** The phone of `refused` forwards the call to `exten`: Asterisk follows with a Local channel. */
export function followForward(world: World, dialing: Dialing, refused: Attempt, exten: string): LocalLeg {
  const { caller } = dialing
  const dialString = `${exten}@internal`
  const forwarder = refused.peer
  const [near, far] = createLocalPair(world, exten, 'internal')
  amend(caller, { rdnis: forwarder.callerNumber })
  setVariable(world, near, ['FORWARDERNAME', forwarder.name])
  amend(near, { callerNumber: forwarder.callerNumber, rdnis: forwarder.callerNumber })
  sendCallerId(world, near)
  amend(near, { accountCode: caller.accountCode })
  connectLine(world, near, caller)
  amend(near, { app: 'AppDial', appData: '(Outgoing Line)' })
  sendDialplan(world, near)
  setVariable(world, far, ['FORWARDERNAME', forwarder.name])
  amend(far, { rdnis: forwarder.callerNumber })
  takeOver(world, { near, far, caller })
  sendDial(world, { caller, peer: forwarder, status: 'CANCEL', forward: exten, forwarded: near })
  sendDial(world, { caller, peer: near, status: '', dialString })
  const outer = outerDial(world, caller, { peer: near, dialString: '' }, dialing.dialedAt)
  return { near, far, dialString: '', forwarded: true, outer }
}

/** The phone that the far half dialed rings, and the ringing is passed on. */
export function passRinging(world: World, leg: LocalLeg, inner: Dialing, phone: Attempt): void {
  changeState(world, phone.peer, 'Ringing')
  amend(leg.near, { callerName: phone.peer.callerName, callerNumber: phone.peer.callerNumber })
  changeState(world, leg.near, 'Ringing')
  sendCallerId(world, leg.near)
  sendRinging(world, inner, phone)
  sendRinging(world, leg.outer, { peer: leg.near, dialString: leg.dialString })
}

/** The phone answers: a bridge on each side of the Local channel. */
export function passAnswer(world: World, leg: LocalLeg, phone: Attempt): readonly [SimBridge, SimBridge] {
  const { near, far, outer } = leg
  changeState(world, phone.peer, 'Up')
  sendAnswer(world, far, phone)
  changeState(world, near, 'Up')
  sendAnswer(world, outer.caller, { peer: near, dialString: leg.dialString })
  const inside = createBridge(world)
  sendDialplan(world, phone.peer)
  enter(world, inside, phone.peer)
  enter(world, inside, far)
  clearForwarder(world, leg, far)
  sendPeer(world, phone.peer, far)
  sendPeer(world, far, phone.peer)
  const outside = createBridge(world)
  sendDialplan(world, near)
  enter(world, outside, near)
  clearForwarder(world, leg, near)
  enter(world, outside, outer.caller)
  sendPeer(world, near, outer.caller)
  sendPeer(world, outer.caller, near)
  return [inside, outside]
}

/** Asterisk takes the Local channel out: the phone moves into the caller's bridge, both halves end. */
export function optimizeAway(
  world: World,
  leg: LocalLeg,
  met: { readonly phone: SimChannel; readonly bridges: readonly [SimBridge, SimBridge]; readonly fromAt: number },
): Talk {
  const { near, far, outer } = leg
  const [inside, outside] = met.bridges
  leave(world, inside, met.phone)
  forgetPeer(world, near)
  leave(world, outside, near)
  enter(world, outside, met.phone)
  sendPeers(world, [met.phone, outer.caller], 1)
  forgetPeer(world, far)
  sendPeers(world, [met.phone, outer.caller], 1)
  sendPeers(world, [met.phone, outer.caller], 1)
  endHalves(world, leg, { inside, fromAt: met.fromAt })
  outside.technology = 'native_rtp'
  return {
    caller: outer.caller,
    peer: met.phone,
    bridge: outside,
    dialedAt: outer.dialedAt,
    fromAt: met.fromAt,
  }
}

function endHalves(world: World, leg: LocalLeg, end: { readonly inside: SimBridge; readonly fromAt: number }): void {
  const { near, far } = leg
  if (leg.forwarded) {
    farEndHangsUp(world, far, NORMAL)
  }
  leave(world, end.inside, far)
  destroyBridge(world, end.inside)
  sendShortDial(world, far, end.fromAt)
  softHangup(world, far)
  if (!leg.forwarded) {
    setVariable(world, near, ['CHANLOCALSTATUS', 'ANSWER'])
    farEndHangsUp(world, near, NORMAL)
  }
  destroy(world, far, NORMAL)
  destroy(world, near, NORMAL)
}

// Both halves of a Local channel, and who dialed it.
interface Halves {
  readonly near: SimChannel
  readonly far: SimChannel
  readonly caller: SimChannel
}

// The target of the far half has no contact: Dial() gets no target, and the dialplan ends.
function endUnreached(world: World, { near, far }: Halves): void {
  enterDial(world, far, '')
  setVariable(world, far, ['DIALSTATUS', 'CHANUNAVAIL'])
  runApp(world, far, 'Hangup')
  softHangup(world, far)
  setVariable(world, near, ['CHANLOCALSTATUS', 'CHANUNAVAIL'])
  farEndHangsUp(world, near, NORMAL)
  destroy(world, far, NORMAL)
}

function outerDial(world: World, caller: SimChannel, attempt: Attempt, dialedAt = world.now()): Dialing {
  return { caller, attempts: [attempt], dialedAt, rang: false }
}

/** The far half gets the dialed number, and represents the caller from then on. */
export function beginFarHalf(world: World, halves: Halves, dialString: string): void {
  setVariable(world, halves.far, ['DIALEDPEERNUMBER', dialString])
  takeOver(world, halves)
}

// The far half represents the caller: it shows their name and number, and the dialed number as its connected line.
function takeOver(world: World, { near, far, caller }: Halves): void {
  amend(far, {
    callerName: caller.callerName,
    callerNumber: caller.callerNumber,
    accountCode: caller.accountCode,
    connectedNumber: near.callerNumber,
  })
  sendCallerId(world, far)
  connectLine(world, far, near)
}

function clearForwarder(world: World, leg: LocalLeg, half: SimChannel): void {
  if (leg.forwarded) {
    setVariable(world, half, ['FORWARDERNAME', ''])
  }
}

function sendShortDial(world: World, far: SimChannel, fromAt: number): void {
  const talked = world.now() - fromAt
  const dialed = world.now() - far.createdAt
  setVariables(world, far, {
    ANSWEREDTIME: seconds(talked),
    ANSWEREDTIME_MS: String(talked),
    DIALEDTIME: seconds(dialed),
    DIALEDTIME_MS: String(dialed),
    DIALSTATUS: 'ANSWER',
  })
}
