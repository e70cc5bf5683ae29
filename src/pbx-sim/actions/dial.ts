// Actions for Dial(): targets are created, dialed, ring, answer, or fail.
//
// A target that is not registered gets no channel and no event at all. Source: recorded traffic.

import { ANSWERED_ELSEWHERE, type Cause, NORMAL, UNKNOWN } from '../asterisk/cause.ts'
import { amend, type SimChannel, type SimEndpoint } from '../asterisk/channel.ts'
import { sendDial, type World } from '../asterisk/world.ts'
import {
  changeState,
  connectLine,
  destroy,
  farEndHangsUp,
  reach,
  runApp,
  runWithoutEvents,
  sendCallerId,
  sendDialplan,
  setVariable,
  setVariables,
  softHangup,
} from './channel.ts'

/** Something to dial: a phone, or a number behind a trunk. */
export interface Target {
  readonly endpoint: SimEndpoint
  readonly number?: string
  /** Nothing is registered there: Asterisk cannot create a channel. */
  readonly unregistered?: boolean
}

export interface Attempt {
  readonly peer: SimChannel
  readonly dialString: string
}

/** One run of Dial() and what it tries. */
export interface Dialing {
  readonly caller: SimChannel
  readonly attempts: readonly Attempt[]
  readonly dialedAt: number
  rang: boolean
}

export const DIAL_TIMEOUT_S = 20

/** Dial() on the caller: creates a channel for each registered target, and dials them all at once. */
export function dial(world: World, caller: SimChannel, targets: readonly Target[]): Dialing {
  enterDial(world, caller, argumentsFor(targets))
  return callTargets(world, caller, targets)
}

/** The same outside a dialplan, as the only command of an originate; no event reports it. */
export function dialWithoutEvents(world: World, caller: SimChannel, targets: readonly Target[]): Dialing {
  runWithoutEvents(caller, 'Dial', `${argumentsFor(targets)},${DIAL_TIMEOUT_S}`)
  clearVariables(world, caller)
  return callTargets(world, caller, targets)
}

function argumentsFor(targets: readonly Target[]): string {
  return targets.map((target) => `PJSIP/${dialStringOf(target)}`).join('&')
}

function callTargets(world: World, caller: SimChannel, targets: readonly Target[]): Dialing {
  const reachable = targets.filter((target) => target.unregistered !== true)
  const attempts = reachable.map((target): Attempt => {
    const dialString = dialStringOf(target)
    const peer = reach(world, target.endpoint)
    prepare(world, caller, { peer, dialString })
    return { peer, dialString }
  })
  for (const { peer, dialString } of attempts) {
    sendDial(world, { caller, peer, status: '', dialString })
  }
  const [only, ...others] = attempts
  if (only !== undefined && others.length === 0) {
    connectLine(world, caller, only.peer)
  }
  return { caller, attempts, dialedAt: world.now(), rang: false }
}

/** The caller enters Dial(), which clears the variables of an earlier one. */
export function enterDial(world: World, caller: SimChannel, targets: string): void {
  runApp(world, caller, 'Dial', `${targets},${DIAL_TIMEOUT_S}`)
  clearVariables(world, caller)
}

function clearVariables(world: World, caller: SimChannel): void {
  setVariables(world, caller, {
    DIALSTATUS: '',
    DIALEDPEERNUMBER: '',
    DIALEDPEERNAME: '',
    ANSWEREDTIME: '',
    ANSWEREDTIME_MS: '',
    DIALEDTIME: '',
    DIALEDTIME_MS: '',
    RINGTIME: '',
    RINGTIME_MS: '',
    PROGRESSTIME: '',
    PROGRESSTIME_MS: '',
  })
}

/** A dialed channel gets the caller's number. Without a caller ID of its own it shows the dialed number. */
export function prepare(world: World, caller: SimChannel, attempt: Attempt): void {
  const { peer, dialString } = attempt
  setVariable(world, peer, ['DIALEDPEERNUMBER', dialString])
  if (caller.transferredBy !== '') {
    setVariable(world, peer, ['__SIPREFERREDBYHDR', caller.transferredBy])
  }
  const nameless = peer.callerNumber === ''
  amend(peer, {
    rdnis: caller.rdnis,
    connectedName: caller.callerName,
    connectedNumber: caller.callerNumber,
    accountCode: peer.accountCode === '' ? caller.accountCode : peer.accountCode,
    callerNumber: nameless ? caller.exten : peer.callerNumber,
    exten: caller.exten,
    app: 'AppDial',
    appData: '(Outgoing Line)',
  })
  sendDialplan(world, peer)
  if (nameless) {
    sendCallerId(world, peer)
  }
  connectLine(world, peer, caller)
}

/** The far end of one attempt rings. */
export function ring(world: World, dialing: Dialing, attempt: Attempt): void {
  changeState(world, attempt.peer, 'Ringing')
  sendRinging(world, dialing, attempt)
}

/** The events of the caller's channel when the attempt rings. */
export function sendRinging(world: World, dialing: Dialing, attempt: Attempt): void {
  if (!dialing.rang) {
    const after = world.now() - dialing.dialedAt
    setVariables(world, dialing.caller, { RINGTIME: seconds(after), RINGTIME_MS: String(after) })
    dialing.rang = true
  }
  sendDial(world, { caller: dialing.caller, peer: attempt.peer, status: 'RINGING' })
}

/** Every attempt rings. */
export function ringAll(world: World, dialing: Dialing): void {
  for (const attempt of dialing.attempts) {
    ring(world, dialing, attempt)
  }
}

/** One target answers, the others are cancelled; both sides are Up and not yet in a bridge. */
export function answer(world: World, dialing: Dialing, attempt: Attempt): void {
  const { caller } = dialing
  const losers = dialing.attempts.filter((other) => other !== attempt)
  changeState(world, attempt.peer, 'Up')
  if (losers.length > 0) {
    connectLine(world, caller, attempt.peer)
  }
  for (const { peer } of losers) {
    sendDial(world, { caller, peer, status: 'CANCEL' })
  }
  sendAnswer(world, caller, attempt)
  for (const { peer } of losers) {
    destroy(world, peer, ANSWERED_ELSEWHERE)
  }
}

/** The events of the caller's channel when the attempt answers. */
export function sendAnswer(world: World, caller: SimChannel, attempt: Attempt): void {
  setVariables(world, caller, { DIALSTATUS: 'ANSWER', DIALEDPEERNAME: attempt.peer.name })
  if (attempt.dialString !== '') {
    setVariable(world, caller, ['DIALEDPEERNUMBER', attempt.dialString])
  }
  amend(attempt.peer, { exten: '' })
  sendDial(world, { caller, peer: attempt.peer, status: 'ANSWER' })
  if (caller.state !== 'Up') {
    changeState(world, caller, 'Up')
  }
}

/** The only target refuses with a SIP error; Dial() ends with `status` and the variable with `dialStatus`. */
export function refuse(
  world: World,
  dialing: Dialing,
  refusal: { readonly cause: Cause; readonly status: string; readonly dialStatus: string },
): void {
  for (const { peer } of dialing.attempts) {
    farEndHangsUp(world, peer, refusal.cause)
    sendDial(world, { caller: dialing.caller, peer, status: refusal.status })
  }
  setVariable(world, dialing.caller, ['DIALSTATUS', refusal.dialStatus])
  for (const { peer } of dialing.attempts) {
    destroy(world, peer, refusal.cause)
  }
}

/** Nobody answered in time. */
export function timeOut(world: World, dialing: Dialing): void {
  for (const { peer } of dialing.attempts) {
    sendDial(world, { caller: dialing.caller, peer, status: 'NOANSWER' })
  }
  setVariable(world, dialing.caller, ['DIALSTATUS', 'NOANSWER'])
  for (const { peer } of dialing.attempts) {
    destroy(world, peer, UNKNOWN)
  }
}

/** The dialplan ends with Hangup(): the caller gets `cause`. */
export function hangUpByDialplan(world: World, caller: SimChannel, cause: Cause = NORMAL): void {
  runApp(world, caller, 'Hangup')
  softHangup(world, caller)
  destroy(world, caller, cause)
}

/** The whole seconds of a span, as Asterisk writes them. */
export function seconds(ms: number): string {
  return String(Math.floor(ms / 1000))
}

function dialStringOf(target: Target): string {
  return target.number === undefined ? target.endpoint.resource : `${target.number}@${target.endpoint.resource}`
}
