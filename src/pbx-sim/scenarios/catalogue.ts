// Every scenario by its name, and how often the random mix plays it.
//
// Weights are shares of one thousand calls of a plausible office: about six in ten are answered.

import type { Script } from '../asterisk/call.ts'
import type { Random } from '../random.ts'
import { agentLogin } from './agent.ts'
import { botThenAgent } from './bot.ts'
import { conference } from './conference.ts'
import { controlledToNumber, controlledToPhone } from './controlled.ts'
import { emptyDial, ringGroupOff, unavailableCongestion, unavailableVoicemail } from './off.ts'
import { clickToCall, originateDial, stasisTwoLegs } from './originate.ts'
import { page, pageFromTrunk, pageNobody } from './page.ts'
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
import { queueAbandoned, queueAnswered, queueLeftByKey, queueTimeout, voicemail } from './queue.ts'
import { redirectQueueToQueue, redirectToConference, redirectToQueue, redirectToVoicemail } from './redirect.ts'
import { busyThenQueueAbandoned, cancelledWithReason, declinedThenMenu, notAvailable } from './refused.ts'
import { forward, hunt, localChannel, ringGroup, ringGroupNobody } from './several.ts'
import { agentLogsOff, agentPauses } from './staff.ts'
import { stasis } from './stasis.ts'
import { stasisAgent, stasisDialThenBridge, stasisEarlyBridge, stasisEarlyBridgeNobody } from './switchboard.ts'
import { attendedTransfer, attendedTransferToQueue, blindTransfer, hold } from './transfer.ts'
import {
  announcementOnly,
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
  'answered-caller-hangs-up': { script: answeredCall, weight: 80 },
  'answered-callee-hangs-up': { script: calleeHangsUp, weight: 65 },
  'no-answer': { script: noAnswer, weight: 45 },
  cancelled: { script: cancelled, weight: 30 },
  busy: { script: busy, weight: 25 },
  rejected: { script: rejected, weight: 12 },
  'invalid-number': { script: invalidNumber, weight: 6 },
  congestion: { script: congestion, weight: 4 },
  unreachable: { script: unreachable, weight: 15 },
  'silent-phone': { script: silentPhone, weight: 3 },
  'dialplan-congestion': { script: dialplanCongestion, weight: 2 },
  'ring-group': { script: ringGroup, weight: 25 },
  'ring-group-nobody': { script: ringGroupNobody, weight: 8 },
  hunt: { script: hunt, weight: 20 },
  forward: { script: forward, weight: 10 },
  'local-channel': { script: localChannel, weight: 10 },
  inbound: { script: inbound, weight: 110 },
  'inbound-cancelled': { script: inboundCancelled, weight: 25 },
  'inbound-no-answer': { script: inboundNoAnswer, weight: 35 },
  'inbound-ivr-only': { script: inboundIvrOnly, weight: 20 },
  'inbound-leaves-ivr': { script: inboundLeavesIvr, weight: 15 },
  'inbound-ivr-then-phone': { script: inboundIvrThenPhone, weight: 36 },
  outbound: { script: outbound, weight: 70 },
  'outbound-callee-hangs-up': { script: outboundCalleeHangsUp, weight: 40 },
  'outbound-busy': { script: outboundBusy, weight: 15 },
  'outbound-congestion': { script: outboundCongestion, weight: 6 },
  'outbound-invalid-number': { script: outboundInvalidNumber, weight: 8 },
  'queue-answered': { script: queueAnswered, weight: 73 },
  'queue-abandoned': { script: queueAbandoned, weight: 25 },
  'queue-timeout': { script: queueTimeout, weight: 10 },
  voicemail: { script: voicemail, weight: 15 },
  'blind-transfer': { script: blindTransfer, weight: 15 },
  'attended-transfer': { script: attendedTransfer, weight: 10 },
  hold: { script: hold, weight: 15 },
  parking: { script: parking, weight: 5 },
  pickup: { script: pickup, weight: 6 },
  conference: { script: conference, weight: 3 },
  'click-to-call': { script: clickToCall, weight: 9 },
  'originate-dial': { script: originateDial, weight: 2 },
  'stasis-two-legs': { script: stasisTwoLegs, weight: 3 },
  stasis: { script: stasis, weight: 5 },
  page: { script: page, weight: 3 },
  'page-nobody': { script: pageNobody, weight: 1 },
  'page-from-trunk': { script: pageFromTrunk, weight: 1 },
  'agent-login': { script: agentLogin, weight: 4 },
  'stasis-agent': { script: stasisAgent, weight: 3 },
  'stasis-early-bridge': { script: stasisEarlyBridge, weight: 4 },
  'stasis-early-bridge-nobody': { script: stasisEarlyBridgeNobody, weight: 2 },
  'stasis-dial-then-bridge': { script: stasisDialThenBridge, weight: 4 },
  'bot-then-agent': { script: botThenAgent, weight: 4 },
  'empty-dial': { script: emptyDial, weight: 3 },
  'unavailable-voicemail': { script: unavailableVoicemail, weight: 3 },
  'unavailable-congestion': { script: unavailableCongestion, weight: 2 },
  'ring-group-off': { script: ringGroupOff, weight: 2 },
  'redirect-to-queue': { script: redirectToQueue, weight: 3 },
  'redirect-queue-to-queue': { script: redirectQueueToQueue, weight: 2 },
  'redirect-to-voicemail': { script: redirectToVoicemail, weight: 2 },
  'redirect-to-conference': { script: redirectToConference, weight: 1 },
  'not-available': { script: notAvailable, weight: 3 },
  'cancelled-with-reason': { script: cancelledWithReason, weight: 3 },
  'busy-then-queue-abandoned': { script: busyThenQueueAbandoned, weight: 4 },
  'declined-then-menu': { script: declinedThenMenu, weight: 2 },
  'queue-left-by-key': { script: queueLeftByKey, weight: 3 },
  'announcement-only': { script: announcementOnly, weight: 3 },
  'attended-transfer-to-queue': { script: attendedTransferToQueue, weight: 2 },
  'controlled-to-phone': { script: controlledToPhone, weight: 0 },
  'controlled-to-number': { script: controlledToNumber, weight: 0 },
  'agent-pauses': { script: agentPauses, weight: 0 },
  'agent-logs-off': { script: agentLogsOff, weight: 0 },
} satisfies Readonly<Record<string, { readonly script: Script; readonly weight: number }>>

export type ScenarioName = keyof typeof CATALOGUE

/** How often a scenario is played, relative to the others. */
export type WeightOf = (name: ScenarioName) => number

interface Entry {
  readonly script: Script
  readonly weight: number
}

/** All scenarios; `weight` is the share in the random mix. Agents pause and log off beside it, and clients of ARI begin calls. */
export const SCENARIOS: Readonly<Record<ScenarioName, Entry>> = CATALOGUE

/** The names, in the order above. */
export const SCENARIO_NAMES: readonly ScenarioName[] = Object.keys(CATALOGUE).filter(isScenarioName)

/** Whether a text, for example of a command line, is the name of a scenario. */
export function isScenarioName(text: string): text is ScenarioName {
  return Object.hasOwn(CATALOGUE, text)
}

/** A scenario of the random mix. `weightOf`: how often each is played, relative to the others; default: its share. */
export function drawScenario(random: Random, weightOf: WeightOf = shareOf): ScenarioName {
  return random.pickWeighted(SCENARIO_NAMES, weightOf)
}

function shareOf(name: ScenarioName): number {
  return SCENARIOS[name].weight
}
