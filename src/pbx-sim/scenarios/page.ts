// A caller pages a group of phones: each phone that answers hears the pager in a conference.
//
// The phones are legs of the pager's one call, which is answered when the pager enters; silent phones change nothing.
// Source: recorded traffic.

import { destroyBridge } from '../actions/bridge.ts'
import {
  arrive,
  becomeOutgoing,
  changeState,
  destroy,
  farEndHangsUp,
  runApp,
  runWithoutEvents,
  setVariable,
  softHangup,
} from '../actions/channel.ts'
import { enterRoom, leaveRoom, openRoom } from '../actions/conference.ts'
import type { Attempt } from '../actions/dial.ts'
import { answerAlone, callAlone, reachAlone, ringAlone } from '../actions/originate.ts'
import { reportQuality } from '../actions/quality.ts'
import type { Call, ExpectedCall, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { BUSY, NO_REPLY, NORMAL, ON_REQUEST, UNKNOWN } from '../asterisk/cause.ts'
import type { SimBridge, SimChannel } from '../asterisk/channel.ts'
import { PAGED } from '../asterisk/endpoints.ts'
import { sendDial } from '../asterisk/world.ts'
import { SIP_MS } from './plain.ts'
import { outsideCalls } from './trunk.ts'

const EXTEN = '640'
/** How soon a phone with automatic answer picks up a page. */
const PICK_UP_MS = 150
/** The pager hears a beep before entering the conference. */
const BEEP_MS = 300
const SETTLE_MS = 500

/** What the phones do: how many of them pick up, and whether another is in a call. */
interface Response {
  readonly pickUp: number
  readonly oneIsBusy?: boolean
}

export const page: Script = (call) =>
  pageFrom(call, arrive(call.world, call.parties.caller, { exten: EXTEN }), { pickUp: 2 })

/** One phone is busy, and the others only ring. */
export const pageNobody: Script = (call) =>
  pageFrom(call, arrive(call.world, call.parties.caller, { exten: EXTEN }), { pickUp: 0, oneIsBusy: true })

export const pageFromTrunk: Script = (call) => pageFrom(call, outsideCalls(call, '5550640'), { pickUp: 1 })

function* pageFrom(
  call: Call,
  pager: SimChannel,
  { pickUp, oneIsBusy = false }: Response,
): Generator<number, readonly ExpectedCall[], boolean> {
  const { world, times } = call
  const phones = callPhones(call, pager)
  yield SIP_MS
  for (const phone of phones) {
    ringAlone(world, phone)
  }
  const picking = phones.slice(0, pickUp)
  const busy = oneIsBusy ? phones.slice(pickUp + 1, pickUp + 2) : []
  const silent = phones.slice(pickUp).filter((phone) => !busy.includes(phone))
  for (const phone of busy) {
    refusePage(call, phone)
  }
  yield PICK_UP_MS
  const name = String(call.random.whole(1, 2_147_483_647))
  let room: SimBridge | undefined
  for (const phone of picking) {
    answerAlone(world, phone)
    runWithoutEvents(phone.peer, 'ConfBridge', name)
    room ??= openRoom(world, name)
    enterRoom(world, room, phone.peer)
  }
  yield BEEP_MS
  runWithoutEvents(pager, 'ConfBridge', name)
  changeState(world, pager, 'Up')
  yield SETTLE_MS
  room ??= openRoom(world, name)
  enterRoom(world, room, pager)
  const fromAt = world.now()
  const ringing = yield* talkToPhones(call, silent, times.dialTimeoutMs / 4)
  pagerLeaves(call, pager, { room, ringing })
  const talk = { fromAt, untilAt: world.now() }
  const outcome = { callee: pager.exten, hungUpBy: 'caller', talk, bridgeMadeAt: room.createdAt } as const
  return [conclude(call, pager, { disposition: 'answered', ...outcome })]
}

// Page() leaves out the phone of the pager, and gets no channel for an unregistered phone.
function callPhones({ world }: Call, pager: SimChannel): readonly Attempt[] {
  const phones = PAGED.flatMap((resource) => world.endpoints.get(resource) ?? []).filter(
    ({ resource, online }) => online && pager.endpoint !== `PJSIP/${resource}`,
  )
  runApp(world, pager, 'Page', `${PAGED.map((resource) => `PJSIP/${resource}`).join('&')},,5`)
  return phones.map((phone): Attempt => {
    const attempt = { peer: reachAlone(world, phone, pager), dialString: phone.resource }
    callAlone(world, attempt)
    return attempt
  })
}

function refusePage({ world }: Call, { peer, dialString }: Attempt): void {
  farEndHangsUp(world, peer, BUSY)
  sendDial(world, { peer, status: 'BUSY', dialString })
  destroy(world, peer, BUSY)
}

// The pager speaks; attempts that still ring at the end of the page's time-out end. Returns those that continue to ring.
function* talkToPhones(
  { world, times }: Call,
  silent: readonly Attempt[],
  timeoutMs: number,
): Generator<number, readonly Attempt[], boolean> {
  if (times.talkMs <= timeoutMs) {
    yield times.talkMs
    return silent
  }
  yield timeoutMs
  for (const { peer } of silent) {
    destroy(world, peer, NO_REPLY)
  }
  yield times.talkMs - timeoutMs
  return []
}

// When the pager leaves, the page ends: phones in the conference are removed, attempts that ring are cancelled.
function pagerLeaves(
  { world }: Call,
  pager: SimChannel,
  { room, ringing }: { readonly room: SimBridge; readonly ringing: readonly Attempt[] },
): void {
  reportQuality(world, pager, world.now() - pager.createdAt)
  farEndHangsUp(world, pager)
  leaveRoom(world, room, pager)
  setVariable(world, pager, ['CONFBRIDGE_RESULT', 'HANGUP'])
  const heard = [...room.channels]
  for (const phone of heard) {
    setVariable(world, phone, ['CONFBRIDGE_RESULT', 'ENDMARKED'])
    leaveRoom(world, room, phone)
    softHangup(world, phone, ON_REQUEST)
  }
  for (const { peer } of ringing) {
    softHangup(world, peer, ON_REQUEST)
    destroy(world, peer, UNKNOWN)
  }
  softHangup(world, pager)
  for (const phone of heard) {
    becomeOutgoing(phone, 'AppDial2')
    reportQuality(world, phone, world.now() - phone.createdAt)
    destroy(world, phone, NORMAL)
  }
  destroy(world, pager, NORMAL)
  destroyBridge(world, room)
}
