// The destination of a call: what was dialed on a trunk.
//
// It is that of the latest attempt on a trunk, or of the attempt by which the call is answered. A transfer does not change it.

import { dialedNumber } from '../asterisk/channelName.ts'
import type { Destination } from '../event.ts'
import type { LiveCall, OpenCall } from '../model/call.ts'
import type { Leg } from '../model/leg.ts'
import type { PbxState } from '../model/pbxState.ts'

/** The number of an attempt on a trunk is known, or may be. */
export function noteDestination(pbx: PbxState, call: LiveCall, leg: Leg): void {
  if (pbx.destinationOf === null || leg.role === 'paged' || call.roleOf(leg.endpoint) !== 'trunk') {
    return
  }
  const number = numberOf(call, leg)
  if (number === '') {
    return
  }
  leg.destination = sameOr(leg.destination, pbx.destinationOf(number))
  setDestination(call, leg)
}

// A dial string without a number is all that some technologies have, and nothing is known of it after a gap: then the caller's own
// extension is what was dialed. An originated call may be known by its first phone only, whose number is none that was dialed, and may
// be an emergency number (101).
function numberOf(call: LiveCall, leg: Leg): string {
  const dialed = dialedNumber(leg.channel?.name.technology ?? '', leg.dialed)
  if (dialed !== '' && dialed !== leg.endpoint) {
    return dialed
  }
  if (call.originated) {
    return call.callee === call.callerEndpoint ? '' : call.callee
  }
  return call.roleOf(call.callerEndpoint) === 'phone' ? call.callee : dialed
}

/** The call goes where this leg goes, unless it is answered already. */
export function setDestination(call: OpenCall, { destination }: Leg): void {
  if (call.stage === 'live' && call.answeredAt === null && destination !== null) {
    call.destination = sameOr(call.destination, destination)
  }
}

// Facts are found by comparing.
function sameOr(before: Destination | null, now: Destination): Destination {
  return before !== null && before.class === now.class && before.country === now.country ? before : now
}
