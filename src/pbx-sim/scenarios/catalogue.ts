// Every scenario by its name, and how often the random mix plays it.
//
// Weights are shares of one thousand calls of a plausible office: about six in ten are answered.

import type { Script } from '../asterisk/call.ts'
import { conference } from './conference.ts'
import { clickToCall } from './originate.ts'
import { parking } from './parking.ts'
import { pickup } from './pickup.ts'
import {
  answeredCall,
  busy,
  calleeHangsUp,
  cancelled,
  congestion,
  dialplanCongestion,
  invalidNumber,
  noAnswer,
  rejected,
  silentPhone,
  unreachable,
} from './plain.ts'
import { queueAbandoned, queueAnswered, queueTimeout, voicemail } from './queue.ts'
import { forward, hunt, localChannel, ringGroup, ringGroupNobody } from './several.ts'
import { stasis } from './stasis.ts'
import { attendedTransfer, blindTransfer, hold } from './transfer.ts'
import {
  inbound,
  inboundCancelled,
  inboundIvrOnly,
  inboundIvrThenPhone,
  inboundLeavesIvr,
  inboundNoAnswer,
  outbound,
  outboundBusy,
  outboundCalleeHangsUp,
  outboundCongestion,
  outboundInvalidNumber,
} from './trunk.ts'

const CATALOGUE = {
  'answered-caller-hangs-up': { script: answeredCall, weight: 90 },
  'answered-callee-hangs-up': { script: calleeHangsUp, weight: 70 },
  'no-answer': { script: noAnswer, weight: 50 },
  cancelled: { script: cancelled, weight: 35 },
  busy: { script: busy, weight: 30 },
  rejected: { script: rejected, weight: 12 },
  'invalid-number': { script: invalidNumber, weight: 6 },
  congestion: { script: congestion, weight: 4 },
  unreachable: { script: unreachable, weight: 20 },
  'silent-phone': { script: silentPhone, weight: 3 },
  'dialplan-congestion': { script: dialplanCongestion, weight: 2 },
  'ring-group': { script: ringGroup, weight: 25 },
  'ring-group-nobody': { script: ringGroupNobody, weight: 8 },
  hunt: { script: hunt, weight: 20 },
  forward: { script: forward, weight: 10 },
  'local-channel': { script: localChannel, weight: 10 },
  inbound: { script: inbound, weight: 120 },
  'inbound-cancelled': { script: inboundCancelled, weight: 30 },
  'inbound-no-answer': { script: inboundNoAnswer, weight: 40 },
  'inbound-ivr-only': { script: inboundIvrOnly, weight: 20 },
  'inbound-leaves-ivr': { script: inboundLeavesIvr, weight: 15 },
  'inbound-ivr-then-phone': { script: inboundIvrThenPhone, weight: 40 },
  outbound: { script: outbound, weight: 80 },
  'outbound-callee-hangs-up': { script: outboundCalleeHangsUp, weight: 40 },
  'outbound-busy': { script: outboundBusy, weight: 15 },
  'outbound-congestion': { script: outboundCongestion, weight: 6 },
  'outbound-invalid-number': { script: outboundInvalidNumber, weight: 8 },
  'queue-answered': { script: queueAnswered, weight: 80 },
  'queue-abandoned': { script: queueAbandoned, weight: 25 },
  'queue-timeout': { script: queueTimeout, weight: 10 },
  voicemail: { script: voicemail, weight: 20 },
  'blind-transfer': { script: blindTransfer, weight: 15 },
  'attended-transfer': { script: attendedTransfer, weight: 10 },
  hold: { script: hold, weight: 15 },
  parking: { script: parking, weight: 5 },
  pickup: { script: pickup, weight: 6 },
  conference: { script: conference, weight: 3 },
  'click-to-call': { script: clickToCall, weight: 12 },
  stasis: { script: stasis, weight: 5 },
} satisfies Readonly<Record<string, { readonly script: Script; readonly weight: number }>>

export type ScenarioName = keyof typeof CATALOGUE

interface Entry {
  readonly script: Script
  readonly weight: number
}

/** All scenarios; `weight` is the share in the random mix. */
export const SCENARIOS: Readonly<Record<ScenarioName, Entry>> = CATALOGUE

/** The names, in the order above. */
export const SCENARIO_NAMES: readonly ScenarioName[] = Object.keys(CATALOGUE).filter(isScenarioName)

/** Tells whether a text, of a command line say, names a scenario. */
export function isScenarioName(text: string): text is ScenarioName {
  return Object.hasOwn(CATALOGUE, text)
}
